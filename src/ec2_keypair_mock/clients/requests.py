"""requests' HTTP calls: ``HTTPAdapter.send``, replaced on the class.

Every session sends through it, unless a test mounts an adapter that is no ``HTTPAdapter``. What a
mock of the library ``responses`` does about it is in ``responses``.
"""

from __future__ import annotations

import functools
import io
import time
from http import HTTPStatus
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..ec2.faults import Outage
from ..ec2.service import Response
from ..patching.replacement import Replacement, bind
from .botocore import target
from .gate import gate

if TYPE_CHECKING:
    from requests.adapters import HTTPAdapter
    from requests.exceptions import RequestException
    from requests.models import PreparedRequest
    from requests.models import Response as RequestsResponse
    from urllib3.response import HTTPResponse

_SEND_PARAMETERS = ("stream", "timeout", "verify", "cert", "proxies")


class AdapterGate:
    """The gate before ``HTTPAdapter.send``, unless a mock of ``responses`` has replaced that."""

    def __init__(self, adapters: ModuleType) -> None:
        """``adapters`` is ``requests.adapters``; ``RuntimeError`` if it has no such method."""
        self._adapter: Any = getattr(adapters, "HTTPAdapter", None)
        if getattr(self._adapter, "send", None) is None:
            raise RuntimeError("this version of requests has no adapters.HTTPAdapter.send")
        self._ended = False
        self._replacement: Replacement | None = None
        self.put()

    def put(self) -> None:
        if not (self._ended or self._replacement or is_mock(self._adapter.send)):
            self._replacement = Replacement(self._adapter, "send", gated)

    def take(self) -> None:
        # Somebody may have patched the method since, or started a mock of `responses` by a `start`
        # that was looked up before ours was there. Then ours stays below.
        if self._replacement and self._replacement.is_on_top:
            self._replacement.stop()
            self._replacement = None

    def stop(self) -> None:
        self._ended = True
        if self._replacement:
            self._replacement.stop()


def is_mock(send: Any) -> bool:
    """Whether it is the ``send`` of a mock of ``responses``, which asks the gate by itself."""
    return getattr(send, "__module__", None) == "responses"


def gated(send: Any) -> Any:
    """A method ``send`` that asks the gate first."""

    @functools.wraps(send)
    def gated_send(adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **how: Any) -> Any:
        __tracebackhide__ = True
        named = dict(zip(_SEND_PARAMETERS, args, strict=False))
        found = answer(adapter, request, {**how, **named})
        # Compared with None, because an answer with an error is false.
        return bind(send, adapter)(request, *args, **how) if found is None else found

    return gated_send


def answer(
    adapter: HTTPAdapter, request: PreparedRequest, how: dict[str, Any]
) -> RequestsResponse | None:
    """The gate's answer, tried again as the adapter is told to, without its pauses."""
    __tracebackhide__ = True
    from requests.exceptions import RetryError
    from urllib3.exceptions import MaxRetryError

    retries = adapter.max_retries
    while (found := _ask(request, how)) is not None:
        built = adapter.build_response(request, _raw(found))
        if not retries.is_retry(str(request.method), found.status, "Retry-After" in built.headers):
            return built
        try:
            retries = retries.increment(request.method, request.url, response=built.raw)
        except MaxRetryError as error:
            # As in `HTTPAdapter.send` and urllib3's `HTTPConnectionPool.urlopen`.
            if retries.raise_on_status:
                raise RetryError(error, request=request) from error
            return built
    return None


def _raw(found: Response) -> HTTPResponse:
    from urllib3.response import HTTPResponse

    return HTTPResponse(
        body=io.BytesIO(found.body),
        headers=found.headers,
        status=found.status,
        reason=HTTPStatus(found.status).phrase,
        preload_content=False,
    )


def _ask(request: PreparedRequest, how: dict[str, Any]) -> Response | None:
    __tracebackhide__ = True
    try:
        found = gate.answer(target(request))
    except Outage as outage:
        raise _as_requests_error(outage, request) from None
    if found and found.delay:
        if found.delay >= _read_timeout(how.get("timeout")):
            raise _as_requests_error(Outage(TimeoutError), request)
        time.sleep(found.delay)
    return found


def _as_requests_error(outage: Outage, request: PreparedRequest) -> RequestException:
    from requests import exceptions

    if outage.kind is TimeoutError:
        return exceptions.ReadTimeout(f"Read timeout on {request.url}", request=request)
    return exceptions.ConnectionError(f"Could not connect to {request.url}", request=request)


def _read_timeout(timeout: Any) -> float:
    """The read time-out in what requests takes: seconds, a pair of them, urllib3's, or None."""
    if isinstance(timeout, tuple):
        timeout = timeout[1]
    seconds = getattr(timeout, "read_timeout", timeout)
    # No limit is None, or in urllib3 1.26 an object of its own.
    return float(seconds) if isinstance(seconds, (int, float)) else float("inf")
