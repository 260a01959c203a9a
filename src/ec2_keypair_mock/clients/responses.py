"""Mocks of the library ``responses``, which replace ``HTTPAdapter.send`` themselves.

Such a mock answers what is registered with it, lets pass what it is told to let pass, and refuses
the rest. While the gate is there

* an answer that is registered stays, whatever it is for, but that moto's give way to ours;
* what a mock lets pass is asked of the gate before it reaches the network;
* what a mock would refuse is asked of the gate before, if it is a call to AWS, and is no call of
  that mock if the gate answers;
* without any mock ``HTTPAdapter.send`` asks the gate.

So the order in which mocks start and stop does not matter. This is the only module that touches
the insides of ``responses``.
"""

from __future__ import annotations

import functools
import re
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..patching.replacement import Replacement
from .botocore import target
from .requests import AdapterGate, answer, gated, is_mock
from .target import Target

if TYPE_CHECKING:
    from requests.models import PreparedRequest

_REAL_SEND = "_real_send"
_SEAM = ("_on_request", "start", "stop")


def install(module: ModuleType) -> list[Any]:
    """Put the gate before requests and before the mocks of ``responses``.

    Returns what is to be stopped, last first. Raises ``RuntimeError`` if this ``responses`` has no
    place for it.
    """
    mocks = _mocks(module)
    adapter = AdapterGate(import_module("requests.adapters"))
    return [
        Replacement(mocks, "start", functools.partial(_below, adapter)),
        Replacement(mocks, "stop", functools.partial(_below, adapter)),
        # `responses` binds these two when it is imported, to what is replaced above.
        Replacement(module, "start", lambda start: module.mock.start),
        Replacement(module, "stop", lambda stop: module.mock.stop),
        Replacement(mocks, "_on_request", _before_refusal),
        _PassThroughGate(mocks),
        adapter,
    ]


def _mocks(module: ModuleType) -> Any:
    mocks = getattr(module, "RequestsMock", None)
    for name in _SEAM:
        if getattr(mocks, name, None) is None:
            raise RuntimeError(
                "ec2_keypair_mock cannot intercept requests: this version of responses has no "
                f"RequestsMock.{name}. Use an older responses, and please report this."
            )
    return mocks


def _below(adapter: AdapterGate, start_or_stop: Any) -> Any:
    """Start or stop a mock without the gate, which it would keep, or put back, otherwise."""

    @functools.wraps(start_or_stop)
    def around(mock: Any, *args: Any, **kwargs: Any) -> None:
        adapter.take()
        try:
            start_or_stop(mock, *args, **kwargs)
        finally:
            adapter.put()

    return around


def _before_refusal(on_request: Any) -> Any:
    @functools.wraps(on_request)
    def on_gated_request(
        mock: Any, adapter: Any, request: PreparedRequest, *, retries: Any = None, **how: Any
    ) -> Any:
        __tracebackhide__ = True
        found = None
        if _is_for_aws(target(request)) and _would_refuse(mock, request, how):
            found = answer(adapter, request, how)
        if found is None:
            return on_request(mock, adapter, request, retries=retries, **how)
        return found

    return on_gated_request


def _is_for_aws(wanted: Target) -> bool:
    return wanted.service == "ec2" or wanted.reaches_aws


def _would_refuse(mock: Any, request: Any, how: dict[str, Any]) -> bool:
    # What matchers look at. The registry itself cannot be asked: that uses answers up.
    request.params = mock._parse_request_params(request.path_url)
    request.req_kwargs = how
    if any(each.matches(request)[0] for each in mock.registered()):
        return False
    return not any(
        prefix.match(request.url)
        if isinstance(prefix, re.Pattern)
        else request.url.startswith(prefix)
        for prefix in mock.passthru_prefixes
    )


class _PassThroughGate:
    """What each mock of ``responses`` keeps as ``_real_send``, gated while this is on the class."""

    def __init__(self, mocks: Any) -> None:
        self._mocks = mocks
        setattr(mocks, _REAL_SEND, self)

    def __get__(self, mock: Any, owner: type | None = None) -> Any:
        if mock is None:
            return self
        send = vars(mock)[_REAL_SEND]
        return send if is_mock(send) else gated(send)

    def __set__(self, mock: Any, send: Any) -> None:
        vars(mock)[_REAL_SEND] = send

    def stop(self) -> None:
        delattr(self._mocks, _REAL_SEND)
