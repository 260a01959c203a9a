"""Coroutines that are dropped before they ran: a test that forgets an ``await`` tests nothing.

Python only warns of them, when it drops them, so that such a test passes. Noted here is what is
dropped once a mock has been active in a test, and, at any time, what ``@mock`` made of an
``async def``. ``coroutine.close()`` is how one drops a coroutine on purpose.
"""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable
from types import CodeType, CoroutineType, FrameType
from typing import Any

from .errors import NeverAwaitedError

_decorated: set[CodeType] = set()
_dropped: list[str] = []
_active = 0
_used = False


def watch(code: CodeType) -> None:
    """Note the coroutines that run ``code``, whether a mock is active or not."""
    _install()
    _decorated.add(code)


def begin() -> None:
    """A mock starts; each call wants one of ``end``."""
    global _active, _used
    _install()
    _active += 1
    _used = True


def end() -> None:
    """A mock ends; what the test holds until its own end is still noted."""
    global _active
    _active -= 1


def forget() -> None:
    """A test starts: what was noted before is not its fault."""
    global _used
    _used = _active > 0
    _dropped.clear()


def take() -> list[str]:
    """The names of the coroutines that were noted since the last time."""
    taken = _dropped[:]
    _dropped.clear()
    return taken


def check() -> None:
    """Raise ``NeverAwaitedError`` if any coroutine was noted."""
    if names := take():
        raise NeverAwaitedError(names)


@functools.cache
def _install() -> None:
    """Hear of every coroutine that is dropped, for good: it may happen after the mock's end.

    This is what Python calls to warn; a filter of warnings cannot hide it from here.
    """
    warnings._warn_unawaited_coroutine = functools.partial(  # type: ignore[attr-defined]
        _hear,
        warnings._warn_unawaited_coroutine,  # type: ignore[attr-defined]
    )


def _hear(warn: Callable[[Any], None], coroutine: CoroutineType[Any, Any, Any]) -> None:
    # Noted first: the warning may be an error.
    if _used or coroutine.cr_code in _decorated:
        _note(coroutine.__qualname__)
    if coroutine.cr_origin is not None:
        warn(coroutine)
        return
    # In its place: the warning is to name the line that dropped the coroutine, two calls away.
    text = f"coroutine '{coroutine.__qualname__}' was never awaited"
    warnings.warn(text, RuntimeWarning, stacklevel=2, source=coroutine)


def _note(name: str) -> None:
    case = _running_test_case()
    if case is None:
        _dropped.append(name)
    else:
        # Nothing can be raised from here, and a TestCase may run without pytest.
        case.addCleanup(_raise, NeverAwaitedError([name]))


def _raise(error: NeverAwaitedError) -> None:
    raise error


def _running_test_case() -> Any:
    """The ``unittest.TestCase`` that is running in this thread, if there is one."""
    unittest = sys.modules.get("unittest")
    if unittest is None:
        return None
    frame: FrameType | None = sys._getframe()
    # The locals of no other frame: to look at them is to keep alive what they hold.
    while frame is not None and frame.f_code is not unittest.TestCase.run.__code__:
        frame = frame.f_back
    return frame and frame.f_locals["self"]
