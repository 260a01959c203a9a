"""Runs against a proxy that fails at every request in turn: nothing is left behind."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import urllib3
from botocore.config import Config

from ec2_keypair_mock.commands.parity import Options, parity
from ec2_keypair_mock.parity import endpoint as endpoint_module
from ec2_keypair_mock.parity import run as run_module
from ec2_keypair_mock.parity.answer import Answer
from ec2_keypair_mock.parity.behaviour import Call
from ec2_keypair_mock.parity.behaviours.materials import ED25519
from ec2_keypair_mock.parity.cleaning import Cleaner
from ec2_keypair_mock.parity.endpoint import Endpoint

UNAVAILABLE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>Unavailable</Code>'
    b"<Message>Try again.</Message></Error></Errors><RequestID>1</RequestID></Response>"
)
# What goes wrong; in front of these the request has reached the server.
AFTER = ("hangs up late", "answers late", "garbage", "no HTTP", "half an answer")
FAULTS = ("500", "503", "hangs up", *AFTER)

needs_signals = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows ends a process instead of sending it a signal"
)


class Proxy(ThreadingHTTPServer):
    """``faults`` has what goes wrong, by the number of the request; ``actions`` what was asked."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = urlsplit(target).netloc
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.release = threading.Event()
        self.start_over({})

    def start_over(self, faults) -> None:
        """Count from 0 again; a fault is a text of ``FAULTS``, or a signal for this process."""
        self.release.set()
        self.release = threading.Event()
        self.actions: list[str] = []
        self.faults = faults
        self.dead_from: int | None = None

    def handle_error(self, request, client_address) -> None:
        """Of clients that have given up."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        number = len(self.server.actions)
        self.server.actions.append(parse_qs(body.decode()).get("Action", [""])[0])
        fault = self.server.faults.get(number)
        if self.server.dead_from is not None and number >= self.server.dead_from:
            fault = "hangs up"
        self.close_connection = True
        if isinstance(fault, int):
            os.kill(os.getpid(), fault)
            self.server.release.wait(20)
        elif fault == "500":
            self.answer(500, b"<!doctype html><title>500</title>")
        elif fault == "503":
            self.answer(503, UNAVAILABLE)
        elif fault != "hangs up":
            self.answer_of_the_server(fault, *self.forward(body))

    def forward(self, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.server.target, timeout=20)
        connection.request("POST", "/", body, dict(self.headers))
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def answer_of_the_server(self, fault: str | None, status: int, body: bytes) -> None:
        if fault == "answers late":
            self.server.release.wait(20)
        elif fault == "garbage":
            self.answer(200, body + b"<")
        elif fault == "no HTTP":
            self.wfile.write(b"garbage\r\n\r\n")
        elif fault == "half an answer":
            self.answer(status, body[: len(body) // 2], len(body))
        elif fault != "hangs up late":
            self.answer(status, body)

    def answer(self, status: int, body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/xml;charset=UTF-8")
        self.send_header("Connection", "close")
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the output is that of the tests."""


ONLY = "C-1,W-4"
# The first request asks whether EC2 answers; what is made is deleted behind each behaviour, and the
# last request asks what is left.
ACTIONS = [
    *("DescribeKeyPairs", "CreateKeyPair", "CreateKeyPair", "ImportKeyPair", "DeleteKeyPair"),
    *("CreateKeyPair", "ImportKeyPair", "DeleteKeyPair", "DeleteKeyPair", "DescribeKeyPairs"),
]
CLEANING = (4, 7, 8, 9)


@pytest.fixture(scope="module")
def proxy(url) -> Iterator[Proxy]:
    with Proxy(url) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.02,))
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def endpoints(proxy) -> dict[str, Endpoint]:
    """Clients of the proxy, one of which does not wait long."""
    session = boto3.Session("AKIDEXAMPLE", "secret", region_name="us-east-1")

    def endpoint(seconds: float) -> Endpoint:
        config = Config(
            parameter_validation=False, retries={"total_max_attempts": 1}, read_timeout=seconds
        )
        return Endpoint(session.client("ec2", endpoint_url=proxy.url, config=config))

    return {"patient": endpoint(20), "answers late": endpoint(0.4)}


