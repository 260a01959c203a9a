"""Which of moto's own tests fail when ``ec2_keypair_mock_moto`` is switched on.

    python scripts/moto_suites.py DIRECTORY [SUITE ...]

DIRECTORY is moto's source at the version that is installed. The suites (``test_ec2`` is one) run
twice, without this package's plugin and with the option, in one process each, so that the order of
the tests is the same. Tests that pass without the option and fail with it are "unexplained" unless
docs/moto-suites.md lists them. The status is 1 where there are such, or where one that is listed
passes.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

SUITES = ["test_ec2", "test_autoscaling", "test_cloudformation", "test_resourcegroupstaggingapi"]
SUITES += ["test_batch", "test_batch_simple", "test_core"]
DOCUMENT = Path(__file__).parents[1] / "docs" / "moto-suites.md"
WITHOUT = ["-p", "no:ec2_keypair_mock"]
WITH = ["-o", "ec2_keypair_mock_moto=true"]
PYTEST = [sys.executable, "-m", "pytest", "-q", "--timeout=300", "-o", "junit_family=xunit1"]

Outcomes = dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("suites", nargs="*", default=SUITES)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        _copy(arguments.directory, Path(scratch))
        before, after = (_run(Path(scratch), arguments.suites, each) for each in (WITHOUT, WITH))
    for suite in arguments.suites:
        _print_figures(suite, before, after)
    fail = {test for test in before if before[test] == "passed" != after.get(test)}
    explained = _explained(arguments.suites)
    for test in sorted(fail | explained):
        outcome = "fails" if test in fail else "passes"
        print(f"{'explained' if test in explained else 'unexplained'}, {outcome}: {test}")
    return int(fail != explained)


def _copy(moto: Path, scratch: Path) -> None:
    """Only the tests, so that they import the moto that is installed."""
    shutil.copytree(moto / "tests", scratch / "tests")
    shutil.copy(moto / "pyproject.toml", scratch)


def _run(scratch: Path, suites: list[str], arguments: list[str]) -> Outcomes:
    report = scratch / "report.xml"
    tests = [f"tests/{suite}" for suite in suites]
    command = [*PYTEST, *arguments, f"--junitxml={report}", *tests]
    subprocess.run(command, cwd=scratch, stdout=subprocess.DEVNULL, check=False)
    return {_name(case): _outcome(case) for case in ElementTree.parse(report).iter("testcase")}


def _name(case: ElementTree.Element) -> str:
    """The test's node ID; pytest's report names the class behind the module."""
    file, name = case.get("file", ""), case.get("name", "")
    module = file.removesuffix(".py").replace("/", ".")
    classes = case.get("classname", "").removeprefix(module).split(".")[1:]
    return "::".join([file, *classes, name])


def _outcome(case: ElementTree.Element) -> str:
    found = {child.tag for child in case}
    if found & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in found else "passed"


def _print_figures(suite: str, before: Outcomes, after: Outcomes) -> None:
    failed = [
        sum(run[test] == "failed" for test in run if test.startswith(f"tests/{suite}/"))
        for run in (before, after)
    ]
    tests = sum(test.startswith(f"tests/{suite}/") for test in before)
    print(f"{suite}: {tests} tests, {failed[0]} fail without, {failed[1]} with the option")


def _explained(suites: list[str]) -> set[str]:
    tests = re.findall(r"^\| `(tests/.*?)` \|", DOCUMENT.read_text(), re.MULTILINE)
    return {test for test in tests if test.split("/")[1] in suites}


if __name__ == "__main__":
    sys.exit(main())
