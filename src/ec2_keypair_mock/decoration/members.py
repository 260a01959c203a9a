"""What is in a class, as it is written there."""

from __future__ import annotations

import inspect
from typing import Any

from .fixtures import is_fixture

XUNIT = ("setup_method", "teardown_method", "setup_class", "teardown_class")


def is_method(member: Any) -> bool:
    is_function = inspect.isfunction(member) and not is_fixture(member)
    return is_function or isinstance(member, staticmethod | classmethod)


def holds_tests(cls: type) -> bool:
    # Its name does not always tell: pytest can be configured to collect others than Test*.
    return any(
        name in XUNIT or is_fixture(member) or (name.startswith("test") and is_method(member))
        for name, member in members(cls)
    )


def members(cls: type) -> list[tuple[str, Any]]:
    """Inherited ones, too, as they are written: not bound."""
    return [(name, inspect.getattr_static(cls, name, None)) for name in dir(cls)]