@pytest.fixture
def compare(proxy, endpoints, monkeypatch) -> Callable[..., int]:
    """Run the command through the proxy, with what goes wrong; gives its exit status."""

    def compare(faults=None, tries: int = 4, client: str = "patient", on_sleep=None, **more) -> int:
        proxy.start_over(faults or {})
        endpoint = endpoints[client]
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(endpoint, "sleep", on_sleep or (lambda seconds: None))
        monkeypatch.setattr(endpoint_module, "emulator", lambda url, region: endpoint)
        options = {"endpoint_url": proxy.url, "only": ONLY, **more}
        return parity(Options(**options), patience=[0] * tries)

    return compare


@pytest.fixture
def left(over_http) -> Callable[[], list[str]]:
    """The names of the key pairs that are at the server."""

    def left() -> list[str]:
        return over_http.send(Call(action="DescribeKeyPairs")).texts("keySet/item/keyName")

    return left


def test_without_a_fault_everything_is_the_same(compare, proxy, left, capsys):
    assert compare() == 0

    assert proxy.actions == ACTIONS
    assert left() == []
    shown = capsys.readouterr()
    assert shown.err == "\r1/2 C-1  \r2/2 W-4  \n"
    assert re.search(r"^C-1    same +A name that is taken.* the same$", shown.out, re.MULTILINE)
    assert re.search(r"^in all +2 +0 +0$", shown.out, re.MULTILINE)


@pytest.mark.parametrize("number", range(len(ACTIONS)))
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_leaves_nothing_behind(compare, left, fault, number, tmp_path):
    if fault == "half an answer" and urllib3.__version__.startswith("1."):
        pytest.skip("urllib3 1.26 does not tell that an answer broke off")
    client = fault if fault == "answers late" else "patient"
    file = tmp_path / "run.json"

    status = compare({number: fault}, client=client, json=file)

    assert left() == []
    # What is no answer of EC2's differs; what is none, or says that AWS is ill, is none.
    differs = fault in ("500", "garbage") and number > 0
    assert status == (0 if number in CLEANING else 1 if differs else 2)
    assert not re.search(r"[A-Za-z0-9+/]{60}", material_in(file.read_text()).replace("x", "-"))


def material_in(text: str) -> str:
    """What a file has of key material, and of the public keys that were sent."""
    return "".join(re.findall(r"PRIVATE KEY.*?PRIVATE KEY", text))


@pytest.mark.parametrize("number", range(1, len(ACTIONS)))
def test_an_endpoint_that_dies_and_comes_back(compare, proxy, left, number):
    slept = []

    def on_sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            proxy.dead_from = None

    proxy_start = proxy.start_over
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proxy, "start_over", lambda faults: (proxy_start(faults), die()))

        def die() -> None:
            proxy.dead_from = number

        status = compare(on_sleep=on_sleep)

    assert left() == []
    assert status == (0 if number >= 7 else 2)


def test_an_endpoint_that_dies_for_good(compare, proxy, left, capsys):
    faults = dict.fromkeys(range(3, 99), "hangs up")

    assert compare(faults) == 2

    (name,) = left()
    prefix = name[: -len("000-a")]
    shown = capsys.readouterr().err
    command = "python -m ec2_keypair_mock parity"
    assert re.search(rf"^Perhaps left: '{name}', ", shown, re.MULTILINE)
    assert f"To delete: {command} --endpoint-url {proxy.url} --clean {prefix}\n" in shown
    assert compare(clean=prefix) == 0
    assert left() == []


def test_an_endpoint_that_stopped_is_asked_no_more(compare, proxy, capsys):
    only = "C-1,C-2,C-3,C-4,W-4"

    assert compare(dict.fromkeys(range(1, 99), "hangs up"), only=only) == 2

    assert len(proxy.actions) == 1 + 3 + 4
    out = capsys.readouterr().out
    assert out.count("an answer") == 5
    assert out.count("none: the endpoint stopped answering") == 2
    assert re.search(r"^in all +0 +0 +5$", out, re.MULTILINE)


