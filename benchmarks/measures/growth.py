"""From few key pairs to many: seconds of each key pair, or of the one that is looked for.

More than EC2's quota of 5,000 fit in only because the benchmark lifts it in its own processes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmark import Benchmark, Columns, Goal
from processes import Processes
from size import Size

GROUP = "Growth, by the number of key pairs"


def benchmarks(size: Size) -> list[Benchmark]:
    first, *_, last = map(_column, size.growth)
    # The floor alone takes 1.3 times as long, because the garbage collector has more to look at.
    linear = (Goal(1.5, first, last),)
    row = partial(Benchmark, GROUP, rounds=size.few_rounds)
    grow = partial(growing, size.growth)
    return [
        row(
            "growth-import",
            "import through the backend, each key pair",
            grow("here", "import_many"),
            goals=linear,
        ),
        row(
            "growth-describe",
            "describe all, each key pair",
            grow("here", "describe_all"),
            goals=linear,
        ),
        row(
            "growth-describe-floor",
            "describe all, each key pair, at the floor",
            grow("floor", "describe_all"),
        ),
        row(
            "growth-describe-one",
            "describe one by its name",
            grow("here", "describe_one", calls=max(1, size.calls // 10), is_of_each=False),
            goals=linear,
        ),
    ]


def growing(
    counts: tuple[int, ...],
    subject: str,
    scenario: str,
    *,
    calls: int = 1,
    is_of_each: bool = True,
) -> Callable[[Processes], Columns]:
    """A scenario with each of these numbers of key pairs, in a process for each number."""

    def seconds(processes: Processes, count: int) -> float:
        worker = processes.worker(subject, _column(count))
        taken = worker.seconds(calls, scenario, count)
        return taken / count if is_of_each else taken

    def columns(processes: Processes) -> Columns:
        return {_column(each): partial(seconds, processes, each) for each in counts}

    return columns


def _column(count: int) -> str:
    return f"{count:,}"
