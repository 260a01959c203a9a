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
from .terminal import BOLD, CYAN, DIM, GREEN, RED, printable, styled

_DEFAULTS = ("id_ed25519.pub", "id_rsa.pub")
_KEY_NAME = "demo"
_WHY: dict[KeyType, str] = {
    "rsa": """\
EC2 shows the MD5 of an imported RSA key in DER form (SubjectPublicKeyInfo), `ssh-keygen -l` the
SHA-256 of the same key in SSH's own form, so the two are never alike.""",
    "ed25519": """\
Of an Ed25519 key EC2 shows the hash that `ssh-keygen -l` shows, with = at the end and no SHA256:.
Of an RSA key it shows another: the MD5 of its DER form, where ssh-keygen takes SSH's own form.""",
}
_TEST = """\
{imports}import boto3
from ec2_keypair_mock import mock

material = {material}


@mock
def test_import():
    ec2 = boto3.client("ec2", region_name="{region}")
    ec2.import_key_pair(KeyName="demo", PublicKeyMaterial=material)
    (described,) = ec2.describe_key_pairs()["KeyPairs"]
    assert described["KeyFingerprint"] == "{fingerprint}"
"""


def demo(file: Path | None) -> int:
    """Import, describe and delete the key in ``file``; returns the exit status.

    It is 1, after one line on standard error, where the file, or the config of AWS, cannot be read
    or EC2 refuses it.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        material, source = _material(file)
        with mock() as aws:
            _show(aws.client(), material, source)
    except BrokenPipeError:
        raise
    except (BotoCoreError, ClientError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _material(file: Path | None) -> tuple[bytes, str]:
    """The bytes of a public key, and the Python expression for them."""
    ssh = Path.home() / ".ssh"
    found = file or next((ssh / name for name in _DEFAULTS if (ssh / name).is_file()), None)
    if found:
        print(f"Public key: {printable(found)}")
        return found.read_bytes(), f"Path({str(found.absolute())!r}).read_bytes()"
    print("Public key: a new Ed25519 key, since there is no ~/.ssh/id_ed25519.pub or id_rsa.pub")
    made = generate_private_key("ed25519").public_key.openssh("").strip().encode()
    return made, repr(made)


def _show(ec2: Any, material: bytes, source: str) -> None:
    region = ec2.meta.region_name
    print("A real boto3 client makes these calls, and none of them leaves this process.\n")
    print(_prompt(f"material = {source}"))
    print(_prompt(f'ec2 = boto3.client("ec2", region_name="{region}")'))
    key = {"KeyName": _KEY_NAME, "PublicKeyMaterial": material}
    _call(ec2, "import_key_pair", **key)
    described = _call(ec2, "describe_key_pairs", KeyNames=[_KEY_NAME], IncludePublicKey=True)
    try:
        _call(ec2, "import_key_pair", **key)
    except ec2.exceptions.ClientError as error:
        print(styled(f"  {error}", RED))
    _call(ec2, "delete_key_pair", KeyName=_KEY_NAME)
    (key_pair,) = described["KeyPairs"]
    _show_fingerprints(key_pair)
    print(styled("\nThe test to write next, as test_key_pairs.py\n", BOLD))
    print(_test(source, region, key_pair["KeyFingerprint"]))
    print("Run it: python -m pytest test_key_pairs.py")


def _test(material: str, region: str, fingerprint: str) -> str:
    imports = "from pathlib import Path\n\n" if material.startswith("Path") else ""
    return _TEST.format(imports=imports, material=material, region=region, fingerprint=fingerprint)


def _prompt(code: str) -> str:
    return f"{styled('>>>', DIM)} {styled(code, CYAN)}"


def _call(ec2: Any, method: str, **arguments: Any) -> Any:
    """Make a call, and show it as one writes it, and its answer."""
    shown = (f"{name}={_argument(value)}" for name, value in arguments.items())
    print("\n" + _prompt(f"ec2.{method}({', '.join(shown)})"))
    answer = getattr(ec2, method)(**arguments)
    for name, value in answer.get("KeyPairs", [answer])[0].items():
        if name != "ResponseMetadata":
            print(f"  {name:<16}{str(value).strip()}")
    return answer


def _argument(value: object) -> str:
    return "material" if isinstance(value, bytes) else repr(value).replace("'", '"')


def _show_fingerprints(described: dict[str, Any]) -> None:
    print(styled("\nThe fingerprint", BOLD))
    print(f"  {'EC2':<18}{styled(described['KeyFingerprint'], GREEN)}")
    for tool, fingerprint in _other_fingerprints(described["KeyType"], described["PublicKey"]):
        print(f"  {tool:<18}{fingerprint}")
    print(_WHY[described["KeyType"]])


def _other_fingerprints(key_type: KeyType, public_key: str) -> Iterator[tuple[str, str]]:
    """What openssl and ssh-keygen say, where they are installed and take such a key."""
    # Windows lets no other program open a `NamedTemporaryFile` that is still open here.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "key.pub"
        file.write_text(public_key, "utf-8")
        if key_type == "rsa" and (said := _openssl_md5(file)):
            yield "openssl md5", said.split()[-1].decode()
        if said := _run("ssh-keygen", "-l", "-f", str(file)):
            yield "ssh-keygen -l", said.split()[1].decode()


def _openssl_md5(file: Path) -> bytes:
    pem = _run("ssh-keygen", "-e", "-m", "PKCS8", "-f", str(file))
    der = _run("openssl", "pkey", "-pubin", "-outform", "DER", stdin=pem)
    return der and _run("openssl", "md5", "-c", stdin=der)


def _run(*command: str, stdin: bytes = b"") -> bytes:
    """The standard output of a program; nothing where it is missing or fails."""
    if not shutil.which(command[0]):
        return b""
    result = subprocess.run(command, input=stdin, capture_output=True)
    return b"" if result.returncode else result.stdout
