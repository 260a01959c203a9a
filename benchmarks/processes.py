"""The processes in which everything is measured, and the environment that they have."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).parent

# Nothing of the user's decides: no credentials, no config files, no options of pytest, no coverage.
_LEFT_OUT = ("AWS_", "PYTEST", "COV")
ENVIRONMENT = {
    **{name: each for name, each in os.environ.items() if not name.startswith(_LEFT_OUT)},
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}


def run(arguments: Sequence[str], more: Mapping[str, str] | None = None) -> str:
    """Run Python with these arguments; returns what it prints, and raises where it fails."""
    ran = subprocess.run(
        [sys.executable, *arguments],
        env={**ENVIRONMENT, **(more or {})},
        cwd=HERE,
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def fresh(arguments: Sequence[str], more: Mapping[str, str] | None = None) -> float:
    """The seconds of a whole new Python process with these arguments."""
    start = time.perf_counter()
    run(arguments, more)
    return time.perf_counter() - start


class Process:
    """A Python process that is asked by lines, and ends with its stdin or by ``stop``."""

    def __init__(self, arguments: Sequence[str], stderr: int | None = None) -> None:
        self._arguments = " ".join(arguments)
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            env=ENVIRONMENT,
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    def write(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def read(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._arguments} has ended")
        return line

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate()


class Worker:
    """A process of one subject that times scenarios (``timed.py``)."""

    def __init__(self, subject: str) -> None:
        self.process = Process(["timed.py", subject])

    def seconds(self, calls: int, scenario: str, *arguments: object) -> float:
        """The seconds of one of that many calls; the scenario is prepared before them."""
        self.process.write(json.dumps([calls, scenario, *arguments]))
        return float(self.process.read())


class Server:
    """A server in a process of its own, which listens from the start at ``url``."""

    def __init__(self, subject: str) -> None:
        arguments = {"here": ["-m", "ec2_keypair_mock", "serve"], "moto": ["moto_server.py"]}
        self.process = Process(arguments[subject], stderr=subprocess.DEVNULL)
        found = re.search(r"http://\S+", self.process.read())
        assert found
        self.url = found[0]


class Processes:
    """Those that stay for several measures; they end with the ``with`` block."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._workers: dict[tuple[str, str], Worker] = {}
        self._servers: dict[str, Server] = {}

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def worker(self, subject: str, column: str = "") -> Worker:
        """The worker of a subject, another one for each column that keeps its state."""
        key = (subject, column)
        if key not in self._workers:
            self._workers[key] = Worker(subject)
            self._stack.callback(self._workers[key].process.stop)
        return self._workers[key]

    def server(self, subject: str) -> Server:
        if subject not in self._servers:
            self._servers[subject] = Server(subject)
            self._stack.callback(self._servers[subject].process.stop)
        return self._servers[subject]
