"""``AWS::EC2::KeyPair`` in stacks of moto, through boto3."""

import contextlib
import functools
import json

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
    load_ssh_public_key,
)
from moto import mock_aws

import ec2_keypair_mock
from ec2_keypair_mock import mock

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICnBwZ1ZgAyHDuLdJJt0d1c0vK4D7kpdbuHyvNNqwMEt a@b"
IMAGE = "ami-12c6146b"


@functools.cache
def client(service="ec2", region="us-east-1"):
    return boto3.client(service, region_name=region)


def stack(name="stack"):
    return client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]


def outputs(name="stack"):
    return {each["OutputKey"]: each["OutputValue"] for each in stack(name)["Outputs"]}


def key_pairs(region="us-east-1"):
    found = client(region=region).describe_key_pairs(IncludePublicKey=True)["KeyPairs"]
    return {each["KeyName"]: each for each in found}


def parameters(region="us-east-1"):
    return client("ssm", region).describe_parameters()["Parameters"]


def private_key(key_pair_id):
    name = f"/ec2/keypair/{key_pair_id}"
    found = client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    return found["Value"]


def key_pair(key_name="deploy", **properties):
    return {"Type": "AWS::EC2::KeyPair", "Properties": {"KeyName": key_name, **properties}}


def template(resource, **more):
    """A template with one key pair, and with each of its values as an output."""
    shown = {
        "Name": {"Value": {"Ref": "KeyPair"}},
        "Id": {"Value": {"Fn::GetAtt": ["KeyPair", "KeyPairId"]}},
        "Fingerprint": {"Value": {"Fn::GetAtt": ["KeyPair", "KeyFingerprint"]}},
    }
    return json.dumps({"Resources": {"KeyPair": resource, **more}, "Outputs": shown})


def create(resource, name="stack", **more):
    body = template(resource, **more)
    return client("cloudformation").create_stack(StackName=name, TemplateBody=body)


def update(resource, **more):
    body = template(resource, **more)
    client("cloudformation").update_stack(StackName="stack", TemplateBody=body)
    return outputs()


def delete(name="stack"):
    client("cloudformation").delete_stack(StackName=name)


@contextlib.contextmanager
def installed():
    ec2_keypair_mock.moto.install()
    try:
        with mock_aws():
            yield
    finally:
        ec2_keypair_mock.moto.uninstall()


@contextlib.contextmanager
def mock_outside():
    with mock(), mock_aws():
        yield


@contextlib.contextmanager
def mock_inside():
    with mock_aws(), mock():
        yield


@pytest.fixture
def aws():
    with mock() as aws, mock_aws():
        yield aws


@pytest.mark.parametrize("activation", [mock_outside, mock_inside, installed])
def test_a_whole_life(activation):
    with activation():
        create(key_pair(Tags=[{"Key": "team", "Value": "web"}]))
        [made] = key_pairs().values()
        assert made["Tags"] == [{"Key": "team", "Value": "web"}]
        assert outputs() == {
            "Name": "deploy",
            "Id": made["KeyPairId"],
            "Fingerprint": made["KeyFingerprint"],
        }
        key = load_pem_private_key(private_key(made["KeyPairId"]).encode(), None)
        assert key.public_key() == load_ssh_public_key(made["PublicKey"].encode())

        delete()
        assert key_pairs() == {}
        assert parameters() == []


