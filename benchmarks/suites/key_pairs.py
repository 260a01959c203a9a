"""Tests with key pairs: SUBJECT says what answers them, and TESTS how many there are."""

import os

import pytest

from subjects import load

subject = load(os.environ["SUBJECT"])


@pytest.mark.parametrize("number", range(int(os.environ["TESTS"])))
def test_create_and_describe(number: int) -> None:
    with subject.active():
        ec2 = subject.client()
        created = ec2.create_key_pair(KeyName="test")
        assert created["KeyMaterial"].startswith("-----BEGIN")
        ec2.describe_key_pairs()
