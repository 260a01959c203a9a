"""The server, over HTTP on the loopback interface."""

import contextlib
import http.client
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
from moto.moto_server import werkzeug_app

from ec2_keypair_mock import mock
from ec2_keypair_mock.ec2.service import Service
from ec2_keypair_mock.server import Server, serve, served
from ec2_keypair_mock.server.application import Again

FORM = "application/x-www-form-urlencoded; charset=utf-8"
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260925/us-east-1/{}/aws4_request, "
    "SignedHeaders=host, Signature=0"
)
EC2 = {"authorization": SIGNED.format("ec2"), "content-type": FORM}
UNSIGNED = {"content-type": FORM}

needs_signals = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows ends a process instead of sending it a signal"
)


def exchange(aws, body=b"", headers=EC2, *, method="POST", path="/", timeout=10):
    """Send a request; gives status, headers and text of the answer."""
    target = urlsplit(aws.url)
    connection = http.client.HTTPConnection(target.hostname, target.port, timeout=timeout)
    with contextlib.closing(connection):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def action(name, **parameters):
    return urlencode({"Action": name, "Version": "2016-11-15", **parameters}).encode()


def error(document):
    """Code and message of an error document of EC2's; fails on anything else."""
    found = re.fullmatch(
        r'<\?xml version="1\.0" encoding="UTF-8"\?>\n<Response><Errors><Error><Code>(.*)</Code>'
        r"<Message>(.*)</Message></Error></Errors><RequestID>[0-9a-f-]{36}</RequestID></Response>",
        document,
    )
    assert found, document
    return found[1], found[2]


def python(code):
    """What a new interpreter prints."""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


class TestFixture:
    def test_clients_in_other_processes_find_the_server(self, ec2_keypair_server):
        printed = python(
            "import boto3\n"
            "print(boto3.client('ec2').create_key_pair(KeyName='k', KeyType='ed25519')['KeyName'])"
            "\nprint(len(boto3.client('s3').list_buckets()['Buckets']))"
        )

        assert printed == "k\n0"
        assert [call.action for call in ec2_keypair_server.calls] == ["CreateKeyPair"]
        assert list(ec2_keypair_server.backend().key_pairs) == ["k"]

    def test_clients_in_this_process_share_the_state(self, ec2_keypair_server):
        ec2_keypair_server.client().create_key_pair(KeyName="k")

        assert "<keyName>k</keyName>" in exchange(ec2_keypair_server, action("DescribeKeyPairs"))[2]

    def test_clients_in_this_process_reach_the_rest_of_moto(self, ec2_keypair_server):
        assert ec2_keypair_server.client().describe_instances()["Reservations"] == []

    def test_the_client_of_a_mock_does_not_stay_with_the_server(self, ec2_keypair_server):
        client = ec2_keypair_server.client()

        assert client is ec2_keypair_server.client()
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("AWS_ENDPOINT_URL")
            assert ec2_keypair_server.client() is not client

    @pytest.mark.ec2_keypair_mock(account_id="210987654321")
    def test_the_marker_counts(self, ec2_keypair_server):
        exchange(ec2_keypair_server, action("DescribeKeyPairs"))

        assert ec2_keypair_server.calls[0].account_id == "210987654321"


@pytest.fixture(scope="module")
def running():
    with Server() as running:
        yield running


