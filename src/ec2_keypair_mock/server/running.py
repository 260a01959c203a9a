"""The HTTP server: every AWS service that moto has, with exact key pairs, for any AWS client."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..activation import KeyPairMock
from ..boto import environment
from ..boto.region import configured_region
from ..ec2.service import DEFAULT_REGION
from ..interrupts import interrupted_by_signals

if TYPE_CHECKING:
    from .application import Application

LOOPBACK = "127.0.0.1"
_ANY_ADDRESS = {"0.0.0.0": LOOPBACK, "::": "::1", "": LOOPBACK}


class ServedKeyPairMock(KeyPairMock):
    """A ``KeyPairMock`` whose key pairs clients find at ``url``, too."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url


class Server:
    """The server, listening from the start, answering in threads of its own while it is entered.

    Raises ``ImportError`` where the extra is missing and ``OSError`` where it cannot listen.
    """

    def __init__(self, host: str = LOOPBACK, port: int = 0) -> None:
        self.application, request_handler = _load()
        from werkzeug.serving import make_server

        with _listen(host, port) as listener:
            self._server = make_server(
                host,
                port,
                self.application,
                threaded=True,
                request_handler=request_handler,
                fd=listener.fileno(),
            )
        #: Those that clients keep open, so that they end with the server.
        self._connections: set[socket.socket] = set()
        self._server.open_connections = self._connections  # type: ignore[attr-defined]  # for the handler
        self.port: int = self._server.port
        name = _ANY_ADDRESS.get(host, host)
        self.url = f"http://{f'[{name}]' if ':' in name else name}:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True, name=self.url
        )

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _load() -> tuple[Application, type]:
    try:
        # moto's server needs both.
        import flask  # noqa: F401
        import flask_cors  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"the server needs flask ({error}): pip install 'ec2-keypair-mock[server]', in a "
            "checkout '.[server]'"
        ) from None
    from .application import Application
    from .http import RequestHandler

    return Application(), RequestHandler


def _listen(host: str, port: int) -> socket.socket:
    # Bind the port here, because werkzeug ends the process where that fails.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if not 0 <= port < 1 << 16:
            raise OSError("ports are from 0 to 65535")
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while ")[0]
        raise OSError(f"cannot listen on {host} port {port}: {reason}") from None


@contextmanager
def served(server: Server) -> Iterator[ServedKeyPairMock]:
    """A mock whose state the server serves, and an environment that points clients to it."""
    # moto's server needs no `mock_aws`. Entering it tells our gate that moto is active, and resets
    # moto for each test, unless the caller is inside a `mock_aws` already, whose state is then
    # shared.
    from moto import mock_aws

    aws = ServedKeyPairMock(server.url)
    with aws, mock_aws():
        region = configured_region() or DEFAULT_REGION
        before = environment.point_to(server.url, region)
        server.application.service = aws._service
        try:
            yield aws
        finally:
            server.application.service = None
            environment.put(before)


def serve(host: str = LOOPBACK, port: int = 0) -> int:
    """Serve until Ctrl-C or SIGTERM; returns the exit status."""
    try:
        server = Server(host, port)
    except (ImportError, OSError) as error:
        print(f"ec2_keypair_mock: {error}", file=sys.stderr)
        return 1
    try:
        with interrupted_by_signals(), server, served(server):
            print(f"Serving AWS at {server.url}")
            print(f"export AWS_ENDPOINT_URL={server.url}", flush=True)
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        return 0
