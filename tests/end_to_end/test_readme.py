"""What the guide says of other clients, run as it stands."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

GUIDE = Path(__file__).parents[2] / "docs" / "clients.md"


def examples(language):
    """The code blocks in that language."""
    text = GUIDE.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.fixture(autouse=True)
def folder(keys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(keys / "ed25519.pub", "deploy.pub")
    return tmp_path


def test_what_serve_prints():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
    command = examples("sh")[0].splitlines()[-1].replace("5555", port)
    printed = examples("text")[0].replace("5555", port)
    arguments = [sys.executable, *command.split()[1:]]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        lines = [process.stdout.readline() for _ in printed.splitlines()]
        process.terminate()

    assert "".join(lines) == printed


def test_the_aws_cli(ec2_keypair_server, run_client, monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(run_client.path('aws')).parent}:{os.environ['PATH']}")
    script = examples("sh")[1].replace("http://127.0.0.1:5555", ec2_keypair_server.url)

    ran = subprocess.run(["sh", "-ec", script], capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr
    assert ec2_keypair_server.backend().key_pairs["deploy"].public_key.strip() in ran.stdout
    assert [call.action for call in ec2_keypair_server.calls] == [
        "ImportKeyPair",
        "DescribeKeyPairs",
    ]


def test_ansible(ec2_keypair_server, run_client, folder):
    (folder / "deploy.yml").write_text(examples("yaml")[0])
    python = run_client.path("python")

    played = run_client(
        "ansible-playbook",
        *("-i", "localhost,", "-e", f"ansible_python_interpreter={python}", "deploy.yml"),
        ANSIBLE_HOME=str(folder),
    )

    assert played.returncode == 0, played.stdout
    assert list(ec2_keypair_server.backend().key_pairs) == ["deploy"]


def test_node(ec2_keypair_server, run_node, folder):
    ec2_keypair_server.backend().create_key_pair(key_name="deploy")
    (folder / "names.cjs").write_text(examples("js")[0])

    assert run_node("names.cjs") == "[ 'deploy' ]\n"