class TestServed:
    def test_each_time_starts_with_nothing(self, running):
        put = {"authorization": SIGNED.format("s3")}
        with served(running) as aws:
            aws.backend().create_key_pair(key_name="k")
            assert exchange(aws, b"", put, method="PUT", path="/bucket")[0] == 200

        with served(running) as aws:
            assert aws.backend().key_pairs == {}
            assert exchange(aws, b"", put, method="HEAD", path="/bucket")[0] == 404

    def test_in_between_ec2_is_not_available(self, running):
        status, _, document = exchange(running, action("DescribeKeyPairs"))

        assert (status, error(document)[0]) == (503, "Unavailable")

    def test_the_environment_is_put_back(self, running, monkeypatch):
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL_EC2", "AWS_REGION", "AWS_DEFAULT_REGION"):
            monkeypatch.setenv(name, "eu-west-1")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.setenv("NO_PROXY", "localhost")
        before = dict(os.environ)

        with served(running) as aws:
            assert os.environ["AWS_ENDPOINT_URL"] == aws.url == running.url
            assert os.environ["AWS_ACCESS_KEY_ID"] == "AKIAIOSFODNN7EXAMPLE"
            assert os.environ["AWS_REGION"] == os.environ["AWS_DEFAULT_REGION"] == "eu-west-1"
            assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "localhost,127.0.0.1"
            assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL_EC2"} & set(os.environ)

        assert dict(os.environ) == before

    @pytest.mark.parametrize(("host", "name"), [("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")])
    def test_addresses(self, host, name):
        with Server(host) as running:
            assert running.url == f"http://{name}:{running.port}"
            assert exchange(running, action("DescribeKeyPairs"))[0] == 503


