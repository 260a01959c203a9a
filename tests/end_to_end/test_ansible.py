"""Ansible's amazon.aws.ec2_key and ec2_key_info."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_ssh_private_key

PLAYBOOK = Path(__file__).with_name("playbook.yml")


def test_a_playbook(ec2_keypair_server, run_client, keys, tmp_path):
    python = run_client.path("python")
    played = run_client(
        "ansible-playbook",
        *("-i", "localhost,", "-e", f"keys={keys}", "-e", f"ansible_python_interpreter={python}"),
        PLAYBOOK,
        ANSIBLE_CONFIG=str(tmp_path / "ansible.cfg"),
        ANSIBLE_HOME=str(tmp_path),
        ANSIBLE_PIPELINING="1",
    )

    # The playbook itself asserts what the modules report.
    assert played.returncode == 0, played.stdout + played.stderr
    key_pairs = ec2_keypair_server.backend().key_pairs
    assert {name: each.key_type for name, each in key_pairs.items()} == {
        "rsa": "rsa",
        "created": "ed25519",
    }
    assert key_pairs["rsa"].public_key.split()[1] == (keys / "other.pub").read_text().split()[1]
    load_ssh_private_key((keys / "created.pem").read_bytes(), password=None)
