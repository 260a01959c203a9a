"""moto's own gates hold for key pair calls: its whitelist, recorder, authorization and seed."""

import functools
import json
import os
import subprocess
import sys
import textwrap
from urllib.request import Request, urlopen

import boto3
import pytest
import requests
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import config, set_initial_no_auth_action_count
from moto.core.base_backend import BackendDict
from moto.ec2 import ec2_backends
from moto.moto_api import recorder

import ec2_keypair_mock
from ec2_keypair_mock import mock

ACCOUNT = "123456789012"
has_whitelist = pytest.mark.skipif(
    not hasattr(config, "service_whitelisted"), reason="this moto has no whitelist"
)


@functools.cache
def client(service="ec2", region_name="us-east-1", **more):
    return boto3.client(service, region_name=region_name, **more)


def create(name="deploy", **more):
    return client(**more).create_key_pair(KeyName=name, KeyType="ed25519")


def error(call, **parameters):
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.fixture(params=["moto-inside", "mock-inside", "installed"])
def both(request):
    """Both mocks, in every way in which they come together."""
    if request.param == "installed":
        ec2_keypair_mock.moto.install()
        with mock_aws():
            yield
        ec2_keypair_mock.moto.uninstall()
    elif request.param == "moto-inside":
        with mock(), mock_aws():
            yield
    else:
        with mock_aws(), mock():
            yield


@pytest.mark.usefixtures("both")
class TestAuthorization:
    def user(self, *actions):
        """A client of a user who may do these; makes three calls."""
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam = client("iam")
        iam.create_user(UserName="user")
        iam.put_user_policy(UserName="user", PolicyName="policy", PolicyDocument=policy)
        key = iam.create_access_key(UserName="user")["AccessKey"]
        return client(
            aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
        )

    @set_initial_no_auth_action_count(3)
    def test_a_policy_decides(self):
        ec2 = self.user("ec2:CreateKeyPair")
        ec2.create_key_pair(KeyName="deploy", KeyType="ed25519")
        assert error(ec2.describe_key_pairs) == ("AccessDenied", 403)
        # The same as for what moto answers itself.
        assert error(ec2.describe_vpcs) == ("AccessDenied", 403)

    @set_initial_no_auth_action_count(3)
    def test_nothing_happens_where_it_does_not_allow_a_call(self):
        ec2 = self.user("ec2:DescribeKeyPairs")
        error(ec2.create_key_pair, KeyName="deploy")
        assert ec2.describe_key_pairs()["KeyPairs"] == []

    @set_initial_no_auth_action_count(0)
    def test_unknown_access_keys(self):
        assert error(client().describe_key_pairs) == ("AuthFailure", 401)

    @set_initial_no_auth_action_count(1)
    def test_a_key_pair_call_counts(self):
        client().describe_key_pairs()
        assert error(client().describe_vpcs) == ("AuthFailure", 401)

    @set_initial_no_auth_action_count(1)
    def test_a_refused_call_does_not_count(self):
        client().describe_vpcs()
        for _ in range(2):
            assert error(client().describe_key_pairs) == ("AuthFailure", 401)

    def test_requests_of_other_clients(self):
        url = "https://ec2.us-east-1.amazonaws.com/?Action=DescribeKeyPairs&Version=2016-11-15"
        scope = "AKIAIOSFODNN7EXAMPLE/20260925/us-east-1/ec2/aws4_request"
        headers = {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
        }
        with_authorization = set_initial_no_auth_action_count(0)(requests.get)
        assert requests.get(url, headers=headers).status_code == 200
        assert with_authorization(url, headers=headers).status_code == 401


def test_denials_of_ours_stay_on_top():
    with mock() as aws, mock_aws():
        aws.deny("ec2:DescribeKeyPairs")
        assert error(client().describe_key_pairs) == ("UnauthorizedOperation", 403)


def test_without_moto_nobody_authorizes():
    with mock():
        set_initial_no_auth_action_count(0)(client().describe_key_pairs)()


@has_whitelist
class TestWhitelist:
    def test_ec2_is_not_on_it(self):
        from moto.core.exceptions import ServiceNotWhitelisted

        with mock_aws(config={"core": {"service_whitelist": ["s3"]}}), mock():
            with pytest.raises(ServiceNotWhitelisted, match="ec2"):
                client().describe_key_pairs()
            with pytest.raises(ServiceNotWhitelisted, match="ec2"):
                client().describe_vpcs()

    def test_ec2_is_on_it(self):
        with mock_aws(config={"core": {"service_whitelist": ["ec2"]}}), mock():
            assert client().describe_key_pairs()["KeyPairs"] == []


class TestRecorder:
    @pytest.fixture(autouse=True)
    def recording(self, tmp_path, monkeypatch):
        monkeypatch.setattr(recorder, "_location", str(tmp_path / "recording"))
        recorder.start_recording()
        yield
        recorder.stop_recording()

    @pytest.mark.usefixtures("both")
    def test_key_pair_calls_are_replayed(self):
        create()
        client().describe_vpcs()
        BackendDict.reset()
        assert client().describe_key_pairs()["KeyPairs"] == []
        recorder.replay_recording()
        assert [each["KeyName"] for each in client().describe_key_pairs()["KeyPairs"]] == ["deploy"]

    def test_in_the_order_of_all_calls(self, tmp_path):
        with mock(), mock_aws():
            client().describe_vpcs()
            create()
        rows = (tmp_path / "recording").read_text().splitlines()
        assert [json.loads(row)["method"] for row in rows] == ["POST", "POST"]