class TestAnswers:
    def test_the_bytes_are_those_of_ec2(self, ec2_keypair_server):
        status, headers, document = exchange(ec2_keypair_server, action("DescribeKeyPairs"))

        assert status == 200
        assert document.endswith("<keySet/></DescribeKeyPairsResponse>")
        assert f"<requestId>{headers['x-amzn-requestid']}</requestId>" in document
        assert headers["content-type"] == "text/xml;charset=UTF-8"
        assert headers.get_all("server") == ["AmazonEC2"]
        assert len(headers.get_all("date")) == 1
        assert "connection" not in headers

    @pytest.mark.parametrize(
        ("headers", "region"),
        [
            ({"authorization": SIGNED.format("ec2")}, "us-east-1"),
            ({"host": "ec2.eu-central-1.amazonaws.com"}, "eu-central-1"),
            ({"host": "[::1"}, "us-east-1"),
        ],
        ids=["signature version 4", "signature version 2", "a host that is none"],
    )
    def test_parameters_in_the_url(self, ec2_keypair_server, headers, region):
        path = f"/?{action('DescribeKeyPairs', AWSAccessKeyId='AKIAIOSFODNN7EXAMPLE').decode()}"

        assert exchange(ec2_keypair_server, b"", headers, method="GET", path=path)[0] == 200
        assert ec2_keypair_server.calls[0].region == region

    def test_a_presigned_request(self, ec2_keypair_server):
        credential = "AKIAIOSFODNN7EXAMPLE/20260925/us-east-1/ec2/aws4_request"
        query = action("DescribeKeyPairs", **{"X-Amz-Credential": credential}).decode()

        status, *_ = exchange(ec2_keypair_server, b"", {}, method="GET", path=f"/?{query}")

        assert status == 200

    def test_errors_and_denials(self, ec2_keypair_server):
        ec2_keypair_server.deny("ec2:CreateKeyPair")
        ec2_keypair_server.fail("DescribeKeyPairs", "RequestLimitExceeded")

        denied = exchange(ec2_keypair_server, action("CreateKeyPair", KeyName="k"))
        throttled = exchange(ec2_keypair_server, action("DescribeKeyPairs"))

        assert (denied[0], error(denied[2])[0]) == (403, "UnauthorizedOperation")
        assert (throttled[0], error(throttled[2])[0]) == (503, "RequestLimitExceeded")

    def test_a_status_that_http_does_not_know(self, ec2_keypair_server):
        ec2_keypair_server.fail("DescribeKeyPairs", "Odd", message="odd", status=599)

        assert exchange(ec2_keypair_server, action("DescribeKeyPairs"))[0] == 599

    def test_a_connection_error_hangs_up(self, ec2_keypair_server):
        ec2_keypair_server.fail("DescribeKeyPairs", ConnectionError)

        with pytest.raises(http.client.RemoteDisconnected):
            exchange(ec2_keypair_server, action("DescribeKeyPairs"))
        assert exchange(ec2_keypair_server, action("DescribeKeyPairs"))[0] == 200

    def test_a_time_out_lets_the_client_wait(self, ec2_keypair_server):
        ec2_keypair_server.fail("DescribeKeyPairs", TimeoutError)

        with pytest.raises(TimeoutError):
            exchange(ec2_keypair_server, action("DescribeKeyPairs"), timeout=0.3)
        assert [call.code for call in ec2_keypair_server.calls] == ["TimeoutError"]

    def test_an_answer_comes_late(self, ec2_keypair_server):
        ec2_keypair_server.delay("DescribeKeyPairs", 0.2)
        start = time.monotonic()

        assert exchange(ec2_keypair_server, action("DescribeKeyPairs"))[0] == 200
        assert time.monotonic() - start >= 0.2

    def test_instances_know_the_key_pairs(self, ec2_keypair_server):
        ec2_keypair_server.backend().create_key_pair(key_name="k")
        launch = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}

        launched = exchange(ec2_keypair_server, action("RunInstances", **launch, KeyName="k"))
        refused = exchange(ec2_keypair_server, action("RunInstances", **launch, KeyName="other"))

        assert "<keyName>k</keyName>" in launched[2]
        assert "The key pair 'other' does not exist" in refused[2]

    def test_a_launch_with_a_blank_key_name(self, ec2_keypair_server):
        launch = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1, "KeyName": ""}
        status, _, text = exchange(ec2_keypair_server, action("RunInstances", **launch))
        assert status == 400
        assert "Invalid value '' for keyPairNames. It should not be blank" in text

    def test_an_exception_of_moto_is_an_error_document(self, ec2_keypair_server, monkeypatch):
        def broken(self, request):
            raise KeyError("of moto's backend")

        monkeypatch.setattr(Service, "handle", broken)
        status, headers, text = exchange(ec2_keypair_server, action("DescribeKeyPairs"))
        assert status == 500
        assert headers["content-type"] == "text/xml;charset=UTF-8"
        assert "<Code>InternalError</Code>" in text

    def test_tags_of_instances_and_of_key_pairs(self, ec2_keypair_server):
        key_pair = ec2_keypair_server.backend().create_key_pair(key_name="k")
        launch = action("RunInstances", ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
        [instance] = re.findall(
            "<instanceId>(.*?)</instanceId>", exchange(ec2_keypair_server, launch)[2]
        )
        ids = {"ResourceId.1": key_pair.key_pair_id, "ResourceId.2": instance}

        exchange(
            ec2_keypair_server,
            action("CreateTags", **ids, **{"Tag.1.Key": "team", "Tag.1.Value": "web"}),
        )

        described = exchange(ec2_keypair_server, action("DescribeTags"))[2]
        tagged = re.findall("<resourceId>(.*?)</resourceId>", described)
        assert sorted(tagged) == sorted(ids.values())

    def test_motos_reset_empties_both(self, ec2_keypair_server):
        ec2_keypair_server.backend().create_key_pair(key_name="k")
        put = {"authorization": SIGNED.format("s3")}
        exchange(ec2_keypair_server, b"", put, method="PUT", path="/bucket")

        assert exchange(ec2_keypair_server, b"", {}, path="/moto-api/reset")[0] == 200

        assert ec2_keypair_server.backend().key_pairs == {}
        assert exchange(ec2_keypair_server, b"", put, method="HEAD", path="/bucket")[0] == 404

    def test_what_is_not_ec2_is_motos(self, ec2_keypair_server):
        identity = exchange(
            ec2_keypair_server,
            b"Action=GetCallerIdentity&Version=2011-06-15",
            {**EC2, "authorization": SIGNED.format("sts")},
        )
        buckets = exchange(ec2_keypair_server, b"", {}, method="GET")

        assert "<GetCallerIdentityResult>" in identity[2]
        assert "<ListAllMyBucketsResult" in buckets[2]


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
DESCRIBE = action("DescribeKeyPairs")
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="Action"\r\n\r\nDescribeKeyPairs\r\n--x--'
NO_KEY = ("MissingParameter", "The request must contain the parameter AWSAccessKeyId")
NO_ACTION = ("MissingAction", "The request is missing an action or a required parameter.")
NO_QUERY = (
    "InvalidHttpRequest",
    "The HTTP request is invalid. Reason: Unable to parse request",
)


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"", EC2, NO_ACTION),
        (b"Version=2016-11-15", EC2, NO_ACTION),
        (
            action("Juggle"),
            EC2,
            ("InvalidAction", "The action Juggle is not valid for this web service."),
        ),
        (
            action("ImportKeyPair", KeyName="k"),
            EC2,
            ("MissingParameter", "The request must contain the parameter PublicKeyMaterial"),
        ),
        (
            action("ImportKeyPair", KeyName="k", Colour="blue"),
            EC2,
            ("UnknownParameter", "The parameter Colour is not recognized"),
        ),
        (
            action("CreateKeyPair", KeyName="k") + b"&KeyName=l",
            EC2,
            ("InvalidParameterCombination", "The parameter 'KeyName' may only be specified once."),
        ),
        (
            action("ImportKeyPair", KeyName="k", PublicKeyMaterial="QUFB" * (1 << 18)),
            EC2,
            (
                "InvalidParameterValue",
                "Value for parameter PublicKeyMaterial is invalid. Length exceeds maximum of 2048.",
            ),
        ),
        (b"\xff" * (1 << 20), EC2, NO_QUERY),
        (DESCRIBE + b"&KeyName.1=%ff", EC2, NO_QUERY),
        (DESCRIBE + b"&KeyName.1=\xff", UNSIGNED, NO_QUERY),
        (b'{"Action": "DescribeKeyPairs"}', {**EC2, "content-type": "application/json"}, NO_ACTION),
        (MULTIPART, {**EC2, "content-type": "multipart/form-data; boundary=x"}, NO_ACTION),
        (MULTIPART, {"content-type": "multipart/form-data; boundary=x"}, NO_KEY),
        (DESCRIBE, {**EC2, "content-type": "text/plain"}, NO_ACTION),
        (DESCRIBE, {"authorization": SIGNED.format("ec2")}, NO_ACTION),
        (DESCRIBE, UNSIGNED, NO_KEY),
        (b"Action=DescribeKeyPairs", UNSIGNED, NO_KEY),
        (
            DESCRIBE,
            {**UNSIGNED, "authorization": "Bearer x"},
            (
                "AuthFailure",
                "Authorization header or parameters are not formatted correctly.",
            ),
        ),
    ],
    ids=[
        "nothing",
        "no action",
        "unknown action",
        "no material",
        "unknown parameter",
        "repeated parameter",
        "1 MiB of material",
        "1 MiB of junk",
        "escaped bytes that are not UTF-8",
        "bytes that are not UTF-8, not signed",
        "JSON",
        "multipart",
        "multipart, not signed",
        "plain text",
        "no content type",
        "not signed",
        "not signed, no version",
        "other authorization",
    ],
)
def test_bad_input_gets_an_error_document(ec2_keypair_server, body, headers, expected):
    status, answered, document = exchange(ec2_keypair_server, body, headers)

    assert error(document) == expected
    assert status == (401 if expected[0] == "AuthFailure" else 400)
    assert answered["content-type"] == "text/xml;charset=UTF-8"


