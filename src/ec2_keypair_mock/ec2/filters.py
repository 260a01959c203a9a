"""The rules of filters: from the parameters of a request to a pure predicate.

Filters are joined by AND, the values of one filter by OR. In a value ``*`` stands for any run of
characters, ``?`` for one or none, and ``\\`` takes the meaning from the character behind it;
nothing else is special and case counts (recorded, and the EC2 user guide, "Filter your
resources").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from . import errors

MAX_FILTERS = 50
MAX_VALUES = 200
MAX_VALUE_LENGTH = 255

_SPECIAL = frozenset("*?\\")

#: The values of a resource for a filter's name, any of which may match.
Values = Callable[[str], Iterable[str]]
Predicate = Callable[[Values], bool]


def read_filters(filters: Sequence[Mapping[str, Any]], names: Collection[str]) -> Predicate:
    """What ``Filters`` asks for; ``names`` are the filters that the action knows.

    ``tag:<key>`` is known to every action. A filter without values matches nothing (recorded).
    """
    _check_limits(filters)
    for each in filters:
        _check_name(each.get("Name", "null"), names)
    wanted = [(each["Name"], _matcher(each.get("Values", ()))) for each in filters]
    return lambda values: all(any(map(matches, values(name))) for name, matches in wanted)


def _check_limits(filters: Sequence[Mapping[str, Any]]) -> None:
    values = [value for each in filters for value in each.get("Values", ())]
    if len(filters) > MAX_FILTERS:
        raise errors.TOO_MANY_FILTERS(MAX_FILTERS)
    if len(values) > MAX_VALUES:
        raise errors.TOO_MANY_FILTER_VALUES(MAX_VALUES)
    if any(len(value) > MAX_VALUE_LENGTH for value in values):
        raise errors.FILTER_VALUE_TOO_LONG(MAX_VALUE_LENGTH)


def _check_name(name: str, names: Collection[str]) -> None:
    if name not in names and not (name.startswith("tag:") and len(name) > len("tag:")):
        raise errors.INVALID_FILTER(name)


def _matcher(patterns: Collection[str]) -> Callable[[str], bool]:
    plain = {each for each in patterns if _SPECIAL.isdisjoint(each)}
    special = [each for each in patterns if each not in plain]
    return lambda value: value in plain or any(_matches(each, value) for each in special)


def _matches(pattern: str, value: str) -> bool:
    """Walk the pattern once, with all the places in the value that it may have reached.

    A regular expression would try each way to match, and take years for ``*a*a*a*…*b``.
    """
    reached = {0}
    for token in _tokens(pattern):
        if token == "*":
            reached = set(range(min(reached), len(value) + 1))
        elif token == "?":
            reached |= {place + 1 for place in reached if place < len(value)}
        else:
            reached = {place + 1 for place in reached if value[place : place + 1] == token[-1]}
        if not reached:
            return False
    return len(value) in reached


@lru_cache(maxsize=1024)
def _tokens(pattern: str) -> list[str]:
    return re.findall(r"\\.|.", pattern, re.DOTALL)
