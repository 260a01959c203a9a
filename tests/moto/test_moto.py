"""mock() and mock_aws() together: who answers, in either order, and whose state it is."""

import os
import subprocess
import sys
import textwrap
import unittest

import boto3
import pytest
import requests
import responses
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from botocore.retries.standard import ExponentialBackoff
from moto import mock_aws
from moto.core.models import botocore_stubber
from responses import CallbackResponse

from ec2_keypair_mock import UnmockedCallError, mock

KEY = b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICnBwZ1ZgAyHDuLdJJt0d1c0vK4D7kpdbuHyvNNqwMEt"

BLANK = {"Action": "RunInstances", "Version": "2016-11-15", "KeyName": ""}
ONCE = Config(retries={"total_max_attempts": 1})


def client(service="ec2", **more):
    return boto3.client(service, region_name="us-east-1", **more)


def names(ec2):
    return [each["KeyName"] for each in ec2.describe_key_pairs()["KeyPairs"]]


def create(ec2, name="deploy", **more):
    return ec2.create_key_pair(KeyName=name, KeyType="ed25519", **more)


def python(code, **environment):
    """Run code in an interpreter of its own; returns what it printed."""
    command = [sys.executable, "-W", "error::RuntimeWarning", "-c", textwrap.dedent(code)]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class TestEitherOrder:
    """Key pairs are answered here, everything else by moto, and no call twice."""

    def use(self, aws):
        ec2 = client()
        created = create(ec2)
        assert names(ec2) == ["deploy"]
        assert list(aws.backend().key_pairs) == ["deploy"]
        assert len(ec2.describe_vpcs()["Vpcs"]) == 1
        client("s3").create_bucket(Bucket="bucket")
        assert [each["Name"] for each in client("s3").list_buckets()["Buckets"]] == ["bucket"]
        assert created["KeyFingerprint"].endswith("=")
        assert [call.action for call in aws.calls] == ["CreateKeyPair", "DescribeKeyPairs"]

    def test_mock_outside(self):
        with mock() as aws, mock_aws():
            self.use(aws)

    def test_mock_inside(self):
        with mock_aws(), mock() as aws:
            self.use(aws)

    def test_decorators_mock_outside(self):
        @mock
        @mock_aws
        def body():
            with mock() as aws:
                self.use(aws)

        body()

    def test_decorators_mock_inside(self):
        @mock_aws
        @mock
        def body():
            with mock() as aws:
                self.use(aws)

        body()

    def test_several_of_each(self):
        with mock(), mock_aws(), mock(), mock_aws(), mock() as aws:
            self.use(aws)

    @pytest.mark.asyncio
    async def test_async(self):
        with mock_aws():
            async with mock() as aws:
                self.use(aws)

    def test_a_client_made_before_both(self):
        ec2 = client(aws_access_key_id="a", aws_secret_access_key="b")
        with mock() as aws, mock_aws():
            create(ec2)
            assert len(ec2.describe_vpcs()["Vpcs"]) == 1
            assert [call.action for call in aws.calls] == ["CreateKeyPair"]

    def test_the_warm_client(self):
        with mock() as aws, mock_aws():
            create(aws.client())
            assert names(client()) == ["deploy"]
            assert len(aws.client().describe_vpcs()["Vpcs"]) == 1

    def test_a_resource(self):
        with mock_aws(), mock():
            ec2 = boto3.resource("ec2", region_name="us-east-1")
            ec2.import_key_pair(KeyName="deploy", PublicKeyMaterial=KEY)
            assert [each.name for each in ec2.key_pairs.all()] == ["deploy"]

    def test_moto_stores_nothing_of_its_own(self):
        with mock_aws(), mock():
            create(client())
            client().describe_vpcs()
            from moto.ec2 import ec2_backends

            stored = vars(ec2_backends["123456789012"]["us-east-1"])
            assert (stored.get("key_pairs") or stored.get("keypairs") or {}) == {}


