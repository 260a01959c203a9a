"""botocore's HTTP calls: ``URLLib3Session.send``, replaced on the class.

Every client sends through it, whichever session made it and whenever, after its own validation,
serialisation, signing and ``before-send`` hooks; what it returns goes through botocore's parser.
botocore itself is imported where it is needed only: this module is loaded while botocore is, and
a test may import botocore anew.
"""

from __future__ import annotations

import functools
import io
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..ec2.faults import Outage
from ..ec2.service import Response
from ..patching.replacement import Replacement
from .gate import gate
from .target import Target

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

# Of urllib3, aiohttp and httpx.
_READ_TIMEOUTS = ("read_timeout", "sock_read", "read")
# botocore's own (``botocore.httpsession.DEFAULT_TIMEOUT``), in seconds.
_DEFAULT_READ_TIMEOUT = 60


def install(httpsession: ModuleType) -> Replacement:
    """Put the gate before every send; raises RuntimeError where botocore has no such method."""
    session = require(httpsession, "URLLib3Session")
    require(session, "send")
    return Replacement(session, "send", _gated)


def require(owner: Any, name: str) -> Any:
    """``owner.name``; RuntimeError where the client library has no such thing."""
    found = getattr(owner, name, None)
    if found is None:
        library = str(getattr(owner, "__module__", owner.__name__)).partition(".")[0]
        raise RuntimeError(
            f"ec2_keypair_mock cannot intercept {library} {_version(library)}: {owner.__name__} "
            f"has no {name}. Use an older {library}, and please report this."
        )
    return found


def _version(library: str) -> str:
    from importlib.metadata import version

    return version(library)


def _gated(send: Any) -> Any:
    @functools.wraps(send)
    def gated_send(
        self: Any, request: AWSPreparedRequest, *args: Any, **kwargs: Any
    ) -> AWSResponse:
        __tracebackhide__ = True
        answer = ask(self, request)
        if answer is None:
            passed: AWSResponse = send(self, request, *args, **kwargs)
            return passed
        if answer.delay:
            time.sleep(answer.delay)
        return _as_botocore_response(answer, request.url)

    return gated_send


def ask(session: Any, request: AWSPreparedRequest) -> Response | None:
    """The gate's answer, still to be waited for; raises what botocore raises where none comes.

    A client that would not wait so long gets its read time-out at once.
    """
    __tracebackhide__ = True
    try:
        answer = gate.answer(target(request))
        if answer and answer.delay and answer.delay >= _read_timeout(session, request):
            raise Outage(TimeoutError)
    except Outage as outage:
        raise _as_botocore_error(outage, request.url) from None
    return answer


def target(request: Any) -> Target:
    """A prepared request of botocore or requests, as the gate reads it."""
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    body = request.body if isinstance(request.body, bytes | bytearray | str) else b""
    return Target(
        request.method,
        request.url,
        headers,
        body.encode() if isinstance(body, str) else bytes(body),
        original=request,
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _as_botocore_response(answer: Response, url: str) -> AWSResponse:
    """An answer as what botocore's parser takes."""
    from botocore.awsrequest import AWSResponse
    from urllib3.response import HTTPResponse

    raw = HTTPResponse(
        body=io.BytesIO(answer.body),
        headers=answer.headers,
        status=answer.status,
        preload_content=False,
    )
    return AWSResponse(url, answer.status, answer.headers, raw)


def _as_botocore_error(outage: Outage, url: str) -> Exception:
    """An outage as the exception that botocore raises, and retries, when it is real."""
    from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

    error: Exception = (
        ReadTimeoutError(endpoint_url=url)
        if outage.kind is TimeoutError
        else EndpointConnectionError(endpoint_url=url, error=outage)
    )
    return error


def _read_timeout(session: Any, request: AWSPreparedRequest) -> float:
    """The read time-out of a call, else of its HTTP session, in seconds; infinite without one."""
    # Requests of older versions have no context.
    seconds = (getattr(request, "context", None) or {}).get("read_timeout")
    if seconds is None:
        timeout = getattr(session, "_timeout", _DEFAULT_READ_TIMEOUT)
        found = (getattr(timeout, name) for name in _READ_TIMEOUTS if hasattr(timeout, name))
        seconds = next(found, timeout)
    return float("inf") if seconds is None else float(seconds)


@functools.cache
def ec2_actions() -> frozenset[str]:
    """The actions that EC2 has, from botocore's model of it."""
    import botocore.loaders

    model = botocore.loaders.create_loader().load_service_model("ec2", "service-2")
    return frozenset(model["operations"])
