"""aiobotocore's clients, with both of its HTTP sessions: the one state, real parsing, any loop."""

import asyncio
import functools
import subprocess
import sys
import textwrap
import threading
import time
from unittest.mock import AsyncMock, patch

import boto3
import pytest
from aiobotocore import httpsession
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from botocore.retries.standard import ExponentialBackoff

from ec2_keypair_mock import UnmockedCallError, mock
from ec2_keypair_mock.clients import entrances

try:
    import httpx  # noqa: F401
    from aiobotocore.httpxsession import HttpxSession
except ImportError:  # Older versions have the one session.
    HttpxSession = None

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEmbXAHcXLoI7tfrWa1Q8nwGZ8VvdYmRP5GxnVQ5D1Ft"

pytestmark = pytest.mark.filterwarnings("ignore:aiobotocore's httpx backend:DeprecationWarning")

SESSIONS = [
    pytest.param({}, id="aiohttp"),
    pytest.param(
        {"http_session_cls": HttpxSession},
        id="httpx",
        marks=pytest.mark.skipif(HttpxSession is None, reason="aiobotocore without httpx"),
    ),
]
each_session = pytest.mark.parametrize("session", SESSIONS)


@functools.cache
def loader():
    """The loader of models, with what it has loaded: EC2's takes most of a second."""
    return get_session().get_component("data_loader")


def client(session=None, **config):
    """A client's context; without a second try, unless ``config`` says so."""
    config = {"retries": {"max_attempts": 0}, **(session or {}), **config}
    made = get_session()
    made.register_component("data_loader", loader())
    return made.create_client(
        "ec2",
        region_name="us-east-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
        config=AioConfig(**config),
    )


def names(aws):
    return sorted(aws.backend().key_pairs)


def run(function, *args, **kwargs):
    """Run ``function`` in a new loop with an entered client."""

    async def main():
        async with client(*args, **kwargs) as ec2:
            return await function(ec2)

    return asyncio.run(main())


@pytest.fixture
def aws():
    with mock() as aws:
        yield aws


