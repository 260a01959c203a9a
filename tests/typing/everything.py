"""A user's file that uses everything, as type checkers see it; never run."""

from typing import TYPE_CHECKING

from typing_extensions import assert_type

import ec2_keypair_mock.moto
from ec2_keypair_mock import (
    Call,
    EC2Error,
    KeyPair,
    KeyPairBackend,
    KeyPairMock,
    SwallowedCallError,
    UnmockedCallError,
    mock,
)

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

ec2_keypair_mock.moto.install()
ec2_keypair_mock.moto.install(launches="warn")
ec2_keypair_mock.moto.uninstall()


def test_state(ec2_keypair_mock: KeyPairMock) -> None:
    aws = ec2_keypair_mock
    backend = aws.backend("eu-west-1", "210987654321")
    assert_type(backend, KeyPairBackend)
    created = backend.create_key_pair(key_name="a", key_type="ed25519", key_format="ppk")
    assert_type(created.key_material, str)
    imported = backend.import_key_pair(key_name="b", public_key_material=b"")
    assert_type(imported, KeyPair)
    assert_type(backend.describe_key_pairs(key_names=["a"]), list[KeyPair])
    assert_type(backend.delete_key_pair(key_name="a"), KeyPair | None)
    assert_type(aws.calls, list[Call])
    assert_type(aws.refused, list[UnmockedCallError])
    assert_type(aws.windows_password("i-0123456789abcdef0"), str)
    aws.reset()


def test_client() -> None:
    with mock(account_id="210987654321", passthrough=False, allow_swallowed=True) as aws:
        client: EC2Client = aws.client("eu-west-1")
        answer = client.create_key_pair(KeyName="a")
        assert_type(answer["KeyMaterial"], str)


def test_failures() -> None:
    with mock() as aws:
        aws.deny("ec2:CreateKeyPair", key_name="prod-*")
        aws.allow("ec2:CreateKeyPair")
        aws.fail("CreateKeyPair", "RequestLimitExceeded", times=2, message="m", status=503)
        aws.fail("DescribeKeyPairs", TimeoutError)
        aws.delay("ImportKeyPair", 0.5, times=3)
        aws.fail("GetPasswordData", "InvalidInstanceID.NotFound")
        aws.delay_visibility(describes=2)


@mock(fresh_keys=True)
def test_fresh_keys() -> None: ...


def report(error: SwallowedCallError | EC2Error) -> str:
    return error.report if isinstance(error, SwallowedCallError) else error.message


def wrong(aws: KeyPairMock) -> None:
    aws.fail("RunInstances", "InternalError")  # type: ignore[arg-type]  # pyright: ignore
    aws.backend().create_key_pair(key_name="a", key_type="dsa")  # type: ignore[arg-type]  # pyright: ignore
