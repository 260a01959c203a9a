"""Compares an answer with the checks of a step."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from . import derived
from .answer import Answer
from .behaviour import Body, Call, Check, Elements, Error, Form, Header, Matches, Value
from .redact import redact

Values = Mapping[str, str]
_NAME = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Difference:
    """What was expected of a step and what came, without key material and account IDs."""

    step: str
    expected: str
    got: str


def fill(value: Any, values: Values, escape: Callable[[str], str] = str) -> Any:
    """Replace the names in braces in every text inside ``value``."""
    if isinstance(value, str):
        return _NAME.sub(lambda name: escape(values[name[1]]), value)
    if isinstance(value, Mapping):
        return {key: fill(inner, values, escape) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(fill(inner, values, escape) for inner in value)
    return value


def saved(step: Call | Form, answer: Answer) -> dict[str, str]:
    """What the step keeps of its answer; a text in parentheses stands for what is not there."""
    return {name: _saved(rule, answer) for name, rule in step.save.items()}


def _saved(rule: str, answer: Answer) -> str:
    path, _, function = rule.partition(" | ")
    text = "".join(answer.texts(path)[:1]) or f"(no {path})"
    try:
        return derived.FUNCTIONS[function](text) if function else text
    except ValueError as error:
        return f"({error})"


def compare(step: Call | Form, answer: Answer, values: Values) -> Difference | None:
    """The first difference between an answer and what the step expects."""
    checks: tuple[Check | None, ...] = step.checks
    if not any(isinstance(check, Error) for check in checks):
        checks = (None, *checks)
    for check in checks:
        expected, got = (
            _success(answer) if check is None else _COMPARED[type(check)](check, answer, values)
        )
        if expected is not None:
            return Difference(step.action, expected, redact(got))
    return None


_Compared = tuple["str | None", str]
_SAME: _Compared = (None, "")


def _success(answer: Answer) -> _Compared:
    return _SAME if answer.succeeded else ("success", summary(answer))


def summary(answer: Answer) -> str:
    """An answer in a line: its error, or that it succeeded, or the beginning of its body."""
    code, message = answer.error
    if code:
        return f"{code} ({answer.status}): {message}"
    if answer.succeeded:
        return "success"
    return f"HTTP {answer.status}: {answer.body[:200].decode('utf-8', 'replace')}"


def _error(check: Error, answer: Answer, values: Values) -> _Compared:
    message = fill(check.message, values)
    if (check.code, message, check.status) == (*answer.error, answer.status):
        return _SAME
    return f"{check.code} ({check.status}): {message}", summary(answer)


def _value(check: Value, answer: Answer, values: Values) -> _Compared:
    expected, got = sorted(fill(check.values, values)), sorted(answer.texts(check.path))
    if expected == got:
        return _SAME
    return f"{check.path}: {_listed(expected)}", _listed(got)


def _listed(texts: list[str]) -> str:
    return ", ".join(f"'{text}'" for text in texts) or "none"


def _matches(check: Matches, answer: Answer, values: Values) -> _Compared:
    pattern, got = fill(check.pattern, values, re.escape), answer.texts(check.path)
    if len(got) == 1 and re.fullmatch(pattern, got[0]):
        return _SAME
    return f"{check.path} like {pattern}", _listed(got)


def _elements(check: Elements, answer: Answer, values: Values) -> _Compared:
    found = [tuple(child.tag for child in each) for each in answer.elements(check.path)]
    if found and set(found) == {check.names}:
        return _SAME
    where = f"in {check.path}: " if check.path else ""
    return where + " ".join(check.names), "; ".join(map(" ".join, found)) or "none"


def _header(check: Header, answer: Answer, values: Values) -> _Compared:
    got = answer.headers.get(check.name)
    if check.pattern is None:
        return _SAME if got is None else (f"no header {check.name}", got)
    pattern = fill(check.pattern, values, re.escape)
    if got is not None and re.fullmatch(pattern, got):
        return _SAME
    return f"{check.name} like {pattern}", got or "no such header"


def _body(check: Body, answer: Answer, values: Values) -> _Compared:
    pattern, got = fill(check.pattern, values, re.escape), answer.body.decode("utf-8", "replace")
    return _SAME if re.fullmatch(pattern, got, re.S) else (f"a body like {pattern}", got)


_COMPARED: dict[type[Check], Callable[[Any, Answer, Values], _Compared]] = {
    Error: _error,
    Value: _value,
    Matches: _matches,
    Elements: _elements,
    Header: _header,
    Body: _body,
}
