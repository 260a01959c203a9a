"""One state: moto's EC2 backend, its tags and its Tagging API show our key pairs."""

import base64
import datetime as dt
import functools
from types import SimpleNamespace

import boto3
import pytest
import requests
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.ec2 import ec2_backends
from moto.ec2.exceptions import EC2ClientError

from ec2_keypair_mock import UnmockedCallError, mock
from ec2_keypair_mock.moto.tagging_api import _item

ACCOUNT = "123456789012"
KEY = b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICnBwZ1ZgAyHDuLdJJt0d1c0vK4D7kpdbuHyvNNqwMEt"
TAGS = [{"Key": "team", "Value": "core"}]
TAGGED = [{"ResourceType": "key-pair", "Tags": TAGS}]


@functools.cache
def client(service="ec2"):
    return boto3.client(service, region_name="us-east-1")


def of_moto(region="us-east-1"):
    return ec2_backends[ACCOUNT][region]


def names(ec2):
    return [each["KeyName"] for each in ec2.describe_key_pairs()["KeyPairs"]]


@pytest.fixture
def aws():
    with mock() as aws, mock_aws():
        yield aws


@pytest.fixture
def deploy(aws):
    return client().import_key_pair(
        KeyName="deploy", PublicKeyMaterial=KEY, TagSpecifications=TAGGED
    )


@pytest.mark.parametrize("attribute", ["key_pairs", "keypairs"])
class TestKeyPairsOfMoto:
    """``ec2_backends[account][region].key_pairs``, ``keypairs`` in older versions."""

    def test_are_ours(self, aws, deploy, attribute):
        key_pairs = getattr(of_moto(), attribute)
        assert list(key_pairs) == ["deploy"]
        assert len(key_pairs) == 1
        key_pair = key_pairs["deploy"]
        assert key_pair.id == deploy["KeyPairId"]
        assert key_pair.name == key_pair.key_name == "deploy"
        assert key_pair.fingerprint == key_pair.key_fingerprint == deploy["KeyFingerprint"]
        assert key_pair.key_type == "ed25519"
        assert key_pair.material == ""
        assert key_pair.material_public.decode("utf-8").endswith(" deploy\n")
        assert dict(key_pair.get_tags()[0])["value"] == "core"
        assert repr(key_pairs).startswith("{'deploy': <moto.")

    def test_are_removed_with_it(self, aws, deploy, attribute):
        del getattr(of_moto(), attribute)["deploy"]
        assert names(client()) == []
        with pytest.raises(KeyError):
            del getattr(of_moto(), attribute)["deploy"]

    def test_are_set_with_it(self, aws, deploy, attribute):
        key_pairs = getattr(of_moto(), attribute)
        key_pairs["deploy"] = key_pairs.pop("deploy")
        assert aws.backend().key_pairs["deploy"].key_pair_id == deploy["KeyPairId"]

    def test_are_by_region(self, aws, deploy, attribute):
        assert dict(getattr(of_moto("eu-west-1"), attribute)) == {}


def test_an_object_of_older_versions_is_understood(aws):
    """moto 5.0.0 keeps one text: the private key of a created, else the public one."""
    created = aws.backend().create_key_pair(key_name="deploy")
    older = SimpleNamespace(
        id="key-12345678",
        name="older",
        fingerprint="00:11",
        material=created.key_material,
        create_time=dt.datetime(2024, 1, 1, 12, 0, 0, 123456),
    )
    of_moto().key_pairs["older"] = older
    described = client().describe_key_pairs(KeyNames=["older"], IncludePublicKey=True)
    found = described["KeyPairs"][0]
    assert (found["KeyPairId"], found["KeyFingerprint"]) == ("key-12345678", "00:11")
    assert found["PublicKey"] == created.public_key.replace(" deploy", " older")
    assert found["CreateTime"] == dt.datetime(2024, 1, 1, 12, 0, 0, 123000, dt.timezone.utc)


