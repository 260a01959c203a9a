"""Apps of AWS's CDK, synthesised in Node and deployed to the server with boto3."""

from __future__ import annotations

import json
from pathlib import Path

import boto3
import pytest
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_ssh_private_key,
    load_ssh_public_key,
)

pytestmark = pytest.mark.slow

APP = Path(__file__).with_name("cdk.cjs")
BOOTSTRAP_VERSION = "/cdk-bootstrap/hnb659fds/version"


@pytest.fixture(scope="module")
def templates(run_client, run_node, keys, tmp_path_factory):
    """What the CDK synthesises, by the stack's name."""
    library = run_client.folder.parent / "node" / "node_modules" / "aws-cdk-lib"
    if not library.is_dir():
        pytest.skip(f"there is no {library}; .ci/run makes it")
    material = (keys / "ed25519.pub").read_text().strip()
    return json.loads(run_node(APP, tmp_path_factory.mktemp("cdk"), material))


@pytest.fixture
def deployed(ec2_keypair_server, templates):
    """Deploys one of the stacks, in an account that ``cdk bootstrap`` has prepared."""
    ssm = boto3.client("ssm")
    ssm.put_parameter(Name=BOOTSTRAP_VERSION, Value="21", Type="String")

    def deployed(name):
        cloudformation = boto3.client("cloudformation")
        cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(templates[name]))
        return cloudformation.describe_stacks(StackName=name)["Stacks"][0]

    return deployed


@pytest.mark.parametrize(
    ("name", "load"), [("KeyPair", load_ssh_private_key), ("CfnKeyPair", load_pem_private_key)]
)
def test_key_pairs(ec2_keypair_server, deployed, keys, name, load):
    stack = deployed(name)

    assert stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    key_pairs = ec2_keypair_server.backend().key_pairs
    created = key_pairs.pop("created")
    [imported] = key_pairs.values()
    assert outputs == {
        "Name": "created",
        "Id": created.key_pair_id,
        "Fingerprint": created.key_fingerprint,
        "Parameter": f"/ec2/keypair/{created.key_pair_id}",
        "ImportedFingerprint": imported.key_fingerprint,
    }
    assert created.tags == {"team": "web"}
    public_key = (keys / "ed25519.pub").read_text()
    assert imported.public_key.split()[:2] == public_key.split()[:2]
    ssm = boto3.client("ssm")
    parameter = ssm.get_parameter(Name=outputs["Parameter"], WithDecryption=True)["Parameter"]
    key = load(parameter["Value"].encode(), None)
    assert key.public_key() == load_ssh_public_key(created.public_key.encode())

    boto3.client("cloudformation").delete_stack(StackName=name)
    assert ec2_keypair_server.backend().key_pairs == {}
    names = [each["Name"] for each in ssm.describe_parameters()["Parameters"]]
    assert names == [BOOTSTRAP_VERSION]


def test_a_name_that_is_taken(ec2_keypair_server, deployed):
    before = ec2_keypair_server.backend()
    before.create_key_pair(key_name="created", key_type="ed25519")
    key_pairs = before.key_pairs

    assert deployed("KeyPair")["StackStatus"] == "ROLLBACK_COMPLETE"

    assert ec2_keypair_server.backend().key_pairs == key_pairs
    assert boto3.client("ec2").describe_instances()["Reservations"] == []
