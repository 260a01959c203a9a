"""Which refused calls fail a test.

A refused call fails the test, unless its exception was caught in the test's own file (or a
``conftest.py``), or the test names ``UnmockedCallError``.

"Caught in" is the outermost frame of the exception's traceback, because Python adds a frame for
each function that lets an exception through. A ``Scope`` is what is judged together: a test, or
outside a test the time from the first activation to the end of the last.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
import threading
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any, NamedTuple

from .errors import SwallowedCallError, UnmockedCallError

_ERROR = UnmockedCallError.__name__
_PACKAGE = os.path.dirname(__file__) + os.sep
# A report shows so many calls, of three lines each.
_SHOWN = 6


class Place(NamedTuple):
    """A line of code, as in a traceback."""

    file: str
    line: int
    function: str
    module: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}"


@dataclass
class Refusal:
    """A refused call: what was called, from where, and by whom the exception was caught.

    It refers to the exception weakly, because an exception keeps alive the frames of its traceback
    and everything in them. An exception that is dropped says before who caught it.
    """

    error: UnmockedCallError
    made_at: Place | None
    caught_at: Place | None = None
    _raised: weakref.ref[UnmockedCallError] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, error: UnmockedCallError, frame: FrameType) -> Refusal:
        """The refusal behind an exception that is about to be raised in the frame."""
        made_in = users_frame(frame)
        made_at = _place(made_in, made_in.f_lineno) if made_in else None
        refusal = cls(error.without_traceback(), made_at)
        refusal._raised = weakref.ref(error)
        error.when_dropped = refusal.look
        return refusal

    @property
    def call(self) -> tuple[str, str | None, str | None]:
        """What was called: service, action and Region."""
        return self.error.service, self.error.action, self.error.region

    def look(self, error: UnmockedCallError | None = None) -> None:
        """Note the outermost frame of the exception's traceback, if there is one by now."""
        error = error or (self._raised() if self._raised else None)
        trace = error and error.__traceback__
        if error is not None:
            self.caught_at = _place(trace.tb_frame, trace.tb_lineno) if trace else None


class Scope:
    """A test, or what is judged like one: its own files, its code, and its refused calls.

    A call in a thread that was started before the scope, and has not entered a mock in it, belongs
    to nobody: code that outlives its test fails no other one.
    """

    def __init__(self, *, is_test: bool) -> None:
        self.is_test = is_test
        #: The services that were active in it; those of another layer, so that they are no type.
        self.services: list[Any] = []
        self._refusals: list[Refusal] = []
        self._files: set[str] = set()
        self._codes: set[CodeType] = set()
        self._older_threads = weakref.WeakSet(threading.enumerate())
        self._older_threads.discard(threading.current_thread())

    def add(self, *, file: str | None = None, code: CodeType | None = None) -> None:
        """Count a file, or a function and its file, among the test's own."""
        self._older_threads.discard(threading.current_thread())
        if code is not None:
            self._codes.add(code)
            self._files.add(code.co_filename)
        if file is not None:
            self._files.add(file)

    def add_refusal(self, error: UnmockedCallError, frame: FrameType) -> None:
        """Remember a call that is refused in the frame, with the exception that is raised then."""
        self._refusals.append(Refusal.of(error, frame))

    def has_this_thread(self) -> bool:
        return threading.current_thread() not in self._older_threads

    @property
    def has_refusals(self) -> bool:
        return bool(self._refusals)

    def judge(self, *, skipped: bool = False) -> list[Refusal]:
        """The refused calls since the last time that fail the test: all of them if it skips."""
        taken, self._refusals = self._refusals, []
        if skipped or not taken:
            return taken
        if any(map(_names_the_error, self._codes)):
            return []
        for refusal in taken:
            refusal.look()
        # `gather()` and retry loops show the test one exception of many, so one that was expected
        # excuses every refusal of the same call.
        expected = {each.call for each in taken if self._is_own(each.caught_at)}
        return [each for each in taken if each.call not in expected]

    def _is_own(self, place: Place | None) -> bool:
        # `assertRaises` takes the traceback off, and `pytest.raises(…, function)` catches the
        # exception in pytest's own file. Both are calls of the test.
        if place is None or place.module.startswith("_pytest."):
            return True
        return place.file in self._files or os.path.basename(place.file) == "conftest.py"


#: The scopes that have begun and not ended, outermost first.
_scopes: list[Scope] = []