@pytest.mark.parametrize("path", ["/", "/foo", "/foo/"])
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (UNSIGNED, NO_KEY),
        (
            {**UNSIGNED, "authorization": SIGNED.format("iam")},
            ("AuthFailure", "AWS was not able to validate the provided access credentials"),
        ),
    ],
    ids=["not signed", "signed for another service"],
)
def test_a_key_pair_action_is_ec2s_anywhere(ec2_keypair_server, path, headers, expected):
    document = exchange(ec2_keypair_server, DESCRIBE, headers, path=path)[2]

    assert error(document) == expected


def test_the_case_of_a_content_type_does_not_count(ec2_keypair_server):
    headers = {**EC2, "content-type": FORM.upper()}

    assert "<keySet/>" in exchange(ec2_keypair_server, DESCRIBE, headers)[2]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_form_with_another_method_is_not_read(ec2_keypair_server, method):
    status, _, document = exchange(ec2_keypair_server, DESCRIBE, method=method)

    assert (status, error(document)) == (400, NO_ACTION)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 100", b"Action=DescribeKeyPairs"),
        (b"Content-Length: many", b""),
        (b"Transfer-Encoding: chunked", b"zz\r\n"),
    ],
    ids=["body breaks off", "length is no number", "chunks are none"],
)
def test_broken_http_gets_an_error_document(ec2_keypair_server, head, body):
    lines = [b"POST / HTTP/1.1", b"Host: localhost", head]
    lines += [f"{name}: {value}".encode() for name, value in EC2.items()]

    document = send_bytes(ec2_keypair_server, b"\r\n".join([*lines, b"", body]))

    assert error(document)[0] == "InvalidHttpRequest"


