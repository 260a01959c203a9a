"""``mock`` as a context manager: what it starts and stops, and what it gives."""

import datetime as dt
import os
import pickle
import threading

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

from ec2_keypair_mock import (
    Call,
    EC2Error,
    KeyPair,
    SwallowedCallError,
    UnmockedCallError,
    mock,
    refusals,
)
from ec2_keypair_mock import active as activations
from ec2_keypair_mock.active import Active, active
from ec2_keypair_mock.boto import default_session
from ec2_keypair_mock.boto.environment import environment
from ec2_keypair_mock.boto.warm import Warm
from ec2_keypair_mock.clients.gate import gate
from ec2_keypair_mock.moto.shared_state import shared_state

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMduvWA7Q35QVLBez30EIH7qXgyHjmUqQgB6+Klj7oM1"
FINGERPRINT = "HMXWyhG4gbktWdKgkzX/THR2+GMkRLG8rKsKj1oW86k="
KEY = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")


def names(client):
    return [each["KeyName"] for each in client.describe_key_pairs()["KeyPairs"]]


class TestState:
    def test_it_is_fresh_for_each_activation(self):
        for _ in range(2):
            with mock() as aws:
                assert names(aws.client()) == []
                aws.client().create_key_pair(KeyName="a", KeyType="ed25519")

    def test_nested_activations_share_it_until_the_last_one_ends(self):
        with mock() as outer:
            with mock() as inner:
                inner.client().create_key_pair(KeyName="a", KeyType="ed25519")
            assert names(outer.client()) == ["a"]
            assert outer.calls == inner.calls
        assert outer.backend().key_pairs == {}

    def test_one_object_may_be_entered_twice(self):
        once = mock()
        with once, once as aws:
            aws.client().create_key_pair(KeyName="a", KeyType="ed25519")
        with once as aws:
            assert names(aws.client()) == []

    def test_activations_may_end_in_any_order(self):
        first, second = mock(), mock()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert names(second.client()) == []
        second.__exit__(None, None, None)
        assert "AKIAIOSFODNN7EXAMPLE" not in os.environ.values()

    def test_reset_starts_afresh(self):
        with mock() as aws:
            aws.deny("ec2:CreateKeyPair")
            aws.fail("DescribeKeyPairs", "RequestExpired", times=9)
            aws.delay_visibility(describes=9)
            aws.backend().import_key_pair(key_name="a", public_key_material=ED25519)
            aws.reset()
            assert aws.calls == []
            aws.client().create_key_pair(KeyName="b", KeyType="ed25519")
            assert names(aws.client()) == ["b"]

    def test_reset_empties_the_list_that_one_holds(self):
        with mock() as aws:
            calls = aws.calls
            names(aws.client())
            aws.reset()
            assert calls == []
            names(aws.client())
            assert [call.action for call in calls] == ["DescribeKeyPairs"]

    def test_accounts_and_regions_have_their_own(self):
        with mock(account_id="210987654321") as aws:
            aws.client("eu-west-1").create_key_pair(KeyName="a", KeyType="ed25519")
            assert list(aws.backend("eu-west-1").key_pairs) == ["a"]
            assert list(aws.backend("eu-west-1", "210987654321").key_pairs) == ["a"]
            assert aws.backend("eu-west-1", "123456789012").key_pairs == {}
            assert aws.backend().key_pairs == {}
            assert aws.calls[0].account_id == "210987654321"

    def test_the_innermost_account_counts(self):
        with mock(account_id="111111111111") as outer, mock():
            outer.client().create_key_pair(KeyName="a", KeyType="ed25519")
            with mock(account_id="222222222222"):
                assert names(outer.client()) == []
            assert names(outer.client()) == ["a"]

    @pytest.mark.parametrize("account_id", ["12345", "12345678901a", "", 123456789012])
    def test_an_account_id_has_12_digits(self, account_id):
        with pytest.raises(ValueError, match="12 digits"):
            mock(account_id=account_id)

    @pytest.mark.parametrize("account_id", ["12345", 123456789012])
    def test_so_has_that_of_a_backend(self, account_id):
        with mock() as aws, pytest.raises(ValueError, match="12 digits"):
            aws.backend(account_id=account_id)

    @pytest.mark.parametrize("name", ["passthrough", "allow_swallowed", "fresh_keys"])
    @pytest.mark.parametrize("value", ["yes", 1])
    def test_a_switch_is_a_boolean(self, name, value):
        with pytest.raises(TypeError, match=f"{name} must be True, False or None"):
            mock(**{name: value})

    @pytest.mark.parametrize("region", ["us-east", "useast1", "US-EAST-1", "us-east-1a", "a b", ""])
    @pytest.mark.parametrize("use", ["backend", "client"])
    def test_a_region_has_the_form_of_one(self, region, use):
        with mock() as aws, pytest.raises(ValueError, match="no Region"):
            getattr(aws, use)(region)

    def test_every_region_that_botocore_knows_is_one(self):
        known = boto3.Session()
        regions = [
            region
            for partition in known.get_available_partitions()
            for region in known.get_available_regions("ec2", partition)
        ]
        with mock() as aws:
            assert len({aws.backend(region).region for region in regions}) == len(regions) > 30

    @pytest.mark.parametrize(
        "use", [lambda aws: aws.backend().region, lambda aws: aws.client().meta.region_name]
    )
    def test_by_default_it_is_the_configured_one(self, monkeypatch, use):
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        with mock() as aws:
            assert use(aws) == "eu-central-1"

    def test_what_was_not_entered_cannot_end(self):
        with pytest.raises(RuntimeError, match="with mock"):
            mock().__exit__(None, None, None)


