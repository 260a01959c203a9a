"""botocore's calls are caught, whatever client, endpoint or session makes them."""

import contextlib
import functools
import http.server
import os
import subprocess
import sys
import threading
import time
import weakref
from unittest.mock import MagicMock, create_autospec, patch

import boto3
import botocore.session
import pytest
import wrapt
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.httpsession import URLLib3Session
from botocore.stub import Stubber

from ec2_keypair_mock import UnmockedCallError, mock

KEY = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}


@functools.cache
def loader():
    """The loader of models, with what it has loaded."""
    return botocore.session.get_session().get_component("data_loader")


def make(region="us-east-1", **options):
    session = botocore.session.Session()
    session.register_component("data_loader", loader())
    return boto3.Session(botocore_session=session).client(
        "ec2", region_name=region, **KEY, **options
    )


def use(client):
    """Create and describe a key pair through the client; returns the name described."""
    client.create_key_pair(KeyName="a", KeyType="ed25519")
    (described,) = client.describe_key_pairs()["KeyPairs"]
    return described["KeyName"]


ENDPOINTS = {
    "plain": ("eu-west-1", {}),
    "FIPS": ("us-east-2", {"config": Config(use_fips_endpoint=True)}),
    "dual-stack": ("us-east-2", {"config": Config(use_dualstack_endpoint=True)}),
    "China": ("cn-north-1", {}),
    "GovCloud": ("us-gov-west-1", {}),
    "isolated": ("us-iso-east-1", {}),
    "VPC endpoint": (
        "eu-west-1",
        {"endpoint_url": "https://vpce-1a-2b.ec2.eu-west-1.vpce.amazonaws.com"},
    ),
    "local endpoint": ("eu-west-1", {"endpoint_url": "http://localhost:1"}),
    "unsigned": ("eu-west-1", {"config": Config(signature_version=UNSIGNED)}),
    "SigV2": ("eu-west-1", {"config": Config(signature_version="v2")}),
    "presigned query": ("eu-west-1", {"config": Config(signature_version="v4-query")}),
}


@pytest.mark.parametrize(("region", "options"), ENDPOINTS.values(), ids=ENDPOINTS)
def test_endpoints(region, options):
    client = make(region, **options)
    with mock() as aws:
        assert use(client) == "a"
        assert list(aws.backend(region).key_pairs) == ["a"]


def test_the_endpoint_of_the_environment(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", "http://localhost:1")
    with mock():
        assert use(boto3.client("ec2", region_name="eu-west-1")) == "a"


def test_botocore_without_boto3():
    with mock():
        client = botocore.session.get_session().create_client("ec2", region_name="eu-west-1")
        assert use(client) == "a"


def test_the_resource_api():
    with mock():
        ec2 = boto3.resource("ec2", region_name="eu-west-1")
        key_pair = ec2.create_key_pair(KeyName="a", KeyType="ed25519")
        assert key_pair.key_material.startswith("-----BEGIN OPENSSH PRIVATE KEY-----")
        assert [each.name for each in ec2.key_pairs.all()] == ["a"]
        ec2.KeyPair("a").delete()
        assert list(ec2.key_pairs.all()) == []


def test_the_waiter():
    with mock() as aws:
        aws.delay_visibility(describes=2)
        aws.client().create_key_pair(KeyName="a", KeyType="ed25519")
        waiter = aws.client().get_waiter("key_pair_exists")
        waiter.wait(KeyNames=["a"], WaiterConfig={"Delay": 0, "MaxAttempts": 3})
    assert [call.code for call in aws.calls if call.action == "DescribeKeyPairs"] == [
        "InvalidKeyPair.NotFound",
        "InvalidKeyPair.NotFound",
        None,
    ]


def test_the_paginator_of_tags():
    with mock() as aws:
        client = aws.client()
        tags = [{"Key": f"k{number}", "Value": ""} for number in range(12)]
        specification = [{"ResourceType": "key-pair", "Tags": tags}]
        client.create_key_pair(KeyName="a", KeyType="ed25519", TagSpecifications=specification)
        paginator = client.get_paginator("describe_tags")
        pages = list(paginator.paginate(PaginationConfig={"PageSize": 5}))
    assert [len(page["Tags"]) for page in pages] == [5, 5, 2]


def test_hooks_of_the_users_own_run_and_may_answer():
    client, seen = make(), []
    client.meta.events.register("before-send.ec2", lambda **kwargs: seen.append(kwargs["request"]))
    with mock():
        client.describe_key_pairs()
    assert seen[0].headers["Authorization"].startswith(b"AWS4-HMAC-SHA256")


def test_a_stubber_answers_first():
    client = make()
    with mock() as aws, Stubber(client) as stubber:
        stubber.add_response("describe_key_pairs", {"KeyPairs": [{"KeyName": "stubbed"}]})
        assert client.describe_key_pairs()["KeyPairs"] == [{"KeyName": "stubbed"}]
    assert aws.calls == []


def test_the_users_validation_is_botocores():
    with mock() as aws, pytest.raises(Exception, match="Unknown parameter"):
        aws.client().describe_key_pairs(KeyName="a")


def test_the_answer_has_the_headers_of_ec2():
    with mock() as aws:
        metadata = aws.client().describe_key_pairs()["ResponseMetadata"]
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]
    assert metadata["HTTPHeaders"]["server"] == "AmazonEC2"