@pytest.fixture
def with_moto():
    with mock_aws():
        yield


class TestFixtures:
    def test_moto_first(self, with_moto, ec2_keypair_mock):
        TestEitherOrder().use(ec2_keypair_mock)

    def test_ours_first(self, ec2_keypair_mock, with_moto):
        TestEitherOrder().use(ec2_keypair_mock)


@mock_aws
class TestDecoratedByMoto:
    def setup_method(self, method):
        client().create_vpc(CidrBlock="10.0.0.0/16")

    @mock
    def test_both(self):
        create(client())
        assert names(client()) == ["deploy"]
        assert len(client().describe_vpcs()["Vpcs"]) == 2


@mock
@mock_aws
class TestCaseWithBoth(unittest.TestCase):
    def setUp(self):
        create(client())

    def test_sees_what_set_up_made(self):
        assert names(client()) == ["deploy"]

    def test_sees_it_once(self):
        assert names(client()) == ["deploy"]


class TestImportOrder:
    def test_moto_for_the_first_time_inside_an_active_mock(self):
        printed = python("""
            import sys
            from ec2_keypair_mock import mock
            with mock() as aws:
                old = aws.client()
                old.create_key_pair(KeyName="deploy", KeyType="ed25519")
                assert "moto" not in sys.modules
                from moto import mock_aws
                import boto3
                with mock_aws():
                    for ec2 in (old, boto3.client("ec2", region_name="us-east-1")):
                        print(*(each["KeyName"] for each in ec2.describe_key_pairs()["KeyPairs"]))
                        print(len(ec2.describe_vpcs()["Vpcs"]))
                print(*(call.action for call in aws.calls))
        """)
        assert printed.split("\n") == (
            ["deploy", "1"] * 2 + ["CreateKeyPair DescribeKeyPairs DescribeKeyPairs"]
        )

    def test_a_client_that_is_older_than_moto_sends_whole_bodies(self):
        printed = python("""
            import io, boto3
            from ec2_keypair_mock import mock
            with mock():
                s3 = boto3.client("s3", region_name="us-east-1")
                from moto import mock_aws
                with mock_aws():
                    s3.create_bucket(Bucket="bucket")
                    s3.put_object(Bucket="bucket", Key="key", Body=io.BytesIO(b"content"))
                    print(s3.get_object(Bucket="bucket", Key="key")["Body"].read().decode())
        """)
        assert printed == "content"

    def test_a_test_of_key_pairs_alone_does_not_load_motos_ec2(self):
        printed = python("""
            import sys, boto3
            from ec2_keypair_mock import mock
            from moto import mock_aws
            with mock_aws(), mock():
                ec2 = boto3.client("ec2", region_name="us-east-1")
                key_pair_id = ec2.create_key_pair(KeyName="a", KeyType="ed25519")["KeyPairId"]
                ec2.create_tags(Resources=[key_pair_id], Tags=[{"Key": "a", "Value": "b"}])
                assert len(ec2.describe_tags()["Tags"]) == 1
                print("moto.ec2" in sys.modules)
        """)
        assert printed == "False"


class TestWithoutMoto:
    def test_other_calls_are_mocked_by_nobody(self):
        with mock() as aws, pytest.raises(UnmockedCallError):
            aws.client().describe_vpcs()

    def test_nor_before_and_after_moto(self):
        with mock():
            ec2 = client()
            with mock_aws():
                ec2.describe_vpcs()
            with pytest.raises(UnmockedCallError, match="DescribeVpcs"):
                ec2.describe_vpcs()
            with pytest.raises(UnmockedCallError, match="CreateTags"):
                ec2.create_tags(Resources=["i-12345678"], Tags=[{"Key": "a", "Value": "b"}])
            assert ec2.describe_tags()["Tags"] == []

    def test_what_moto_lets_pass_is_mocked_by_nobody(self):
        config = {"core": {"passthrough": {"services": ["sts"]}}}
        with (
            mock(),
            mock_aws(config=config),
            pytest.raises(UnmockedCallError, match="GetCallerIdentity"),
        ):
            client("sts").get_caller_identity()


