"""Endpoints: real boto3 clients, made once, and a server in another process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config

from ec2_keypair_mock.parity.endpoint import Endpoint, emulator


@pytest.fixture(scope="session")
def in_process() -> Endpoint:
    """What a client reaches that names no endpoint: AWS, where nothing is mocked."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    session = boto3.Session("AKIDEXAMPLE", "secret", region_name="us-east-1")
    return Endpoint(session.client("ec2", config=config))


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A server in another process: here, the package would answer its own clients itself."""
    command = [sys.executable, "-m", "ec2_keypair_mock", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().removeprefix("Serving AWS at ").strip()
        process.terminate()


@pytest.fixture(scope="session")
def over_http(url) -> Endpoint:
    return emulator(url, None)
