"""botocore's HTTP calls: ``URLLib3Session.send``, replaced on the class.

Every client sends through it, whichever session made it and whenever, after its own validation,
serialisation, signing and ``before-send`` hooks; what it returns goes through botocore's parser.
This is the only module that touches botocore's insides.
"""

from __future__ import annotations

import functools
import io
import time
from typing import Any

import botocore
import botocore.httpsession
import botocore.loaders
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from urllib3.response import HTTPResponse

from ..ec2.faults import Outage
from ..ec2.service import Response
from ..patching.replacement import Replacement, takes
from .gate import gate
from .target import Target

_Session = botocore.httpsession.URLLib3Session
# Of urllib3, aiohttp and httpx.
_READ_TIMEOUTS = ("read_timeout", "sock_read", "read")


def install() -> Replacement:
    """Put the gate before every send; raises RuntimeError where this botocore has no such place."""
    if not takes(getattr(_Session, "send", None), "self", "request"):
        raise RuntimeError(
            f"ec2_keypair_mock cannot intercept botocore {botocore.__version__}: it has no "
            "httpsession.URLLib3Session.send(self, request). Use an older botocore, and please "
            "report this."
        )
    return Replacement(_Session, "send", _gated)


def _gated(send: Any) -> Any:
    @functools.wraps(send)
    def gated_send(self: Any, request: AWSPreparedRequest) -> AWSResponse:
        return _answer(self, request) or send(self, request)

    return gated_send


def _answer(session: Any, request: AWSPreparedRequest) -> AWSResponse | None:
    answer = ask(session, request)
    if answer is None:
        return None
    time.sleep(answer.delay)
    return _as_botocore_response(answer, request.url)


def ask(session: Any, request: AWSPreparedRequest) -> Response | None:
    """The gate's answer, still to be waited for; raises what botocore raises where none comes.

    A client that would not wait so long gets its read time-out at once.
    """
    try:
        answer = gate.answer(target(request))
        if answer and answer.delay >= _read_timeout(session, request):
            raise Outage(TimeoutError)
    except Outage as outage:
        raise _as_botocore_error(outage, request.url) from None
    return answer


def target(request: AWSPreparedRequest) -> Target:
    """A prepared request of botocore, as the gate reads it."""
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
    raw = HTTPResponse(
        body=io.BytesIO(answer.body),
        headers=answer.headers,
        status=answer.status,
        preload_content=False,
    )
    return AWSResponse(url, answer.status, raw.headers, raw)


def _as_botocore_error(outage: Outage, url: str) -> Exception:
    """An outage as the exception that botocore raises, and retries, when it is real."""
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
        timeout = getattr(session, "_timeout", botocore.httpsession.DEFAULT_TIMEOUT)
        found = (getattr(timeout, name) for name in _READ_TIMEOUTS if hasattr(timeout, name))
        seconds = next(found, timeout)
    return float("inf") if seconds is None else float(seconds)


@functools.cache
def ec2_actions() -> frozenset[str]:
    """The actions that EC2 has, from botocore's model of it."""
    model = botocore.loaders.create_loader().load_service_model("ec2", "service-2")
    return frozenset(model["operations"])