@needs_signals
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_cleans_up(compare, left, number, capsys, tmp_path):
    before = signal.getsignal(number)

    assert compare({6: number}, json=tmp_path / "run.json") == 2

    assert left() == []
    assert signal.getsignal(number) is before
    assert "\nInterrupted: deleting what was made\n" in capsys.readouterr().err
    found = json.loads((tmp_path / "run.json").read_text())
    assert [each["id"] for each in found["behaviours"]] == ["C-1"]


@needs_signals
def test_a_second_signal_gives_up(compare, left, capsys, proxy):
    assert compare({6: signal.SIGINT, 7: signal.SIGINT}) == 2

    (name,) = left()
    prefix = name[: -len("001-a")]
    shown = capsys.readouterr().err
    assert f"\nPerhaps left: '{name}'" in shown
    assert f"--clean {prefix}\n" in shown
    assert compare(clean=prefix) == 0
    assert left() == []


def test_a_file_that_cannot_be_written_any_more(compare, left, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "folder"
    folder.mkdir()
    file = folder / "run.json"

    def on_sleep(seconds: float) -> None:
        file.unlink()
        folder.rmdir()

    assert compare(json=file, on_sleep=on_sleep) == 2

    assert left() == []
    message = f"ec2_keypair_mock: {file}: No such file or directory\n"
    assert capsys.readouterr().err.endswith(message)


def test_an_error_of_our_own_cleans_up_too(compare, left, monkeypatch):
    monkeypatch.setattr(run_module, "saved", lambda step, answer: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        compare()

    assert left() == []


# What is cleaned


PREFIX = "ec2-keypair-mock-parity-0123456789ab-"


def make(endpoint, name: str, *tags: str) -> None:
    specifications = [{"ResourceType": "key-pair", "Tags": [{"Key": each} for each in tags]}]
    parameters = {"KeyName": name, "PublicKeyMaterial": ED25519}
    parameters |= {"TagSpecifications": specifications} if tags else {}
    assert endpoint.send(Call(action="ImportKeyPair", parameters=parameters)).succeeded


def test_clean_deletes_the_key_pairs_of_the_run_only(compare, over_http, left):
    other = "ec2-keypair-mock-parity-ba9876543210-a"
    make(over_http, f"{PREFIX}000-a", "ec2-keypair-mock-parity")
    make(over_http, f" {PREFIX}".strip() + "000-b")
    others = [(f"{PREFIX}mine", "Team"), (other, "ec2-keypair-mock-parity"), ("deploy",)]
    for name, *tags in others:
        make(over_http, name, *tags)

    assert compare(clean=PREFIX) == 0

    assert sorted(left()) == sorted(name for name, *_ in others)
    for name, *_ in others:
        over_http.send(Call(action="DeleteKeyPair", parameters={"KeyName": name}))


ANSWERS = {
    "refused": (b"<Code>InvalidKey.Format</Code>", 400, set()),
    "duplicate": (b"<Code>InvalidKeyPair.Duplicate</Code>", 400, {"a"}),
    "failed": (b"<Code>InternalError</Code>", 500, {"a"}),
}


@pytest.mark.parametrize(("code", "status", "known"), ANSWERS.values(), ids=ANSWERS)
def test_a_name_is_known_unless_it_was_refused(code, status, known):
    cleaner = Cleaner(None, PREFIX)
    body = b"<Response><Errors><Error>%s</Error></Errors></Response>" % code
    cleaner.expect(Call(action="ImportKeyPair", parameters={"KeyName": "a"}))
    cleaner.see(Answer(status, {}, body))

    assert cleaner.known == known


def test_a_name_that_was_made_stays_known_when_it_is_refused_later():
    cleaner = Cleaner(None, PREFIX)
    for status in (200, 400):
        cleaner.expect(Call(action="ImportKeyPair", parameters={"KeyName": "a"}))
        cleaner.see(Answer(status, {}, b""))

    assert cleaner.known == {"a"}


@pytest.mark.parametrize("step", [Call(action="CreateKeyPair"), Call(action="DeleteKeyPair")])
def test_what_makes_no_key_pair_is_not_known(step):
    cleaner = Cleaner(None, PREFIX)
    cleaner.expect(step)
    cleaner.see(Answer(400, {}, b""))

    assert cleaner.known == set()
