"""Attributes of other libraries, replaced for a while."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any


class Replacement:
    """``owner.name``, replaced by what ``make`` makes of the original; ``stop`` puts that back."""

    def __init__(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        self._owner = owner
        self._name = name
        # Statically: a class's classmethod is to come back as what it was.
        self._original = inspect.getattr_static(owner, name, None)
        self._inherited = name not in vars(owner)
        setattr(owner, name, make(self._original))

    def stop(self) -> None:
        """Put the original back, whatever has been put over it since."""
        if self._inherited:
            delattr(self._owner, self._name)
        else:
            setattr(self._owner, self._name, self._original)


def takes(function: Any, *parameters: str) -> bool:
    """Whether it is a function of these parameters, by name and in this order."""
    return callable(function) and _parameters(function) == parameters


@functools.cache
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)
