"""Describes of one key pair with one client, divided among threads: seconds of each describe."""

from __future__ import annotations

from functools import partial

from benchmark import Benchmark, Columns, Goal
from processes import Processes
from size import Size
from subjects import NAMES

GROUP = "Threads, by their number"


def benchmarks(size: Size) -> list[Benchmark]:
    first, *_, last = map(str, size.threads)
    return [
        Benchmark(
            GROUP,
            f"threads-{subject}",
            f"describe one, {subject}",
            partial(threads_of, subject, size),
            size.rounds,
            goals=(Goal(1.5, first, last),) if subject == "here" else (),
        )
        for subject in NAMES
    ]


def threads_of(subject: str, size: Size, processes: Processes) -> Columns:
    worker = processes.worker(subject)

    def seconds(threads: int) -> float:
        return worker.seconds(1, "describe_in_threads", threads, size.requests) / size.requests

    return {str(each): partial(seconds, each) for each in size.threads}
