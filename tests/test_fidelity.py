"""``docs/fidelity.md`` names tests that exist, and every error that there is."""

from __future__ import annotations

import ast
import functools
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from ec2_keypair_mock.ec2.errors import CATALOGUE

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "fidelity.md").read_text("utf-8")
EVIDENCE = {"recorded", "documented", "community", "inferred", "unknown"}


class Row(NamedTuple):
    id: str
    behaviour: str
    evidence: str
    tests: list[str]


def read(line: str) -> Row:
    key, behaviour, evidence, held = (cell.strip() for cell in line.strip("|").split(" | "))
    return Row(key, behaviour, evidence, [each.strip("`") for each in held.split("<br>")])


ROWS = [read(line) for line in TEXT.splitlines() if re.match(r"\| [A-Z]+-\d+ ", line)]


@functools.cache
def functions_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_each_behaviour_is_held_by_tests_that_exist(row):
    assert row.tests
    for test in row.tests:
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file()
        assert name in functions_in(path)


def test_there_are_rows_and_nothing_else_looks_like_one():
    assert len(ROWS) > 100
    assert len(ROWS) == TEXT.count(" | `tests/")


def test_ids_are_unique_and_without_gaps():
    counted = Counter(row.id.split("-")[0] for row in ROWS)
    expected = [f"{letter}-{n}" for letter in counted for n in range(1, counted[letter] + 1)]
    assert [row.id for row in ROWS] == expected


def test_evidence_is_one_of_the_words_that_are_explained():
    assert {row.evidence for row in ROWS} == EVIDENCE
    assert all(f"| {word} | " in TEXT for word in EVIDENCE)


@pytest.mark.parametrize("code", sorted({entry.code for entry in CATALOGUE}))
def test_every_error_is_in_the_table(code):
    assert any(f"`{code}`" in row.behaviour for row in ROWS)
