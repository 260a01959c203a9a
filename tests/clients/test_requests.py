"""requests: libcloud, requests-aws4auth, and whoever else uses ``responses`` meanwhile."""

import re
import socket
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import MagicMock, patch

import boto3
import pytest
import requests
import responses
from libcloud.compute.drivers.ec2 import EC2NodeDriver
from libcloud.compute.types import KeyPairDoesNotExistError
from requests.adapters import HTTPAdapter
from requests_aws4auth import AWS4Auth
from responses import matchers, registries
from urllib3.util import Retry, Timeout

from ec2_keypair_mock import UnmockedCallError, mock

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEmbXAHcXLoI7tfrWa1Q8nwGZ8VvdYmRP5GxnVQ5D1Ft"
EC2 = "https://ec2.eu-west-1.amazonaws.com/"
DESCRIBE = f"{EC2}?Action=DescribeKeyPairs&Version=2016-11-15"
S3 = "https://bucket.s3.amazonaws.com/key"
METADATA = "http://169.254.169.254/latest/meta-data/"
ELSEWHERE = "https://example.invalid/"
REFUSED = "Connection refused by Responses"

REAL_SEND = HTTPAdapter.send


def strict():
    return responses.RequestsMock(assert_all_requests_are_fired=False)


@pytest.fixture
def aws():
    with mock() as aws:
        yield aws


@pytest.fixture(autouse=True)
def _nothing_leaves_this_machine(monkeypatch):
    def look_up(host, *args, **kwargs):
        assert host == "127.0.0.1"
        return getaddrinfo(host, *args, **kwargs)

    getaddrinfo = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.fixture(autouse=True)
def _all_is_put_back():
    before = dict(vars(responses.RequestsMock)), responses.start, responses.stop
    yield
    assert HTTPAdapter.send is REAL_SEND
    assert (dict(vars(responses.RequestsMock)), responses.start, responses.stop) == before


