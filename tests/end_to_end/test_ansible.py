"""Ansible's amazon.aws.ec2_key and ec2_key_info, and community.aws.ec2_win_password."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent


@pytest.fixture
def play(run_client, tmp_path):
    """Plays a playbook of this folder with variables. The playbook asserts what modules report."""
    python = run_client.path("python")

    def run(playbook, **variables):
        variables["ansible_python_interpreter"] = python
        played = run_client(
            "ansible-playbook",
            *("-i", "localhost,", "-e", json.dumps(variables), HERE / playbook),
            ANSIBLE_CONFIG=str(tmp_path / "ansible.cfg"),
            ANSIBLE_HOME=str(tmp_path),
            ANSIBLE_PIPELINING="1",
        )
        assert played.returncode == 0, played.stdout + played.stderr

    return run


def test_key_pairs(ec2_keypair_server, play, keys):
    play("playbook.yml", keys=str(keys))

    key_pairs = ec2_keypair_server.backend().key_pairs
    assert {name: each.key_type for name, each in key_pairs.items()} == {
        "rsa": "rsa",
        "created": "ed25519",
    }
    assert key_pairs["rsa"].public_key.split()[1] == (keys / "other.pub").read_text().split()[1]
    load_ssh_private_key((keys / "created.pem").read_bytes(), password=None)


def test_the_password_of_a_windows_instance(ec2_keypair_server, play, tmp_path):
    ec2 = ec2_keypair_server.client()
    key_file = tmp_path / "key.pem"
    key_file.write_text(ec2.create_key_pair(KeyName="deploy")["KeyMaterial"])
    launch = {"ImageId": "ami-03cf127a", "KeyName": "deploy", "MinCount": 1, "MaxCount": 1}
    instance_id = ec2.run_instances(**launch)["Instances"][0]["InstanceId"]

    password = ec2_keypair_server.windows_password(instance_id)
    play("windows.yml", instance_id=instance_id, key_file=str(key_file), password=password)
