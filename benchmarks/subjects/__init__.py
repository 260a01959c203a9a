"""What is measured, one module each, with the same three functions.

They need ``AWS_*`` credentials and a Region in the environment.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, Protocol, cast

#: In the order in which they are measured.
NAMES = ("here", "moto", "floor")

#: An Ed25519 public key of no one's: the curve's base point (RFC 8032, section 5.1).
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZm"


class Subject(Protocol):
    """What each of the modules has."""

    def active(self) -> AbstractContextManager[Any]:
        """Activate the mock."""
        ...

    def client(self) -> Any:
        """Make a boto3 EC2 client, as a test does."""
        ...

    def fill(self, client: Any, count: int) -> None:
        """Let the client find that many key pairs, each with two tags, in an empty account."""
        ...


def load(name: str) -> Subject:
    return cast(Subject, import_module(f"subjects.{name}"))


def tags(number: int) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": f"test-{number}"}, {"Key": "team", "Value": "platform"}]


def specification(number: int) -> dict[str, Any]:
    """A key pair as the arguments of ImportKeyPair."""
    specifications = [{"ResourceType": "key-pair", "Tags": tags(number)}]
    return {
        "KeyName": f"test-{number}",
        "PublicKeyMaterial": PUBLIC_KEY.encode(),
        "TagSpecifications": specifications,
    }
