"""The WSGI application: EC2's key pairs here, every other AWS request in moto's own server.

What decides is the request alone, as it came: an application in front of moto's cannot rely on
moto's parsing, which answers what it cannot read with HTML.
"""

from __future__ import annotations

import http.client
import io
import re
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from moto.moto_server import werkzeug_app
from werkzeug.datastructures import EnvironHeaders
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import get_input_stream

from ..clients.botocore import ec2_actions
from ..clients.target import Target
from ..ec2 import errors
from ..ec2.actions import ACTIONS
from ..ec2.errors import EC2Error
from ..ec2.faults import Outage
from ..ec2.service import Response, Service, error_response
from ..moto.gates import refusal

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

_FORM = "application/x-www-form-urlencoded"
_RESET = "/moto-api/reset"
# Many times the longest request of EC2's, in bytes.
_MAX_BODY = 4 << 20
# Found in a form, in JSON or in a multipart body. Nothing else tells that an unsigned request is
# meant for EC2.
_KEY_PAIR_ACTIONS = ("CreateKeyPair", "ImportKeyPair", "DescribeKeyPairs", "DeleteKeyPair")
_KEY_PAIR_ACTION = re.compile(rf"\bAction\W+(?:{'|'.join(_KEY_PAIR_ACTIONS)})\b".encode())


class Application:
    """What the server serves; key pairs are those of ``service``, which may change meanwhile."""

    def __init__(self) -> None:
        self.service: Service | None = None
        self._moto = werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            target = _ec2_request(environ)
        except EC2Error as error:
            return _respond(error_response(error), start_response)
        if target is not None:
            return _respond(self._answer(target), start_response)
        if environ["PATH_INFO"] == _RESET and environ["REQUEST_METHOD"] == "POST" and self.service:
            self.service.reset()
        answer: Iterable[bytes] = self._moto(environ, start_response)
        return answer

    def _answer(self, target: Target) -> Response:
        if self.service is None:
            return error_response(errors.UNAVAILABLE())
        try:
            _check_signed(target)
            return refusal(target) or self.service.handle(target)
        except EC2Error as error:
            return error_response(error)
        except Outage as outage:
            # The request handler hangs up, or lets the client wait.
            raise outage.kind from None
        except Exception:
            # moto's backends, which are asked for tags of their resources, may raise anything.
            traceback.print_exc()
            return error_response(errors.INTERNAL_ERROR())


def _ec2_request(environ: Environ) -> Target | None:
    """The request if it is for key pairs, or for EC2 and so broken that moto could not say so.

    Raises ``InvalidHttpRequest`` where it is longer than any of EC2's.
    """
    head = _head(environ)
    is_form = head.headers.get("content-type", "").lower().startswith(_FORM)
    is_maybe_ec2 = environ["PATH_INFO"] in ("", "/") and (not head.scope or head.scope[2] == "ec2")
    if not (is_form or is_maybe_ec2):
        # Do not read the body, which may be a large object on its way to S3.
        return None
    body = _read_body(environ)
    if len(body) > _MAX_BODY:
        if is_maybe_ec2 and (is_form or head.scope):
            raise errors.INVALID_HTTP_REQUEST()
        return None
    # EC2 reads parameters from the body of a form, and from the URL in any case.
    target = replace(head, body=body if is_form and head.method == "POST" else b"")
    if target.action in _KEY_PAIR_ACTIONS:
        return target
    return target if is_maybe_ec2 and _is_ec2s(target, body) else None


def _is_ec2s(target: Target, body: bytes) -> bool:
    names_ours = _KEY_PAIR_ACTION.search(target.url.encode() + b"&" + body)
    if not (target.service == "ec2" or names_ours):
        return False
    return target.action in ACTIONS or target.action not in ec2_actions()


def _head(environ: Environ) -> Target:
    headers = {name.lower(): value for name, value in EnvironHeaders(environ).items()}
    host = headers.get("host", "")
    # Only the name of an AWS endpoint says something about the request.
    host = host if re.fullmatch(r"[\w.-]+(?::\d+)?", host, re.ASCII) else "localhost"
    url = f"{environ['wsgi.url_scheme']}://{host}/?{environ['QUERY_STRING']}"
    return Target(environ["REQUEST_METHOD"], url, headers)


def _read_body(environ: Environ) -> bytes:
    """The body, or a little more of it than EC2 takes; it can be read again afterwards.

    Raises ``InvalidHttpRequest`` where it ends before it should.
    """
    stream = get_input_stream(environ)
    try:
        body: bytes = stream.read(_MAX_BODY + 1)
    except (ClientDisconnected, OSError):
        raise errors.INVALID_HTTP_REQUEST() from None
    environ["wsgi.input"] = io.BytesIO(body) if len(body) <= _MAX_BODY else Again(body, stream)
    return body


class Again(io.RawIOBase):
    """What has been read of a stream, and then the rest of it."""

    def __init__(self, read: bytes, rest: Any) -> None:
        self._parts = [io.BytesIO(read), rest]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = b""
        while self._parts and not (data := self._parts[0].read(len(buffer))):
            self._parts.pop(0)
        buffer[: len(data)] = data
        return len(data)


def _check_signed(target: Target) -> None:
    """Raise ``EC2Error`` for a request without an access key; which one it is does not matter."""
    form = target.form
    if target.scope and target.scope[2] != "ec2":
        raise errors.AUTH_FAILURE()
    if target.scope or form.get("AWSAccessKeyId"):
        return
    if "authorization" in target.headers:
        raise errors.MALFORMED_AUTHORIZATION()
    raise errors.MISSING_PARAMETER("AWSAccessKeyId")


def _respond(answer: Response, start_response: StartResponse) -> list[bytes]:
    if answer.delay:
        time.sleep(answer.delay)
    headers = [*answer.headers.items(), ("content-length", str(len(answer.body)))]
    reason = http.client.responses.get(answer.status, "Unknown")
    start_response(f"{answer.status} {reason}", headers)
    return [answer.body]
