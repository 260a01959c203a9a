"""Which of moto's own tests change their outcome when ``ec2_keypair_mock_moto`` is switched on.

    python scripts/moto_suites.py DIRECTORY [SUITE ...]

DIRECTORY is moto's source at the version that is installed. Each suite (``test_ec2``) runs twice,
without this package's plugin and with the option. Every test whose outcome changes is printed, and
those that have no line in docs/moto-suites.md are "unexplained". The status is 1 where there are
such, or where an explained test does not change any more.
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
PARALLEL = ["-n", "2", "--dist", "loadscope"]

Outcomes = dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("suites", nargs="*", default=SUITES)
    arguments = parser.parse_args()
    explained = _explained(arguments.suites)
    with tempfile.TemporaryDirectory() as scratch:
        _copy(arguments.directory, Path(scratch))
        changed = set[str]().union(*(_compare(each, Path(scratch)) for each in arguments.suites))
    for test in sorted(changed - explained):
        print(f"unexplained: {test}")
    for test in sorted(explained - changed):
        print(f"explained, but does not change: {test}")
    return int(changed != explained)


def _explained(suites: list[str]) -> set[str]:
    tests = re.findall(r"^\| `(tests/.*?)` \|", DOCUMENT.read_text(), re.MULTILINE)
    return {test for test in tests if test.split("/")[1] in suites}


def _copy(moto: Path, scratch: Path) -> None:
    """Only the tests, so that they import the moto that is installed."""
    shutil.copytree(moto / "tests", scratch / "tests")
    shutil.copy(moto / "pyproject.toml", scratch)


def _compare(suite: str, scratch: Path) -> set[str]:
    before, after = (_run(scratch, [f"tests/{suite}"], PARALLEL + each) for each in (WITHOUT, WITH))
    failures = [list(each.values()).count("failed") for each in (before, after)]
    print(f"{suite}: {len(before)} tests, {failures[0]} fail without, {failures[1]} with")
    changed = _changed(before, after)
    # Some of moto's tests depend on which others ran before them in the same worker.
    if files := sorted({test.split("::")[0] for test in changed}):
        before, after = (_run(scratch, files, each) for each in (WITHOUT, WITH))
    changed &= _changed(before, after)
    for test in sorted(changed):
        print(f"  {test}: {before.get(test)} -> {after.get(test)}", flush=True)
    return changed


def _changed(before: Outcomes, after: Outcomes) -> set[str]:
    return {test for test in before.keys() | after.keys() if before.get(test) != after.get(test)}


def _run(scratch: Path, tests: list[str], arguments: list[str]) -> Outcomes:
    report = scratch / "report.xml"
    report.unlink(missing_ok=True)
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


if __name__ == "__main__":
    sys.exit(main())
