"""moto's ``mock_aws``, without this package."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import boto3
from moto import mock_aws

from . import specification


def active() -> AbstractContextManager[Any]:
    made: AbstractContextManager[Any] = mock_aws()
    return made


def client() -> Any:
    return boto3.client("ec2")


def fill(client: Any, count: int) -> None:
    for number in range(count):
        client.import_key_pair(**specification(number))
