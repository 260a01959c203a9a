"""pytest's classes of tests, which get the plugin's marker: the plugin does the rest."""

from __future__ import annotations

import inspect
import sys
from types import FunctionType
from typing import Any

from .classes import decorate_member, fixture_marker, is_fixture
from .mocks import Mock

_PLUGIN = "ec2_keypair_mock.pytest_plugin"
_METHODS = (FunctionType, staticmethod, classmethod)
_CLASS_SET_UP = ("setup_class", "teardown_class")
_SET_UP = ("setup_method", "teardown_method", *_CLASS_SET_UP)


def is_pytest_class(cls: type) -> bool:
    """Whether pytest may collect the class.

    Its name does not always tell: pytest can be configured to collect others than ``Test*``.
    """
    return "pytest" in sys.modules and (cls.__name__.startswith("Test") or _holds_tests(cls))


def mark_class(mock: Mock, cls: Any) -> None:
    """Mark it, and so what is derived from it and nested in it.

    Where pytest runs without the plugin, at least its own tests run inside.
    """
    if _PLUGIN not in sys.modules:
        _decorate_tests(mock, cls)
    marker = sys.modules["pytest"].mark.ec2_keypair_mock(**mock.arguments)
    own = vars(cls).get("pytestmark", [])
    cls.pytestmark = [*(own if isinstance(own, list) else [own]), marker]


def _decorate_tests(mock: Mock, cls: Any) -> None:
    for name, member in list(vars(cls).items()):
        if name.startswith("test") and isinstance(member, _METHODS):
            setattr(cls, name, decorate_member(mock, member))


def outlives_a_test(cls: Any) -> bool:
    """Whether the class has a set-up, a tear-down or a fixture that is wider than a test."""
    if any(hasattr(cls, name) for name in _CLASS_SET_UP):
        return True
    markers = (fixture_marker(member) for _, member in _members(cls))
    # A scope may be a callable. Until pytest has evaluated it, assume that it is wider.
    return any(marker is not None and marker.scope != "function" for marker in markers)


def _holds_tests(cls: type) -> bool:
    return any(
        name in _SET_UP or is_fixture(member) or (name.startswith("test") and callable(member))
        for name, member in _members(cls)
    )


def _members(cls: type) -> list[tuple[str, Any]]:
    """What is in the class and those above it, as it is written there."""
    return [(name, inspect.getattr_static(cls, name, None)) for name in dir(cls)]
