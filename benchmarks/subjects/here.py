"""This package."""

from __future__ import annotations

from typing import Any

import boto3

from ec2_keypair_mock import KeyPairMock, mock

from . import PUBLIC_KEY, tags


def active() -> KeyPairMock:
    return mock()


def client() -> Any:
    return boto3.client("ec2")


def fill(client: Any, count: int) -> None:
    # Seeded without a client, because 50,000 calls of one take more than a minute.
    lift_quota(count)
    with mock() as aws:
        backend = aws.backend()
        for number in range(count):
            backend.import_key_pair(
                key_name=f"test-{number}",
                public_key_material=PUBLIC_KEY,
                tag_specifications=[{"ResourceType": "key-pair", "Tags": tags(number)}],
            )


def lift_quota(count: int) -> None:
    """Allow that many key pairs in this process; EC2's quota is 5,000."""
    from ec2_keypair_mock.ec2 import backend

    backend.MAX_KEY_PAIRS = max(backend.MAX_KEY_PAIRS, count)
