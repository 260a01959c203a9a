"""A benchmark as data, and how one is measured: its columns in turn, so that all meet one machine.

All figures are seconds.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from processes import Processes
from result import Figure, Row

#: Takes one sample.
Sample = Callable[[], float]
Columns = Mapping[str, Sample]


@dataclass(frozen=True)
class Goal:
    """The median of ``column`` is at most ``factor`` times that of ``of``.

    Without ``of`` the factor is a number of seconds.
    """

    factor: float
    of: str | None = None
    column: str = "here"


@dataclass(frozen=True)
class Benchmark:
    """A row of the table; its name is what ``--only`` takes."""

    group: str
    name: str
    title: str
    columns: Callable[[Processes], Columns]
    rounds: int
    goals: tuple[Goal, ...] = ()
    #: Show how many a second there are, not how long one takes.
    is_rate: bool = False


def measure(benchmark: Benchmark, processes: Processes) -> Row:
    columns = benchmark.columns(processes)
    taken: dict[str, list[float]] = {column: [] for column in columns}
    for _ in range(benchmark.rounds):
        for column, sample in columns.items():
            taken[column].append(sample())
    return {
        "group": benchmark.group,
        "name": benchmark.name,
        "title": benchmark.title,
        "is_rate": benchmark.is_rate,
        "columns": {column: _figure(samples) for column, samples in taken.items()},
        "goals": [
            {"factor": goal.factor, "of": goal.of, "column": goal.column}
            for goal in benchmark.goals
        ],
    }


def _figure(samples: list[float]) -> Figure:
    return {
        "median": statistics.median(samples),
        "minimum": min(samples),
        "rounds": len(samples),
    }