def test_what_is_no_http_gets_an_error_document(ec2_keypair_server, capfd):
    document = send_bytes(ec2_keypair_server, b"POST / HTTP/1.1\r\n" + b"A: b\r\n" * 101 + b"\r\n")

    assert error(document) == NO_QUERY


LIES = {
    "a chunk of an absurd size": (b"Transfer-Encoding: chunked", b"7fffffffffff\r\nAction=Des"),
    "chunks that end early": (b"Transfer-Encoding: chunked", b"a\r\nAction=Des\r\n"),
    "a chunk without its end": (b"Transfer-Encoding: chunked", b"a\r\nAction=Desc"),
    "a size line without an end": (b"Transfer-Encoding: chunked", b"f" * 5000),
    "a length of petabytes": (b"Content-Length: 999999999999999", b"Action=Des"),
    "a negative length": (b"Content-Length: -1", b"Action=Des"),
    "two lengths": (b"Content-Length: 3\r\nContent-Length: 10", b"Action=Des"),
    "a coding that is not known": (b"Transfer-Encoding: gzip", b"Action=Des"),
    "a length and chunks": (b"Content-Length: 3\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
}


@pytest.mark.parametrize(("head", "body"), LIES.values(), ids=LIES)
@pytest.mark.parametrize("path", [b"/", b"/bucket/key"], ids=["EC2", "S3"])
def test_a_request_that_lies_about_its_length_leaves_nothing_running(
    ec2_keypair_server, path, head, body
):
    lines = [b"PUT " + path + b" HTTP/1.1", b"Host: localhost", head]
    if path == b"/":
        lines += [f"{name}: {value}".encode() for name, value in EC2.items()]
    threads = threading.active_count()

    with traced_memory() as memory:
        document = send_bytes(ec2_keypair_server, b"\r\n".join([*lines, b"", body]))
        wait_until(lambda: threading.active_count() <= threads)

    assert path != b"/" or error(document) == NO_QUERY
    assert memory["peak"] < 100_000_000


@contextlib.contextmanager
def traced_memory():
    """A dict whose ``peak`` is the most that Python has allocated meanwhile, in bytes."""
    memory = {}
    tracemalloc.start()
    try:
        yield memory
        memory["peak"] = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def wait_until(condition):
    for _ in range(200):
        if condition():
            return
        threading.Event().wait(0.02)
    pytest.fail("it does not happen")


def chunks(*parts):
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))


MULTIPART_OF_S3 = (
    b'--x\r\ncontent-disposition: form-data; name="key"\r\n\r\nk\r\n'
    b'--x\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\nDATA\r\n--x--\r\n'
)