class TestServed:
    """The same gates of moto's server."""

    def post(self, server, path, data=b""):
        url = f"{server.url}/moto-api/{path}"
        with urlopen(Request(url, data, {"Content-Type": "text/plain"}, method="POST")):
            pass

    def test_authorization(self, ec2_keypair_server):
        self.post(ec2_keypair_server, "reset-auth", b"1")
        try:
            assert client().describe_key_pairs()["KeyPairs"] == []
            assert error(client().describe_key_pairs) == ("AuthFailure", 401)
        finally:
            self.post(ec2_keypair_server, "reset-auth", b"inf")

    # moto itself leaves the connections of a replay open.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    def test_recorder(self, ec2_keypair_server, tmp_path, monkeypatch):
        monkeypatch.setattr(recorder, "_location", str(tmp_path / "recording"))
        self.post(ec2_keypair_server, "recorder/start-recording")
        create()
        self.post(ec2_keypair_server, "recorder/stop-recording")
        ec2_keypair_server.backend().reset()
        self.post(ec2_keypair_server, "recorder/replay-recording")
        assert list(ec2_keypair_server.backend().key_pairs) == ["deploy"]

    def test_seed(self, ec2_keypair_server):
        made = []
        for _ in range(2):
            self.post(ec2_keypair_server, "seed?a=42")
            made.append(create()["KeyPairId"])
            self.post(ec2_keypair_server, "reset")
        assert made[0] == made[1]


class TestSeed:
    def seeded(self):
        requests.post("http://motoapi.amazonaws.com/moto-api/seed?a=42")
        return [create(name)["KeyPairId"] for name in ("a", "b")]

    @pytest.mark.usefixtures("both")
    def test_one_seed_gives_one_row_of_ids(self):
        first = self.seeded()
        BackendDict.reset()
        assert self.seeded() == first
        assert first[0] != first[1]

    @pytest.mark.usefixtures("both")
    def test_no_id_is_issued_twice(self):
        first = self.seeded()
        for name in ("a", "b"):
            client().delete_key_pair(KeyName=name)
        assert not set(self.seeded()) & set(first)


@pytest.mark.usefixtures("both")
class TestResets:
    def names(self, region):
        found = client(region_name=region).describe_key_pairs()["KeyPairs"]
        return [each["KeyName"] for each in found]

    @pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
    @pytest.mark.parametrize(
        "reset",
        [
            lambda: ec2_backends[ACCOUNT].reset(),
            lambda: ec2_backends.reset(),
            lambda: BackendDict.reset(),
            lambda: mock_aws().reset(),
            lambda: requests.post("http://motoapi.amazonaws.com/moto-api/reset"),
        ],
        ids=["account", "ec2", "all", "mock", "api"],
    )
    def test_key_pairs_of_every_region_go(self, reset, region):
        create(region_name=region)
        reset()
        assert self.names(region) == []

    def test_of_a_region(self):
        create(region_name="eu-west-1")
        create(region_name="us-east-1")
        ec2_backends[ACCOUNT]["eu-west-1"].reset()
        assert (self.names("eu-west-1"), self.names("us-east-1")) == ([], ["deploy"])

    def test_of_another_account_or_service(self):
        from moto.s3 import s3_backends

        create()
        ec2_backends["210987654321"].reset()
        s3_backends[ACCOUNT].reset()
        assert self.names("us-east-1") == ["deploy"]


@pytest.mark.usefixtures("both")
class TestUnknownActions:
    def ask(self, action):
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        request = AWSRequest(
            "POST",
            "https://ec2.us-east-1.amazonaws.com/",
            data={"Action": action, "Version": "2016-11-15"},
        )
        SigV4Auth(Credentials("a", "b"), "ec2", "us-east-1").add_auth(request)
        prepared = request.prepare()
        return requests.post(prepared.url, data=prepared.body, headers=dict(prepared.headers))

    def test_are_invalid(self):
        answer = self.ask("MakeKeyPair")
        assert answer.status_code == 400
        assert "<Code>InvalidAction</Code>" in answer.text
        assert "The action MakeKeyPair is not valid for this web service." in answer.text

    def test_what_moto_knows_is_motos(self):
        assert "<DescribeVpcsResponse" in self.ask("DescribeVpcs").text


def test_calls_while_another_thread_imports_moto(tmp_path):
    """Parts of moto are half imported for a while, its IAM among them."""
    code = """
        import threading

        import boto3
        from moto import mock_aws

        import ec2_keypair_mock.moto

        ec2_keypair_mock.moto.install()
        failed = []

        def call(service, operation):
            try:
                made = session.client(service, region_name="us-east-1")
                for _ in range(20):
                    getattr(made, operation)()
            except Exception as error:
                failed.append(repr(error))

        with mock_aws():
            session = boto3.Session()
            # Made one after the other: sessions of boto3 are not safe to use from threads.
            session.client("ec2", region_name="us-east-1")
            calls = [("iam", "list_users"), ("ec2", "describe_vpcs")]
            calls += [("ec2", "describe_key_pairs")] * 6
            threads = [threading.Thread(target=call, args=each) for each in calls]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert not failed, failed
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
