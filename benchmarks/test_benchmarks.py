"""The benchmarks run, and give the figures that their table and chart show; no time is checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parent.parent
BENCHMARKS = ROOT / "benchmarks"
COST = ROOT / "docs" / "cost.json"


def python(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a script of the benchmarks; gives the finished process."""
    command = [sys.executable, BENCHMARKS / script, *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", env=environment, timeout=300
    )


@pytest.fixture(scope="module")
def smallest(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Every benchmark has run once; gives what it printed, and its JSON file."""
    file = tmp_path_factory.mktemp("benchmarks") / "run.json"
    ran = python("compare.py", "--smallest", "--json", file)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout, file


def rows_of(file: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(file.read_text())["rows"]
    return rows


def texts(svg: str) -> set[str]:
    elements = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return {"".join(each.itertext()) for each in elements}


def test_each_benchmark_gives_a_time_for_each_of_its_columns(smallest: tuple[str, Path]) -> None:
    _, file = smallest
    rows = rows_of(file)
    figures = [figure for row in rows for figure in row["columns"].values()]

    assert {row["group"] for row in rows} == {row["group"] for row in rows_of(COST)}
    assert len({row["name"] for row in rows}) == len(rows)
    assert all(0 < figure["minimum"] <= figure["median"] for figure in figures)


def test_goals_are_about_columns_that_are_measured(smallest: tuple[str, Path]) -> None:
    _, file = smallest
    for row in rows_of(file):
        named = [goal[name] for goal in row["goals"] for name in ("column", "of") if goal[name]]
        assert row["columns"].keys() >= set(named)


def test_the_table_has_a_line_for_each_benchmark(smallest: tuple[str, Path]) -> None:
    printed, file = smallest
    lines = printed.splitlines()

    for row in rows_of(file):
        (line,) = (line for line in lines if line.startswith(f"| {row['title']} |"))
        assert line.count(" met") + line.count("**missed**") == len(row["goals"])


def test_a_name_that_no_benchmark_has_is_refused_with_those_that_there_are() -> None:
    ran = python("compare.py", "--only", "describe-tset")

    assert ran.returncode == 1
    assert ran.stderr.startswith("no benchmark is named describe-tset; there are describe-test, ")


def test_the_readme_shows_the_run_of_the_chart() -> None:
    made = python("table.py", COST).stdout

    assert made
    assert (BENCHMARKS / "README.md").read_text(encoding="utf-8").endswith(made)


def test_the_published_chart_is_drawn_from_its_rows_that_have_a_floor() -> None:
    pytest.importorskip("matplotlib", reason="the chart needs the extra `benchmarks`")
    rows = rows_of(COST)
    shown = texts(COST.with_suffix(".svg").read_text(encoding="utf-8"))

    assert shown == texts(python("chart.py", COST).stdout)
    with_floor = {row["title"] for row in rows if "floor" in row["columns"]}
    assert {row["title"] for row in rows} & shown == with_floor
    assert {"floor", "ec2_keypair_mock", "moto"} <= shown
