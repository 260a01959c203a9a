"""A guest in somebody else's process: what others patch, hide or mock goes on as without us."""

import asyncio
import contextlib
import functools
import subprocess
import sys
import textwrap
import time
import unittest.mock
import weakref

import aiobotocore.session
import boto3
import botocore.session
import freezegun
import pytest
import requests
from botocore.config import Config
from botocore.httpsession import URLLib3Session
from requests.adapters import HTTPAdapter

from ec2_keypair_mock import UnmockedCallError, mock
from ec2_keypair_mock.boto import client as clients

LOCAL = "http://127.0.0.1:1"
KEY = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
ONCE = Config(retries={"total_max_attempts": 1})


def describe(client):
    return client.describe_key_pairs()["KeyPairs"]


def local_queues():
    """A client of a server on this machine, which is not there; without a second try."""
    options = {"region_name": "us-east-1", "endpoint_url": LOCAL, "config": ONCE}
    return boto3.client("sqs", **options, **KEY)


def instrumented(seen):
    """A wrapper as tracing libraries put it over a method."""

    def make(send):
        @functools.wraps(send)
        def traced(*args, **kwargs):
            seen.append("called")
            return send(*args, **kwargs)

        return traced

    return make


class TestPatchedSend:
    """``URLLib3Session.send``, patched by somebody else before, during or after a mock."""

    def test_a_wrapper_from_before_stays_and_is_called_for_what_passes(self, monkeypatch):
        seen = []
        theirs = instrumented(seen)(URLLib3Session.send)
        monkeypatch.setattr(URLLib3Session, "send", theirs)
        with mock(), pytest.raises(Exception, match="Could not connect"):
            local_queues().list_queues()
        assert "called" in seen
        assert URLLib3Session.send is theirs

    def test_a_wrapper_that_is_put_over_ours_stays(self, monkeypatch):
        seen = []
        real = URLLib3Session.send
        with mock() as aws:
            URLLib3Session.send = instrumented(seen)(URLLib3Session.send)
            assert describe(aws.client()) == []
        try:
            assert seen == ["called"]
            assert URLLib3Session.send is not real
            with pytest.raises(Exception, match="Could not connect"):
                local_queues().list_queues()
            with mock() as aws:
                assert describe(aws.client()) == []
        finally:
            URLLib3Session.send = real

    @pytest.mark.parametrize("autospec", [False, True])
    def test_a_mock_from_before_does_not_stop_us(self, autospec, collect_garbage):
        with unittest.mock.patch.object(URLLib3Session, "send", autospec=autospec) as send:
            kept = weakref.ref(send)
            with mock() as aws:
                assert describe(aws.client()) == []
                with pytest.raises(UnmockedCallError):
                    aws.client().describe_vpcs()
            assert send.call_count == 0
        del send
        collect_garbage()
        assert kept() is None

    def test_many_patches_that_end_after_us_do_not_pile_up(self):
        real = URLLib3Session.send
        for _ in range(300):
            with contextlib.ExitStack() as stack, mock():
                theirs = instrumented([])(URLLib3Session.send)
                stack.enter_context(unittest.mock.patch.object(URLLib3Session, "send", theirs))
        with mock() as aws:
            assert describe(aws.client()) == []
        assert URLLib3Session.send is real


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (boto3, "Session"),
        (boto3.session, "Session"),
        (botocore.session, "Session"),
        (botocore.session, "get_session"),
        (HTTPAdapter, "send"),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_mock_may_start_while_a_class_is_patched_and_keeps_nothing_of_it(
    owner, name, monkeypatch, collect_garbage
):
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with unittest.mock.patch.object(owner, name) as patched:
        kept = weakref.ref(patched)
        with mock() as aws, contextlib.suppress(Exception):
            aws.client("eu-west-3").describe_key_pairs()
    del patched
    collect_garbage()
    assert kept() is None
    with mock() as aws:
        assert describe(aws.client("eu-west-3")) == []


def test_the_clients_that_are_kept_are_few():
    with mock() as aws:
        for number in range(1, clients._MOST + 2):
            clients._clients["filler", number] = None
        assert describe(aws.client("af-south-1")) == []
        assert len(clients._clients) == 1


