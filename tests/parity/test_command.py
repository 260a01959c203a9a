"""``python -m ec2_keypair_mock parity``: arguments, what it says, and what it writes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.awsrequest import AWSResponse

from ec2_keypair_mock import mock
from ec2_keypair_mock.__main__ import main
from ec2_keypair_mock.commands.parity import Options, parity
from ec2_keypair_mock.parity import endpoint as endpoint_module
from ec2_keypair_mock.parity.answer import Answer
from ec2_keypair_mock.parity.behaviour import Call
from ec2_keypair_mock.parity.endpoint import aws, emulator, reaches_aws

IDS = ("K-1", "K-4", "K-10", "I-9", "I-27", "R-24", "W-4")


@pytest.fixture
def no_config(monkeypatch, tmp_path):
    """Neither a Region nor credentials are configured, and nothing asks an instance for them."""
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "absent"))
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_as_a_process(ec2_keypair_server, tmp_path):
    file = tmp_path / "run.json"
    arguments = ["--endpoint-url", ec2_keypair_server.url, "--only", ",".join(IDS)]
    command = [sys.executable, "-m", "ec2_keypair_mock", "parity", *arguments, "--json", file]

    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert (ran.returncode, ran.stderr.count("/7 ")) == (0, len(IDS))
    assert re.search(r"^in all +7 +0 +0$", ran.stdout, re.MULTILINE)
    assert ec2_keypair_server.backend("us-east-1").key_pairs == {}
    # Nothing in that process has answered in the place of the server.
    assert {call.action for call in ec2_keypair_server.calls} >= {"CreateKeyPair", "ImportKeyPair"}
    found = json.loads(file.read_text())
    assert (found["endpoint"], found["region"]) == (ec2_keypair_server.url, "us-east-1")
    assert tuple(each["id"] for each in found["behaviours"]) == IDS


def test_json_has_everything_but_key_material(ec2_keypair_server, tmp_path):
    file = tmp_path / "run.json"

    assert parity(Options(ec2_keypair_server.url, only="K-4,I-9,I-27", json=file)) == 0

    created, binary, form = json.loads(file.read_text())["behaviours"]
    (exchange,) = created["exchanges"]
    assert exchange["request"]["action"] == "CreateKeyPair"
    assert exchange["request"]["parameters"]["KeyType"] == "rsa"
    assert exchange["answer"]["status"] == 200
    assert exchange["answer"]["headers"]["server"] == "AmazonEC2"
    assert re.search(
        r"<keyMaterial>-----BEGIN RSA PRIVATE KEY-----\n(x{64}\n)+x+\n-----END RSA PRIVATE",
        exchange["answer"]["body"],
    )
    assert (created["result"], created["difference"]) == ("same", None)
    material = binary["exchanges"][0]["request"]["parameters"]["PublicKeyMaterial"]
    assert material["base64"].startswith("MIIBIjANBgkq")
    assert ["PublicKeyMaterial", "no base64!"] in form["exchanges"][0]["request"]["form"]


def test_an_emulator_that_differs(capsys):
    with mock() as aws_mock:
        # This answers what is asked of any endpoint in this process.
        aws_mock.fail("ImportKeyPair", "InvalidID", times=1)
        status = parity(Options("http://127.0.0.1:1", only="K-1,K-7"))

    shown = capsys.readouterr().out
    assert status == 1
    assert re.search(r"K-1    different  ImportKeyPair: success +InvalidID \(400\)", shown)
    assert re.search(r"^recorded +1 +1 +0$", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("code", "status"), [("UnauthorizedOperation", 2), ("InvalidKeyPair.Duplicate", 1)]
)
def test_what_the_caller_may_not_do_is_not_run(code, status):
    with mock() as aws_mock:
        aws_mock.fail("ImportKeyPair", code, times=1)
        assert parity(Options("http://127.0.0.1:1", only="K-1")) == status


CANNOT_RUN = {
    "nobody there": (
        ["--endpoint-url", "http://127.0.0.1:1"],
        'Could not connect to the endpoint URL: "http://127.0.0.1:1/"',
    ),
    "no URL": (["--endpoint-url", "nowhere"], "Invalid endpoint: nowhere"),
    "AWS by its URL": (
        ["--endpoint-url", "https://ec2.us-east-1.amazonaws.com"],
        "https://ec2.us-east-1.amazonaws.com is AWS itself: use --aws instead of --endpoint-url",
    ),
    "no Region": (["--aws"], "You must specify a region."),
    "no credentials": (["--aws", "--region", "us-east-1"], "Unable to locate credentials"),
    "no such profile": (
        ["--aws", "--profile", "nobody"],
        "The config profile (nobody) could not be found",
    ),
    "a profile for an emulator": (
        ["--endpoint-url", "http://127.0.0.1:1", "--profile", "p"],
        "--profile goes with --aws only",
    ),
    "no such behaviour": (
        ["--endpoint-url", "http://127.0.0.1:1", "--only", "Z-*"],
        "no behaviour that can be run is named Z-*",
    ),
    "no prefix": (
        ["--endpoint-url", "http://127.0.0.1:1", "--clean", "prod-"],
        "prod- is no prefix of a run: ec2-keypair-mock-parity-, 12 hexadecimal digits, -",
    ),
    "a file that cannot be written": (
        ["--endpoint-url", "http://127.0.0.1:1", "--json", "/nowhere/run.json"],
        f"{Path('/nowhere/run.json')}: No such file or directory",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), CANNOT_RUN.values(), ids=CANNOT_RUN)
def test_what_cannot_run_is_said_in_a_line(arguments, message, no_config, capsys):
    assert main(["parity", *arguments]) == 2

    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"ec2_keypair_mock: {message}\n")


@pytest.mark.parametrize("arguments", [[], ["--aws", "--endpoint-url", "http://127.0.0.1:1"]])
def test_one_endpoint_is_named(arguments, capsys):
    with pytest.raises(SystemExit) as exit_status:
        main(["parity", *arguments])

    assert exit_status.value.code == 2


class Canned:
    """An endpoint with one answer for everything."""

    url = "http://emulator"
    region = "us-east-1"
    is_aws = False

    def __init__(self, status: int, body: bytes) -> None:
        self._answer = Answer(status, {}, body)

    def send(self, step) -> Answer:
        return self._answer

    def sleep(self, seconds) -> None:
        """At once."""


REFUSED = (
    b"<Response><Errors><Error><Code>%s</Code><Message>No.</Message></Error></Errors></Response>"
)
NOT_EC2 = {
    "another server": (404, b"<html>\nnot here", "HTTP 404: <html> not here"),
    "a caller who may not": (
        403,
        REFUSED % b"UnauthorizedOperation",
        "UnauthorizedOperation (403): No.",
    ),
}


@pytest.mark.parametrize(("status", "body", "said"), NOT_EC2.values(), ids=NOT_EC2)
def test_what_does_not_answer_as_ec2_does(status, body, said, monkeypatch, capsys):
    monkeypatch.setattr(endpoint_module, "emulator", lambda *_: Canned(status, body))

    assert parity(Options("http://emulator")) == 2

    message = f"ec2_keypair_mock: http://emulator does not answer as EC2 does: {said}\n"
    assert capsys.readouterr().err == message


def test_an_emulator_that_refuses_everything_has_nothing_to_clean(monkeypatch, capsys):
    endpoint = Canned(400, REFUSED % b"InvalidAction")
    monkeypatch.setattr(endpoint_module, "emulator", lambda *_: endpoint)

    assert parity(Options("http://emulator", only="K-1"), patience=[0]) == 1

    assert "Perhaps left" not in capsys.readouterr().err


def test_a_list_that_is_none_is_not_believed(monkeypatch, capsys):
    endpoint = Canned(200, b"<html/>")
    monkeypatch.setattr(endpoint_module, "emulator", lambda *_: endpoint)
    run = "ec2-keypair-mock-parity-0123456789ab-"

    assert parity(Options("http://emulator", clean=run), patience=[0, 0]) == 2

    assert (
        "\nPerhaps left: key pairs of the run\nTo delete: python -m ec2_keypair_mock parity "
        in (capsys.readouterr().err)
    )


def test_what_is_left_at_aws_is_named_with_all_that_it_needs_to_be_deleted(monkeypatch, capsys):
    monkeypatch.setattr(endpoint_module, "aws", lambda *_: Canned(200, b"<html/>"))
    run = "ec2-keypair-mock-parity-0123456789ab-"

    assert parity(Options(aws=True, region="eu-west-1", profile="p", clean=run), patience=[0]) == 2

    command = f"parity --aws --region eu-west-1 --profile p --clean {run}\n"
    assert capsys.readouterr().err.endswith(command)


# The real service, as far as it goes without it


@pytest.fixture
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr(endpoint_module, "_PAUSE", 0.0)


def test_aws_says_before_it_starts_what_it_does_and_needs(no_config, credentials, capsys):
    with mock() as aws_mock:
        assert main(["parity", "--aws", "--region", "eu-west-1", "--only", "C-1"]) == 0
        assert aws_mock.backend("eu-west-1").key_pairs == {}

    said = capsys.readouterr().err
    notice = said[: said.index("\r")]
    assert "EC2 in eu-west-1 with 1 behaviours" in notice
    assert re.search(r"names have\nec2-keypair-mock-parity-[0-9a-f]{12}- in them", notice)
    policy = json.loads(notice[notice.index("{") :])
    (statement,) = policy["Statement"]
    actions = {action.removeprefix("ec2:") for action in statement["Action"]}
    assert actions >= {call.action for call in aws_mock.calls}


def test_aws_is_asked_slowly_and_again():
    with mock():
        endpoint = aws("us-east-1", None)
        slept: list[float] = []
        endpoint.sleep = slept.append
        endpoint.send(Call(action="DescribeKeyPairs"))

    assert slept == [0.5]
    assert endpoint.is_aws


def test_aws_is_aws_whatever_endpoint_is_configured(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    assert aws("us-east-1", None).url == "https://ec2.us-east-1.amazonaws.com"


def test_an_emulator_never_sees_the_credentials_of_the_user(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDREAL")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    endpoint = emulator("http://127.0.0.1:1", None)

    credentials = endpoint._client._request_signer._credentials
    assert (credentials.access_key, credentials.token) == ("AKIAIOSFODNN7EXAMPLE", None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ec2.us-east-1.amazonaws.com", True),
        ("https://ec2.cn-north-1.amazonaws.com.cn/", True),
        ("https://ec2.us-east-1.api.aws", True),
        ("http://localhost:4566", False),
        ("http://ec2.localhost.localstack.cloud:4566", False),
    ],
)
def test_reaches_aws(url, expected):
    assert reaches_aws(url) is expected


def test_an_older_botocore_shows_what_it_could_not_parse():
    endpoint = emulator("http://127.0.0.1:1", None)
    events = endpoint._client.meta.events
    events.unregister("before-parse.ec2", endpoint._keep)
    events.register("before-send.ec2", lambda **_: AWSResponse("", 200, {}, Garbage()))

    answer = endpoint.send(Call(action="DescribeKeyPairs"))

    assert (answer.status, answer.succeeded) == (0, False)
    assert b"Unable to parse response" in answer.body


class Garbage:
    """A body, as urllib3 gives it."""

    def stream(self) -> list[bytes]:
        return [b"<garbage"]
