"""Real boto3 clients, made once and before any mock; and what they send."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ec2_keypair_mock import KeyPairMock, mock

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "key_vectors.json").read_text("utf-8"))
Error = tuple[str, str, int]


@pytest.fixture(scope="session")
def make_client() -> Callable[..., Any]:
    """A client of a Region, with ``Config`` arguments; the same one for the same arguments."""
    session = boto3.Session(aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret")

    @functools.cache
    def make(
        region: str = "us-east-1", *, mode: str = "standard", attempts: int = 1, **config: Any
    ) -> Any:
        retries = {"mode": mode, "total_max_attempts": attempts}
        return session.client("ec2", region_name=region, config=Config(retries=retries, **config))

    return make


@pytest.fixture(scope="session")
def ec2(make_client) -> Any:
    """The client of most tests, which sends what botocore lets through."""
    return make_client()


@pytest.fixture(scope="session")
def lax(make_client) -> Any:
    """A client that leaves the checks to the service: it sends calls that lack parameters."""
    return make_client(parameter_validation=False)


@pytest.fixture
def aws() -> Iterator[KeyPairMock]:
    with mock() as aws:
        yield aws


@pytest.fixture(scope="session")
def error_of() -> Callable[..., Error]:
    """The code, message and HTTP status with which a call fails."""

    def error_of(call: Callable[..., Any], **parameters: Any) -> Error:
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        answer = caught.value.response
        status = answer["ResponseMetadata"]["HTTPStatusCode"]
        return answer["Error"]["Code"], answer["Error"]["Message"], status

    return error_of


@pytest.fixture(scope="session")
def send(make_client) -> Callable[..., Any]:
    """Send flat parameters as they are, through a real client; its parser reads the answer."""
    client = make_client(user_agent_extra="send")
    body: dict[str, str] = {}

    def replace_body(params: dict[str, Any], **_: Any) -> None:
        params["body"] = dict(body)

    client.meta.events.register("before-call.ec2.DescribeKeyPairs", replace_body)

    def send(action: str | None, **flat: str) -> Any:
        body.clear()
        body.update({"Action": action} if action else {}, Version="2016-11-15", **flat)
        return client.describe_key_pairs()

    return send


def _material(case_id: str) -> str:
    return next(case["material"] for case in VECTORS["cases"] if case["id"] == case_id)


@pytest.fixture(scope="session")
def rsa_line() -> str:
    """An OpenSSH line without comment, from the recorded imports."""
    return _material("rsa-openssh-no-comment-no-newline")


@pytest.fixture(scope="session")
def ed25519_line() -> str:
    return _material("ed25519-openssh-no-comment-no-newline")


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="session")
def ed25519_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def import_key(aws, ec2, ed25519_line) -> Callable[..., str]:
    """Import a key under a name, with tags; gives the ID."""

    def import_key(key_name: str, **tags: str) -> str:
        specification = {"ResourceType": "key-pair", "Tags": as_list(tags)}
        answer = ec2.import_key_pair(
            KeyName=key_name,
            PublicKeyMaterial=ed25519_line,
            TagSpecifications=[specification] if tags else [],
        )
        return answer["KeyPairId"]

    return import_key


def as_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@pytest.fixture
def names(aws, ec2) -> Callable[..., list[str]]:
    """The names that a describe with these parameters finds, sorted: AWS promises no order."""

    def names(**parameters: Any) -> list[str]:
        return sorted(each["KeyName"] for each in ec2.describe_key_pairs(**parameters)["KeyPairs"])

    return names