class TestBodies:
    def test_chunks(self, ec2_keypair_server):
        head = [b"POST / HTTP/1.1", b"Host: localhost", b"Transfer-Encoding: chunked"]
        head += [f"{name}: {value}".encode() for name, value in EC2.items()]
        body = chunks(DESCRIBE[:7], DESCRIBE[7:]).replace(b"7\r\n", b"7;name=value\r\n", 1)
        document = send_bytes(ec2_keypair_server, b"\r\n".join([*head, b"", body]))
        assert document.endswith("</DescribeKeyPairsResponse>")

    def test_one_that_is_longer_than_any_of_ec2s(self, ec2_keypair_server):
        body = action("ImportKeyPair", KeyName="k", PublicKeyMaterial="A" * (5 << 20))
        status, _, document = exchange(ec2_keypair_server, body)
        assert (status, error(document)) == (400, NO_QUERY)

    def test_a_large_one_for_another_service_comes_through(self, ec2_keypair_server):
        s3 = boto3.client("s3", endpoint_url=ec2_keypair_server.url, region_name="us-east-1")
        s3.create_bucket(Bucket="bucket")
        data = os.urandom(5 << 20)
        s3.put_object(Bucket="bucket", Key="k", Body=data)
        assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == data

    def test_a_form_for_s3_that_is_not_signed_too(self, ec2_keypair_server):
        s3 = boto3.client("s3", endpoint_url=ec2_keypair_server.url, region_name="us-east-1")
        s3.create_bucket(Bucket="bucket")
        data = os.urandom(5 << 20)
        form = MULTIPART_OF_S3.replace(b"DATA", data)
        headers = {
            "content-type": "multipart/form-data; boundary=x",
            "host": "bucket.s3.amazonaws.com",
        }
        assert exchange(ec2_keypair_server, form, headers)[0] == 204
        assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == data

    def test_the_client_may_wait_for_a_word_before_it(self, ec2_keypair_server):
        head = [b"POST / HTTP/1.1", b"Host: localhost", b"Expect: 100-continue"]
        head += [f"{name}: {value}".encode() for name, value in EC2.items()]
        head += [b"Content-Length: %d" % len(DESCRIBE)]
        document = send_bytes(ec2_keypair_server, b"\r\n".join([*head, b"", DESCRIBE]))
        assert document.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")

    def test_trailers_after_the_chunks(self, ec2_keypair_server):
        head = [b"POST / HTTP/1.1", b"Host: localhost", b"Transfer-Encoding: chunked"]
        head += [f"{name}: {value}".encode() for name, value in EC2.items()]
        body = chunks(DESCRIBE)[:-2] + b"Checksum: 1\r\nOther: 2\r\n\r\n"
        document = send_bytes(ec2_keypair_server, b"\r\n".join([*head, b"", body]))
        assert document.endswith("</DescribeKeyPairsResponse>")


def test_a_stream_is_read_again_from_its_beginning():
    again = Again(b"read ", io.BytesIO(b"rest"))
    assert again.readable()
    assert (again.read(3), again.read(), again.read()) == (b"rea", b"d rest", b"")


class TestConnections:
    def test_one_for_many_requests(self, ec2_keypair_server):
        target = urlsplit(ec2_keypair_server.url)
        connection = http.client.HTTPConnection(target.hostname, target.port, timeout=10)
        with contextlib.closing(connection):
            sockets = set()
            for _ in range(5):
                connection.request("POST", "/", DESCRIBE, EC2)
                assert connection.getresponse().read().endswith(b"</DescribeKeyPairsResponse>")
                sockets.add(connection.sock)
                connection.request("GET", "/moto-api/data.json")
                assert connection.getresponse().read().startswith(b"{")
                connection.request("HEAD", "/moto-api/data.json")
                assert connection.getresponse().read() == b""
        assert len(sockets) == 1

    def test_it_ends_with_the_server(self):
        threads = threading.active_count()
        with Server() as server:
            target = urlsplit(server.url)
            connection = http.client.HTTPConnection(target.hostname, target.port, timeout=10)
            connection.request("GET", "/moto-api/data.json")
            assert connection.getresponse().read()
            gone = socket.socket()
            server._connections.add(gone)
        wait_until(lambda: threading.active_count() <= threads)
        assert connection.sock.recv(1) == b""
        connection.close()
        gone.close()

    def test_an_error_closes_it_as_at_aws(self, ec2_keypair_server):
        _, headers, _ = exchange(ec2_keypair_server, action("Juggle"))
        assert headers.get_all("connection") == ["close"]

    def test_what_is_not_read_is_not_the_next_request(self, ec2_keypair_server):
        head = b"POST /moto-api/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nabcde"
        answers = send_bytes(ec2_keypair_server, head + b"GET /nothing HTTP/1.1\r\n\r\n")
        assert "nothing" not in answers

    def test_a_failure_of_the_application_is_an_error_document(
        self, ec2_keypair_server, monkeypatch, capfd
    ):
        def fail(*arguments):
            raise KeyError("within moto")

        monkeypatch.setattr(werkzeug_app.DomainDispatcherApplication, "__call__", fail)
        status, _, document = exchange(ec2_keypair_server, b"", {}, method="GET", path="/x")
        assert (status, error(document)[0]) == (500, "InternalError")
        assert "within moto" in capfd.readouterr().err