class TestLookingAndSeeding:
    def test_a_seeded_key_pair_is_described(self):
        with mock() as aws:
            seeded = aws.backend("eu-west-1").import_key_pair(
                key_name="deploy", public_key_material=ED25519
            )
            described = aws.client("eu-west-1").describe_key_pairs(IncludePublicKey=True)
        assert isinstance(seeded, KeyPair)
        (item,) = described["KeyPairs"]
        assert item["KeyPairId"] == seeded.key_pair_id
        assert item["KeyFingerprint"] == seeded.key_fingerprint == FINGERPRINT
        assert item["PublicKey"] == seeded.public_key == f"{ED25519} deploy\n"
        assert item["CreateTime"] == seeded.create_time
        assert seeded.create_time.utcoffset() == dt.timedelta(0)

    def test_a_created_key_pair_holds_its_private_key_once(self):
        with mock() as aws:
            created = aws.backend().create_key_pair(key_name="a", key_type="ed25519")
            assert created.key_material.startswith("-----BEGIN OPENSSH PRIVATE KEY-----")
            assert "PRIVATE" not in repr(created)
            assert not hasattr(aws.backend().key_pairs["a"], "key_material")

    def test_seeding_wrongly_raises_the_error_of_the_api(self):
        with mock() as aws, pytest.raises(EC2Error, match=r"InvalidKey\.Format: Key is not"):
            aws.backend().import_key_pair(key_name="a", public_key_material="junk")

    def test_tags_cannot_be_changed_behind_its_back(self):
        with mock() as aws:
            aws.backend().import_key_pair(key_name="a", public_key_material=ED25519)
            with pytest.raises(TypeError):
                aws.backend().key_pairs["a"].tags["Name"] = "b"

    def test_calls_are_plain_records(self):
        with mock() as aws:
            aws.client("eu-west-1").import_key_pair(
                KeyName="a",
                PublicKeyMaterial=ED25519.encode(),
                TagSpecifications=[
                    {"ResourceType": "key-pair", "Tags": [{"Key": "team", "Value": "x"}]}
                ],
            )
            with pytest.raises(ClientError):
                aws.client().describe_key_pairs(KeyNames=["b"], DryRun=False)
        assert aws.calls == [
            Call(
                "ImportKeyPair",
                {
                    "KeyName": "a",
                    "PublicKeyMaterial": ED25519.encode(),
                    "TagSpecifications": [
                        {"ResourceType": "key-pair", "Tags": [{"Key": "team", "Value": "x"}]}
                    ],
                },
                region="eu-west-1",
                account_id="123456789012",
            ),
            Call(
                "DescribeKeyPairs",
                {"KeyNames": ["b"], "DryRun": False},
                region="us-east-1",
                account_id="123456789012",
                code="InvalidKeyPair.NotFound",
            ),
        ]

    def test_the_client_is_made_once_a_region(self):
        with mock() as aws:
            assert aws.client() is aws.client("us-east-1")
            assert aws.client("eu-west-1").meta.region_name == "eu-west-1"

    def test_the_client_is_that_of_the_test_before(self):
        clients = []
        for _ in range(2):
            with mock() as aws:
                clients.append(aws.client())
        assert clients[0] is clients[1]

    def test_the_client_follows_the_environment(self, monkeypatch):
        with mock() as aws:
            before = aws.client()
            monkeypatch.setenv("AWS_MAX_ATTEMPTS", "7")
            assert aws.client().meta.config.retries["total_max_attempts"] == 7
            monkeypatch.delenv("AWS_MAX_ATTEMPTS")
            assert aws.client() is before

    def test_the_client_follows_the_config_file(self, monkeypatch, tmp_path):
        config = tmp_path / "config"
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        with mock() as aws:
            aws.client()
            config.write_text("[default]\nmax_attempts = 7\n")
            assert aws.client().meta.config.retries["total_max_attempts"] == 7

    @pytest.mark.parametrize(
        "use",
        [lambda aws: aws.backend(), lambda aws: aws.client(), lambda aws: aws.calls],
        ids=["backend", "client", "calls"],
    )
    def test_before_it_is_active_it_says_what_to_do(self, use):
        with pytest.raises(RuntimeError, match="with mock"):
            use(mock())

    def test_its_repr_says_how_it_was_made(self):
        made = mock(account_id="210987654321", fresh_keys=False)
        assert repr(made) == "KeyPairMock(account_id='210987654321', fresh_keys=False)"


