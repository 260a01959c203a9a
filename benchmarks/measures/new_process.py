"""What a whole new process costs: with one test, with the plugin, with a suite."""

from __future__ import annotations

from functools import partial

from benchmark import Benchmark, Columns, Goal
from processes import Processes, fresh, run
from size import Size

GROUP = "A process"

#: Options of pytest, because it loads no plugins by itself here.
PLUGIN = ("-p", "ec2_keypair_mock.pytest_plugin")

_IMPORT_PLUGIN = """
import time, pytest
start = time.perf_counter()
import ec2_keypair_mock.pytest_plugin
print(time.perf_counter() - start)
"""


def benchmarks(size: Size) -> list[Benchmark]:
    return [
        Benchmark(
            GROUP,
            "process",
            "a process with one such test",
            partial(one_test, size),
            size.rounds,
            goals=(Goal(1.15, "floor"),),
        ),
        Benchmark(
            GROUP,
            "suite",
            f"pytest, {size.tests} tests that create RSA",
            partial(suite, size),
            size.few_rounds,
        ),
        Benchmark(
            GROUP,
            "plugin",
            "importing the plugin, over pytest",
            import_plugin,
            size.rounds,
            goals=(Goal(0.005),),
        ),
    ]


def one_test(size: Size, processes: Processes) -> Columns:
    return {each: partial(fresh, ["once.py", each]) for each in size.fresh}


def import_plugin(processes: Processes) -> Columns:
    return {"here": lambda: float(run(["-c", _IMPORT_PLUGIN]))}


def suite(size: Size, processes: Processes) -> Columns:
    options = {"here": PLUGIN}
    return {
        each: partial(run_suite, "key_pairs.py", size.tests, *options.get(each, ()), subject=each)
        for each in size.fresh
    }


def run_suite(file: str, tests: int, *options: str, subject: str = "") -> float:
    """The seconds of a run of pytest; the file is one of ``suites/``."""
    arguments = ["-m", "pytest", "-q", "-c", "suites/pytest.ini", "-p", "no:cacheprovider"]
    more = {"PYTHONPATH": ".", "TESTS": str(tests), "SUBJECT": subject}
    return fresh([*arguments, *options, f"suites/{file}"], more)
