"""What a test costs here, beside moto and beside botocore alone, measured in one run.

    python benchmarks/compare.py [--rounds 15]

Each row is a ratio of medians, taken in turn so that a machine that gets slower slows all alike.
"floor" is what no mock can save: a second client of one botocore session that is answered by a
hook of botocore, without HTTP.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

PREAMBLE = """
import os, time
os.environ.update(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_DEFAULT_REGION="us-east-1")
import boto3
"""
OURS = "from ec2_keypair_mock import mock as active\n"
MOTO = "from moto import mock_aws as active\n"
ONE_TEST = """
def one_test():
    with active():
        boto3.client("ec2").describe_key_pairs()
"""
FLOOR = """
import io
from botocore.awsrequest import AWSResponse
from urllib3.response import HTTPResponse
session = boto3.Session()
BODY = b"<DescribeKeyPairsResponse><keySet/></DescribeKeyPairsResponse>"

def answer(request, **kwargs):
    raw = HTTPResponse(body=io.BytesIO(BODY), status=200, preload_content=False)
    return AWSResponse(request.url, 200, {}, raw)

def one_test():
    client = session.client("ec2")
    client.meta.events.register("before-send", answer)
    client.describe_key_pairs()
"""
TIMED = """
one_test()
import sys
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        one_test()
    print((time.perf_counter() - start) / int(line), flush=True)
"""


class Warm:
    """A process in which the first test is over; gives the seconds of a later one."""

    def __init__(self, setup: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PREAMBLE + setup + TIMED],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self) -> float:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("5\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def stop(self) -> None:
        self._process.communicate()


def fresh(code: str) -> Callable[[], float]:
    """The seconds of a whole new process that runs the code."""

    def measure() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    return measure


def compare(measures: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each measure, taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            taken[name].append(measure())
    return {name: statistics.median(values) for name, values in taken.items()}


def show(title: str, medians: dict[str, float]) -> None:
    ours = medians["ours"]
    figures = ", ".join(f"{name} {1000 * value:.1f} ms" for name, value in medians.items())
    ratios = ", ".join(
        f"{name}/ours {value / ours:.2f}" for name, value in medians.items() if name != "ours"
    )
    print(f"{title}\n  {figures}\n  {ratios}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds

    warm = {
        "ours": Warm(OURS + ONE_TEST),
        "moto": Warm(MOTO + ONE_TEST),
        "floor": Warm(FLOOR),
    }
    show("each test that makes a client and one call", compare(dict(warm), rounds))
    for process in warm.values():
        process.stop()

    first = PREAMBLE + "{}" + ONE_TEST + "one_test()"
    show(
        "a process with one such test",
        compare(
            {
                "ours": fresh(first.format(OURS)),
                "moto": fresh(first.format(MOTO)),
                "floor": fresh(PREAMBLE + FLOOR + "one_test()"),
            },
            rounds // 3,
        ),
    )
    show(
        "importing the pytest plugin, beside importing pytest",
        compare(
            {
                "ours": fresh("import pytest, ec2_keypair_mock.pytest_plugin"),
                "pytest alone": fresh("import pytest"),
            },
            rounds,
        ),
    )


if __name__ == "__main__":
    main()
