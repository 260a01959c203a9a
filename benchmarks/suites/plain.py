"""Tests without AWS; TESTS says how many there are."""

import os

import pytest


@pytest.mark.parametrize("number", range(int(os.environ["TESTS"])))
def test_nothing(number: int) -> None:
    assert number >= 0
