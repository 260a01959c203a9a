"""New key pairs that describes do not show yet, because EC2's consistency is eventual."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass
class Delay:
    """From how many describes of its Region each new key pair is hidden."""

    describes: int = 0


class Visibility:
    """Which key pairs of one Region the next describe shows."""

    def __init__(self, delay: Delay) -> None:
        self._delay = delay
        self._hidden: dict[str, int] = {}

    def created(self, key_name: str) -> None:
        """Hide a new key pair, if that was asked for."""
        if self._delay.describes:
            self._hidden[key_name] = self._delay.describes

    def deleted(self, key_name: str) -> None:
        self._hidden.pop(key_name, None)

    def clear(self) -> None:
        self._hidden.clear()

    def describe(self) -> Collection[str]:
        """The names that this describe does not show; they are hidden from one describe less."""
        hidden = self._hidden
        self._hidden = {name: left - 1 for name, left in hidden.items() if left > 1}
        return hidden

    def shows(self, name: str) -> bool:
        """Whether a describe of this one alone shows it; if not, it is hidden from one less."""
        left = self._hidden.pop(name, 0)
        if left > 1:
            self._hidden[name] = left - 1
        return left == 0
