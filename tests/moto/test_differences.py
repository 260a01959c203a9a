"""Where moto differs from EC2 on key pairs: moto's answer alone, and EC2's with this package.

``docs/moto.md`` lists the same differences; its table is held by this one.
"""

import functools
import json
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from ec2_keypair_mock import mock

ROOT = Path(__file__).parents[2]
VECTORS = {
    case["id"]: case["material"]
    for case in json.loads((ROOT / "tests/data/key_vectors.json").read_text("utf-8"))["cases"]
}
RSA = VECTORS["rsa-openssh-no-comment-no-newline"].strip()
ED25519 = VECTORS["ed25519-openssh-no-comment-no-newline"].strip()
NO_ID = "key-00000000000000000"
NOT_FOUND = "InvalidKeyPair.NotFound: The key pair '{}' does not exist"
BLANK = "InvalidParameterValue: Invalid value '' for keyPairNames. It should not be blank"
PAIRS_OF_HEX = "(..:)+.."


@dataclass(frozen=True)
class Difference:
    """``call`` gets a client that has imported ``deploy``; the answers are patterns."""

    title: str
    row: str
    call: Callable
    moto: str
    ec2: str


def names(ec2, **wanted):
    return [each["KeyName"] for each in ec2.describe_key_pairs(**wanted)["KeyPairs"]]


def import_(ec2, material, name="other", **more):
    return ec2.import_key_pair(KeyName=name, PublicKeyMaterial=material, **more)


def create(ec2, **more):
    return ec2.create_key_pair(**{"KeyName": "other", "KeyType": "ed25519", **more})


def id_of(ec2, name="deploy"):
    return ec2.describe_key_pairs(KeyNames=[name])["KeyPairs"][0]["KeyPairId"]


def tags(ec2):
    return [each["Key"] for each in ec2.describe_tags()["Tags"]]


def tag(ec2, key="team", resource=None):
    resource = resource or id_of(ec2)
    ec2.create_tags(Resources=[resource], Tags=[{"Key": key, "Value": "core"}])


def delete_by_id(ec2):
    ec2.delete_key_pair(KeyPairId=id_of(ec2))
    return names(ec2)


def delete_all_tags(ec2):
    tag(ec2)
    ec2.delete_tags(Resources=[id_of(ec2)])
    return tags(ec2)


def delete_tagged(ec2):
    tag(ec2)
    ec2.delete_key_pair(KeyName="deploy")
    return tags(ec2)


def tag_reserved(ec2):
    tag(ec2, "aws:team")
    return tags(ec2)


def tag_unknown(ec2):
    tag(ec2, resource=NO_ID)
    return tags(ec2)


def find_tagged(ec2):
    tag(ec2)
    tagging = boto3.client("resourcegroupstaggingapi", region_name="us-east-1")
    return [each["ResourceARN"] for each in tagging.get_resources()["ResourceTagMappingList"]]


def run(ec2, key_name):
    launched = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, KeyName=key_name)
    return launched["Instances"][0]["KeyName"]


def request_spot(ec2, key_name):
    specification = {"ImageId": "ami-12c6146b", "KeyName": key_name}
    requested = ec2.request_spot_instances(LaunchSpecification=specification)
    [found] = requested["SpotInstanceRequests"]
    return f"{found['State']}: {found.get('Fault', {}).get('Message')}"


def create_fleet(ec2, kind):
    data = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro", "KeyName": "other"}
    ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData=data)
    template = {"LaunchTemplateName": "template", "Version": "1"}
    return ec2.create_fleet(
        Type=kind,
        LaunchTemplateConfigs=[{"LaunchTemplateSpecification": template}],
        TargetCapacitySpecification={"TotalTargetCapacity": 1},
    )


def launched_by_fleet(ec2):
    create_fleet(ec2, "maintain")
    return len(ec2.describe_instances()["Reservations"])


def errors_of_fleet(ec2):
    return [each["ErrorMessage"] for each in create_fleet(ec2, "instant").get("Errors", [])]


def request_spot_fleet(ec2):
    launch = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro", "KeyName": "other"}
    ec2.request_spot_fleet(
        SpotFleetRequestConfig={
            "TargetCapacity": 1,
            "IamFleetRole": "arn:aws:iam::123456789012:role/fleet",
            "AllocationStrategy": "lowestPrice",
            "LaunchSpecifications": [launch],
        }
    )
    return len(ec2.describe_instances()["Reservations"])


def create_launch_configuration(ec2):
    scaling = boto3.client("autoscaling", region_name="us-east-1")
    scaling.create_launch_configuration(
        LaunchConfigurationName="configuration",
        ImageId="ami-12c6146b",
        InstanceType="t3.micro",
        KeyName="other",
    )
    return len(scaling.describe_launch_configurations()["LaunchConfigurations"])