@pytest.mark.usefixtures("aws")
class TestCreate:
    def test_the_fingerprint_is_that_of_the_parameters_key(self):
        create(key_pair())
        key = load_pem_private_key(private_key(outputs()["Id"]).encode(), None)
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        digest = hashes.Hash(hashes.SHA1())
        digest.update(der)
        assert outputs()["Fingerprint"] == digest.finalize().hex(":")

    def test_the_parameter(self):
        create(key_pair())
        [found] = parameters()
        del found["LastModifiedDate"], found["LastModifiedUser"]
        assert found == {
            "Name": f"/ec2/keypair/{outputs()['Id']}",
            "Type": "SecureString",
            "KeyId": "alias/aws/ssm",
            "Tier": "Standard",
            "Version": 1,
            "DataType": "text",
        }

    def test_ed25519(self):
        create(key_pair(KeyType="ed25519"))
        key = load_ssh_private_key(private_key(outputs()["Id"]).encode(), None)
        [made] = key_pairs().values()
        assert made["KeyType"] == "ed25519"
        assert key.public_key() == load_ssh_public_key(made["PublicKey"].encode())

    @pytest.mark.parametrize("key_type", ["rsa", "ed25519"])
    def test_ppk(self, key_type):
        create(key_pair(KeyType=key_type, KeyFormat="ppk"))
        material = private_key(outputs()["Id"])
        assert material.startswith(f"PuTTY-User-Key-File-2: ssh-{key_type}")

    def test_imported(self):
        create(key_pair(PublicKeyMaterial=KEY, KeyType="rsa", KeyFormat="ppk"))
        made = key_pairs()["deploy"]
        assert made["PublicKey"].split()[:2] == KEY.split()[:2]
        assert made["KeyType"] == "ed25519"
        assert outputs()["Fingerprint"] == made["KeyFingerprint"]
        assert parameters() == []

    def test_a_name_that_is_a_number(self):
        create(key_pair(2026))
        assert list(key_pairs()) == ["2026"]

    def test_an_instance_with_it(self):
        properties = {"ImageId": IMAGE, "KeyName": {"Ref": "KeyPair"}}
        create(key_pair(), Instance={"Type": "AWS::EC2::Instance", "Properties": properties})
        [reservation] = client().describe_instances()["Reservations"]
        assert reservation["Instances"][0]["KeyName"] == "deploy"

    def test_its_physical_id(self):
        create(key_pair())
        described = client("cloudformation").describe_stack_resources(StackName="stack")
        [resource] = described["StackResources"]
        assert resource["ResourceType"] == "AWS::EC2::KeyPair"
        assert resource["LogicalResourceId"] == "KeyPair"
        assert resource["PhysicalResourceId"] == "deploy"

    def test_an_output_of_an_attribute_that_it_has_not(self):
        shown = {"Other": {"Value": {"Fn::GetAtt": ["KeyPair", "PrivateKey"]}}}
        body = json.dumps({"Resources": {"KeyPair": key_pair()}, "Outputs": shown})
        with pytest.raises(ClientError) as caught:
            client("cloudformation").create_stack(StackName="stack", TemplateBody=body)
        assert caught.value.response["Error"]["Code"] == "ValidationError"
        assert key_pairs() == {}

    def test_a_resource_that_asks_for_such_an_attribute(self):
        value = {"Fn::GetAtt": ["KeyPair", "PrivateKey"]}
        properties = {"Type": "String", "Value": value, "Name": "name"}
        parameter = {"Type": "AWS::SSM::Parameter", "Properties": properties}
        with pytest.raises(ClientError, match="does not support attribute type PrivateKey"):
            create(key_pair(), Parameter=parameter)


class TestUpdate:
    @pytest.fixture(autouse=True)
    def before(self, aws):
        create(key_pair())
        self.before = outputs()

    @pytest.mark.parametrize(
        "changed",
        [
            key_pair("other"),
            key_pair(KeyType="ed25519"),
            key_pair(KeyFormat="ppk"),
            key_pair(Tags=[{"Key": "team", "Value": "web"}]),
        ],
        ids=["KeyName", "KeyType", "KeyFormat", "Tags"],
    )
    def test_every_change_replaces_it(self, changed):
        after = update(changed)
        assert after["Id"] != self.before["Id"]
        assert list(key_pairs()) == [after["Name"]]
        [parameter] = parameters()
        assert parameter["Name"] == f"/ec2/keypair/{after['Id']}"

    def test_to_an_imported_one(self):
        after = update(key_pair(PublicKeyMaterial=KEY))
        assert after["Fingerprint"] == key_pairs()["deploy"]["KeyFingerprint"]
        assert parameters() == []

    def test_what_is_no_property_changes_nothing(self):
        assert update({**key_pair(), "Metadata": {"team": "web"}}) == self.before

    def test_another_resource_changes_nothing(self):
        assert update(key_pair(), Bucket={"Type": "AWS::S3::Bucket"}) == self.before

    def test_the_replaced_one_is_retained(self):
        after = update({**key_pair("other"), "UpdateReplacePolicy": "Retain"})
        assert list(key_pairs()) == ["deploy", "other"]
        names = {f"/ec2/keypair/{each['Id']}" for each in (self.before, after)}
        assert {each["Name"] for each in parameters()} == names

    def test_taken_out_of_the_template(self):
        body = json.dumps({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}})
        client("cloudformation").update_stack(StackName="stack", TemplateBody=body)
        assert key_pairs() == {}
        assert parameters() == []


