"""``@mock`` on whatever can be decorated: the body always runs inside, its type is kept."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from .context import Context
from .fixtures import is_fixture
from .functions import decorate_function
from .members import XUNIT, holds_tests, is_method
from .spans import span, span_class
from .test_cases import decorate_test_case

Target = TypeVar("Target", bound=Callable[..., Any])


def decorate(mock: Context, target: Target) -> Target:
    """The same function or class, its body inside the mock.

    Raises TypeError for what cannot be decorated, and for an ``async def`` test that its class
    would never await.
    """
    decorated: Any
    if inspect.isclass(target):
        decorated = _decorate_class(mock, target)
    elif isinstance(target, staticmethod | classmethod):
        decorated = type(target)(decorate_function(mock, target.__func__))
    elif callable(target) and not is_fixture(target):
        decorated = decorate_function(mock, target)
    else:
        raise TypeError(
            f"mock cannot decorate {target!r}: it takes functions and classes, called with "
            "keyword arguments only. On a fixture, write @pytest.fixture above @mock."
        )
    return decorated  # type: ignore[no-any-return]


def _decorate_class(mock: Context, cls: type) -> type:
    if _is_test_case(cls):
        decorate_test_case(mock, cls)
    else:
        _decorate_plain_class(mock, cls)
    return cls


def _is_test_case(cls: type) -> bool:
    unittest = sys.modules.get("unittest")
    return unittest is not None and issubclass(cls, unittest.TestCase)


def _decorate_plain_class(mock: Context, cls: Any) -> None:
    """Each public method runs inside; in a class of tests, from setup_method to teardown_method."""
    for name, member in list(vars(cls).items()):
        if inspect.isclass(member):
            if name.startswith("Test") or holds_tests(member):
                _decorate_nested_class(mock, member)
        elif not name.startswith("_") and name not in XUNIT and is_method(member):
            setattr(cls, name, decorate(mock, member))
    if cls.__name__.startswith("Test") or holds_tests(cls):
        span_class(mock, cls)


def _decorate_nested_class(mock: Context, cls: Any) -> None:
    _decorate_class(mock, cls)
    # For a test of a nested class, pytest looks the outer set-up up on the nested instance.
    if _is_test_case(cls):
        span(mock, cls, "method")
