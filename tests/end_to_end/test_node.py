"""AWS's SDK for JavaScript, in Node."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("key_pairs.cjs")


@pytest.fixture
def printed(ec2_keypair_server, run_node, keys):
    return json.loads(run_node(SCRIPT, keys))


def test_key_pairs(ec2_keypair_server, printed):
    key_pairs = ec2_keypair_server.backend().key_pairs

    assert list(key_pairs) == ["rsa", "created"]
    assert printed["rsa"] == {
        "KeyName": "rsa",
        "KeyPairId": key_pairs["rsa"].key_pair_id,
        "KeyFingerprint": key_pairs["rsa"].key_fingerprint,
        "Tags": [{"Key": "team", "Value": "web"}],
    }
    assert printed["created"]["KeyMaterial"].startswith("PuTTY-User-Key-File-2: ssh-rsa")
    [by_tag] = printed["byTag"]["KeyPairs"]
    assert by_tag["PublicKey"] == key_pairs["rsa"].public_key
    assert printed["waited"] == "SUCCESS"
    assert [each["KeyName"] for each in printed["byId"]["KeyPairs"]] == ["ed25519"]
    assert printed["deleted"] == {
        "Return": True,
        "KeyPairId": printed["ed25519"]["KeyPairId"],
    }


def test_errors(printed):
    assert printed["duplicate"] == {
        "error": "InvalidKeyPair.Duplicate",
        "message": "The keypair already exists",
        "status": 400,
    }
    assert printed["dryRun"]["error"] == "DryRunOperation"
    assert printed["dryRun"]["status"] == 412
    assert printed["missing"]["message"] == "The key pair 'missing' does not exist"
