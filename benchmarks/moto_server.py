"""moto's own server, until stdin ends."""

import socket
import sys

from moto.server import ThreadedMotoServer

# A free one, because old versions of moto do not say which one they took.
with socket.create_server(("127.0.0.1", 0)) as listener:
    port = listener.getsockname()[1]
server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
server.start()
print(f"Serving AWS at http://127.0.0.1:{port}", flush=True)
sys.stdin.read()