class TestEndpoints:
    """moto answers 404 at endpoints that it does not know, and leaves others to the network."""

    @pytest.mark.parametrize(
        "url",
        [
            "https://ec2-fips.us-east-1.amazonaws.com",
            "https://ec2.us-east-1.api.aws",
            "https://vpce-1234.ec2.us-east-1.vpce.amazonaws.com",
            "https://ec2.cn-north-1.amazonaws.com.cn",
            "http://localhost:4566",
        ],
    )
    def test_key_pairs_are_answered_at(self, url):
        with mock() as aws, mock_aws():
            ec2 = client(endpoint_url=url)
            create(ec2)
            assert names(client()) == ["deploy"]
            assert len(aws.calls) == 2


class TestRequests:
    """moto answers the requests library, too, through responses."""

    URL = "https://ec2.us-east-1.amazonaws.com/"

    def post(self, **form):
        return requests.post(self.URL, data={"Version": "2016-11-15", **form}, timeout=5)

    def test_key_pairs_are_answered_here(self):
        with mock() as aws, mock_aws():
            answer = self.post(Action="CreateKeyPair", KeyName="a", KeyType="ed25519")
            assert answer.status_code == 200
            assert b"<CreateKeyPairResponse" in answer.content
            assert list(aws.backend().key_pairs) == ["a"]
            assert [call.action for call in aws.calls] == ["CreateKeyPair"]

    def test_past_the_read_time_out(self):
        with mock() as aws, mock_aws():
            aws.delay("DescribeKeyPairs", 600)
            with pytest.raises(requests.exceptions.ReadTimeout):
                self.post(Action="DescribeKeyPairs")

    def test_an_answer_that_the_test_registered_stays(self):
        with mock() as aws, mock_aws():
            # moto's own come before answers that are no callbacks.
            callback = CallbackResponse("POST", self.URL, lambda request: (200, {}, "registered"))
            responses.mock.add(callback)
            assert self.post(Action="DescribeKeyPairs").content == b"registered"
            assert aws.calls == []
        responses.reset()

    def test_a_launch_with_a_blank_key_name(self):
        with mock(), mock_aws():
            assert b"It should not be blank" in self.post(**BLANK).content

    @pytest.mark.parametrize("order", [(mock, mock_aws), (mock_aws, mock)])
    def test_in_either_order(self, order):
        with order[0](), order[1]():
            assert self.post(Action="DescribeKeyPairs").status_code == 200
            assert b"<vpcSet>" in self.post(Action="DescribeVpcs").content

    def test_errors_have_their_status(self):
        with mock(), mock_aws():
            answer = self.post(Action="DescribeKeyPairs", DryRun="true")
            assert answer.status_code == 412

    def test_everything_else_by_moto(self):
        with mock(), mock_aws():
            assert b"<vpcSet>" in self.post(Action="DescribeVpcs").content

    @pytest.mark.parametrize(
        ("failure", "raised"),
        [
            (ConnectionError, requests.ConnectionError),
            (TimeoutError, requests.exceptions.ReadTimeout),
        ],
    )
    def test_outages(self, failure, raised):
        with mock() as aws, mock_aws():
            aws.fail("DescribeKeyPairs", failure)
            with pytest.raises(raised):
                self.post(Action="DescribeKeyPairs")


