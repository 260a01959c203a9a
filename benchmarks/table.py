"""The table of a run, in Markdown.

    python benchmarks/table.py run.json

A cell has the median, the minimum in parentheses, and the ratio to the first cell of its row.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from result import Figure, Goal, Row, Run, read


def table(run: Run) -> str:
    groups = dict.fromkeys(row["group"] for row in run["rows"])
    parts = [_group([row for row in run["rows"] if row["group"] == group]) for group in groups]
    return "\n\n".join([_machine(run), *parts]) + "\n"


def _machine(run: Run) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    return f"Measured on {run['cores']} cores with {versions}; size `{run['size']}`."


def _group(rows: list[Row]) -> str:
    columns = list(dict.fromkeys(column for row in rows for column in row["columns"]))
    lines = [
        _line([rows[0]["group"], *columns, "goal"]),
        _line(["---"] * (len(columns) + 2)),
        *(
            _line([row["title"], *(_cell(row, each) for each in columns), _goals(row)])
            for row in rows
        ),
    ]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(row: Row, column: str) -> str:
    figure = row["columns"].get(column)
    if figure is None:
        return ""
    shown = _rates(figure) if row["is_rate"] else _times(figure)
    first = next(iter(row["columns"]))
    if column == first:
        return shown
    return f"{shown}, {ratio(row, column, first)}"


def _times(figure: Figure) -> str:
    return f"{duration(figure['median'])} ({duration(figure['minimum'])})"


def _rates(figure: Figure) -> str:
    return f"{1 / figure['median']:,.0f} ({1 / figure['minimum']:,.0f})"


def duration(seconds: float) -> str:
    """Three digits, in µs, ms or s."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{digits(seconds / size)} {unit}"
    return f"{digits(seconds / 1e-6)} µs"


def digits(number: float) -> str:
    """Three of them: 0.85, 12.3, 456."""
    decimals = 2 if number < 10 else 1 if number < 100 else 0
    return f"{number:,.{decimals}f}"


def ratio(row: Row, column: str, to: str) -> str:
    """How many times the median of another column it is."""
    figures = row["columns"]
    return f"{digits(figures[column]['median'] / figures[to]['median'])} x"


def _goals(row: Row) -> str:
    return "; ".join(_goal(row, goal) for goal in row["goals"])


def _goal(row: Row, goal: Goal) -> str:
    """What is wanted, what was found, and whether that will do."""
    taken = row["columns"][goal["column"]]["median"]
    other = row["columns"][goal["of"]]["median"] if goal["of"] else 1.0
    if goal["of"] is None:
        text = f"≤ {duration(goal['factor'])}: {duration(taken)}"
    elif goal["factor"] < 1:
        text = f"≥ {1 / goal['factor']:g} x faster than {goal['of']}: {digits(other / taken)} x"
    else:
        text = f"≤ {goal['factor']:g} x {goal['of']}: {digits(taken / other)} x"
    return f"{text}, {'met' if taken <= goal['factor'] * other else '**missed**'}"


if __name__ == "__main__":
    print(table(read(Path(sys.argv[1]))), end="")