def begin(*, is_test: bool = False) -> Scope:
    """Begin a scope; each wants one ``end``."""
    _scopes.append(Scope(is_test=is_test))
    return _scopes[-1]


def end(scope: Scope) -> None:
    """End a scope: no call belongs to it any more."""
    if scope in _scopes:
        _scopes.remove(scope)


def current() -> Scope | None:
    """The innermost scope to which a call in this thread belongs."""
    return next((each for each in reversed(_scopes) if each.has_this_thread()), None)


def is_in_test() -> bool:
    """Whether a test has begun that judges the calls in this thread."""
    return any(each.is_test and each.has_this_thread() for each in _scopes)


def join(code: CodeType | None) -> None:
    """Count this thread, and a function and its file, among those of the innermost scope."""
    if _scopes:
        (current() or _scopes[-1]).add(code=code)


def raise_swallowed(failing: list[Refusal]) -> None:
    """Raise ``SwallowedCallError`` if there are any."""
    __tracebackhide__ = True
    if failing:
        raise SwallowedCallError(failing[0].error, describe(failing)) from None


def _place(frame: FrameType, line: int) -> Place:
    code = frame.f_code
    return Place(code.co_filename, line, code.co_name, str(frame.f_globals.get("__name__", "")))


def users_frame(frame: FrameType) -> FrameType | None:
    """The innermost frame whose code is neither ours nor installed, as botocore's is."""
    foreign = _foreign()
    frames = (each for each in _stack(frame) if not each.f_code.co_filename.startswith(foreign))
    return next(frames, None)


@functools.cache
def _foreign() -> tuple[str, ...]:
    """How the file names of our code and of installed code begin."""
    # Imported here, because the pytest plugin imports this module in every run.
    import sysconfig

    places = map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib"))
    return (*(each + os.sep for each in places), _PACKAGE, "<frozen ")


def running_test(frame: FrameType) -> CodeType | None:
    """The test of the ``unittest.TestCase`` that is running, whose ``setUp`` may enter a mock."""
    case = _running(frame).get("self")
    method: Any = getattr(case, getattr(case, "_testMethodName", ""), None)
    return getattr(inspect.unwrap(method), "__code__", None)


def is_test_skipped(frame: FrameType) -> bool:
    """Whether the ``unittest.TestCase`` that is running was skipped, and is at its clean-ups."""
    running = _running(frame)
    # Python 3.10 tells the result only when the clean-ups are over.
    places = (running.get("result"), running.get("outcome"))
    skipped = [case for place in places for case, _ in getattr(place, "skipped", ())]
    return any(case is running["self"] for case in skipped)


def _running(frame: FrameType) -> dict[str, Any]:
    """The locals of ``TestCase.run``, if that is on the stack."""
    unittest: Any = sys.modules.get("unittest")
    run = unittest.TestCase.run.__code__ if unittest else None
    found = next((each for each in _stack(frame) if each.f_code is run), None)
    # Read `f_locals` of this one frame only: reading them keeps the objects in them alive.
    return dict(found.f_locals) if found else {}


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _names_the_error(code: CodeType) -> bool:
    """Whether a function, or one inside it, holds the name of the exception."""
    names = (*code.co_names, *code.co_varnames, *code.co_freevars)
    return any(_ERROR in name for name in names) or any(map(_holds_the_name, code.co_consts))


def _holds_the_name(constant: Any) -> bool:
    if isinstance(constant, CodeType):
        return _names_the_error(constant)
    if isinstance(constant, tuple | frozenset):
        return any(map(_holds_the_name, constant))
    return isinstance(constant, str) and _ERROR in constant


def describe(refusals: Iterable[Refusal]) -> str:
    """The refused calls, grouped, for a report: three lines a call, 20 lines at most."""
    groups: dict[Any, list[Refusal]] = {}
    for each in refusals:
        groups.setdefault((each.call, each.made_at), []).append(each)
    lines = [line for group in list(groups.values())[:_SHOWN] for line in _describe(group)]
    if len(groups) > _SHOWN:
        lines.append(f"and {len(groups) - _SHOWN} more calls")
    return "\n".join(lines)


def _describe(group: list[Refusal]) -> list[str]:
    first = group[0]
    times = f" ({len(group)} times)" if len(group) > 1 else ""
    caught = f", caught at {first.caught_at}" if first.caught_at else ""
    return [
        f"{first.error.what}{times}",
        f"  called at {first.made_at or 'a line of no file'}{caught}",
        f"  {first.error.way_out}",
    ]