STARTING = """
import signal, sys
from ec2_keypair_mock.__main__ import main

# As in a terminal, also where a shell has started the tests in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
print("starting", flush=True)
sys.exit(main(["serve"]))
"""


@needs_signals
@pytest.mark.parametrize("number", range(5))
def test_an_interrupt_while_it_starts_prints_no_traceback(number):
    with subprocess.Popen([sys.executable, "-c", STARTING], stdout=-1, stderr=-1, text=True) as run:
        assert run.stdout.readline() == "starting\n"
        # From its first line to the time at which moto is imported and it serves.
        threading.Event().wait(0.05 + 0.15 * number)
        run.send_signal(signal.SIGINT)
        _, stderr = run.communicate(timeout=20)
    assert (run.returncode in (0, 130), stderr) == (True, "")


def send_bytes(aws, data):
    target = urlsplit(aws.url)
    with socket.create_connection((target.hostname, target.port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    return answer.partition(b"\r\n\r\n")[2].decode()


class TestServe:
    @needs_signals
    @pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
    def test_until_a_signal(self, ending):
        command = [sys.executable, "-m", "ec2_keypair_mock", "serve"]
        with subprocess.Popen(command, stdout=-1, stderr=-1, text=True) as process:
            first, second = process.stdout.readline(), process.stdout.readline()
            url = first.removeprefix("Serving AWS at ").strip()
            assert second == f"export AWS_ENDPOINT_URL={url}\n"
            running = type("Running", (), {"url": url})
            status, *_ = exchange(running, action("CreateKeyPair", KeyName="k"))
            process.send_signal(ending)
            rest = process.communicate(timeout=20)

        assert (status, process.returncode, rest) == (200, 0, ("", ""))
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)

    def test_a_port_that_is_taken(self, capsys):
        with Server() as running:
            assert serve(port=running.port) == 1

        # What follows on Windows is Windows' own text.
        assert re.fullmatch(
            rf"ec2_keypair_mock: cannot listen on 127\.0\.0\.1 port {running.port}: "
            r"(Address already in use|Only one usage of .*)\n",
            capsys.readouterr().err,
        )

    def test_a_port_that_is_none(self, capsys):
        assert serve(port=65536) == 1

        assert "cannot listen on 127.0.0.1 port 65536: " in capsys.readouterr().err

    def test_without_the_extra(self, capsys, monkeypatch):
        monkeypatch.setitem(sys.modules, "flask", None)

        assert serve() == 1

        error = capsys.readouterr().err
        assert error.startswith("ec2_keypair_mock: the server needs flask ")
        assert error.endswith(
            ": pip install 'ec2-keypair-mock[server]', in a checkout '.[server]'\n"
        )

    def test_in_this_process(self, capsys, monkeypatch):
        def interrupt(seconds):
            signal.raise_signal(signal.SIGTERM)

        monkeypatch.setattr(time, "sleep", interrupt)
        before = signal.getsignal(signal.SIGTERM)

        assert serve() == 0

        assert capsys.readouterr().out.startswith("Serving AWS at http://127.0.0.1:")
        assert signal.getsignal(signal.SIGTERM) is before


def test_a_mock_in_a_mock_is_served_too(ec2_keypair_server):
    with mock() as inner:
        inner.backend().create_key_pair(key_name="k")

    assert "<keyName>k</keyName>" in exchange(ec2_keypair_server, DESCRIBE)[2]
