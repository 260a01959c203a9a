"""What tests without EC2 pay for the plugin, and for ``ec2_keypair_mock_moto``: whole runs."""

from __future__ import annotations

from functools import partial

from benchmark import Benchmark, Columns
from processes import Processes
from size import Size

from .new_process import PLUGIN, run_suite

GROUP = "Tests without EC2"


def benchmarks(size: Size) -> list[Benchmark]:
    rows = {
        "queues": (f"{size.other_tests} tests of SQS with moto", size.other_tests),
        "plain": (f"{size.tests} tests without AWS", size.tests),
    }
    return [
        Benchmark(GROUP, name, title, partial(runs, f"{name}.py", tests), size.rounds)
        for name, (title, tests) in rows.items()
    ]


def runs(file: str, tests: int, processes: Processes) -> Columns:
    options = {
        "without the plugin": (),
        "with it": PLUGIN,
        "and ec2_keypair_mock_moto": (*PLUGIN, "-o", "ec2_keypair_mock_moto=true"),
    }
    return {column: partial(run_suite, file, tests, *each) for column, each in options.items()}