@pytest.fixture
def server():
    """The URL of a server on this machine, which answers every GET with its path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.path.encode())

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.001,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class TestClients:
    @pytest.mark.parametrize("signature_version", ["2", "4"])
    def test_libcloud(self, aws, signature_version):
        driver = EC2NodeDriver(
            "key", "secret", region="eu-west-1", signature_version=signature_version
        )
        imported = driver.import_key_pair_from_string("a", KEY)
        created = driver.create_key_pair("b")
        assert [each.name for each in driver.list_key_pairs()] == ["a", "b"]
        assert driver.get_key_pair("a").fingerprint == imported.fingerprint
        assert created.private_key.startswith("-----BEGIN RSA PRIVATE KEY-----")
        assert driver.delete_key_pair(imported)
        with pytest.raises(KeyPairDoesNotExistError):
            driver.get_key_pair("a")
        assert list(aws.backend("eu-west-1").key_pairs) == ["b"]
        found = boto3.client("ec2", region_name="eu-west-1").describe_key_pairs()["KeyPairs"]
        assert [each["KeyName"] for each in found] == ["b"]

    def test_requests_aws4auth(self, aws):
        form = {"Action": "CreateKeyPair", "Version": "2016-11-15", "KeyName": "a"}
        auth = AWS4Auth("key", "secret", "eu-west-1", "ec2")
        answer = requests.post(EC2, data=form, auth=auth)
        assert "<keyName>a</keyName>" in answer.text
        assert list(aws.backend("eu-west-1").key_pairs) == ["a"]

    def test_the_answer_is_a_real_one(self, aws):
        with requests.Session() as session:
            answer = session.get(DESCRIBE, stream=True)
        assert (answer.status_code, answer.reason, answer.ok) == (200, "OK", True)
        assert answer.url == answer.request.url == DESCRIBE
        assert answer.headers["Server"] == "AmazonEC2"
        assert answer.headers["Content-Type"] == "text/xml;charset=UTF-8"
        assert answer.encoding == "UTF-8"
        assert answer.elapsed.total_seconds() > 0
        assert answer.raw.read(5) == b"<?xml"
        assert isinstance(answer.connection, HTTPAdapter)
        assert b"".join(answer.iter_content(7)).endswith(b"</DescribeKeyPairsResponse>")

    def test_an_error_is_an_answer(self, aws):
        answer = requests.get(f"{DESCRIBE}&KeyName.1=a")
        assert (answer.status_code, answer.ok) == (400, False)
        assert "InvalidKeyPair.NotFound" in answer.text
        with pytest.raises(requests.HTTPError):
            answer.raise_for_status()

    def test_an_adapter_of_ones_own(self, aws):
        class Adapter(HTTPAdapter):
            def send(self, request, stream, timeout, verify, cert, proxies):
                return super().send(request, stream, timeout, verify, cert, proxies)

            def build_response(self, request, answer):
                built = super().build_response(request, answer)
                built.mark = "mine"
                return built

        with requests.Session() as session:
            session.mount("https://", Adapter())
            assert session.get(DESCRIBE).mark == "mine"

    def test_a_session_from_before(self):
        with requests.Session() as session, mock():
            assert session.get(DESCRIBE).ok


class TestFaults:
    @pytest.mark.parametrize(
        ("failure", "error"),
        [(ConnectionError, requests.ConnectionError), (TimeoutError, requests.ReadTimeout)],
    )
    def test_an_outage_is_requests_own_error(self, aws, failure, error):
        aws.fail("DescribeKeyPairs", failure)
        with pytest.raises(error) as caught:
            requests.get(DESCRIBE)
        assert caught.value.request.url == DESCRIBE

    @pytest.mark.parametrize("timeout", [60, (1, 60), Timeout(read=60), 0.001])
    def test_an_answer_past_the_read_time_out_is_lost_at_once(self, aws, timeout):
        aws.delay("DescribeKeyPairs", 60)
        start = time.monotonic()
        with pytest.raises(requests.ReadTimeout):
            requests.get(DESCRIBE, timeout=timeout)
        assert time.monotonic() - start < 10

    @pytest.mark.parametrize("timeout", [60, (1, None), Timeout(), None])
    def test_a_late_answer_arrives(self, aws, timeout):
        aws.delay("DescribeKeyPairs", 0.002)
        start = time.monotonic()
        assert requests.get(DESCRIBE, timeout=timeout).ok
        assert time.monotonic() - start >= 0.002

    @pytest.mark.parametrize(("times", "status", "calls"), [(1, 200, 2), (3, 503, 3)])
    def test_an_adapter_tries_again(self, aws, times, status, calls):
        aws.fail("DescribeKeyPairs", "Unavailable", message="No", status=503, times=times)
        retry = Retry(total=2, status_forcelist=[503], raise_on_status=False)
        with requests.Session() as session:
            session.mount("https://", HTTPAdapter(max_retries=retry))
            assert session.get(DESCRIBE).status_code == status
        assert len(aws.calls) == calls


class TestOtherHosts:
    def test_another_host_is_reached(self, aws, server):
        assert requests.get(f"{server}path").text == "/path"

    @pytest.mark.parametrize("url", [S3, f"{EC2}?Action=DescribeInstances"])
    def test_aws_is_not(self, aws, url):
        with pytest.raises(UnmockedCallError):
            requests.get(url)

    def test_nor_the_metadata_of_an_instance(self, aws):
        with pytest.raises(requests.ConnectionError):
            requests.get(METADATA)

    def test_with_passthrough_all_is(self, monkeypatch):
        sent = []
        monkeypatch.setattr(HTTPAdapter, "send", lambda self, request, **how: sent.append(request))
        with mock(passthrough=True), requests.Session() as session:
            request = session.prepare_request(requests.Request("GET", S3))
            session.get_adapter(S3).send(request, stream=True)
            assert requests.get(DESCRIBE).ok
        assert [each.url for each in sent] == [S3]
        monkeypatch.undo()


def ours_outside(stack, theirs):
    aws = stack.enter_context(mock())
    stack.enter_context(theirs)
    return aws


def ours_inside(stack, theirs):
    stack.enter_context(theirs)
    return stack.enter_context(mock())


each_nesting = pytest.mark.parametrize("nest", [ours_outside, ours_inside])


class TestNesting:
    """A user's mock keeps its answers, its pass-through and its call count."""

    @each_nesting
    def test_a_decorator_of_responses(self, nest):
        def body():
            responses.add("GET", ELSEWHERE, body="theirs")
            assert requests.get(ELSEWHERE).text == "theirs"
            assert requests.get(DESCRIBE).ok
            assert len(responses.calls) == 1

        decorators = [responses.activate, mock]
        for decorator in decorators if nest is ours_outside else reversed(decorators):
            body = decorator(body)
        body()

    @each_nesting
    def test_what_they_register_is_theirs(self, nest):
        with ExitStack() as stack:
            theirs = strict()
            aws = nest(stack, theirs)
            for url in (ELSEWHERE, EC2, S3, METADATA):
                theirs.add("GET", url, body=url)
            for url in (ELSEWHERE, DESCRIBE, S3, METADATA):
                assert requests.get(url).text == url.split("?")[0]
            assert [call.request.url for call in theirs.calls] == [
                ELSEWHERE,
                DESCRIBE,
                S3,
                METADATA,
            ]
            assert aws.calls == []

    @each_nesting
    def test_what_matches_by_more_than_its_url_is_theirs(self, nest):
        with ExitStack() as stack:
            theirs = strict()
            nest(stack, theirs)
            form = {"Action": "DescribeKeyPairs", "Version": "2016-11-15", "MaxResults": "5"}
            theirs.add("POST", EC2, match=[matchers.urlencoded_params_matcher(form)], body="a")
            query = matchers.query_param_matcher({"Action": "DescribeKeyPairs", "n": "1"})
            theirs.add("GET", re.compile(EC2), match=[query], body="b")
            theirs.add("PUT", EC2, match=[matchers.request_kwargs_matcher({"stream": True})])
            assert requests.post(EC2, data=form).text == "a"
            assert requests.get(EC2, {"Action": "DescribeKeyPairs", "n": "1"}).text == "b"
            assert requests.get(DESCRIBE).text.startswith("<?xml")
            assert requests.post(EC2, data={**form, "MaxResults": "6"}).text.startswith("<?xml")
            assert len(theirs.calls) == 2

    @each_nesting
    def test_what_they_do_not_register(self, nest):
        with ExitStack() as stack:
            theirs = strict()
            aws = nest(stack, theirs)
            assert requests.get(DESCRIBE).ok
            assert len(theirs.calls) == 0
            with pytest.raises(UnmockedCallError):
                requests.get(S3)
            assert len(theirs.calls) == 0
            for url in (ELSEWHERE, METADATA):
                with pytest.raises(requests.ConnectionError, match=REFUSED):
                    requests.get(url)
            assert [call.request.url for call in theirs.calls] == [ELSEWHERE, METADATA]
            assert len(aws.calls) == 1

    @each_nesting
    def test_what_they_let_pass(self, nest, server):
        with ExitStack() as stack:
            theirs = strict()
            aws = nest(stack, theirs)
            for prefix in (server, re.compile("https://")):
                theirs.add_passthru(prefix)
            assert requests.get(f"{server}path").text == "/path"
            assert requests.get(DESCRIBE).ok
            with pytest.raises(UnmockedCallError):
                requests.get(S3)
            assert len(theirs.calls) == 0
            assert len(aws.calls) == 1

    @each_nesting
    def test_what_they_register_to_pass_is_counted(self, nest, server):
        with ExitStack() as stack:
            theirs = strict()
            aws = nest(stack, theirs)
            for url in (f"{server}path", EC2):
                theirs.add(responses.PassthroughResponse("GET", url))
            assert requests.get(f"{server}path").text == "/path"
            assert requests.get(DESCRIBE).text.startswith("<?xml")
            assert len(theirs.calls) == 2
            assert len(aws.calls) == 1

    @each_nesting
    def test_an_ordered_registry_is_not_disturbed(self, nest):
        with ExitStack() as stack:
            theirs = responses.RequestsMock(registry=registries.OrderedRegistry)
            nest(stack, theirs)
            for body in "ab":
                theirs.add("GET", ELSEWHERE, body=body)
            assert requests.get(ELSEWHERE).text == "a"
            assert requests.get(DESCRIBE).ok
            assert requests.get(ELSEWHERE).text == "b"

    @each_nesting
    def test_all_of_theirs_must_still_be_fired(self, nest):
        def use():
            with ExitStack() as stack:
                theirs = responses.RequestsMock()
                nest(stack, theirs)
                theirs.add("GET", EC2)

        with pytest.raises(AssertionError, match="Not all requests have been executed"):
            use()

    @each_nesting
    def test_a_mock_of_theirs_behind_another(self, nest):
        with ExitStack() as stack:
            behind = strict()
            behind.add("GET", EC2, body="theirs")
            theirs = responses.RequestsMock(real_adapter_send=behind.unbound_on_send())
            theirs.add_passthru("https://")
            nest(stack, theirs)
            assert requests.get(DESCRIBE).text == "theirs"
            assert requests.post(EC2, {"Action": "DescribeKeyPairs"}).text.startswith("<?xml")
            assert len(behind.calls) == 1

    @pytest.mark.parametrize("start", ["theirs", "ours"])
    @pytest.mark.parametrize("stop", ["theirs", "ours"])
    @pytest.mark.parametrize("default", [True, False], ids=["responses.start", "RequestsMock"])
    def test_any_order_of_starts_and_stops(self, start, stop, default):
        ours, own = mock(), strict()
        theirs = responses if default else own
        # Looked up when it is called: a test says `responses.stop()`.
        on = {"theirs": lambda: theirs.start(), "ours": ours.__enter__}
        off = {"theirs": lambda: theirs.stop(), "ours": lambda: ours.__exit__(None, None, None)}
        for first in sorted(on, key=start.__ne__):
            on[first]()
        assert requests.get(DESCRIBE).ok
        first, last = sorted(off, key=stop.__ne__)
        off[first]()
        if first == "theirs":
            assert requests.get(DESCRIBE).ok
        else:
            with pytest.raises(requests.ConnectionError, match=REFUSED):
                requests.get(DESCRIBE)
        off[last]()
        responses.reset()

    def test_a_mock_that_starts_twice_stops_once(self, aws):
        theirs = strict()
        theirs.start()
        theirs.start()
        assert requests.get(DESCRIBE).ok
        theirs.stop()
        theirs.stop()
        assert requests.get(DESCRIBE).ok

    def test_what_was_taken_inside_does_nothing_outside(self, monkeypatch):
        theirs = strict()
        with mock():
            start, stop = theirs.start, theirs.stop
        start()
        with pytest.raises(requests.ConnectionError, match=REFUSED):
            requests.get(DESCRIBE)
        stop()

    @each_nesting
    def test_moto(self, nest):
        from moto import mock_aws

        with ExitStack() as stack:
            aws = nest(stack, mock_aws())
            auth = AWS4Auth("key", "secret", "us-east-1", "sts")
            url = "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
            assert "<Account>123456789012</Account>" in requests.get(url, auth=auth).text
            driver = EC2NodeDriver("key", "secret", region="eu-west-1")
            driver.import_key_pair_from_string("a", KEY)
            assert list(aws.backend("eu-west-1").key_pairs) == ["a"]
            assert [call.action for call in aws.calls] == ["ImportKeyPair"]
            assert requests.get(f"{EC2}?Action=DescribeInstances&Version=2016-11-15").ok

    def test_the_class_itself_has_no_real_send(self, aws):
        assert not callable(responses.RequestsMock._real_send)