class TestEnvironment:
    @pytest.mark.parametrize("before", [None, "", "real"], ids=["unset", "empty", "set"])
    @pytest.mark.parametrize("name", [*CREDENTIALS, *PROFILES, "AWS_DEFAULT_REGION"])
    def test_what_was_there_comes_back(self, monkeypatch, name, before):
        monkeypatch.setenv(name, "")
        if before is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, before)
        with mock():
            os.environ[name] = "changed inside"
        assert os.environ.get(name) == before

    def test_real_credentials_are_hidden(self, monkeypatch):
        for name in CREDENTIALS:
            monkeypatch.setenv(name, "real")
        with mock():
            found = boto3.Session().get_credentials().get_frozen_credentials()
        assert "real" not in tuple(found)

    def test_without_a_region_it_is_us_east_1(self, monkeypatch, tmp_path):
        monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
        with mock():
            assert boto3.client("ec2").meta.region_name == "us-east-1"

    def test_a_region_of_the_config_file_is_kept(self, monkeypatch, tmp_path):
        config = tmp_path / "config"
        config.write_text("[default]\nregion = eu-north-1\n")
        monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        with mock():
            assert boto3.client("ec2").meta.region_name == "eu-north-1"

    @pytest.mark.parametrize("name", PROFILES)
    def test_a_region_of_the_profile_is_kept(self, monkeypatch, tmp_path, name):
        config = tmp_path / "config"
        config.write_text("[default]\nregion = eu-north-1\n[profile p]\nregion = eu-west-2\n")
        monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        monkeypatch.setenv(name, "p")
        with mock():
            assert boto3.client("ec2").meta.region_name == "eu-west-2"
        assert os.environ[name] == "p"
        assert "AWS_DEFAULT_REGION" not in os.environ

    def test_a_profile_that_is_not_there_is_not_asked_for(self, monkeypatch, tmp_path):
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_PROFILE", "nope")
        with mock() as aws:
            assert names(aws.client()) == names(boto3.client("ec2", "eu-west-1")) == []
            assert boto3.client("ec2").meta.region_name == "us-east-1"
        assert os.environ["AWS_PROFILE"] == "nope"

    def test_a_config_file_that_is_none_stops_nobody(self, monkeypatch, tmp_path):
        config = tmp_path / "config"
        config.write_text("no config\n")
        ec2 = boto3.client("ec2", "us-east-1", **KEY)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        with mock():
            assert names(ec2) == []


class TestFailedStarts:
    @pytest.mark.parametrize(
        ("owner", "name"),
        [
            (activations, "missing_region"),
            (Warm, "start"),
            (shared_state, "state_started"),
            (environment, "enter"),
            (default_session, "swap"),
        ],
        ids=lambda each: getattr(each, "__name__", each),
    )
    def test_they_leave_everything_as_it_was(self, monkeypatch, owner, name):
        def fail(*arguments):
            raise OSError("no")

        before = (dict(os.environ), URLLib3Session.send, boto3.DEFAULT_SESSION)
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, fail)
            with pytest.raises(OSError, match="no"):
                mock().__enter__()
        assert (dict(os.environ), URLLib3Session.send, boto3.DEFAULT_SESSION) == before
        assert gate.service is None
        with mock() as aws:
            assert names(aws.client()) == []


