"""What a body is put into."""

from __future__ import annotations

import contextlib
from types import CodeType
from typing import Any, Protocol


class Mock(Protocol):
    """A mock as decorators use it."""

    @property
    def arguments(self) -> dict[str, Any]:
        """What it was made with."""
        ...

    def inside(self, code: CodeType | None) -> contextlib.AbstractContextManager[Any]:
        """The mock around one call of the body with that code."""
        ...


def code_of(function: Any) -> CodeType | None:
    """The code of a function; None where it is something else that can be called."""
    return getattr(function, "__code__", None)
