"""SSH clients log in with key pairs, as the guide shows."""

from __future__ import annotations

import asyncio
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import paramiko
import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "ssh-login.md"


def example(language):
    """The guide's code in that language."""
    return re.search(rf"^```{language}\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)[1]


@pytest.fixture
def recipe(tmp_path):
    """The functions of the guide's test."""
    (tmp_path / "recipe.py").write_text(example("python"))
    return runpy.run_path(str(tmp_path / "recipe.py"))


@pytest.fixture(params=["paramiko", "openssh"])
def run_uptime(request, recipe):
    """Logs in at a port with a key file; gives what the command prints."""
    if request.param == "paramiko":
        return recipe["deploy"]
    if shutil.which("ssh") is None:
        pytest.skip("there is no ssh")

    def run(port, key_file):
        # Without the settings and the agent of whoever runs the tests.
        script = (
            example("sh")
            .replace("2222", str(port))
            .replace("\nssh ", "\nssh -F none -o IdentityAgent=none ")
        )
        ran = subprocess.run(
            ["sh", "-ec", script], cwd=key_file.parent, capture_output=True, text=True
        )
        return ran.stdout or ran.stderr

    return run


@pytest.mark.parametrize("key_type", ["rsa", "ed25519"])
def test_login(ec2_keypair_mock, recipe, run_uptime, key_type, tmp_path):
    created = ec2_keypair_mock.backend().create_key_pair(key_name="deploy", key_type=key_type)
    key_file = tmp_path / "deploy.pem"
    key_file.write_text(created.key_material + "\n")

    async def log_in():
        async with recipe["ssh_server"](created.public_key) as port:
            return await asyncio.to_thread(run_uptime, port, key_file)

    assert asyncio.run(log_in()) == "ec2-user ran uptime\n"


def test_another_key_is_refused(ec2_keypair_mock, recipe, tmp_path):
    for name in ("deploy", "other"):
        created = ec2_keypair_mock.backend().create_key_pair(key_name=name, key_type="ed25519")
        (tmp_path / name).write_text(created.key_material)
    deploy = ec2_keypair_mock.backend().key_pairs["deploy"]

    async def log_in():
        async with recipe["ssh_server"](deploy.public_key) as port:
            with pytest.raises(paramiko.AuthenticationException):
                await asyncio.to_thread(recipe["deploy"], port, tmp_path / "other")
            return await asyncio.to_thread(recipe["deploy"], port, tmp_path / "deploy")

    assert asyncio.run(log_in()) == "ec2-user ran uptime\n"
