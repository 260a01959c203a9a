"""Suites that use mock_aws alone: install(), uninstall() and the ini option."""

import functools
import os
import subprocess
import sys
import textwrap
import unittest

import boto3
import pytest
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.core.models import MockAWS, botocore_stubber

import ec2_keypair_mock
from ec2_keypair_mock import mock
from ec2_keypair_mock.clients.gate import gate

KEY = b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICnBwZ1ZgAyHDuLdJJt0d1c0vK4D7kpdbuHyvNNqwMEt"


@functools.cache
def client(service="ec2"):
    return boto3.client(service, region_name="us-east-1")


def import_key(name="deploy"):
    return client().import_key_pair(KeyName=name, PublicKeyMaterial=KEY)


def names():
    return [each["KeyName"] for each in client().describe_key_pairs()["KeyPairs"]]


def is_exact():
    """Whether a bad key type is refused, which moto never does."""
    try:
        client().create_key_pair(KeyName="dsa", KeyType="dsa")
    except client().exceptions.ClientError:
        return True
    client().delete_key_pair(KeyName="dsa")
    return False


@pytest.fixture
def installed():
    ec2_keypair_mock.moto.install()
    yield
    ec2_keypair_mock.moto.uninstall()


@pytest.mark.usefixtures("installed")
class TestInstalled:
    def test_mock_aws_alone_is_exact(self):
        with mock_aws():
            assert is_exact()
            assert len(client().describe_vpcs()["Vpcs"]) == 1

    def test_its_end_is_the_end(self):
        for _ in range(2):
            with mock_aws():
                assert names() == []
                import_key()
        assert gate.service is None

    def test_a_second_time_does_nothing(self):
        ec2_keypair_mock.moto.install()
        ec2_keypair_mock.moto.uninstall()
        with mock_aws():
            assert not is_exact()

    def test_mock_inside_sees_the_calls_before(self):
        with mock_aws():
            import_key()
            with mock() as aws:
                assert list(aws.backend().key_pairs) == ["deploy"]
                assert [call.action for call in aws.calls] == ["ImportKeyPair"]
            assert names() == ["deploy"]

    def test_mock_outside(self):
        with mock() as aws:
            with mock_aws():
                import_key()
            assert list(aws.backend().key_pairs) == ["deploy"]

    def test_credentials_are_motos_and_are_restored(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
        with mock_aws():
            assert os.environ["AWS_ACCESS_KEY_ID"] == "FOOBARKEY"
            with mock():
                pass
            assert os.environ["AWS_ACCESS_KEY_ID"] == "FOOBARKEY"
        assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"

    def test_an_explicit_reset(self):
        with mock_aws():
            import_key()
            BackendDict.reset()
            assert names() == []

    def test_moto_decides_itself_what_goes_out(self):
        with mock_aws():
            assert gate.passthrough
            with mock():
                assert not gate.passthrough
            assert gate.passthrough


@pytest.mark.parametrize("install", [True, False], ids=["installed", "not-installed"])
class TestDataThatStays:
    """start(reset=False) goes on with what stop(remove_data=False) left, as moto's classes do."""

    @pytest.fixture(autouse=True)
    def maybe_installed(self, install, request):
        if install:
            request.getfixturevalue("installed")
        yield
        BackendDict.reset()

    def test_stays(self):
        moto = mock_aws()
        moto.start()
        with mock():
            made = import_key()
        moto.stop(remove_data=False)
        moto.start(reset=False)
        with mock():
            found = client().describe_key_pairs(IncludePublicKey=True)["KeyPairs"]
        assert [each["KeyPairId"] for each in found] == [made["KeyPairId"]]
        assert found[0]["PublicKey"] == KEY.decode() + " deploy\n"
        assert names() == ["deploy"]
        moto.stop()

    def test_goes_with_a_reset(self):
        moto = mock_aws()
        moto.start()
        with mock():
            import_key()
        moto.stop(remove_data=False)
        BackendDict.reset()
        moto.start(reset=False)
        with mock():
            assert names() == []
        moto.stop()

    def test_goes_with_a_new_start(self):
        moto = mock_aws()
        moto.start()
        with mock():
            import_key()
        moto.stop(remove_data=False)
        with mock_aws(), mock():
            assert names() == []

    def test_is_not_seen_by_mock_alone(self):
        moto = mock_aws()
        moto.start()
        with mock():
            import_key()
        moto.stop(remove_data=False)
        with mock():
            assert names() == []
            moto.start(reset=False)
            assert names() == ["deploy"]
            moto.stop()


@pytest.mark.usefixtures("installed")
class TestCaseOfMoto:
    """moto decorates setUp and the tests one by one."""

    def test_set_up_and_test_share_their_state(self):
        @mock_aws
        class Case(unittest.TestCase):
            def setUp(self):
                import_key()

            def test_first(self):
                assert names() == ["deploy"]

            def test_second(self):
                assert names() == ["deploy"]

        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
        assert (result.testsRun, result.failures, result.errors) == (2, [], [])


class TestUninstall:
    def test_brings_everything_back(self):
        before = [vars(MockAWS)["start"], vars(MockAWS)["stop"], vars(BackendDict)["reset"]]
        ec2_keypair_mock.moto.install()
        with mock_aws():
            assert is_exact()
            client().describe_vpcs()
        ec2_keypair_mock.moto.uninstall()
        after = [vars(MockAWS)["start"], vars(MockAWS)["stop"], vars(BackendDict)["reset"]]
        assert after == before
        assert type(botocore_stubber).__call__.__module__ == "moto.core.botocore_stubber"
        with mock_aws():
            assert not is_exact()
            import_key()
            assert names() == ["deploy"]

    def test_without_install_does_nothing(self):
        ec2_keypair_mock.moto.uninstall()

    def test_inside_mock_aws_leaves_moto_the_key_pairs(self):
        with mock_aws():
            ec2_keypair_mock.moto.install()
            assert is_exact()
            made = client().import_key_pair(
                KeyName="deploy",
                PublicKeyMaterial=KEY,
                TagSpecifications=[
                    {"ResourceType": "key-pair", "Tags": [{"Key": "a", "Value": "b"}]}
                ],
            )
            ec2_keypair_mock.moto.uninstall()
            assert not is_exact()
            found = client().describe_key_pairs(KeyNames=["deploy"])["KeyPairs"][0]
            assert found["KeyPairId"] == made["KeyPairId"]
            assert found["KeyFingerprint"] == made["KeyFingerprint"]
            assert client().describe_tags()["Tags"][0]["Value"] == "b"
            client().delete_key_pair(KeyName="deploy")
            assert names() == []

    def test_inside_both_waits_for_the_end_of_mock(self):
        ec2_keypair_mock.moto.install()
        with mock_aws(), mock():
            import_key()
            ec2_keypair_mock.moto.uninstall()
            assert is_exact()
            assert names() == ["deploy"]
        with mock_aws():
            assert not is_exact()

    def test_moto_alone_is_never_changed(self):
        with mock():
            pass
        with mock_aws():
            assert not is_exact()


def run(directory, test, *, conftest="", ini=""):
    (directory / "pytest.ini").write_text(f"[pytest]\n{ini}")
    (directory / "conftest.py").write_text(textwrap.dedent(conftest))
    (directory / "test_it.py").write_text(textwrap.dedent(test))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "ec2_keypair_mock.pytest_plugin"]
    # To load the other plugins takes longer than the test.
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


SUITE = """
    import sys

    assert "moto" not in sys.modules

    import boto3
    import pytest
    from moto import mock_aws

    @mock_aws
    def test_import():
        ec2 = boto3.client("ec2", region_name="us-east-1")
        with pytest.raises(ec2.exceptions.ClientError, match="Member must satisfy enum"):
            ec2.create_key_pair(KeyName="a", KeyType="dsa")
        assert len(ec2.describe_vpcs()["Vpcs"]) == 1
"""


@pytest.mark.slow
class TestWholeSuites:
    def test_ini_option(self, tmp_path):
        run(tmp_path, SUITE, ini="ec2_keypair_mock_moto = true")

    def test_conftest(self, tmp_path):
        conftest = "import ec2_keypair_mock.moto\nec2_keypair_mock.moto.install()"
        run(tmp_path, SUITE, conftest=conftest)

    def test_without_either_moto_answers(self, tmp_path):
        suite = """
            import boto3
            from moto import mock_aws

            @mock_aws
            def test_import():
                ec2 = boto3.client("ec2", region_name="us-east-1")
                ec2.create_key_pair(KeyName="a", KeyType="dsa")
        """
        run(tmp_path, suite)