def run_windows(ec2, key_name="deploy"):
    launch = {"ImageId": "ami-03cf127a", "MinCount": 1, "MaxCount": 1, "KeyName": key_name}
    return ec2.run_instances(**launch)["Instances"][0]["InstanceId"]


def run_windows_with_ed25519(ec2):
    create(ec2)
    return run_windows(ec2, "other")


def password_of(ec2):
    return ec2.get_password_data(InstanceId=run_windows(ec2))["PasswordData"]


def make_stack(properties, resource_type="AWS::EC2::KeyPair"):
    """The stack's status."""
    resource = {"Type": resource_type, "Properties": properties}
    cloudformation = boto3.client("cloudformation", region_name="us-east-1")
    with warnings.catch_warnings():
        # moto warns of types that it does not know.
        warnings.simplefilter("ignore")
        template = json.dumps({"Resources": {"A": resource}})
        cloudformation.create_stack(StackName="stack", TemplateBody=template)
    return cloudformation.describe_stacks(StackName="stack")["Stacks"][0]["StackStatus"]


def make_key_pair_in_stack(ec2):
    make_stack({"KeyName": "stack"})
    return names(ec2)


def launch_in_stack(ec2):
    image = {"ImageId": "ami-04681a1dbd79675a5", "KeyName": "other"}
    return make_stack(image, "AWS::EC2::Instance")


def at_endpoint(ec2, url):
    return names(boto3.client("ec2", region_name="us-east-1", endpoint_url=url))


def describe_by_id(ec2):
    return names(ec2, KeyPairIds=[create(ec2)["KeyPairId"]])


WITH_BRACKET = [{"Name": "key-name", "Values": ["[d]eploy"]}]
WITH_QUESTION_MARK = [{"Name": "key-name", "Values": ["deploy?"]}]
FOR_INSTANCE = [{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "core"}]}]

