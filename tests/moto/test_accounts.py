"""Accounts follow moto's rule, after the account that mock() was given."""

import boto3
import pytest
import requests
from botocore.exceptions import ClientError
from moto import mock_aws

from ec2_keypair_mock import mock

DEFAULT = "123456789012"
OTHER = "210987654321"
THIRD = "111122223333"
KEY = b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICnBwZ1ZgAyHDuLdJJt0d1c0vK4D7kpdbuHyvNNqwMEt"


def client(service="ec2", **credentials):
    return boto3.client(service, region_name="us-east-1", **credentials)


def assume(account_id):
    role = f"arn:aws:iam::{account_id}:role/deploy"
    issued = client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    return {
        "aws_access_key_id": issued["AccessKeyId"],
        "aws_secret_access_key": issued["SecretAccessKey"],
        "aws_session_token": issued["SessionToken"],
    }


def import_key(name, **credentials):
    client(**credentials).import_key_pair(KeyName=name, PublicKeyMaterial=KEY)


def names(**credentials):
    described = client(**credentials).describe_key_pairs()["KeyPairs"]
    return [each["KeyName"] for each in described]


def launch(name, **credentials):
    ec2 = client(**credentials)
    ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, KeyName=name)


def identity(**credentials):
    return client("sts", **credentials).get_caller_identity()["Account"]


class TestAssumedRoles:
    def test_see_their_own_key_pairs(self):
        with mock() as aws, mock_aws():
            role = assume(OTHER)
            import_key("ours")
            import_key("theirs", **role)
            assert (names(), names(**role)) == (["ours"], ["theirs"])
            assert list(aws.backend(account_id=OTHER).key_pairs) == ["theirs"]
            assert [call.account_id for call in aws.calls[:2]] == [DEFAULT, OTHER]

    def test_launch_with_their_own_key_pairs(self):
        with mock(), mock_aws():
            role = assume(OTHER)
            import_key("theirs", **role)
            launch("theirs", **role)
            with pytest.raises(ClientError, match="The key pair 'theirs' does not exist"):
                launch("theirs")

    def test_users_are_in_the_account_that_made_them(self):
        with mock(), mock_aws():
            client("iam").create_user(UserName="user")
            issued = client("iam").create_access_key(UserName="user")["AccessKey"]
            import_key("ours")
            assert names(
                aws_access_key_id=issued["AccessKeyId"],
                aws_secret_access_key=issued["SecretAccessKey"],
            ) == ["ours"]


class TestEnvironmentVariable:
    @pytest.fixture(autouse=True)
    def moto_account_id(self, monkeypatch):
        monkeypatch.setenv("MOTO_ACCOUNT_ID", OTHER)

    def test_decides(self):
        with mock() as aws, mock_aws():
            import_key("deploy")
            launch("deploy")
            assert identity() == OTHER
            assert list(aws.backend().key_pairs) == ["deploy"]
            assert list(aws.backend(account_id=OTHER).key_pairs) == ["deploy"]

    def test_decides_over_roles(self):
        with mock(), mock_aws():
            role = assume(THIRD)
            import_key("deploy")
            assert names(**role) == ["deploy"]

    def test_decides_without_mock_aws(self):
        with mock() as aws:
            import_key("deploy")
            assert list(aws.backend(account_id=OTHER).key_pairs) == ["deploy"]

    def test_gives_way_to_an_account_that_was_given(self):
        with mock(account_id=THIRD), mock_aws():
            import_key("deploy")
            launch("deploy")
            assert identity() == THIRD


class TestHeader:
    def test_decides(self):
        with mock() as aws, mock_aws():
            for url in ("https://ec2.us-east-1.amazonaws.com/",):
                form = {"Action": "CreateKeyPair", "Version": "2016-11-15", "KeyName": "deploy"}
                headers = {"x-moto-account-id": OTHER}
                requests.post(url, data=form, headers=headers, timeout=1)
            assert list(aws.backend(account_id=OTHER).key_pairs) == ["deploy"]


@pytest.mark.parametrize("order", ["mock outside", "mock inside"])
class TestGivenAccount:
    """mock(account_id=…) is the caller's account in moto, too."""

    @pytest.fixture(autouse=True)
    def aws(self, order):
        first, second = mock(account_id=OTHER), mock_aws()
        if order == "mock inside":
            first, second = second, first
        with first, second, mock() as aws:
            yield aws

    def test_is_everybodys(self, aws):
        import_key("deploy")
        launch("deploy")
        assert identity() == OTHER
        assert list(aws.backend().key_pairs) == ["deploy"]
        assert aws.backend().account_id == OTHER

    def test_roles_of_other_accounts_keep_theirs(self):
        role = assume(DEFAULT)
        import_key("theirs", **role)
        launch("theirs", **role)
        assert identity(**role) == DEFAULT
        assert names() == []


def test_the_account_comes_back_when_the_mock_ends():
    with mock_aws():
        with mock(account_id=OTHER):
            import_key("deploy")
            assert identity() == OTHER
        assert identity() == DEFAULT
        assert names() == []
