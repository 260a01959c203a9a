"""``python -m ec2_keypair_mock demo``: the main job on a real public key, shown step by step."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..activation import mock
from ..keys.private_key import generate_private_key
from ..keys.public_key import KeyType

_DEFAULTS = ("id_ed25519.pub", "id_rsa.pub")
_KEY_NAME = "demo"


def demo(file: Path | None) -> int:
    """Import, describe and delete the key in ``file``; returns the exit status.

    It is 1, after one line on standard error, where the file, or the config of AWS, cannot be read
    or EC2 refuses it.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        material = _material(file)
        with mock() as aws:
            _show(aws.client(), material)
    except BrokenPipeError:
        raise
    except (BotoCoreError, ClientError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _material(file: Path | None) -> bytes:
    ssh = Path.home() / ".ssh"
    found = file or next((ssh / name for name in _DEFAULTS if (ssh / name).is_file()), None)
    if found:
        print(f"Public key: {found}")
        return found.read_bytes()
    print("Public key: a new Ed25519 key, since there is no ~/.ssh/id_ed25519.pub or id_rsa.pub")
    return generate_private_key("ed25519").public_key.openssh("demo").encode()


def _show(ec2: Any, material: bytes) -> None:
    imported = ec2.import_key_pair(KeyName=_KEY_NAME, PublicKeyMaterial=material)
    _print("ImportKeyPair", imported)
    described = ec2.describe_key_pairs(KeyNames=[_KEY_NAME], IncludePublicKey=True)["KeyPairs"][0]
    _print("DescribeKeyPairs", described)
    try:
        ec2.import_key_pair(KeyName=_KEY_NAME, PublicKeyMaterial=material)
    except ec2.exceptions.ClientError as error:
        print(f"\nImportKeyPair again\n  {error}")
    _print("DeleteKeyPair", ec2.delete_key_pair(KeyName=_KEY_NAME))
    print(f"\nThe fingerprint\n  {'EC2':<12}{imported['KeyFingerprint']}")
    for tool, fingerprint in _other_fingerprints(described["KeyType"], described["PublicKey"]):
        print(f"  {tool:<12}{fingerprint}")


def _print(title: str, answer: dict[str, Any]) -> None:
    print(f"\n{title}")
    for name, value in answer.items():
        if name != "ResponseMetadata":
            print(f"  {name:<16}{str(value).strip()}")


def _other_fingerprints(key_type: KeyType, public_key: str) -> Iterator[tuple[str, str]]:
    """What ssh-keygen and openssl say, where they are installed: EC2 uses other hashes by type."""
    with tempfile.NamedTemporaryFile("w", suffix=".pub") as file:
        file.write(public_key)
        file.flush()
        if key_type == "ed25519" and shutil.which("ssh-keygen"):
            yield "ssh-keygen", _run("ssh-keygen", "-l", "-f", file.name).split()[1].decode()
        if key_type == "rsa" and shutil.which("ssh-keygen") and shutil.which("openssl"):
            pem = _run("ssh-keygen", "-e", "-m", "PKCS8", "-f", file.name)
            der = _run("openssl", "pkey", "-pubin", "-outform", "DER", stdin=pem)
            yield "openssl", _run("openssl", "md5", "-c", stdin=der).split()[-1].decode()


def _run(*command: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(command, input=stdin, check=True, capture_output=True).stdout
