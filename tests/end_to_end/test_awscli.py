"""The AWS CLI."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def ec2(ec2_keypair_server, run_client):
    """Runs ``aws ec2``; gives its output, or its error text where it fails."""

    def run(*arguments):
        ran = run_client("aws", "ec2", *arguments, "--output", "json")
        return json.loads(ran.stdout or "null") if ran.returncode == 0 else ran.stderr.strip()

    return run


def test_key_pairs(ec2_keypair_server, ec2, keys):
    tags = "ResourceType=key-pair,Tags=[{Key=team,Value=web},{Key=owner,Value='a b'}]"
    material = ("--public-key-material", f"fileb://{keys}/rsa.pub", "--tag-specifications", tags)
    imported = ec2("import-key-pair", "--key-name", "deploy key", *material)
    key_pair = ec2_keypair_server.backend().key_pairs["deploy key"]
    assert imported == {
        "KeyFingerprint": key_pair.key_fingerprint,
        "KeyName": "deploy key",
        "KeyPairId": key_pair.key_pair_id,
        "Tags": [{"Key": "team", "Value": "web"}, {"Key": "owner", "Value": "a b"}],
    }

    by_name = ec2("describe-key-pairs", "--key-names", "deploy key", "--include-public-key")
    [described] = by_name["KeyPairs"]
    assert described["PublicKey"] == key_pair.public_key
    by_id = ec2("describe-key-pairs", "--key-pair-ids", key_pair.key_pair_id)
    assert by_id["KeyPairs"][0]["KeyType"] == "rsa"
    assert ec2("describe-key-pairs", "--filters", "Name=tag:team,Values=db,w?b") == by_id

    assert ec2("wait", "key-pair-exists", "--key-names", "deploy key") is None
    deleted = ec2("delete-key-pair", "--key-pair-id", key_pair.key_pair_id)
    assert deleted == {"Return": True, "KeyPairId": key_pair.key_pair_id}
    assert ec2_keypair_server.backend().key_pairs == {}


def test_an_ed25519_key_twice(ec2_keypair_server, ec2, keys):
    arguments = ("--key-name", "deploy", "--public-key-material", f"fileb://{keys}/ed25519.pub")

    imported = ec2("import-key-pair", *arguments)

    [key_pair] = ec2_keypair_server.backend().key_pairs.values()
    assert imported["KeyFingerprint"] == key_pair.key_fingerprint
    assert ec2("import-key-pair", *arguments).endswith(
        "An error occurred (InvalidKeyPair.Duplicate) when calling the ImportKeyPair operation: "
        "The keypair already exists"
    )


def test_a_new_key_as_ppk(ec2_keypair_server, ec2):
    arguments = ("--key-name", "putty", "--key-format", "ppk", "--key-type", "ed25519")

    assert "(DryRunOperation)" in ec2("create-key-pair", *arguments, "--dry-run")
    assert ec2_keypair_server.backend().key_pairs == {}
    created = ec2("create-key-pair", *arguments)

    assert created["KeyMaterial"].startswith("PuTTY-User-Key-File-2: ssh-ed25519")
    assert [call.code for call in ec2_keypair_server.calls] == ["DryRunOperation", None]


TEMPLATE = """\
Resources:
  KeyPair:
    Type: AWS::EC2::KeyPair
    Properties:
      KeyName: {key_name}
      KeyType: ed25519
Outputs:
  Id:
    Value: !GetAtt KeyPair.KeyPairId
"""


@pytest.fixture
def deploy(ec2_keypair_server, run_client, tmp_path):
    """Runs ``aws cloudformation deploy``; gives what it did."""
    template = tmp_path / "template.yaml"
    stack = ("--stack-name", "stack", "--template-file", template)

    def deploy(key_name):
        template.write_text(TEMPLATE.format(key_name=key_name))
        return run_client("aws", "cloudformation", "deploy", *stack)

    return deploy


def test_a_stack(ec2_keypair_server, deploy, run_client):
    deployed = deploy("deploy")
    assert "Successfully created/updated stack - stack" in deployed.stdout, deployed.stderr
    [first] = ec2_keypair_server.backend().key_pairs.values()

    deployed = deploy("other")
    assert "Successfully created/updated stack - stack" in deployed.stdout, deployed.stderr
    [key_pair] = ec2_keypair_server.backend().key_pairs.values()
    assert key_pair.key_name == "other"
    assert key_pair.key_pair_id != first.key_pair_id
    name = ("--name", f"/ec2/keypair/{key_pair.key_pair_id}")
    query = ("--with-decryption", "--query", "Parameter.Value", "--output", "text")
    found = run_client("aws", "ssm", "get-parameter", *name, *query)
    assert found.stdout.startswith("-----BEGIN OPENSSH PRIVATE KEY-----")

    run_client("aws", "cloudformation", "delete-stack", "--stack-name", "stack")
    assert ec2_keypair_server.backend().key_pairs == {}


def test_a_stack_that_fails(ec2_keypair_server, deploy, run_client):
    ec2_keypair_server.backend().create_key_pair(key_name="deploy", key_type="ed25519")

    failed = deploy("deploy")

    assert failed.returncode != 0
    assert "Failed to create/update the stack" in failed.stderr
    events = ("describe-stack-events", "--stack-name", "stack", "--output", "text")
    shown = run_client("aws", "cloudformation", *events).stdout
    assert "The keypair already exists" in shown
    assert "ROLLBACK_COMPLETE" in shown
    assert list(ec2_keypair_server.backend().key_pairs) == ["deploy"]
    assert "is in ROLLBACK_COMPLETE state and can not be updated" in deploy("deploy").stderr


def test_the_password_of_a_windows_instance(ec2_keypair_server, ec2, tmp_path):
    key_file = tmp_path / "key.pem"
    key_file.write_text(ec2("create-key-pair", "--key-name", "deploy")["KeyMaterial"])
    launched = ec2("run-instances", "--image-id", "ami-03cf127a", "--key-name", "deploy")
    instance_id = launched["Instances"][0]["InstanceId"]

    arguments = ("--instance-id", instance_id, "--priv-launch-key", key_file)
    found = ec2("get-password-data", *arguments)

    assert found["PasswordData"] == ec2_keypair_server.windows_password(instance_id)
