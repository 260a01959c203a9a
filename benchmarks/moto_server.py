"""moto's own server, until stdin ends."""

import sys

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
host, port = server.get_host_and_port()
print(f"Serving AWS at http://{host}:{port}", flush=True)
sys.stdin.read()