class TestFaults:
    """What is injected holds for calls through moto's clients, and is met once a call."""

    def test_an_error(self, monkeypatch):
        monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
        with mock_aws(), mock() as aws:
            aws.fail("CreateKeyPair", "InternalError", times=1)
            create(client(config=Config(retries={"mode": "standard"})))
            assert [call.code for call in aws.calls] == ["InternalError", None]

    def test_no_connection(self):
        with mock_aws(), mock() as aws:
            aws.fail("DescribeKeyPairs", ConnectionError)
            with pytest.raises(EndpointConnectionError):
                client(config=ONCE).describe_key_pairs()

    def test_past_the_read_time_out(self):
        with mock_aws(), mock() as aws:
            aws.delay("DescribeKeyPairs", 600)
            with pytest.raises(ReadTimeoutError):
                client(config=ONCE).describe_key_pairs()

    def test_a_denial(self):
        with mock_aws(), mock() as aws:
            aws.deny("ec2:CreateTags")
            key_pair_id = create(client())["KeyPairId"]
            with pytest.raises(ClientError, match="UnauthorizedOperation"):
                client().create_tags(Resources=[key_pair_id], Tags=[{"Key": "a", "Value": "b"}])


class TestSurroundings:
    """After any nesting the environment and the default session are what they were."""

    NAMES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")

    @pytest.fixture(autouse=True)
    def real(self, monkeypatch):
        for name in self.NAMES:
            monkeypatch.setenv(name, f"the user's {name}")
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", object())

    @pytest.mark.parametrize(
        "order",
        [
            (mock, mock_aws),
            (mock_aws, mock),
            (mock_aws, mock, mock_aws),
            (mock, mock_aws, mock),
            (mock_aws, mock, mock, mock_aws),
        ],
        ids=lambda order: "-".join(each.__name__ for each in order),
    )
    def test_are_restored(self, order):
        seen = []
        self.enter(order, seen)
        assert seen == seen[::-1]

    def enter(self, order, seen):
        seen.append(([os.environ.get(name) for name in self.NAMES], id(boto3.DEFAULT_SESSION)))
        if order:
            with order[0]():
                self.enter(order[1:], seen)
            seen.append(([os.environ.get(name) for name in self.NAMES], id(boto3.DEFAULT_SESSION)))

    def test_moto_is_off_afterwards(self):
        with mock(), mock_aws():
            pass
        assert not botocore_stubber.enabled
        assert "ec2_keypair_mock" not in type(botocore_stubber).process_request.__module__


@pytest.mark.parametrize("order", [(mock, mock_aws), (mock_aws, mock)])
class TestClassesOfBoth:
    """Each test of a decorated class starts afresh, with moto's resources, too."""

    @pytest.fixture
    def run(self, order):
        def run(cls, *names):
            decorated = order[0](order[1](cls))
            result = unittest.TestResult()
            unittest.TestSuite(map(decorated, names)).run(result)
            assert result.testsRun == len(names)
            assert [text for _, text in result.errors + result.failures] == []

        return run

    def test_of_unittest(self, run):
        class Case(unittest.TestCase):
            def test_one(self):
                assert names(client()) == []
                assert len(client().describe_vpcs()["Vpcs"]) == 1
                create(client())
                client().create_vpc(CidrBlock="10.0.0.0/16")

            test_two = test_one

        run(Case, "test_one", "test_two")

    def test_of_pytest(self, order, pytester, monkeypatch):
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        decorators = "\n".join(f"@{each.__name__}" for each in order)
        pytester.makepyfile(
            f"""
            import boto3, pytest
            from ec2_keypair_mock import mock
            from moto import mock_aws

            {decorators.replace(chr(10), chr(10) + " " * 12)}
            class TestBoth:
                def setup_method(self, method):
                    self.ec2 = boto3.client("ec2", region_name="us-east-1")
                    self.ec2.create_vpc(CidrBlock="10.0.0.0/16")

                @pytest.mark.parametrize("number", [1, 2])
                def test_fresh(self, number):
                    self.ec2.create_key_pair(KeyName="a", KeyType="ed25519")
                    assert len(self.ec2.describe_vpcs()["Vpcs"]) == 2
            """
        )
        pytester.runpytest("-pec2_keypair_mock.pytest_plugin").assert_outcomes(passed=2)