@pytest.mark.usefixtures("aws")
class TestDelete:
    def test_an_imported_one(self):
        create(key_pair(PublicKeyMaterial=KEY))
        delete()
        assert key_pairs() == {}

    def test_deleted_before_by_hand(self):
        create(key_pair())
        client().delete_key_pair(KeyName="deploy")
        assert len(parameters()) == 1
        delete()
        assert parameters() == []

    def test_another_one_of_the_name_stays(self):
        create(key_pair())
        client().delete_key_pair(KeyName="deploy")
        client().create_key_pair(KeyName="deploy", KeyType="ed25519")
        delete()
        assert list(key_pairs()) == ["deploy"]

    def test_retained(self):
        create({**key_pair(), "DeletionPolicy": "Retain"})
        delete()
        assert list(key_pairs()) == ["deploy"]
        assert len(parameters()) == 1


class TestTheEndOfTheMock:
    def test_moto_goes_on_with_the_stack(self):
        with mock_aws():
            with mock():
                create(key_pair(KeyType="ed25519"))
            assert list(key_pairs()) == ["deploy"]
            delete()
            assert key_pairs() == {}
            assert parameters() == []

    def test_moto_alone_knows_no_such_resource(self):
        with mock_outside():
            create(key_pair(KeyType="ed25519"))
        body = json.dumps({"Resources": {"KeyPair": key_pair()}})
        with mock_aws(), pytest.warns(UserWarning, match="AWS::EC2::KeyPair"):
            client("cloudformation").create_stack(StackName="stack", TemplateBody=body)


@pytest.mark.usefixtures("aws")
class TestElsewhereInCloudFormation:
    def test_a_change_set(self):
        cloudformation = client("cloudformation")
        change = {"StackName": "stack", "ChangeSetName": "changes", "ChangeSetType": "CREATE"}
        body = template(key_pair(KeyType="ed25519"))
        cloudformation.create_change_set(**change, TemplateBody=body)
        described = cloudformation.describe_change_set(StackName="stack", ChangeSetName="changes")
        assert described["Changes"][0]["ResourceChange"]["ResourceType"] == "AWS::EC2::KeyPair"
        assert key_pairs() == {}

        cloudformation.execute_change_set(StackName="stack", ChangeSetName="changes")
        assert stack()["StackStatus"] == "CREATE_COMPLETE"
        assert private_key(key_pairs()["deploy"]["KeyPairId"])

    def test_a_change_set_that_updates(self):
        create(key_pair())
        before = outputs()
        change = {"StackName": "stack", "ChangeSetName": "changes", "ChangeSetType": "UPDATE"}
        body = template(key_pair(PublicKeyMaterial=KEY))
        client("cloudformation").create_change_set(**change, TemplateBody=body)
        client("cloudformation").execute_change_set(StackName="stack", ChangeSetName="changes")
        assert key_pairs()["deploy"]["KeyPairId"] != before["Id"]
        assert parameters() == []

    def test_a_nested_stack(self):
        s3 = client("s3")
        s3.create_bucket(Bucket="bucket")
        s3.put_object(Bucket="bucket", Key="nested", Body=template(key_pair(KeyType="ed25519")))
        properties = {"TemplateURL": "https://bucket.s3.amazonaws.com/nested"}
        nested = {"Type": "AWS::CloudFormation::Stack", "Properties": properties}
        body = json.dumps({"Resources": {"Nested": nested}})
        client("cloudformation").create_stack(StackName="stack", TemplateBody=body)
        assert list(key_pairs()) == ["deploy"]
        delete()
        assert key_pairs() == {}
        assert parameters() == []

    def test_a_stack_set(self):
        regions = ["us-east-1", "eu-west-1"]
        places = {"Accounts": ["123456789012"], "Regions": regions}
        cloudformation = client("cloudformation")
        body = template(key_pair(KeyType="ed25519"))
        cloudformation.create_stack_set(StackSetName="set", TemplateBody=body)
        cloudformation.create_stack_instances(StackSetName="set", **places)
        made = [key_pairs(region)["deploy"]["KeyPairId"] for region in regions]
        assert made[0] != made[1]
        assert [len(parameters(region)) for region in regions] == [1, 1]

        cloudformation.delete_stack_instances(StackSetName="set", RetainStacks=False, **places)
        assert [key_pairs(region) for region in regions] == [{}, {}]
