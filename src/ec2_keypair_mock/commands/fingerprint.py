"""``python -m ec2_keypair_mock fingerprint``: which key pair in my account is this file?"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ..keys.private_key import load_private_key
from ..keys.public_key import InvalidKeyError, PublicKey, parse_public_key, parse_rfc4716

_PEM = re.compile(r"-----BEGIN PUBLIC KEY-----(.*)-----END PUBLIC KEY-----\s*", re.DOTALL)


@dataclass(frozen=True)
class Fingerprints:
    """What AWS shows for a key: when it was imported, and when AWS created it.

    ``created`` is there for private RSA keys only: of an Ed25519 key there is one fingerprint, and
    that of a created RSA key does not follow from the public half.
    """

    file: str
    key_type: str
    imported: str
    created: str | None


def print_fingerprints(files: Iterable[Path], *, as_json: bool) -> int:
    """Print the fingerprints of every file that can be read; returns the exit status.

    It is 1, after a line on standard error for each, where some cannot be.
    """
    found: list[Fingerprints] = []
    status = 0
    for file in files:
        try:
            found.append(fingerprints(str(file), file.read_bytes()))
        except (InvalidKeyError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            print(f"{file}: {reason}", file=sys.stderr)
            status = 1
    lines = [json.dumps(list(map(asdict, found)), indent=2)] if as_json else map(_text, found)
    for line in lines:
        print(line)
    return status


def fingerprints(file: str, data: bytes) -> Fingerprints:
    """The fingerprints of a public or unencrypted private key; raises InvalidKeyError."""
    if b"PRIVATE KEY" in data or data.startswith(b"PuTTY-User-Key-File-"):
        key = load_private_key(data)
        created = key.created_fingerprint if key.key_type == "rsa" else None
        return Fingerprints(file, key.key_type, key.public_key.fingerprint, created)
    public = _read_public_key(data.decode("latin-1"))
    return Fingerprints(file, public.key_type, public.fingerprint, None)


def _read_public_key(text: str) -> PublicKey:
    """Read more than EC2 imports: RFC 4716 with Ed25519, and PEM."""
    if text.startswith("---- BEGIN SSH2"):
        return parse_rfc4716(text)
    pem = _PEM.fullmatch(text)
    return parse_public_key("".join(pem[1].split()) if pem else text)


def _text(found: Fingerprints) -> str:
    created = f"\n  created   {found.created}" if found.created else ""
    return f"{found.file} ({found.key_type})\n  imported  {found.imported}{created}"
