"""The results of a run: a table for people, JSON for programs and as evidence."""

from __future__ import annotations

import base64
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, get_args

from .behaviour import Evidence, Form
from .redact import redact
from .run import Exchange, Outcome, Result

# The longest text in a cell of the table; JSON has all of it.
_LONGEST = 300
_ID_WIDTH = 5
_OUTCOME_WIDTH = 9
# It names the client's session with a load balancer.
_PRIVATE_HEADERS = frozenset(("set-cookie",))


def table(results: Sequence[Result], width: int) -> str:
    """One row for each behaviour, then the totals by evidence."""
    return "\n".join([*_rows(results, max(width, 72)), "", *_totals(results)])


def _rows(results: Sequence[Result], width: int) -> Iterator[str]:
    column = (width - _ID_WIDTH - _OUTCOME_WIDTH - 6) // 2
    yield _row(column, "Id", "Result", "Expected", "Got")
    for result in results:
        key = (result.behaviour.id, result.outcome)
        if result.difference is None:
            yield _row(column, *key, textwrap.shorten(result.behaviour.says, column), "the same")
            continue
        difference = result.difference
        expected = _cell(f"{difference.step}: {difference.expected}".removeprefix(": "), column)
        got = _cell(difference.got, column)
        height = max(len(expected), len(got))
        for number in range(height):
            first = key if number == 0 else ("", "")
            yield _row(
                column, *first, *("".join(each[number : number + 1]) for each in (expected, got))
            )


def _row(column: int, key: str, outcome: str, expected: str, got: str) -> str:
    row = f"{key:{_ID_WIDTH}}  {outcome:{_OUTCOME_WIDTH}}  {expected:{column}}  {got}"
    return row.rstrip()


def _cell(text: str, column: int) -> list[str]:
    line = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
    line = re.sub("x{20,}", "xxx...", line)
    if len(line) > _LONGEST:
        line = line[:_LONGEST] + "..."
    return textwrap.wrap(line, column, break_on_hyphens=False)


def _totals(results: Sequence[Result]) -> Iterator[str]:
    """How many have each outcome, by evidence and in all."""
    counted = Counter((each.behaviour.evidence, each.outcome) for each in results)
    outcomes: tuple[Outcome, ...] = get_args(Outcome)
    yield f"{'Evidence':12}" + "".join(f"{outcome:>11}" for outcome in outcomes)
    for evidence in get_args(Evidence):
        numbers = [counted[evidence, outcome] for outcome in outcomes]
        if any(numbers):
            yield f"{evidence:12}" + "".join(f"{number:>11}" for number in numbers)
    sums = [sum(each.outcome == outcome for each in results) for outcome in outcomes]
    yield f"{'in all':12}" + "".join(f"{number:>11}" for number in sums)


def as_json(results: Sequence[Result], **about: str) -> dict[str, Any]:
    """Everything that was sent and answered, without key material, accounts and signatures."""
    return {**about, "behaviours": [_result(each) for each in results]}


def _result(result: Result) -> dict[str, Any]:
    behaviour = result.behaviour
    return {
        "id": behaviour.id,
        "behaviour": behaviour.says,
        "evidence": behaviour.evidence,
        "result": result.outcome,
        "difference": asdict(result.difference) if result.difference else None,
        "exchanges": [_exchange(each) for each in result.exchanges],
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    answer = exchange.answer
    if answer is None:
        return {"request": _request(exchange), "answer": None}
    headers = {
        name: redact(str(value))
        for name, value in answer.headers.items()
        if name not in _PRIVATE_HEADERS
    }
    body = redact(answer.body.decode("utf-8", "replace"))
    return {
        "request": _request(exchange),
        "answer": {"status": answer.status, "headers": headers, "body": body},
    }


def _request(exchange: Exchange) -> dict[str, Any]:
    step = exchange.step
    if isinstance(step, Form):
        return {"form": step.pairs, "headers": dict(step.headers)}
    parameters = {
        name: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in step.parameters.items()
    }
    return {"action": step.action, "parameters": parameters}
