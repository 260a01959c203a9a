"""Launches that are warned of, for the tests of every way to launch."""

import pytest

import ec2_keypair_mock
from ec2_keypair_mock.moto.launches import launches


@pytest.fixture
def warn():
    """``launches="warn"``, with a count that begins anew."""
    launches.take_missing()
    ec2_keypair_mock.moto.install(launches="warn")
    yield
    ec2_keypair_mock.moto.uninstall()
    assert launches.mode == "strict"
