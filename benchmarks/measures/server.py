"""The server, beside moto's own: until it answers, and how much it answers."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from urllib.parse import urlsplit

from benchmark import Benchmark, Columns
from processes import Processes, Server
from size import Size

GROUP = "The server"

_SUBJECTS = ("here", "moto")
_BODY = b"Action=DescribeKeyPairs&Version=2016-11-15"
_HEADERS = {
    "authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request, "
    "SignedHeaders=host, Signature=0",
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
}


def benchmarks(size: Size) -> list[Benchmark]:
    return [
        Benchmark(
            GROUP, "server-start", "start to first answer", partial(start, size), size.rounds
        ),
        *(
            Benchmark(
                GROUP,
                f"server-{clients}",
                f"describes a second, {clients} keep-alive client{'s' * (clients > 1)}",
                loaded(clients, size.requests),
                size.rounds,
                is_rate=True,
            )
            for clients in size.clients
        ),
    ]


def start(size: Size, processes: Processes) -> Columns:
    return {each: partial(_first_answer, each) for each in _SUBJECTS if each in size.fresh}


def _first_answer(subject: str) -> float:
    start = time.perf_counter()
    server = Server(subject)
    try:
        _describe(server.url, 1)
        return time.perf_counter() - start
    finally:
        server.process.stop()


def loaded(clients: int, requests: int) -> Callable[[Processes], Columns]:
    def columns(processes: Processes) -> Columns:
        urls = {each: processes.server(each).url for each in _SUBJECTS}
        for url in urls.values():
            # The first request of a server is measured by its start.
            _describe(url, 1)
        return {
            each: partial(_each_request, url, clients, requests // clients)
            for each, url in urls.items()
        }

    return columns


def _each_request(url: str, clients: int, requests: int) -> float:
    """Wall time over the number of requests, of which each client sends so many."""
    start = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(partial(_describe, url), [requests] * clients))
    return (time.perf_counter() - start) / (clients * requests)


def _describe(url: str, requests: int) -> None:
    # A client of http.client's connects anew where the server closes the connection.
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)) as connection:
        for _ in range(requests):
            connection.request("POST", "/", _BODY, _HEADERS)
            answer = connection.getresponse()
            document = answer.read()
            assert answer.status == 200, document
