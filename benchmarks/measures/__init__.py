"""Every benchmark, in the order of the table. A new one is an entry in a list of these modules."""

from __future__ import annotations

from benchmark import Benchmark
from size import Size

from . import growth, new_process, one_test, other_tests, server, threads

_MODULES = (one_test, new_process, growth, threads, server, other_tests)


def benchmarks(size: Size) -> list[Benchmark]:
    return [each for module in _MODULES for each in module.benchmarks(size)]