class TestVerbsOfMoto:
    """moto's own functions, as a test may call them for seeding."""

    def test_create(self, aws):
        created = of_moto().create_key_pair("deploy", "ed25519", {"team": "core"})
        assert "PRIVATE KEY" in created.material
        found = aws.backend().key_pairs["deploy"]
        assert (found.key_pair_id, dict(found.tags)) == (created.id, {"team": "core"})

    def test_create_twice(self, aws):
        of_moto().create_key_pair("deploy", "ed25519", tags={})
        with pytest.raises(EC2ClientError) as caught:
            of_moto().create_key_pair("deploy", "ed25519", tags={})
        assert caught.value.message == "The keypair already exists"

    @pytest.mark.parametrize("material", [KEY, KEY.decode(), base64.b64encode(KEY)])
    def test_import(self, aws, material):
        imported = of_moto().import_key_pair("deploy", material, tags={})
        assert aws.backend().key_pairs["deploy"].key_fingerprint == imported.key_fingerprint

    @pytest.mark.parametrize("material", ["junk!", "anVuaw=="])
    def test_import_junk(self, aws, material):
        with pytest.raises(EC2ClientError, match=r"not in valid OpenSSH|Bad Request"):
            of_moto().import_key_pair("deploy", material, tags={})

    def test_describe(self, aws, deploy):
        assert [each.id for each in of_moto().describe_key_pairs([])] == [deploy["KeyPairId"]]
        assert [each.name for each in of_moto().describe_key_pairs([None])] == ["deploy"]
        assert of_moto().describe_key_pairs([], filters={"key-name": ["other"]}) == []
        with pytest.raises(EC2ClientError) as caught:
            of_moto().describe_key_pairs(key_names=["other"])
        assert caught.value.message == "The key pair 'other' does not exist"

    def test_delete(self, aws, deploy):
        assert of_moto().delete_key_pair("deploy").id == deploy["KeyPairId"]
        assert of_moto().delete_key_pair("deploy") is None
        assert names(client()) == []


class TestAdoption:
    """mock() inside mock_aws goes on with the key pairs that moto has made by then."""

    @pytest.mark.parametrize("key_type", ["rsa", "ed25519"])
    def test_created(self, key_type):
        with mock_aws():
            made = client().create_key_pair(
                KeyName="made", KeyType=key_type, TagSpecifications=TAGGED
            )
            before = client().describe_key_pairs()["KeyPairs"][0]
            with mock() as aws:
                after = client().describe_key_pairs(IncludePublicKey=True)["KeyPairs"][0]
                assert after["PublicKey"].endswith(" made\n")
                assert after["KeyType"] == key_type
                assert after["Tags"] == TAGS
                assert after["KeyFingerprint"] == made["KeyFingerprint"]
                assert after["KeyPairId"] == made["KeyPairId"]
                difference = after["CreateTime"] - before["CreateTime"]
                assert difference < dt.timedelta(seconds=1)
                assert client().describe_tags()["Tags"][0]["ResourceId"] == made["KeyPairId"]
                client().delete_key_pair(KeyPairId=made["KeyPairId"])
                assert dict(aws.backend().key_pairs) == {}

    def test_imported(self):
        with mock_aws():
            made = client().import_key_pair(KeyName="made", PublicKeyMaterial=KEY + b" comment")
            with mock() as aws:
                adopted = aws.backend().key_pairs["made"]
        assert adopted.key_pair_id == made["KeyPairId"]
        assert adopted.public_key == KEY.decode() + " made\n"

    def test_they_stay_when_the_inner_mock_ends(self):
        with mock_aws():
            client().import_key_pair(KeyName="first", PublicKeyMaterial=KEY)
            with mock():
                client().import_key_pair(KeyName="second", PublicKeyMaterial=KEY)
            assert names(client()) == ["first", "second"]
            with mock() as aws:
                assert list(aws.backend().key_pairs) == ["first", "second"]
        with mock() as aws:
            assert dict(aws.backend().key_pairs) == {}


class TestLifetime:
    """The state lives until the last of both ends, and moto's own resets are told apart."""

    def test_moto_starting_and_stopping_clears_nothing(self):
        with mock() as aws:
            client().import_key_pair(KeyName="deploy", PublicKeyMaterial=KEY)
            for _ in range(2):
                with mock_aws():
                    client().describe_vpcs()
                    assert names(client()) == ["deploy"]
            assert list(aws.backend().key_pairs) == ["deploy"]

    def test_mock_starting_and_stopping_clears_nothing(self):
        with mock_aws():
            with mock():
                client().import_key_pair(KeyName="deploy", PublicKeyMaterial=KEY)
            with mock():
                assert names(client()) == ["deploy"]

    def test_nothing_is_left_for_the_next_test(self):
        for _ in range(2):
            with mock_aws(), mock():
                assert names(client()) == []
                client().import_key_pair(KeyName="deploy", PublicKeyMaterial=KEY)

    @pytest.mark.parametrize(
        "reset",
        [
            BackendDict.reset,
            lambda: ec2_backends.reset(),
            lambda: mock_aws().reset(),
            lambda: requests.post("http://motoapi.amazonaws.com/moto-api/reset", timeout=1),
            lambda: of_moto().reset(),
            lambda: ec2_backends[ACCOUNT].reset(),
        ],
        ids=["BackendDict", "ec2_backends", "mock_aws", "HTTP", "backend", "account"],
    )
    def test_a_reset_of_moto_is_one_of_ours(self, aws, deploy, reset):
        of_moto()
        reset()
        assert names(client()) == []

    def test_a_reset_of_one_region_is_one_of_that_region(self, aws, deploy):
        of_moto("eu-west-1").reset()
        assert names(client()) == ["deploy"]