class TestDefaultSession:
    def test_it_does_not_leak_in_or_out(self, monkeypatch):
        users = boto3.Session(region_name="eu-west-3")
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", users)
        with mock():
            boto3.setup_default_session(region_name="eu-west-2")
            assert boto3.client("ec2").meta.region_name == "eu-west-2"
        assert boto3.DEFAULT_SESSION is users

    def test_it_sees_the_environment_of_each_test(self, monkeypatch):
        for region in ("eu-west-1", "eu-west-2"):
            monkeypatch.setenv("AWS_DEFAULT_REGION", region)
            with mock():
                assert boto3.client("ec2").meta.region_name == region

    def test_it_sees_what_is_set_inside(self):
        with mock():
            os.environ["AWS_DEFAULT_REGION"] = "ap-south-1"
            assert boto3.client("ec2").meta.region_name == "ap-south-1"

    def test_handlers_of_one_test_do_not_reach_the_next(self):
        seen = []
        with mock():
            boto3.client("ec2")
            boto3.DEFAULT_SESSION.events.register("before-send", lambda **kwargs: seen.append(1))
        with mock():
            boto3.client("ec2").describe_key_pairs()
        assert seen == []

    def test_models_of_the_users_own_are_found(self, monkeypatch, tmp_path):
        monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
        with mock():
            loader = boto3.Session()._session.get_component("data_loader")
            assert str(tmp_path) in loader.search_paths

    def test_search_paths_do_not_grow(self):
        with mock():
            first, second = (
                list(boto3.Session()._session.get_component("data_loader").search_paths)
                for _ in range(2)
            )
        assert first == second


class TestThreads:
    def test_activations_of_many_threads_share_one_state(self):
        together = threading.Barrier(8)

        def use(number):
            with mock() as aws:
                together.wait()
                aws.client().create_key_pair(KeyName=f"k{number}", KeyType="ed25519")
                together.wait()

        with mock() as aws:
            aws.client()
            threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(aws.backend().key_pairs) == 8
        assert "AKIAIOSFODNN7EXAMPLE" not in os.environ.values()


class TestUnmockedCalls:
    def test_another_action_names_itself_and_the_ways_out(self):
        with mock() as aws, pytest.raises(UnmockedCallError) as refused:
            aws.client("eu-west-1").describe_vpcs()
        text = str(refused.value)
        for part in ("DescribeVpcs", "eu-west-1", "mock_aws", "passthrough=True"):
            assert part in text
        assert (refused.value.service, refused.value.action) == ("ec2", "DescribeVpcs")

    def test_another_service_too(self):
        with mock(), pytest.raises(UnmockedCallError, match="sns ListTopics in eu-west-1"):
            boto3.client("sns", region_name="eu-west-1").list_topics()

    def test_a_service_without_action_names_on_the_wire(self):
        with mock(), pytest.raises(UnmockedCallError, match="s3 PutObject in us-east-1"):
            boto3.client("s3", region_name="us-east-1").put_object(Bucket="b", Key="k", Body=b"x")

    def test_a_json_service(self):
        with mock(), pytest.raises(UnmockedCallError, match="dynamodb ListTables"):
            boto3.client("dynamodb", region_name="us-east-1").list_tables()

    def test_it_is_not_retried(self):
        attempts = []
        with mock() as aws:
            client = boto3.client("ec2")
            client.meta.events.register(
                "before-send.ec2", lambda **kwargs: attempts.append(1) or None
            )
            with pytest.raises(UnmockedCallError):
                client.describe_vpcs()
        assert attempts == [1]
        assert aws.calls == []

    def test_tags_of_other_resources_are_not_mocked_either(self):
        with mock() as aws, pytest.raises(UnmockedCallError, match=r"CreateTags .*i-12345678"):
            aws.client().create_tags(Resources=["i-12345678"], Tags=[{"Key": "a", "Value": "b"}])

    def test_its_exceptions_can_be_pickled(self):
        # pytest-xdist and multiprocessing send them from one process to another.
        first = UnmockedCallError("ec2", "DescribeVpcs", "eu-west-1", "to ec2.example", "Mock it.")
        for error in (first, SwallowedCallError(first, "in deploy")):
            again = pickle.loads(pickle.dumps(error))
            assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


class TestScopes:
    def test_a_state_of_before_gives_a_test_the_calls_that_it_makes(self):
        with mock() as aws:
            aws.client().describe_tags()
            scope = refusals.begin()
            active.join(scope)
            aws.client().describe_key_pairs()
            refusals.end(scope)
        (service,) = scope.services
        assert [call.action for call in service.calls_since_mark()] == ["DescribeKeyPairs"]

    def test_without_a_scope_nobody_is_told(self, monkeypatch):
        monkeypatch.setattr(refusals, "_scopes", [])
        refusals.join(None)
        scope = refusals.begin()
        refusals.end(scope)
        refusals.end(scope)
        refusals.raise_swallowed([])
        with pytest.raises(UnmockedCallError), mock(allow_swallowed=True) as aws:
            aws.client().describe_vpcs()

    def test_the_state_begins_outside_a_scope_too(self, monkeypatch):
        monkeypatch.setattr(refusals, "_scopes", [])
        with mock() as aws:
            assert names(aws.client()) == []

    def test_a_state_that_is_shared_with_no_other_mock(self):
        alone = Active()
        service = alone.keep_state()
        assert gate.service is service
        alone.release_state()
        assert gate.service is None