@pytest.fixture
def local_server():
    """A server that is no AWS, and its URL."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>")

        def log_message(self, *arguments): ...

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_other_actions_pass_to_a_local_emulator(local_server):
    with mock():
        client = boto3.client("ec2", region_name="us-east-1", endpoint_url=local_server)
        assert client.describe_vpcs()["Vpcs"] == []
        client.describe_key_pairs()


def test_with_passthrough_other_calls_go_out(monkeypatch):
    # The real send is as far as a test may go.
    sent = []

    def send(self, request):
        sent.append(request.url)
        raise EndpointConnectionError(endpoint_url=request.url)

    monkeypatch.setattr(URLLib3Session, "send", send)
    config = Config(retries={"max_attempts": 0})
    with mock(passthrough=True), mock():
        client = boto3.client("ec2", region_name="eu-west-1", config=config)
        assert use(client) == "a"
        assert sent == []
        with pytest.raises(EndpointConnectionError):
            client.describe_vpcs()
        with mock(passthrough=False), pytest.raises(UnmockedCallError):
            client.describe_vpcs()
    assert sent == ["https://ec2.eu-west-1.amazonaws.com/"]


class TestRawRequests:
    """What no botocore client sends, through botocore's HTTP session all the same."""

    def send(self, url="https://ec2.eu-west-1.amazonaws.com/", body=b"", method="POST"):
        request = botocore.awsrequest.AWSRequest(
            method,
            url,
            data=body,
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        with mock() as aws:
            return URLLib3Session().send(request.prepare()), aws

    def test_an_action_that_ec2_does_not_have(self):
        answer, _ = self.send(body=b"Action=InventKeyPair&Version=2016-11-15")
        assert answer.status_code == 400
        assert b"<Code>InvalidAction</Code>" in answer.content
        assert b"The action InventKeyPair is not valid for this web service." in answer.content

    def test_no_action(self):
        answer, _ = self.send(body=b"Version=2016-11-15")
        assert b"<Code>MissingAction</Code>" in answer.content

    def test_a_get(self):
        url = "https://ec2.eu-west-1.amazonaws.com/?Action=DescribeKeyPairs&Version=2016-11-15"
        answer, aws = self.send(url, method="GET")
        assert b"<keySet/>" in answer.content
        assert aws.calls[0].region == "eu-west-1"

    def test_a_body_of_text(self):
        answer, _ = self.send(body="Action=DescribeKeyPairs&Version=2016-11-15")
        assert answer.status_code == 200

    def test_what_is_no_utf8(self):
        answer, _ = self.send(body=b"Action=ImportKeyPair&KeyName=%ff")
        assert b"<Code>InvalidHttpRequest</Code>" in answer.content

    def test_an_old_host_name(self):
        _, aws = self.send("https://eu-west-3.ec2.amazonaws.com/", b"Action=DescribeKeyPairs")
        assert aws.calls[0].region == "eu-west-3"

    def test_a_host_without_region(self):
        _, aws = self.send("https://ec2.amazonaws.com/", b"Action=DescribeKeyPairs")
        assert aws.calls[0].region == "us-east-1"


class TestFailures:
    """Injected failures look to a client as the real ones do."""

    NO_RETRIES = Config(retries={"max_attempts": 0})

    def test_a_lost_connection(self):
        with mock() as aws:
            aws.fail("DescribeKeyPairs", ConnectionError)
            client = boto3.client("ec2", config=self.NO_RETRIES)
            with pytest.raises(EndpointConnectionError):
                client.describe_key_pairs()
            client.describe_key_pairs()
        assert [call.code for call in aws.calls] == ["ConnectionError", None]

    def test_a_read_timeout(self):
        with mock() as aws:
            aws.fail("ImportKeyPair", TimeoutError)
            client = boto3.client("ec2", config=self.NO_RETRIES)
            with pytest.raises(ReadTimeoutError):
                client.import_key_pair(KeyName="a", PublicKeyMaterial=b"any")

    def test_an_answer_that_comes_too_late_has_been_given(self):
        with mock() as aws:
            aws.delay("CreateKeyPair", 61)
            client = boto3.client("ec2", config=self.NO_RETRIES)
            before = time.monotonic()
            with pytest.raises(ReadTimeoutError):
                client.create_key_pair(KeyName="a", KeyType="ed25519")
            assert time.monotonic() - before < 10
            assert list(aws.backend().key_pairs) == ["a"]

    @pytest.mark.parametrize("read_timeout", [5, None], ids=["default", "none"])
    def test_an_answer_that_comes_late(self, read_timeout, monkeypatch):
        waited = []
        monkeypatch.setattr(time, "sleep", waited.append)
        config = Config(retries={"max_attempts": 0}, read_timeout=read_timeout)
        with mock() as aws:
            client = boto3.client("ec2", config=config)
            aws.delay("DescribeKeyPairs", 0.25)
            client.describe_key_pairs()
        assert waited == [0.25]

    @pytest.mark.parametrize(
        ("context", "read_timeout"),
        [({"read_timeout": 0.5}, 60), ({"read_timeout": None}, 0.5), ({}, 0.5), (None, 0.5)],
    )
    def test_a_calls_own_read_time_out_counts(self, context, read_timeout):
        def hurry(request, **kwargs):
            request.context = context

        with mock() as aws:
            aws.delay("DescribeKeyPairs", 0.5)
            config = Config(retries={"max_attempts": 0}, read_timeout=read_timeout)
            client = boto3.client("ec2", config=config)
            client.meta.events.register("before-send.ec2", hurry)
            with pytest.raises(ReadTimeoutError):
                client.describe_key_pairs()

    @pytest.mark.parametrize("mode", ["legacy", "standard"])
    def test_botocores_own_retries_see_them(self, mode, monkeypatch):
        monkeypatch.setattr(time, "sleep", lambda seconds: None)
        with mock() as aws:
            aws.fail("DescribeKeyPairs", "RequestLimitExceeded")
            aws.fail("DescribeKeyPairs", ConnectionError)
            client = boto3.client("ec2", config=Config(retries={"mode": mode}))
            answer = client.describe_key_pairs()
        assert answer["ResponseMetadata"]["RetryAttempts"] == 2
        assert [call.code for call in aws.calls] == [
            "RequestLimitExceeded",
            "ConnectionError",
            None,
        ]

    def test_an_error_of_ones_own(self):
        with mock() as aws:
            aws.fail("DeleteKeyPair", "Custom.Code", message="Custom text", status=418)
            with pytest.raises(ClientError, match="Custom text") as failed:
                aws.client().delete_key_pair(KeyName="a")
        assert failed.value.response["Error"]["Code"] == "Custom.Code"
        assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 418

    @pytest.mark.parametrize(
        ("arguments", "options", "error", "text"),
        [
            (("DescribeVpcs", "RequestExpired"), {}, ValueError, "ImportKeyPair"),
            (("ImportKeyPair", "Custom"), {}, ValueError, "RequestLimitExceeded"),
        ],
        ids=["unknown action", "no text"],
    )
    def test_misuse_says_what_to_do(self, arguments, options, error, text):
        with mock() as aws, pytest.raises(error, match=text):
            aws.fail(*arguments, **options)

    def test_a_denial_of_what_is_not_mocked_is_refused(self):
        with mock() as aws, pytest.raises(ValueError, match="ec2:ImportKeyPair"):
            aws.deny("ec2:RunInstances")


class TestCredentials:
    """Looking for credentials waits for nothing."""

    @pytest.fixture(autouse=True)
    def no_credentials(self, monkeypatch, tmp_path):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))

    def test_the_instance_metadata_is_not_there(self, monkeypatch):
        monkeypatch.setenv("AWS_METADATA_SERVICE_TIMEOUT", "60")
        with mock():
            del os.environ["AWS_ACCESS_KEY_ID"]
            before = time.monotonic()
            client = boto3.Session().client("ec2", region_name="us-east-1")
            with pytest.raises(NoCredentialsError):
                client.describe_key_pairs()
            assert time.monotonic() - before < 10

    def test_container_credentials_are_a_call_that_nobody_mocks(self, monkeypatch):
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/role")
        with mock():
            del os.environ["AWS_ACCESS_KEY_ID"]
            with pytest.raises(UnmockedCallError, match="container credentials"):
                boto3.Session().get_credentials()