class TestModules:
    @pytest.mark.parametrize(
        "name",
        ["requests", "responses", "aiobotocore", "aiobotocore.httpsession", "boto3", "moto.core"],
    )
    def test_one_that_a_test_hides_is_left_alone(self, name, monkeypatch, recwarn):
        monkeypatch.setitem(sys.modules, name, None)
        client = clients._make("us-east-1") if name != "boto3" else None
        with mock():
            assert client is None or describe(client) == []
        assert sys.modules[name] is None
        assert [str(each.message) for each in recwarn] == []

    @pytest.mark.parametrize("name", ["requests", "responses", "aiobotocore.endpoint"])
    def test_one_that_a_test_mocks_is_left_alone(self, name, monkeypatch):
        fake = unittest.mock.MagicMock()
        monkeypatch.setitem(sys.modules, name, fake)
        with mock() as aws:
            assert describe(aws.client()) == []
        assert sys.modules[name] is fake

    def test_looking_for_requests_does_not_disarm_us(self):
        done = run_script(
            """
            import importlib.util
            from ec2_keypair_mock import UnmockedCallError, mock
            with mock():
                importlib.util.find_spec("requests")
                importlib.util.find_spec("botocore.httpsession")
                import requests, boto3
                for call in (
                    lambda: requests.get("https://sts.amazonaws.com/"),
                    boto3.client("sts", region_name="us-east-1").get_caller_identity,
                ):
                    try:
                        call()
                    except UnmockedCallError:
                        print("refused")
            """
        )
        assert done == "refused\nrefused\n"

    def test_importing_botocore_anew_does_not_either(self):
        done = run_script(
            """
            import os
            import sys
            import boto3
            from ec2_keypair_mock import mock
            os.environ["AWS_MAX_ATTEMPTS"] = "1"
            with mock() as aws:
                for name in [each for each in sys.modules if each.startswith(("boto", "urllib3"))]:
                    del sys.modules[name]
                import boto3
                ec2 = boto3.client("ec2", region_name="us-east-1")
                ec2.create_key_pair(KeyName="a", KeyType="ed25519")
                aws.fail("DescribeKeyPairs", ConnectionError)
                try:
                    ec2.describe_key_pairs()
                except sys.modules["botocore.exceptions"].EndpointConnectionError:
                    print(*aws.backend().key_pairs)
            """
        )
        assert done == "a\n"


def run_script(text):
    command = [sys.executable, "-c", textwrap.dedent(text)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


class TestTime:
    def test_no_answer_sleeps_or_asks_for_the_time(self, monkeypatch):
        def fail(*arguments):
            # botocore asks for the time itself.
            caller = sys._getframe(1).f_globals["__name__"]
            assert not caller.startswith("ec2_keypair_mock"), caller
            return real(*arguments)

        with mock() as aws:
            client = aws.client()
            for name in ("sleep", "time"):
                real = getattr(time, name)
                monkeypatch.setattr(time, name, fail)
            client.create_key_pair(KeyName="a", KeyType="ed25519")
            assert len(describe(client)) == 1

    def test_nor_does_one_of_aiobotocore(self, monkeypatch):
        async def main():
            session = aiobotocore.session.get_session()
            async with session.create_client("ec2", region_name="us-east-1") as client:
                monkeypatch.setattr(
                    asyncio, "sleep", unittest.mock.Mock(side_effect=AssertionError)
                )
                return (await client.describe_key_pairs())["KeyPairs"]

        with mock():
            assert asyncio.run(main()) == []

    def test_a_task_that_polls_lets_the_others_run(self):
        async def main():
            done = []

            async def finish():
                done.append(1)

            session = aiobotocore.session.get_session()
            async with session.create_client("ec2", region_name="us-east-1") as client:
                task = asyncio.ensure_future(finish())
                for _ in range(3):
                    await client.describe_key_pairs()
                await task
                return done

        with mock():
            assert asyncio.run(main()) == [1]

    def test_a_frozen_clock_stays_frozen(self):
        with mock() as aws, freezegun.freeze_time("2026-01-02 03:04:05"):
            created = aws.backend().create_key_pair(key_name="a", key_type="ed25519")
            answer = boto3.client("ec2").describe_key_pairs()
        assert f"{created.create_time:%Y-%m-%d %H:%M:%S}" == "2026-01-02 03:04:05"
        date = answer["ResponseMetadata"]["HTTPHeaders"]["date"]
        assert date == "Fri, 02 Jan 2026 03:04:05 GMT"


def test_a_wrapper_of_requests_survives_too(monkeypatch):
    seen = []
    real = HTTPAdapter.send
    url = "https://ec2.us-east-1.amazonaws.com/?Action=DescribeKeyPairs&Version=2016-11-15"
    with mock():
        HTTPAdapter.send = instrumented(seen)(HTTPAdapter.send)
        try:
            signed = {"Authorization": "Credential=a/20260101/us-east-1/ec2/aws4_request"}
            assert requests.get(url, headers=signed).ok
        finally:
            theirs = HTTPAdapter.send
    assert HTTPAdapter.send is theirs
    HTTPAdapter.send = real
    assert seen == ["called"]
