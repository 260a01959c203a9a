"""Whose code made a call."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from types import FrameType

_PACKAGE = __name__.partition(".")[0]
_RUNNERS = frozenset(("_pytest", "pluggy", "pytest", "runpy", "unittest", "xdist"))
_LIBRARIES = frozenset(
    "aioboto3 aiobotocore anyio asyncio boto3 botocore concurrent contextlib libcloud moto "
    "requests responses threading".split()
)


@dataclass(frozen=True)
class Caller:
    """A line of the user's code, as in a traceback."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: in {self.function}"


def callers() -> list[Caller]:
    """The frames between the test runner and the client library, innermost last."""
    callers = [
        Caller(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        for frame in user_frames()
    ]
    return callers[::-1]


def user_frames() -> Iterator[FrameType]:
    """The frames of the user's code, innermost first."""
    inside = takewhile(lambda frame: not is_runner(frame), _stack())
    return (frame for frame in inside if not is_library(frame))


def operation() -> str | None:
    """The operation that a client of botocore or aiobotocore is at, which knows it by name."""
    calls = (frame for frame in _stack() if frame.f_code.co_name == "_make_api_call")
    return next((frame.f_locals.get("operation_name") for frame in calls), None)


def is_runner(frame: FrameType) -> bool:
    """Whether it is the test runner's."""
    return _package(frame) in _RUNNERS


def is_library(frame: FrameType) -> bool:
    """Whether it is that of a client library, of the standard library's tasks, or ours."""
    return _package(frame) in {*_LIBRARIES, _PACKAGE}


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _stack() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back