class TestImports:
    def test_nothing_is_imported_for_the_mock(self):
        run_script("""
            import sys
            from ec2_keypair_mock import mock
            with mock() as aws:
                aws.client().describe_key_pairs()
            assert not {"requests", "responses"} & set(sys.modules)
        """)

    @pytest.mark.parametrize("first", ["requests", "responses", "requests.adapters"])
    @pytest.mark.parametrize("where", ["inside", "before"])
    def test_whoever_is_imported_first(self, first, where):
        run_script(f"""
            from ec2_keypair_mock import mock
            if {where == "before"}:
                import {first}
            with mock() as aws:
                import {first}
                import requests
                assert requests.get({DESCRIBE!r}).ok
            assert requests.adapters.HTTPAdapter.send.__code__.co_filename.endswith("adapters.py")
        """)

    def test_a_version_without_the_place_is_named(self, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr(responses.RequestsMock, "_on_request", None)
            with pytest.warns(RuntimeWarning, match=r"responses .*RequestsMock\._on_request"):
                mock().__enter__().__exit__(None, None, None)
        with mock():
            assert requests.get(DESCRIBE).ok

    def test_a_requests_without_the_place_is_named(self, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr(HTTPAdapter, "send", None)
            with pytest.warns(RuntimeWarning, match=r"requests .*HTTPAdapter\.send"):
                mock().__enter__().__exit__(None, None, None)

    @pytest.mark.parametrize("stub", ["None", "MagicMock()"], ids=["hidden", "mocked"])
    @pytest.mark.parametrize("where", ["inside", "before"])
    def test_responses_may_be_hidden(self, stub, where):
        run_script(f"""
            import sys
            from unittest.mock import MagicMock
            from ec2_keypair_mock import mock
            sys.modules["responses"] = {stub}
            if {where == "before"}:
                import requests
            with mock():
                import requests
                assert requests.get({DESCRIBE!r}).ok
        """)

    def test_requests_may_be_imported_anew(self):
        run_script(f"""
            import importlib.util, sys
            from ec2_keypair_mock import mock
            with mock():
                assert importlib.util.find_spec("requests")
                import requests
                assert requests.get({DESCRIBE!r}).ok
                for name in [name for name in sys.modules if name.startswith("requests")]:
                    del sys.modules[name]
                import requests
                assert requests.get({DESCRIBE!r}).ok
        """)


class TestPatches:
    """A test's own patches of ``HTTPAdapter.send`` are called, and survive."""

    @pytest.mark.parametrize(
        "theirs",
        [lambda: MagicMock(return_value="sent"), lambda: lambda self, request, **how: "sent"],
        ids=["MagicMock", "function"],
    )
    def test_before_and_after(self, theirs):
        with requests.Session() as session:
            request = session.prepare_request(requests.Request("GET", S3))
            with patch.object(HTTPAdapter, "send", theirs()), mock(passthrough=True):
                assert session.get_adapter(S3).send(request, stream=True) == "sent"
                assert requests.get(DESCRIBE).ok
            with mock(), patch.object(HTTPAdapter, "send", theirs()) as patched:
                assert session.get_adapter(S3).send(request) == "sent"
                with strict() as other:
                    other.add("GET", ELSEWHERE, body="a")
                    assert requests.get(ELSEWHERE).text == "a"
                assert HTTPAdapter.send is not REAL_SEND
                del patched
            with mock():
                assert requests.get(DESCRIBE).ok

    def test_retries_that_are_used_up_raise_as_the_real_adapter_does(self, aws):
        aws.fail("DescribeKeyPairs", "Unavailable", message="No", status=503, times=9)
        with requests.Session() as session:
            session.mount("https://", HTTPAdapter(max_retries=Retry(1, status_forcelist=[503])))
            with pytest.raises(requests.exceptions.RetryError, match="too many 503"):
                session.get(DESCRIBE)


def run_script(text):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(text)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