class TestTags:
    """Tags of key pairs and of moto's resources, in one call."""

    @pytest.fixture
    def vpc(self, aws):
        return client().describe_vpcs()["Vpcs"][0]["VpcId"]

    def described(self, **filters):
        wanted = [{"Name": name, "Values": [value]} for name, value in filters.items()]
        tags = client().describe_tags(Filters=wanted)["Tags"]
        return {(each["ResourceType"], each["Key"], each["Value"]) for each in tags}

    def test_create_and_delete_over_both(self, deploy, vpc):
        both = [vpc, deploy["KeyPairId"]]
        client().create_tags(Resources=both, Tags=[{"Key": "a", "Value": "1"}])
        assert self.described() == {
            ("vpc", "a", "1"),
            ("key-pair", "a", "1"),
            ("key-pair", "team", "core"),
        }
        assert client().describe_vpcs()["Vpcs"][0]["Tags"] == [{"Key": "a", "Value": "1"}]
        client().delete_tags(Resources=both, Tags=[{"Key": "a"}])
        assert self.described() == {("key-pair", "team", "core")}

    def test_of_motos_resources_alone(self, aws, vpc):
        client().create_tags(Resources=[vpc], Tags=TAGS)
        assert self.described(key="team") == {("vpc", "team", "core")}
        client().delete_tags(Resources=[vpc], Tags=TAGS)
        assert self.described() == set()
        assert [call.action for call in aws.calls] == ["DescribeTags", "DescribeTags"]

    @pytest.mark.parametrize(
        ("resources", "code"),
        [
            (["key-00000000000000000", "VPC"], "InvalidKeyPair.NotFound"),
            (["key-00000000000000000"], "InvalidKeyPair.NotFound"),
            (["KEY", "vpc-00000000000000000"], "InvalidVpcID.NotFound"),
            (["KEY", "x"], "InvalidID"),
        ],
    )
    def test_all_or_none(self, deploy, vpc, resources, code):
        known = {"VPC": vpc, "KEY": deploy["KeyPairId"]}
        with pytest.raises(ClientError) as caught:
            client().create_tags(
                Resources=[known.get(each, each) for each in resources],
                Tags=[{"Key": "a", "Value": "1"}],
            )
        assert caught.value.response["Error"]["Code"] == code
        assert self.described() == {("key-pair", "team", "core")}

    def test_too_many_on_motos_resource(self, deploy, vpc):
        for start in (0, 30):
            tags = [{"Key": f"{start + n}", "Value": ""} for n in range(25)]
            client().create_tags(Resources=[vpc], Tags=tags)
        with pytest.raises(ClientError, match="TagLimitExceeded"):
            client().create_tags(
                Resources=[deploy["KeyPairId"], vpc], Tags=[{"Key": "new", "Value": ""}]
            )
        assert client().describe_key_pairs()["KeyPairs"][0]["Tags"] == TAGS

    def test_through_motos_backend(self, deploy, vpc):
        both = [vpc, deploy["KeyPairId"]]
        of_moto().create_tags(both, {"a": "1"})
        assert client().describe_key_pairs()["KeyPairs"][0]["Tags"] == [
            *TAGS,
            {"Key": "a", "Value": "1"},
        ]
        assert len(of_moto().describe_tags({"key": ["a"]})) == 2
        assert len(of_moto().describe_tags()) == 3
        of_moto().delete_tags(both, {"a": "2"})
        assert len(of_moto().describe_tags({"key": ["a"]})) == 2
        of_moto().delete_tags(both, {"a": None})
        assert of_moto().describe_tags({"key": ["a"]}) == []
        of_moto().delete_tags([vpc], {"a": None})

    def test_errors_through_motos_backend(self, deploy):
        with pytest.raises(EC2ClientError) as caught:
            of_moto().create_tags(["key-00000000000000000"], {"a": "1"})
        assert caught.value.message == "The key pair 'key-00000000000000000' does not exist"
        with pytest.raises(EC2ClientError):
            of_moto().delete_tags([deploy["KeyPairId"]], {"aws:a": None})

    def test_go_away_with_their_key_pair(self, deploy):
        client().delete_key_pair(KeyName="deploy")
        assert self.described() == set()

    def test_without_moto_there_are_no_other_resources(self):
        with mock():
            with mock_aws():
                vpc = client().describe_vpcs()["Vpcs"][0]["VpcId"]
            with pytest.raises(UnmockedCallError):
                client().create_tags(Resources=[vpc], Tags=TAGS)


