"""From pytest's set-up of a test or a class to the tear-down that belongs to it."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Callable
from typing import Any

from .context import Context
from .fixtures import fixture_marker
from .members import members

Hook = Callable[[Any, Any], None]


def span_class(mock: Context, cls: Any) -> None:
    """One state for each test; for the class, where something of it outlives a test."""
    has_hook = hasattr(cls, "setup_class") or hasattr(cls, "teardown_class")
    if has_hook or any(_is_wide_fixture(member) for _, member in members(cls)):
        span(mock, cls, "class")
    span(mock, cls, "method")


def _is_wide_fixture(member: Any) -> bool:
    # A scope may be a function, too: what it will say is not known yet.
    marker = fixture_marker(member)
    return marker is not None and marker.scope != "function"


def span(mock: Context, cls: Any, level: str) -> None:
    """Enter with pytest's set-up and leave with its tear-down."""
    before, after = f"setup_{level}", f"teardown_{level}"
    for name in (before, after):
        _make_way(cls, name)
    span = _Span(mock, _hook(cls, before), _hook(cls, after))

    # pytest counts the parameters: these take what it can give.
    def enter(self: Any, method: Any = None) -> None:
        span.enter(self, method)

    def leave(self: Any, method: Any = None) -> None:
        span.leave(self, method)

    # moto's mock_aws finds them by these names.
    enter.__name__, leave.__name__ = before, after
    kind: Callable[[Any], Any] = classmethod if level == "class" else lambda function: function
    setattr(cls, before, kind(enter))
    setattr(cls, after, kind(leave))


def _make_way(cls: Any, name: str) -> None:
    """Keep a fixture that has the name of a set-up: pytest does not take it for one."""
    fixture = inspect.getattr_static(cls, name, None)
    marker = fixture_marker(fixture)
    if marker is None:
        return
    pytest = sys.modules["pytest"]
    keywords = {key: getattr(marker, key) for key in ("scope", "params", "autouse", "ids")}
    renamed = pytest.fixture(**keywords, name=marker.name or name)(fixture.__wrapped__)
    setattr(cls, f"_fixture_{name}", renamed)
    setattr(cls, name, None)


class _Span:
    """The mock, from a set-up of pytest's to the tear-down that belongs to it."""

    def __init__(self, mock: Context, set_up: Hook, tear_down: Hook) -> None:
        self._mock, self._set_up, self._tear_down = mock, set_up, tear_down
        self._entered: list[tuple[Any, contextlib.ExitStack | None]] = []

    def enter(self, instance: Any, method: Any) -> None:
        if self._is_repeated(method):
            self._entered.append((method, None))
            return
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._mock)
            self._set_up(instance, method)
            self._entered.append((method, stack.pop_all()))

    def _is_repeated(self, method: Any) -> bool:
        # pytest sets a test of a nested class up once for each class around it. A call without
        # the method is somebody else's, who means it.
        return method is not None and bool(self._entered) and self._entered[-1][0] == method

    def leave(self, instance: Any, method: Any) -> None:
        # Not entered where a subclass has a set-up of its own, which leaves this one out.
        _, stack = self._entered.pop() if self._entered else (None, contextlib.ExitStack())
        if stack is not None:
            with stack:
                self._tear_down(instance, method)


def _hook(cls: type, name: str) -> Hook:
    """A set-up or tear-down, called as pytest calls it: see ``_pytest.python.Class``."""
    found = inspect.getattr_static(cls, name, None)
    if found is None:
        return lambda instance, method: None
    if name.endswith("_method"):
        return lambda instance, method: _call(found.__get__(instance, type(instance)), method)
    if isinstance(found, classmethod):
        return lambda cls, _: found.__get__(None, cls)()
    return lambda cls, _: _call(getattr(found, "__func__", found), cls)


def _call(function: Any, optional: Any) -> None:
    """Call it with the optional argument if it takes one."""
    code = function.__code__
    # A wrapper that takes anything is not counted, but what it wraps.
    if not code.co_argcount and code.co_flags & inspect.CO_VARARGS:
        code = getattr(inspect.unwrap(function), "__code__", code)
    wanted = code.co_argcount - inspect.ismethod(function)
    function(optional) if wanted else function()