class TestAnswers:
    @each_session
    def test_every_verb_goes_through_the_real_parser(self, aws, session):
        async def use(ec2):
            imported = await ec2.import_key_pair(
                KeyName="a",
                PublicKeyMaterial=KEY.encode(),
                TagSpecifications=[
                    {"ResourceType": "key-pair", "Tags": [{"Key": "team", "Value": "x"}]}
                ],
            )
            created = await ec2.create_key_pair(KeyName="b", KeyType="ed25519")
            await ec2.create_tags(
                Resources=[created["KeyPairId"]], Tags=[{"Key": "n", "Value": "1"}]
            )
            found = await ec2.describe_key_pairs(IncludePublicKey=True)
            tags = await ec2.describe_tags()
            deleted = await ec2.delete_key_pair(KeyName="a")
            return imported, created, found, tags, deleted

        imported, created, found, tags, deleted = run(use, session)
        assert imported["Tags"] == [{"Key": "team", "Value": "x"}]
        assert created["KeyMaterial"].startswith("-----BEGIN OPENSSH PRIVATE KEY-----")
        assert [each["PublicKey"].split()[2] for each in found["KeyPairs"]] == ["a", "b"]
        assert {each["Key"] for each in tags["Tags"]} == {"team", "n"}
        assert deleted["KeyPairId"] == imported["KeyPairId"]
        assert imported["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert imported["ResponseMetadata"]["HTTPHeaders"]["server"] == "AmazonEC2"
        assert names(aws) == ["b"]

    @each_session
    def test_sync_and_async_clients_have_one_state(self, aws, session):
        aws.client().create_key_pair(KeyName="a", KeyType="ed25519")

        async def use(ec2):
            await ec2.create_key_pair(KeyName="b", KeyType="ed25519")
            return (await ec2.describe_key_pairs())["KeyPairs"]

        assert run(use, session) == boto3.client("ec2").describe_key_pairs()["KeyPairs"]
        assert [call.action for call in aws.calls][:2] == ["CreateKeyPair"] * 2

    @each_session
    def test_an_error_is_a_client_error(self, aws, session):
        with pytest.raises(ClientError) as caught:
            run(lambda ec2: ec2.describe_key_pairs(KeyNames=["a"]), session)
        assert caught.value.response["Error"] == {
            "Code": "InvalidKeyPair.NotFound",
            "Message": "The key pair 'a' does not exist",
        }
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_pages_are_collected(self, aws):
        for number in range(12):
            aws.backend().import_key_pair(key_name=f"k{number:02}", public_key_material=KEY)

        async def use(ec2):
            pages = ec2.get_paginator("describe_tags").paginate()
            return [page async for page in pages], await ec2.describe_key_pairs()

        pages, found = run(use)
        assert len(pages) == 1
        assert len(found["KeyPairs"]) == 12

    @each_session
    def test_a_waiter_waits_for_a_key_pair(self, aws, session):
        aws.delay_visibility(describes=2)

        async def use(ec2):
            await ec2.create_key_pair(KeyName="a", KeyType="ed25519")
            waiter = ec2.get_waiter("key_pair_exists")
            await waiter.wait(KeyNames=["a"], WaiterConfig={"Delay": 0.001, "MaxAttempts": 5})

        run(use, session)
        assert [call.code for call in aws.calls][-1] is None
        assert len(aws.calls) > 2


class TestConcurrency:
    @each_session
    def test_a_hundred_calls_at_once(self, aws, session):
        async def use(ec2):
            calls = [
                ec2.import_key_pair(KeyName=f"k{number}", PublicKeyMaterial=KEY.encode())
                for number in range(100)
            ]
            return await asyncio.gather(*calls)

        found = run(use, session)
        assert len({each["KeyPairId"] for each in found}) == 100
        assert len(names(aws)) == 100

    def test_one_of_many_creates_a_name(self, aws):
        async def use(ec2):
            calls = [ec2.create_key_pair(KeyName="a", KeyType="ed25519") for _ in range(20)]
            return await asyncio.gather(*calls, return_exceptions=True)

        found = run(use)
        assert sum(isinstance(each, dict) for each in found) == 1
        assert sum(isinstance(each, ClientError) for each in found) == 19

    def test_threads_with_loops_of_their_own_and_sync_clients(self, aws):
        def sync(number):
            boto3.Session().client("ec2").create_key_pair(KeyName=f"s{number}", KeyType="ed25519")

        def in_loop(number):
            run(lambda ec2: ec2.create_key_pair(KeyName=f"a{number}", KeyType="ed25519"))

        threads = [
            threading.Thread(target=target, args=(number,))
            for number in range(4)
            for target in (sync, in_loop)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert names(aws) == [f"{kind}{number}" for kind in "as" for number in range(4)]

    @each_session
    def test_a_task_that_polls_lets_others_run(self, aws, session):
        async def use(ec2):
            async def poll():
                while not (await ec2.describe_key_pairs())["KeyPairs"]:
                    pass

            async def create():
                await asyncio.sleep(0)
                aws.backend().import_key_pair(key_name="a", public_key_material=KEY)

            await asyncio.wait_for(asyncio.gather(poll(), create()), 5)

        run(use, session)

    @each_session
    def test_a_cancelled_call_ends_at_once(self, aws, session):
        aws.delay("CreateKeyPair", 30)

        async def use(ec2):
            task = asyncio.ensure_future(ec2.create_key_pair(KeyName="a", KeyType="ed25519"))
            while not aws.calls:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return await ec2.describe_key_pairs()

        found = run(use, session, read_timeout=60)
        # As with the real one: the request had been sent.
        assert [each["KeyName"] for each in found["KeyPairs"]] == ["a"]

    def test_late_answers_do_not_hold_up_one_another(self, aws):
        aws.delay("DescribeKeyPairs", 0.1, times=50)

        async def use(ec2):
            start = time.monotonic()
            await asyncio.gather(*(ec2.describe_key_pairs() for _ in range(50)))
            return time.monotonic() - start

        assert 0.1 <= run(use) < 4

    def test_nested_activations_in_tasks_share_the_state(self):
        async def create(name):
            async with mock() as aws, client() as ec2:
                await ec2.create_key_pair(KeyName=name, KeyType="ed25519")
                await barrier()
                return names(aws)

        arrived = []

        async def barrier():
            arrived.append(None)
            while len(arrived) < 3:
                await asyncio.sleep(0)

        async def main():
            return await asyncio.gather(*map(create, "abc"))

        assert asyncio.run(main()) == [["a", "b", "c"]] * 3


class TestFaults:
    @pytest.mark.parametrize(
        ("failure", "error"),
        [(ConnectionError, EndpointConnectionError), (TimeoutError, ReadTimeoutError)],
    )
    @each_session
    def test_an_outage_is_the_clients_own_error(self, aws, session, failure, error):
        aws.fail("DescribeKeyPairs", failure)
        with pytest.raises(error):
            run(lambda ec2: ec2.describe_key_pairs(), session)

    @pytest.mark.parametrize("failure", [ConnectionError, TimeoutError, "InternalError"])
    def test_it_is_tried_again(self, aws, failure, monkeypatch):
        monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
        aws.fail("DescribeKeyPairs", failure)
        retries = {"mode": "standard", "max_attempts": 2}
        found = run(lambda ec2: ec2.describe_key_pairs(), retries=retries)
        assert found["ResponseMetadata"]["RetryAttempts"] == 1
        assert len(aws.calls) == 2

    @each_session
    def test_an_answer_past_the_read_time_out_is_lost_at_once(self, aws, session):
        aws.delay("DeleteKeyPair", 60)
        start = time.monotonic()
        with pytest.raises(ReadTimeoutError):
            run(lambda ec2: ec2.delete_key_pair(KeyName="a"), session, read_timeout=60)
        assert time.monotonic() - start < 10

    @each_session
    def test_without_a_read_time_out_every_answer_arrives(self, aws, session):
        aws.delay("DescribeKeyPairs", 0.001)

        async def use(ec2):
            http = ec2._endpoint.http_session
            http._timeout = type(http._timeout)(None)
            return await ec2.describe_key_pairs()

        assert run(use, session)["KeyPairs"] == []

    @each_session
    def test_a_calls_own_read_time_out_counts(self, aws, session):
        aws.delay("DescribeKeyPairs", 1)

        async def use(ec2):
            ec2.meta.events.register("before-send.ec2", hurry)
            await ec2.describe_key_pairs()

        def hurry(request, **kwargs):
            request.context = {"read_timeout": 0.5}

        with pytest.raises(ReadTimeoutError):
            run(use, session)


class TestOtherCalls:
    @each_session
    def test_a_call_that_nobody_mocks_is_refused(self, aws, session):
        with pytest.raises(UnmockedCallError, match="ec2 DescribeInstances in us-east-1"):
            run(lambda ec2: ec2.describe_instances(), session, retries={"max_attempts": 5})

    def test_a_host_that_is_not_aws_is_reached(self, aws):
        requests = []

        async def serve(reader, writer):
            requests.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        async def main():
            server = await asyncio.start_server(serve, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            async with (
                server,
                get_session().create_client(
                    "ec2",
                    region_name="us-east-1",
                    endpoint_url=f"http://127.0.0.1:{port}",
                    config=AioConfig(retries={"max_attempts": 0}),
                ) as ec2,
            ):
                with pytest.raises(ClientError):
                    await ec2.describe_instances()
                return await ec2.describe_key_pairs()

        assert asyncio.run(main())["KeyPairs"] == []
        assert len(requests) == 1

    def test_credentials_of_an_instance_are_not_waited_for(self, aws):
        from aiobotocore.utils import AioInstanceMetadataFetcher

        fetcher = AioInstanceMetadataFetcher(timeout=60, num_attempts=2)
        start = time.monotonic()
        assert asyncio.run(fetcher.retrieve_iam_role_credentials()) == {}
        assert time.monotonic() - start < 10

    @each_session
    def test_moto_has_the_same_key_pairs(self, aws, session):
        from moto import mock_aws

        async def use(ec2):
            await ec2.create_key_pair(KeyName="a", KeyType="ed25519")
            return await ec2.describe_instances()

        with mock_aws():
            assert run(use, session)["Reservations"] == []
            found = boto3.client("ec2", region_name="us-east-1").describe_key_pairs()["KeyPairs"]
        assert [each["KeyName"] for each in found] == ["a"]
        assert [call.action for call in aws.calls] == ["CreateKeyPair", "DescribeKeyPairs"]

    def test_motos_objects_can_be_read(self, aws):
        from moto import mock_aws

        async def main():
            async with get_session().create_client("s3", region_name="us-east-1") as s3:
                found = (await s3.get_object(Bucket="bucket", Key="key"))["Body"]
                return await found.read(1), await found.read()

        with mock_aws():
            bucket = boto3.resource("s3", region_name="us-east-1").create_bucket(Bucket="bucket")
            bucket.put_object(Key="key", Body=b"abc")
            assert asyncio.run(main()) == (b"a", b"bc")

    def test_motos_answers_can_be_awaited(self, aws):
        from moto import mock_aws

        async def main():
            async with get_session().create_client("sts", region_name="us-east-1") as sts:
                return await sts.get_caller_identity()

        with mock_aws():
            assert asyncio.run(main())["Account"] == "123456789012"

    def test_a_response_that_was_made_to_be_awaited_is_kept(self, aws):
        from aiobotocore.awsrequest import AioAWSResponse
        from aiobotocore.endpoint import first_non_none_response

        response = AioAWSResponse("", 200, {}, None)
        assert first_non_none_response([(None, None), (None, response)]) is response
        assert first_non_none_response([], 1) == 1


class TestPlaces:
    @each_session
    def test_a_client_from_before_is_caught(self, session):
        async def main():
            async with client(session) as ec2:
                async with mock() as aws:
                    await ec2.create_key_pair(KeyName="a", KeyType="ed25519")
                    first = names(aws)
                async with mock():
                    return first, (await ec2.describe_key_pairs())["KeyPairs"]

        assert asyncio.run(main()) == (["a"], [])

    def test_all_is_put_back(self):
        from aiobotocore import endpoint

        def places():
            found = [httpsession.AIOHTTPSession.send, endpoint.first_non_none_response]
            return found + ([HttpxSession.send] if HttpxSession else [])

        before = places()
        with mock():
            assert all(a is not b for a, b in zip(before, places(), strict=True))
        assert all(a is b for a, b in zip(before, places(), strict=True))

    def test_an_import_that_is_still_going_on_at_the_end_leaves_nothing(self):
        before = httpsession.AIOHTTPSession.send
        # Another thread's import, done when the mock is over.
        entrances._patch_aiobotocore(httpsession)
        assert httpsession.AIOHTTPSession.send is before

    def test_it_is_not_imported_for_the_mock(self):
        run_script("""
            import sys
            from ec2_keypair_mock import mock
            with mock() as aws:
                aws.client().describe_key_pairs()
            assert not {"aiobotocore", "aiohttp", "httpx"} & set(sys.modules)
        """)

    def test_it_may_be_imported_inside(self):
        run_script("""
            import asyncio
            from ec2_keypair_mock import mock

            async def main():
                from aiobotocore.session import get_session
                async with get_session().create_client("ec2") as ec2:
                    await ec2.create_key_pair(KeyName="a", KeyType="ed25519")

            with mock() as aws:
                asyncio.run(main())
                assert list(aws.backend().key_pairs) == ["a"]
            from aiobotocore.httpsession import AIOHTTPSession
            assert AIOHTTPSession.send.__code__.co_filename.endswith("httpsession.py")
        """)

    def test_it_may_be_missing(self):
        run_script("""
            import sys
            sys.modules["aiobotocore"] = sys.modules["aiohttp"] = sys.modules["httpx"] = None
            from ec2_keypair_mock import mock
            with mock() as aws:
                assert aws.client().describe_key_pairs()["KeyPairs"] == []
        """)

    def test_a_version_without_the_place_is_named(self, monkeypatch):
        monkeypatch.setattr(httpsession.AIOHTTPSession, "send", None)
        with pytest.warns(RuntimeWarning, match=r"aiobotocore \d.*: AIOHTTPSession has no send"):
            mock().__enter__().__exit__(None, None, None)
        monkeypatch.undo()
        with mock() as aws:
            assert run(lambda ec2: ec2.describe_key_pairs())["KeyPairs"] == []
            assert len(aws.calls) == 1

    def test_a_patched_send_is_called_for_other_hosts(self):
        async def main():
            request = AWSRequest("GET", "http://localhost:1/").prepare()
            return await httpsession.AIOHTTPSession().send(request, 1, more=2)

        sent = AsyncMock(return_value="sent")
        with patch.object(httpsession.AIOHTTPSession, "send", sent), mock():
            assert asyncio.run(main()) == "sent"
            assert run(lambda ec2: ec2.describe_key_pairs())["KeyPairs"] == []
        assert len(sent.mock_calls) == 1

    @each_session
    def test_no_sleep_without_a_delay(self, aws, session, monkeypatch):
        async def main():
            async with client(session) as ec2:
                with monkeypatch.context() as patched:
                    patched.setattr("asyncio.sleep", pytest.fail)
                    patched.setattr("time.sleep", pytest.fail)
                    return await ec2.describe_key_pairs()

        assert asyncio.run(main())["KeyPairs"] == []

    def test_the_aioboto3_session(self, aws):
        aioboto3 = pytest.importorskip("aioboto3")

        async def main():
            async with aioboto3.Session().client("ec2") as ec2:
                await ec2.create_key_pair(KeyName="a", KeyType="ed25519")
            async with aioboto3.Session().resource("ec2") as ec2:
                key_pair = await ec2.KeyPair("a")
                found = [each.name async for each in ec2.key_pairs.all()]
                await key_pair.delete()
                return found

        assert asyncio.run(main()) == ["a"]
        assert names(aws) == []


def run_script(text):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(text)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