class TestTaggingAPI:
    """The Resource Groups Tagging API names a key pair by its ID."""

    @pytest.fixture
    def arn(self, deploy):
        return f"arn:aws:ec2:us-east-1:{ACCOUNT}:key-pair/{deploy['KeyPairId']}"

    def found(self, **wanted):
        answer = client("resourcegroupstaggingapi").get_resources(**wanted)
        return [each["ResourceARN"] for each in answer["ResourceTagMappingList"]]

    @pytest.mark.parametrize(
        "wanted",
        [
            {},
            {"ResourceTypeFilters": ["ec2"]},
            {"ResourceTypeFilters": ["ec2:key-pair", "s3"]},
            {"TagFilters": [{"Key": "team"}]},
            {"TagFilters": [{"Key": "team", "Values": ["other", "core"]}]},
        ],
    )
    def test_finds(self, arn, wanted):
        assert self.found(**wanted) == [arn]

    @pytest.mark.parametrize(
        "wanted",
        [
            {"ResourceTypeFilters": ["ec2:vpc"]},
            {"TagFilters": [{"Key": "other"}]},
            {"TagFilters": [{"Key": "team"}, {"Key": "other"}]},
            {"TagFilters": [{"Key": "team", "Values": ["other"]}]},
        ],
    )
    def test_does_not_find(self, arn, wanted):
        assert self.found(**wanted) == []

    def test_finds_it_beside_motos_own(self, arn):
        vpc = client().describe_vpcs()["Vpcs"][0]["VpcId"]
        client().create_tags(Resources=[vpc], Tags=TAGS)
        found = self.found()
        assert found[-1] == arn
        assert found[0].endswith(f"vpc/{vpc}")

    def test_finds_no_untagged_key_pair(self, aws):
        client().import_key_pair(KeyName="deploy", PublicKeyMaterial=KEY)
        assert self.found() == []

    @pytest.mark.parametrize(
        ("part", "other"), [("us-east-1", "eu-west-1"), (ACCOUNT, "999999999999")]
    )
    def test_does_not_tag_what_is_elsewhere(self, arn, part, other):
        elsewhere = arn.replace(part, other)
        tagging = client("resourcegroupstaggingapi")
        failed = tagging.tag_resources(ResourceARNList=[elsewhere], Tags={"new": "tag"})
        assert list(failed["FailedResourcesMap"]) == [elsewhere]
        assert tagging.get_tag_values(Key="new")["TagValues"] == []

    def test_keys_and_values(self, arn):
        tagging = client("resourcegroupstaggingapi")
        assert tagging.get_tag_keys()["TagKeys"] == ["team"]
        assert tagging.get_tag_values(Key="team")["TagValues"] == ["core"]
        assert tagging.get_tag_values(Key="other")["TagValues"] == []

    def test_tags(self, arn):
        answer = client("resourcegroupstaggingapi").tag_resources(
            ResourceARNList=[arn], Tags={"team": "edge", "a": "1"}
        )
        assert answer["FailedResourcesMap"] == {}
        assert client().describe_key_pairs()["KeyPairs"][0]["Tags"] == [
            {"Key": "team", "Value": "edge"},
            {"Key": "a", "Value": "1"},
        ]

    def test_tags_what_does_not_exist(self, aws):
        arn = f"arn:aws:ec2:us-east-1:{ACCOUNT}:key-pair/key-00000000000000000"
        answer = client("resourcegroupstaggingapi").tag_resources(
            ResourceARNList=[arn, "arn:aws:sns:us-east-1:123456789012:topic"], Tags={"a": "1"}
        )
        assert answer["FailedResourcesMap"][arn]["ErrorMessage"] == (
            "The key pair 'key-00000000000000000' does not exist"
        )
        assert len(answer["FailedResourcesMap"]) == 2

    def test_finds_in_the_form_of_older_versions(self):
        assert _item("arn", {"a": "1"}, "ec2:key-pair") == {
            "ResourceARN": "arn",
            "Tags": [{"Key": "a", "Value": "1"}],
        }

    def test_untags(self, arn):
        from moto.resourcegroupstaggingapi.models import resourcegroupstaggingapi_backends

        # Through the backend: the oldest moto has no such action.
        backend = resourcegroupstaggingapi_backends[ACCOUNT]["us-east-1"]
        assert backend.untag_resources([arn], ["team"]) == {}
        assert client().describe_key_pairs()["KeyPairs"][0]["Tags"] == []
