"""Terraform, with AWS's real provider."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
GUIDE = HERE.parents[1] / "docs" / "clients.md"
PROVIDER = "registry.terraform.io/hashicorp/aws"
# https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
IMPLIED_MIRRORS = (
    "~/.terraform.d/plugins",
    "~/.local/share/terraform/plugins",
    "~/Library/Application Support/io.terraform/plugins",
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
)


class Terraform:
    """Runs Terraform in ``folder``, without the settings of whoever runs the tests."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self.data = data

    def __call__(self, command: str, *options: str) -> int:
        """The exit status of a command that succeeds: 2 for a plan with changes, or else 0."""
        settings = {
            "TF_DATA_DIR": str(self.data),
            "TF_CLI_CONFIG_FILE": os.devnull,
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
            # The provider's schema is large, and each command reads it several times.
            "GOGC": "400",
        }
        ran = subprocess.run(
            ["terraform", command, "-no-color", *options],
            cwd=self.folder,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert ran.returncode in (0, 2), ran.stdout + ran.stderr
        return ran.returncode

    def apply(self) -> dict[str, Any]:
        """Apply the configuration; gives its outputs."""
        self("apply", "-auto-approve")
        state = json.loads((self.folder / "terraform.tfstate").read_text())
        return {name: output["value"] for name, output in state["outputs"].items()}


def mirror() -> Path:
    """The folder that has the provider; where there is none, the test is skipped."""
    named = os.environ.get("EC2_KEYPAIR_MOCK_TERRAFORM_MIRROR")
    for folder in [named] if named else IMPLIED_MIRRORS:
        path = Path(folder).expanduser().absolute()
        if (path / PROVIDER).is_dir():
            return path
    pytest.skip(f"there is no mirror of {PROVIDER}; docs/clients.md says how to get one")


def examples() -> list[str]:
    """What the guide shows: a key pair, and the provider's block."""
    return re.findall(r"^```hcl\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    """The folder whose lock file and data the tests share: to initialise one takes seconds."""
    if shutil.which("terraform") is None:
        pytest.skip("there is no terraform")
    folder = tmp_path_factory.mktemp("terraform")
    (folder / "provider.tf").write_text('provider "aws" {}\n')
    terraform = Terraform(folder, folder / ".terraform")
    terraform("init", f"-plugin-dir={mirror()}")
    yield terraform
    # Terraform unpacks the provider of a packed mirror in there: 700 MB.
    shutil.rmtree(terraform.data)


@pytest.fixture
def terraform(initialised: Terraform, tmp_path: Path) -> Terraform:
    shutil.copy(initialised.folder / ".terraform.lock.hcl", tmp_path)
    return Terraform(tmp_path, initialised.data)


def test_key_pairs(ec2_keypair_server, terraform, keys):
    backend = ec2_keypair_server.backend()
    tags = {"ResourceType": "key-pair", "Tags": [{"Key": "owner", "Value": "somebody"}]}
    old = backend.create_key_pair(key_name="old", tag_specifications=[tags])
    shutil.copy(HERE / "key_pairs.tf", terraform.folder)
    public_key = terraform.folder / "deploy.pub"
    shutil.copy(keys / "rsa.pub", public_key)

    outputs = terraform.apply()

    deploy = backend.key_pairs["deploy"]
    assert outputs["deploy"] == {
        "arn": f"arn:aws:ec2:{backend.region}:{backend.account_id}:key-pair/deploy",
        "fingerprint": deploy.key_fingerprint,
        "id": "deploy",
        "key_name": "deploy",
        "key_name_prefix": "",
        "key_pair_id": deploy.key_pair_id,
        "key_type": "rsa",
        "public_key": public_key.read_text().strip(),
        "tags": {"team": "web"},
        "tags_all": {"team": "web"},
    }
    found = [(each["id"], each["public_key"]) for each in outputs["found"]]
    assert found == [(deploy.key_pair_id, key) for key in (deploy.public_key, "", "")]
    assert backend.find(old.key_pair_id).tags == {"team": "db"}
    assert terraform("plan", "-detailed-exitcode") == 0

    shutil.copy(keys / "ed25519.pub", public_key)
    ec2_keypair_server.calls.clear()
    replaced = terraform.apply()["deploy"]

    assert replaced["fingerprint"] == backend.key_pairs["deploy"].key_fingerprint
    assert replaced["key_type"] == "ed25519"
    changes = [
        each.action for each in ec2_keypair_server.calls if each.action != "DescribeKeyPairs"
    ]
    assert changes == ["DeleteKeyPair", "ImportKeyPair"]

    terraform("destroy", "-auto-approve")
    assert backend.key_pairs == {}


def test_instances_with_what_the_guide_shows(ec2_keypair_server, terraform, keys, monkeypatch):
    key_pair, provider = examples()
    provider = provider.replace("http://127.0.0.1:5555", ec2_keypair_server.url)
    (terraform.folder / "key_pair.tf").write_text(key_pair)
    (terraform.folder / "provider.tf").write_text(provider)
    shutil.copy(HERE / "instances.tf", terraform.folder)
    shutil.copy(keys / "ed25519.pub", terraform.folder / "deploy.pub")
    created = ec2_keypair_server.backend("us-east-1").create_key_pair(key_name="windows")
    (terraform.folder / "windows.pem").write_text(created.key_material)
    monkeypatch.delenv("AWS_ENDPOINT_URL")

    terraform("fmt", "-check")
    outputs = terraform.apply()

    web, windows = outputs["web"], outputs["windows"]
    ec2 = ec2_keypair_server.client("us-east-1")
    [reservation] = ec2.describe_instances(InstanceIds=[web["id"]])["Reservations"]
    assert web["key_name"] == reservation["Instances"][0]["KeyName"] == "deploy"
    assert windows["password"] == ec2_keypair_server.windows_password(windows["id"])