@pytest.mark.parametrize("name", ["URLLib3Session", "URLLib3Session.send"])
def test_a_botocore_without_the_seam_is_named(monkeypatch, name):
    monkeypatch.setattr(f"botocore.httpsession.{name}", None)
    with pytest.raises(RuntimeError, match=r"cannot intercept botocore \d"):
        mock().__enter__()
    monkeypatch.undo()
    with mock() as aws:
        assert use(aws.client()) == "a"


def _wrapt(send):
    return wrapt.FunctionWrapper(send, lambda wrapped, instance, args, kwargs: wrapped(*args))


class TestPatches:
    """A test's own patches of botocore do not keep a mock from starting, and are not kept."""

    @pytest.mark.parametrize(
        "patched",
        [
            lambda send: MagicMock(),
            lambda send: create_autospec(send),
            _wrapt,
            lambda send: lambda self, *args, **kwargs: send(self, *args, **kwargs),
        ],
        ids=["MagicMock", "autospec", "wrapt", "function"],
    )
    def test_send(self, patched, collect_garbage):
        with patch.object(URLLib3Session, "send", patched(URLLib3Session.send)):
            kept = weakref.ref(vars(URLLib3Session)["send"])
            with mock():
                assert use(make()) == "a"
            assert vars(URLLib3Session)["send"] is kept()
        collect_garbage()
        assert kept() is None

    @pytest.mark.parametrize(
        "name",
        [
            "boto3.Session",
            "boto3.session.Session",
            "botocore.session.Session",
            "botocore.session.get_session",
        ],
    )
    @pytest.mark.parametrize("autospec", [False, True], ids=["plain", "autospec"])
    def test_a_patched_session(self, name, autospec, monkeypatch, collect_garbage):
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        with patch(name, autospec=autospec) as patched, mock() as aws:
            # boto3 may well fail with such a session, but that is between it and the test.
            with contextlib.suppress(AttributeError):
                aws.client("eu-west-3")
            kept = weakref.ref(patched)
        del patched
        collect_garbage()
        assert kept() is None
        with mock() as aws:
            assert use(aws.client("eu-west-3")) == "a"

    def test_further_arguments_are_passed_on(self):
        with patch.object(URLLib3Session, "send", MagicMock(return_value="sent")) as sent, mock():
            request = botocore.awsrequest.AWSRequest("GET", "http://localhost:1/").prepare()
            assert URLLib3Session().send(request, 1, more=2) == "sent"
        sent.assert_called_once_with(request, 1, more=2)


