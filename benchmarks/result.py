"""What a run gives: the JSON that the table and the chart are made of."""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict, cast


class Figure(TypedDict):
    """Seconds."""

    median: float
    minimum: float
    rounds: int


class Goal(TypedDict):
    """As ``benchmark.Goal``."""

    factor: float
    of: str | None
    column: str


class Row(TypedDict):
    """A benchmark's figures by column; ``benchmark.Benchmark`` says what the rest is."""

    group: str
    name: str
    title: str
    is_rate: bool
    columns: dict[str, Figure]
    goals: list[Goal]


class Run(TypedDict):
    """A run on one machine."""

    size: str
    cores: int
    versions: dict[str, str]
    rows: list[Row]


def run_of(size: str, rows: list[Row]) -> Run:
    return {"size": size, "cores": os.cpu_count() or 1, "versions": _versions(), "rows": rows}


def _versions() -> dict[str, str]:
    packages = ("moto", "botocore", "pytest")
    return {"Python": platform.python_version(), **{each: version(each) for each in packages}}


def read(file: Path) -> Run:
    return cast(Run, json.loads(file.read_text()))


def write(run: Run, file: Path) -> None:
    rows = [{**row, "columns": _rounded(row["columns"])} for row in run["rows"]]
    file.write_text(json.dumps({**run, "rows": rows}, indent=1) + "\n")


def _rounded(columns: dict[str, Figure]) -> dict[str, Figure]:
    return {
        column: {
            "median": float(f"{each['median']:.4g}"),
            "minimum": float(f"{each['minimum']:.4g}"),
            "rounds": each["rounds"],
        }
        for column, each in columns.items()
    }