DIFFERENCES = [
    Difference(
        "Fingerprint of an Ed25519 key",
        "K-3",
        lambda ec2: import_(ec2, ED25519)["KeyFingerprint"],
        PAIRS_OF_HEX,
        re.escape("HMXWyhG4gbktWdKgkzX/THR2+GMkRLG8rKsKj1oW86k="),
    ),
    Difference(
        "KeyFormat `ppk`",
        "K-10",
        lambda ec2: create(ec2, KeyFormat="ppk")["KeyMaterial"].split("\n")[0].strip(),
        "-----BEGIN .*",
        "PuTTY-User-Key-File-2: ssh-ed25519",
    ),
    Difference(
        "Public key of a describe",
        "K-14",
        lambda ec2: ec2.describe_key_pairs(IncludePublicKey=True)["KeyPairs"][0].get("PublicKey"),
        r"None|ssh-rsa \S+( a comment)?",
        r"ssh-rsa \S+ deploy\n",
    ),
    Difference(
        "Base64 of a SubjectPublicKeyInfo",
        "I-6",
        lambda ec2: import_(ec2, VECTORS["rsa-text-base64(DER-SPKI)-one-line"])["KeyName"],
        "InvalidKeyPair.Format: .*",
        "other",
    ),
    Difference(
        "Options in front of a key",
        "I-12",
        lambda ec2: import_(ec2, f"no-pty {RSA}")["KeyName"],
        "other|UnsupportedAlgorithm",
        "InvalidKey.Format: Key is not in valid OpenSSH public key format",
    ),
    Difference(
        "Junk as material",
        "I-19",
        lambda ec2: import_(ec2, "junk"),
        "InvalidKeyPair.Format: Key is not in valid OpenSSH public key format",
        "InvalidKey.Format: Key is not in valid OpenSSH public key format",
    ),
    Difference(
        "Name that is taken",
        "C-1",
        lambda ec2: create(ec2, KeyName="deploy"),
        r"InvalidKeyPair.Duplicate: The keypair 'deploy' already exists\.",
        "InvalidKeyPair.Duplicate: The keypair already exists",
    ),
    Difference(
        "Empty name",
        "C-3",
        lambda ec2: f"made {create(ec2, KeyName='')['KeyName']!r}",
        "made ''",
        "MissingParameter: The request must contain the parameter KeyName",
    ),
    Difference(
        "Name of more than 255 characters",
        "C-5",
        lambda ec2: len(create(ec2, KeyName="a" * 256)["KeyName"]),
        "256",
        r"InvalidParameterValue: .* Length exceeds maximum of 255\.",
    ),
    Difference(
        "Name with a blank in front",
        "C-5",
        lambda ec2: create(ec2, KeyName=" other")["KeyName"],
        " other",
        "InvalidParameterValue: Invalid value ' other' for keyName. It should be trimmed",
    ),
    Difference(
        "Unknown KeyType",
        "C-13",
        lambda ec2: create(ec2, KeyType="dsa")["KeyName"],
        "other",
        "InvalidParameterValue: 1 validation error detected: .*",
    ),
    Difference(
        "Unknown KeyFormat",
        "C-14",
        lambda ec2: create(ec2, KeyFormat="der")["KeyName"],
        "other",
        "InvalidParameterValue: 1 validation error detected: .*",
    ),
    Difference(
        "Tag specification for another resource",
        "C-16",
        lambda ec2: create(ec2, TagSpecifications=FOR_INSTANCE),
        "InvalidParameter: 'instance' is not a valid taggable resource type .*",
        "InvalidParameterValue: 'instance' is not a valid taggable resource type .*",
    ),
    Difference(
        "Unknown name",
        "D-1",
        lambda ec2: names(ec2, KeyNames=["other"]),
        r"InvalidKeyPair.NotFound: The keypair '\{'other'\}' does not exist\.",
        NOT_FOUND.format("other"),
    ),
    Difference(
        "Unknown name beside a known one",
        "D-1",
        lambda ec2: names(ec2, KeyNames=["deploy", "other"]),
        r"InvalidKeyPair.NotFound: The keypair '\{.*'deploy'.*\}' does not exist\.",
        NOT_FOUND.format("other"),
    ),
    Difference(
        "Name given twice",
        "D-3",
        lambda ec2: names(ec2, KeyNames=["deploy", "deploy"]),
        "InvalidKeyPair.NotFound: .*",
        r"\['deploy'\]",
    ),
    Difference(
        "Empty name in a describe",
        "D-5",
        lambda ec2: names(ec2, KeyNames=[""]),
        r"\['deploy'\]",
        BLANK,
    ),
    Difference(
        "Names together with IDs",
        "D-6",
        lambda ec2: names(ec2, KeyNames=["deploy"], KeyPairIds=[NO_ID]),
        r"\['deploy'\]",
        "InvalidParameterCombination: .*",
    ),
    Difference(
        "Unknown ID",
        "D-7",
        lambda ec2: names(ec2, KeyPairIds=[NO_ID]),
        r"\['deploy'\]",
        rf"InvalidParameterValue: Invalid value '{NO_ID}' for keyPairId\.",
    ),
    Difference(
        "Describe by ID",
        "D-4",
        describe_by_id,
        r"\['deploy', 'other'\]",
        r"\['other'\]",
    ),
    Difference(
        "Filter `key-type`",
        "D-9",
        lambda ec2: names(ec2, Filters=[{"Name": "key-type", "Values": ["rsa"]}]),
        r"\['deploy'\]|FilterNotImplementedError",
        "InvalidParameterValue: The filter 'key-type' is invalid",
    ),
    Difference(
        "`[` in a filter",
        "F-2",
        lambda ec2: names(ec2, Filters=WITH_BRACKET),
        r"\['deploy'\]",
        r"\[\]",
    ),
    Difference(
        "`?` in a filter",
        "F-2",
        lambda ec2: names(ec2, Filters=WITH_QUESTION_MARK),
        r"\[\]",
        r"\['deploy'\]",
    ),
    Difference(
        "Delete by ID",
        "X-3",
        delete_by_id,
        r"\['deploy'\]",
        r"\[\]",
    ),
    Difference(
        "Delete with neither name nor ID",
        "X-1",
        lambda ec2: ec2.delete_key_pair()["Return"],
        "True",
        "MissingParameter: KeyName or KeyPairId must be provided",
    ),
    Difference(
        "Delete of an ID that was never issued",
        "X-7",
        lambda ec2: ec2.delete_key_pair(KeyPairId=NO_ID)["Return"],
        "True",
        rf"InvalidParameterValue: Invalid value '{NO_ID}' for keyPairId\.",
    ),
    Difference(
        "Dry run of a describe",
        "R-1",
        lambda ec2: names(ec2, DryRun=True),
        r"\['deploy'\]",
        "DryRunOperation: .*",
    ),
    Difference(
        "Tags on an unknown ID",
        "T-17",
        tag_unknown,
        r"\['team'\]",
        NOT_FOUND.format(NO_ID),
    ),
    Difference(
        "DeleteTags without tags",
        "T-4",
        delete_all_tags,
        r"\['team'\]",
        r"\[\]",
    ),
    Difference(
        "Tags of a deleted key pair",
        "T-6",
        delete_tagged,
        r"\['team'\]",
        r"\[\]",
    ),
    Difference(
        "Tags with `aws:`",
        "T-7",
        tag_reserved,
        r"\['aws:team'\]",
        "InvalidParameterValue: .* are reserved for internal use",
    ),
    Difference(
        "RunInstances with an unknown KeyName",
        "A-1",
        lambda ec2: run(ec2, "other"),
        "other",
        NOT_FOUND.format("other"),
    ),
    Difference(
        "RunInstances with an empty KeyName",
        "A-2",
        lambda ec2: run(ec2, ""),
        "",
        BLANK,
    ),
    Difference(
        "RequestSpotInstances with an unknown KeyName",
        "L-1",
        lambda ec2: request_spot(ec2, "other"),
        "active: None",
        "failed: The key pair 'other' does not exist",
    ),
    Difference(
        "RequestSpotInstances with an empty KeyName",
        "L-1",
        lambda ec2: request_spot(ec2, ""),
        "active: None",
        "failed: Invalid value '' for keyPairNames. It should not be blank",
    ),
    Difference(
        "RequestSpotFleet with an unknown KeyName",
        "L-2",
        request_spot_fleet,
        "1",
        "0",
    ),
    Difference(
        "CreateFleet with an unknown KeyName",
        "L-2",
        launched_by_fleet,
        "1",
        "0",
    ),
    Difference(
        "CreateFleet of type `instant` with one",
        "L-3",
        errors_of_fleet,
        r"\[\]",
        r"""\["The key pair 'other' does not exist"\]""",
    ),
    Difference(
        "CreateLaunchConfiguration with an unknown KeyName",
        "L-5",
        create_launch_configuration,
        "1",
        "ValidationError: The key pair 'other' does not exist",
    ),
    Difference(
        "Ed25519 key pair with a Windows AMI",
        "L-7",
        run_windows_with_ed25519,
        "i-.*",
        r"Unsupported: ED25519 key pairs are not supported with Windows AMIs\. .*",
    ),
    Difference(
        "GetPasswordData",
        "P-1",
        password_of,
        "[^\r\n]{128}",
        r"\r\n[A-Za-z0-9+/=]{344}\r\n",
    ),
    Difference(
        "`AWS::EC2::KeyPair` in a stack",
        "S-1",
        make_key_pair_in_stack,
        r"\['deploy'\]",
        r"\['deploy', 'stack'\]",
    ),
    Difference(
        "Instance of a stack with an unknown KeyName",
        "S-13",
        launch_in_stack,
        "CREATE_COMPLETE",
        "ROLLBACK_COMPLETE",
    ),
    Difference(
        "Key pairs in the Resource Groups Tagging API",
        "A-7",
        find_tagged,
        r"\[\]",
        r"\['arn:aws:ec2:us-east-1:123456789012:key-pair/key-0.*'\]",
    ),
    Difference(
        "FIPS endpoint",
        "R-22",
        lambda ec2: at_endpoint(ec2, "https://ec2-fips.us-east-1.amazonaws.com"),
        "ResponseParserError",
        r"\['deploy'\]",
    ),
    Difference(
        "Endpoint in a VPC",
        "R-22",
        lambda ec2: at_endpoint(ec2, "https://vpce-1.ec2.us-east-1.vpce.amazonaws.com"),
        "ResponseParserError",
        r"\['deploy'\]",
    ),
]


