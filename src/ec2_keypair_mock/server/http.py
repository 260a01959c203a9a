"""HTTP around the WSGI application: bodies that end, connections that stay open, errors as EC2's.

werkzeug's own request handler closes every connection, and believes what a request says of the
length of its chunks. Everything else of it is used.
"""

from __future__ import annotations

import io
import re
import traceback
from collections.abc import Iterable
from typing import Any

from moto.moto_server import werkzeug_app
from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import WSGIRequestHandler

from ..ec2 import errors, query
from ..ec2.service import error_response

Environ = dict[str, Any]

_LONGEST_LINE = 1024
_NO_BODY = (204, 304)


class Body(io.RawIOBase):
    """The body of one request: so many bytes, or chunks (RFC 9112, section 7.1) for ``None``.

    Reading allocates what has arrived, whatever was announced. Where the connection ends before
    the body does, or a chunk has no size, it raises ``ClientDisconnected``.
    """

    def __init__(self, connection: io.BufferedIOBase, length: int | None) -> None:
        self._connection = connection
        self._is_chunked = length is None
        #: Of the chunk, or of the body if there are none.
        self._left = length or 0
        self.is_read = length == 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._left == 0 and not self.is_read:
            self._begin_chunk()
        if self.is_read:
            return 0
        data = self._connection.read1(min(len(buffer), self._left))
        if not data:
            raise ClientDisconnected
        buffer[: len(data)] = data
        self._left -= len(data)
        if self._left == 0 and self._is_chunked:
            self._line()
        self.is_read = self._left == 0 and not self._is_chunked
        return len(data)

    def _begin_chunk(self) -> None:
        size = re.match(rb"[0-9a-fA-F]+", self._line())
        if size is None:
            raise ClientDisconnected
        self._left = int(size[0], 16)
        if self._left == 0:
            while self._line():
                pass
            self.is_read = True

    def _line(self) -> bytes:
        line = self._connection.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise ClientDisconnected
        return line.strip()


def body_of(headers: Any, connection: io.BufferedIOBase) -> Body | None:
    """The body that the headers announce; None where they cannot be believed."""
    lengths = headers.get_all("content-length", [])
    coding = headers.get("transfer-encoding")
    if coding and coding.strip().lower() == "chunked" and not lengths:
        return Body(connection, None)
    if coding or len(lengths) > 1 or not re.fullmatch("[0-9]{0,18}", "".join(lengths)):
        return None
    return Body(connection, int("".join(lengths) or 0))


class RequestHandler(
    getattr(werkzeug_app, "MotoRequestHandler", WSGIRequestHandler)  # type: ignore[misc]  # moto < 5.2
):
    """werkzeug's request handler, quiet, with open connections, and outages on purpose."""

    protocol_version = "HTTP/1.1"
    # An answer in two packets waits for the client's delayed acknowledgement of the first.
    wbufsize = -1
    disable_nagle_algorithm = True
    error_content_type = "text/xml;charset=UTF-8"
    error_message_format = query.render_error(
        errors.INVALID_HTTP_REQUEST(), "00000000-0000-0000-0000-000000000000"
    ).decode()

    def setup(self) -> None:
        super().setup()
        self.server.open_connections.add(self.connection)

    def finish(self) -> None:
        self.server.open_connections.discard(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        """Answer one request, of which the headers have been read."""
        self._body = body_of(self.headers, self.rfile)
        if self._body is None:
            self.send_error(400)
            return
        if self.headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        environ = self.make_environ()
        # Both say that this stream ends by itself.
        environ["wsgi.input"] = io.BufferedReader(self._body)
        environ["wsgi.input_terminated"] = True
        try:
            self._answer(*_run(self.server.app, environ))
        except (ConnectionError, TimeoutError) as error:
            self.connection_dropped(error, environ)
        except Exception:
            traceback.print_exc()
            failure = error_response(errors.INTERNAL_ERROR())
            self._answer("500 Internal Server Error", failure.headers.items(), failure.body)

    def _answer(self, status: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        headers = [(name, value) for name, value in headers if name.lower() != "date"]
        names = {name.lower() for name, _ in headers}
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in names and int(code) not in _NO_BODY:
            self.send_header("content-length", str(len(body)))
        if not (self._body and self._body.is_read) and "connection" not in names:
            # What is left of the request would be taken for the next one.
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def connection_dropped(self, error: BaseException, environ: Environ | None = None) -> None:
        """Hang up without an answer; on a time-out leave the client waiting until it hangs up."""
        self.close_connection = not isinstance(error, TimeoutError)

    def send_response(self, code: int, message: str | None = None) -> None:
        """The status and the date, and no word of the server: the application says what it is."""
        self.send_response_only(code, message)
        self.send_header("date", self.date_time_string())


def _run(app: Any, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status, headers and body of the application's answer."""
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        started[:] = [status, headers]

    answer = app(environ, start_response)
    try:
        body = b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    return started[0], started[1], body