def test_no_clock_is_asked_without_a_delay(monkeypatch):
    with mock():
        client = make()
        client.meta.events.register("request-created.ec2", lambda **kwargs: patch_time(monkeypatch))
        client.meta.events.register("needs-retry.ec2", lambda **kwargs: monkeypatch.undo())
        assert client.describe_key_pairs()["KeyPairs"] == []


def patch_time(monkeypatch):
    monkeypatch.setattr(time, "sleep", pytest.fail)
    monkeypatch.setattr(time, "time", lambda: pytest.fail("the time was asked for"))


def test_a_library_that_is_imported_anew_is_patched_anew():
    script = """if True:
        import sys
        from ec2_keypair_mock import mock
        with mock() as aws:
            import boto3
            for name in [name for name in sys.modules if name.partition(".")[0] in
                         ("boto3", "botocore", "s3transfer")]:
                del sys.modules[name]
            import boto3
            boto3.client("ec2").create_key_pair(KeyName="a", KeyType="ed25519")
            print(*aws.backend().key_pairs)
    """
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("a\n", "")


def test_boto3_may_be_imported_inside():
    script = """if True:
        from ec2_keypair_mock import mock
        with mock() as aws:
            import boto3
            boto3.client("ec2").create_key_pair(KeyName="a", KeyType="ed25519")
            print(*aws.backend().key_pairs)
        assert boto3.DEFAULT_SESSION is None
    """
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout == "a\n", result.stderr
