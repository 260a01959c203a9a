"""requests' HTTP calls: through ``responses``, and with its other mocks.

A mock of ``responses`` takes the place of ``HTTPAdapter.send``, answers what is registered with
it, lets pass what it is told to let pass, and refuses the rest. With the gate

* an answer that is registered stays, whatever it is for, but that moto's give way to ours;
* what a mock lets pass comes to the gate before it comes to the network;
* what a mock would refuse comes to the gate before, if it is a call to AWS, and is no call of
  that mock if the gate answers;
* without any mock ``HTTPAdapter.send`` comes to the gate, and so to the network.

So the order in which mocks start and stop, and who is around whom, does not matter. This is the
only module that touches the insides of requests and ``responses``.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any

import responses
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ReadTimeout, RequestException
from requests.models import PreparedRequest
from requests.models import Response as RequestsResponse
from urllib3.response import HTTPResponse

from ..ec2.faults import Outage
from ..ec2.service import Response
from ..patching.replacement import Replacement
from .botocore import require, target
from .gate import gate
from .target import Target

_SEND_PARAMETERS = ("stream", "timeout", "verify", "cert", "proxies")
_REAL_SEND = "_real_send"


def install() -> list[Any]:
    """Put the gate before requests; RuntimeError where this ``responses`` has no place for it.

    Returns what is to be stopped, last first.
    """
    for name in ("_on_request", "start", "stop"):
        require(responses.RequestsMock, name)
    adapter = _AdapterGate()
    mocks = [
        Replacement(responses.RequestsMock, "start", adapter.below),
        Replacement(responses.RequestsMock, "stop", adapter.below),
        # `responses.start` and `responses.stop` are bound methods captured at import. They would
        # bypass the replacements above.
        Replacement(responses, "start", lambda start: responses.mock.start),
        Replacement(responses, "stop", lambda stop: responses.mock.stop),
        Replacement(responses.RequestsMock, "_on_request", _before_refusal),
        _PassThroughGate(),
    ]
    adapter.put()
    return [*mocks, adapter]


def _before_refusal(on_request: Any) -> Any:
    @functools.wraps(on_request)
    def on_gated_request(
        mock: Any, adapter: Any, request: PreparedRequest, *, retries: Any = None, **how: Any
    ) -> Any:
        __tracebackhide__ = True
        answer = None
        if _is_for_aws(target(request)) and _would_refuse(mock, request, how):
            answer = _answer(adapter, request, how)
        if answer is None:
            return on_request(mock, adapter, request, retries=retries, **how)
        return answer

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


def _gated(send: Any) -> Any:
    @functools.wraps(send)
    def gated_send(
        adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **how: Any
    ) -> RequestsResponse:
        __tracebackhide__ = True
        how.update(zip(_SEND_PARAMETERS, args, strict=False))
        answer = _answer(adapter, request, how)
        # Compared with None, because an answer with an error is false.
        return send(adapter, request, **how) if answer is None else answer

    return gated_send


def _answer(
    adapter: HTTPAdapter, request: PreparedRequest, how: dict[str, Any]
) -> RequestsResponse | None:
    """The gate's answer as a mock of ``responses`` gives it, the adapter's retries included."""
    __tracebackhide__ = True
    first = _ask(request, how)
    if first is None:
        return None
    again = iter(functools.partial(_ask, request, how), None)
    mock = responses.RequestsMock(assert_all_requests_are_fired=False)
    mock.add(_Answer(request, chain([first], again)))
    return mock.unbound_on_send()(adapter, request, **how)


class _Answer(responses.Response):
    """What is registered in a mock of ``responses`` for one request: an answer for each try."""

    def __init__(self, request: PreparedRequest, answers: Iterator[Response]) -> None:
        super().__init__(str(request.method), str(request.url), content_type=None)
        self._answers = answers

    def matches(self, request: PreparedRequest) -> tuple[bool, str]:
        return True, ""

    def get_response(self, request: PreparedRequest) -> HTTPResponse:
        answer = next(self._answers)
        self.body, self.status, self.headers = answer.body, answer.status, answer.headers
        return super().get_response(request)


def _ask(request: PreparedRequest, how: dict[str, Any]) -> Response | None:
    __tracebackhide__ = True
    try:
        answer = gate.answer(target(request))
    except Outage as outage:
        raise _as_requests_error(outage, request) from None
    if answer is not None and answer.delay:
        if answer.delay >= _read_timeout(how.get("timeout")):
            raise _as_requests_error(Outage(TimeoutError), request)
        time.sleep(answer.delay)
    return answer


def _as_requests_error(outage: Outage, request: PreparedRequest) -> RequestException:
    if outage.kind is TimeoutError:
        return ReadTimeout(f"Read timeout on {request.url}", request=request)
    return RequestsConnectionError(f"Could not connect to {request.url}", request=request)


def _read_timeout(timeout: Any) -> float:
    """The read time-out in what requests takes: seconds, a pair of them, urllib3's, or None."""
    if isinstance(timeout, tuple):
        timeout = timeout[1]
    seconds = getattr(timeout, "read_timeout", timeout)
    return float("inf") if seconds is None else float(seconds)


class _AdapterGate:
    """``HTTPAdapter.send``, gated wherever no mock of ``responses`` stands in its place."""

    def __init__(self) -> None:
        self._ended = False
        self._replacement: Replacement | None = None

    def put(self) -> None:
        if not (self._ended or self._replacement or _is_mock(HTTPAdapter.send)):
            self._replacement = Replacement(HTTPAdapter, "send", _gated)

    def take(self) -> None:
        # Something else is over it if a patch was put there, or a mock whose `start` was looked up
        # before there was the gate.
        if self._replacement and self._replacement.is_on_top:
            self._replacement.stop()
            self._replacement = None

    def stop(self) -> None:
        self._ended = True
        if self._replacement:
            self._replacement.stop()

    def below(self, start_or_stop: Any) -> Any:
        """Start or stop a mock without the gate, which it would keep, or put back, otherwise."""

        @functools.wraps(start_or_stop)
        def around(mock: Any, *args: Any, **kwargs: Any) -> None:
            self.take()
            try:
                start_or_stop(mock, *args, **kwargs)
            finally:
                self.put()

        return around


class _PassThroughGate:
    """What each mock of ``responses`` keeps as ``_real_send``, gated while this is on the class."""

    def __init__(self) -> None:
        setattr(responses.RequestsMock, _REAL_SEND, self)

    def __get__(self, mock: Any, owner: type | None = None) -> Any:
        if mock is None:
            return self
        send = vars(mock)[_REAL_SEND]
        return send if _is_mock(send) else _gated(send)

    def __set__(self, mock: Any, send: Any) -> None:
        vars(mock)[_REAL_SEND] = send

    def stop(self) -> None:
        delattr(responses.RequestsMock, _REAL_SEND)


def _is_mock(send: Any) -> bool:
    """Whether it is the ``send`` of a mock of ``responses``, which comes to the gate by itself."""
    return getattr(send, "__module__", None) == responses.__name__