@functools.cache
def client():
    """Made once: moto's own mock makes a client slow."""
    key = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    return boto3.client("ec2", region_name="us-east-1", **key)


def answer(difference):
    """What the call gives: a value, AWS's error, or the name of another exception."""
    ec2 = client()
    import_(ec2, f"{RSA} a comment", "deploy")
    try:
        return str(difference.call(ec2))
    except ClientError as error:
        found = error.response["Error"]
        return f"{found['Code']}: {found['Message']}"
    except Exception as error:
        # moto has exceptions for what it lacks, and lets some of other libraries through.
        return type(error).__name__


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: each.title)
def test_both_answers(difference):
    with mock_aws():
        alone = answer(difference)
    with mock_aws(), mock():
        with_ours = answer(difference)
    assert re.fullmatch(difference.moto, alone), alone
    assert re.fullmatch(difference.ec2, with_ours, re.DOTALL), with_ours
    assert alone != with_ours


def test_the_guide_lists_them():
    guide = (ROOT / "docs/moto.md").read_text("utf-8")
    listed = re.findall(r"^\| ([^|]+) \| ([A-Z]-[0-9]+) \|", guide, re.MULTILINE)
    assert listed == [(each.title, each.row) for each in DIFFERENCES]
    assert f"lists {len(listed)} differences" in (ROOT / "README.md").read_text("utf-8")
