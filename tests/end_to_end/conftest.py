"""Real AWS clients in processes of their own, and keys for them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = Path(__file__).parents[2]


class Clients:
    """The programs in a folder; a test of one that is not there is skipped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, program: str) -> str:
        found = shutil.which(program, path=str(self.folder))
        return found or pytest.skip(f"there is no {program} in {self.folder}; .ci/run makes it")

    def __call__(
        self, program: str, *arguments: object, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.path(program), *map(str, arguments)],
            capture_output=True,
            text=True,
            env={**os.environ, **environment},
            timeout=120,
        )


@pytest.fixture(scope="session")
def run_client() -> Clients:
    """Runs the programs of an environment of their own: the AWS CLI pins its botocore."""
    folder = os.environ.get("EC2_KEYPAIR_MOCK_CLIENTS", ROOT / ".venv-clients" / "bin")
    return Clients(Path(folder))


@pytest.fixture(scope="session")
def node_modules(run_client: Clients) -> Path:
    """The folder of the packages for Node and for browsers."""
    modules = run_client.folder.parent / "node" / "node_modules"
    if not modules.is_dir():
        pytest.skip(f"there is no {modules}; .ci/run makes it")
    return modules


@pytest.fixture(scope="session")
def run_node(node_modules: Path) -> Callable[..., str]:
    """Runs a script in Node, with AWS's SDK for JavaScript; gives what it prints."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node")

    def run(*arguments: object) -> str:
        ran = subprocess.run(
            [node, *map(str, arguments)],
            capture_output=True,
            text=True,
            env={**os.environ, "NODE_PATH": str(node_modules)},
            timeout=120,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the public keys rsa.pub, ed25519.pub and other.pub, in OpenSSH's format."""
    folder = tmp_path_factory.mktemp("keys")
    made = {
        "rsa": rsa.generate_private_key(65537, 2048),
        "other": rsa.generate_private_key(65537, 2048),
        "ed25519": Ed25519PrivateKey.generate(),
    }
    for name, key in made.items():
        line = key.public_key().public_bytes(
            serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
        )
        (folder / f"{name}.pub").write_bytes(line + b" somebody@host\n")
    return folder
