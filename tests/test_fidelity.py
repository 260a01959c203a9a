"""``docs/fidelity.md`` is what the behaviours say; their tests exist, and every error is there."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from ec2_keypair_mock.ec2.errors import CATALOGUE
from ec2_keypair_mock.parity.behaviour import Evidence
from ec2_keypair_mock.parity.behaviours import BEHAVIOURS
from ec2_keypair_mock.parity.document import document

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "fidelity.md").read_text("utf-8")
BY_TESTS = [behaviour for behaviour in BEHAVIOURS if behaviour.tests]


def test_the_document_is_what_the_behaviours_say():
    # To write it anew: python -m ec2_keypair_mock.parity.document > docs/fidelity.md
    assert document() == TEXT


def test_the_command_prints_it():
    command = [sys.executable, "-m", "ec2_keypair_mock.parity.document"]
    printed = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout

    assert printed == TEXT


@functools.cache
def functions_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("behaviour", BY_TESTS, ids=lambda behaviour: behaviour.id)
def test_the_tests_that_hold_a_behaviour_exist(behaviour):
    for test in behaviour.tests:
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file()
        assert name in functions_in(path)


def test_each_behaviour_has_either_steps_or_tests():
    assert [each.id for each in BEHAVIOURS if bool(each.steps) == bool(each.tests)] == []


def test_the_rows_that_explain_failures_of_motos_own_tests_exist():
    guide = (ROOT / "docs" / "moto-suites.md").read_text("utf-8")
    cells = re.findall(r"^\| `tests/[^`]+` \| ([^|]+) \|", guide, re.MULTILINE)
    named = {row for cell in cells for row in cell.split(", ")}
    assert cells
    assert named <= {each.id for each in BEHAVIOURS}


def test_ids_are_unique_and_without_gaps():
    counted = Counter(each.id.split("-")[0] for each in BEHAVIOURS)
    expected = [f"{letter}-{n}" for letter in counted for n in range(1, counted[letter] + 1)]
    assert [each.id for each in BEHAVIOURS] == expected


def test_every_word_for_evidence_is_used_and_explained():
    assert {each.evidence for each in BEHAVIOURS} == set(get_args(Evidence))
    assert all(f"| {word} | " in TEXT for word in get_args(Evidence))


def test_what_was_seen_or_said_has_a_source():
    without = {each.id for each in BEHAVIOURS if not each.sources}

    assert {each.evidence for each in BEHAVIOURS if each.id in without} == {"inferred", "unknown"}


@pytest.mark.parametrize(
    "source",
    sorted({source for each in BEHAVIOURS for source in each.sources}, key=lambda each: each.text),
    ids=lambda source: source.text,
)
def test_dates_and_links_are_written_alike(source):
    assert re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?( to \d{4})?)?", source.date)
    assert re.fullmatch(r"(https://[^\s()|]+)?", source.url)


@pytest.mark.parametrize("code", sorted({entry.code for entry in CATALOGUE}))
def test_every_error_is_in_the_table(code):
    assert any(f"`{code}`" in behaviour.says for behaviour in BEHAVIOURS)


def test_the_readme_says_how_many_can_be_run():
    runnable = [behaviour for behaviour in BEHAVIOURS if behaviour.steps]
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"with {len(runnable)} behaviours of EC2's key pairs" in readme
