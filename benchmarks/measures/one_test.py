"""What a test costs in a process where the first one is over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmark import Benchmark, Columns, Goal
from processes import Processes
from size import Size
from subjects import NAMES

GROUP = "One test"


def benchmarks(size: Size) -> list[Benchmark]:
    row = partial(Benchmark, GROUP, rounds=size.rounds)
    tests, calls = size.test_calls, size.calls
    return [
        row(
            "describe-test",
            "activation, client, describe",
            warm(tests, "describe_test"),
            goals=(Goal(1.3, "floor"),),
        ),
        row(
            "create-rsa",
            "activation, client, create RSA",
            warm(tests, "create_test", "rsa"),
            goals=(Goal(1 / 20, "moto"),),
        ),
        row(
            "create-ed25519",
            "activation, client, create Ed25519",
            warm(tests, "create_test", "ed25519"),
            goals=(Goal(1 / 25, "moto"),),
        ),
        row(
            "describe-one",
            "describe one, client at hand",
            warm(calls, "describe_one", 1),
            goals=(Goal(1.25, "floor"), Goal(1 / 2, "moto")),
        ),
        *(_describe_all(size, count) for count in size.key_pairs),
        row(
            "empty-activation",
            "empty activation",
            warm(calls, "empty_activation", subjects=("here", "moto")),
            goals=(Goal(0.0001),),
        ),
    ]


def _describe_all(size: Size, count: int) -> Benchmark:
    return Benchmark(
        GROUP,
        f"describe-{count}",
        f"describe {count:,} tagged, client at hand",
        warm(1, "describe_all", count),
        size.rounds if count <= 1_000 else size.few_rounds,
        goals=(Goal(1.2, "floor"),),
    )


def warm(
    calls: int, scenario: str, *arguments: object, subjects: tuple[str, ...] = NAMES
) -> Callable[[Processes], Columns]:
    """A scenario in one process for each subject, which has run it before."""

    def columns(processes: Processes) -> Columns:
        return {
            each: partial(processes.worker(each).seconds, calls, scenario, *arguments)
            for each in subjects
        }

    return columns
