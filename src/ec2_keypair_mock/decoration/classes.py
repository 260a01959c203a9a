"""Classes that hold no tests: each public method runs inside."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

from .functions import decorate_function, refusal
from .mocks import Mock

_Decorate = Callable[[Any], Any]


def decorate_class(mock: Mock, cls: Any) -> None:
    """Put each public method inside; raises TypeError for a descriptor that is not known here."""
    for name, member in list(vars(cls).items()):
        if not name.startswith("_"):
            decorated = decorate_member(mock, member)
            if decorated is not member:
                setattr(cls, name, decorated)
            if isinstance(decorated, functools.cached_property):
                decorated.__set_name__(cls, name)


def decorate_member(mock: Mock, member: Any) -> Any:
    """What is in a class, with its body inside; as it is where it has none."""
    decorate = functools.partial(decorate_function, mock)
    for kind, remake in _REMAKE.items():
        if isinstance(member, kind):
            return remake(decorate, member)
    if is_fixture(member) or inspect.isclass(member) or not _is_descriptor(member):
        return member
    raise TypeError(
        f"mock cannot put {member!r} inside: decorate its function below it, or use "
        "`with mock():` in its body"
    )


def _is_descriptor(member: Any) -> bool:
    """Whether it may hide a body: a descriptor that is written in Python."""
    return isinstance(getattr(type(member), "__get__", None), FunctionType)


def _remake_function(decorate: _Decorate, function: Any) -> Any:
    if refusal(function) is None:
        return decorate(function)
    # Made by contextlib: the body is that of the generator function below.
    below = function.__wrapped__
    is_async = inspect.isasyncgenfunction(below)
    make: Any = contextlib.asynccontextmanager if is_async else contextlib.contextmanager
    return make(decorate(below))


_REMAKE: dict[type, Callable[[_Decorate, Any], Any]] = {
    FunctionType: _remake_function,
    staticmethod: lambda decorate, member: staticmethod(
        _remake_function(decorate, member.__func__)
    ),
    classmethod: lambda decorate, member: classmethod(_remake_function(decorate, member.__func__)),
    property: lambda decorate, member: type(member)(
        *(each and decorate(each) for each in (member.fget, member.fset, member.fdel)),
        member.__doc__,
    ),
    functools.cached_property: lambda decorate, member: type(member)(decorate(member.func)),
    functools.partialmethod: lambda decorate, member: type(member)(
        decorate(member.func), *member.args, **member.keywords
    ),
    type(functools.lru_cache(lambda: None)): lambda decorate, member: functools.lru_cache(
        **member.cache_parameters()
    )(decorate(member.__wrapped__)),
}


def is_fixture(target: Any) -> bool:
    """Whether it is a fixture of pytest's, which only pytest may call."""
    return fixture_marker(target) is not None


def fixture_marker(target: Any) -> Any:
    """What ``@pytest.fixture`` was called with; None where it was not."""
    # The first since pytest 8.4. Read statically, as a mock or a proxy answers to any name.
    for name in ("_fixture_function_marker", "_pytestfixturefunction"):
        marker = inspect.getattr_static(target, name, None)
        if marker is not None:
            return marker
    return None
