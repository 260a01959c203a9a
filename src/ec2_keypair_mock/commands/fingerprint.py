"""``python -m ec2_keypair_mock fingerprint``: which key pair in my account is this file?"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ..keys.key_file import load_key_file
from ..keys.private_key import PrivateKey
from ..keys.public_key import InvalidKeyError
from .terminal import printable

_CREATED_RSA = re.compile("[0-9a-f]{2}(:[0-9a-f]{2}){19}")
_IMPORTED_RSA = re.compile("[0-9a-f]{2}(:[0-9a-f]{2}){15}")
_ED25519 = re.compile("[A-Za-z0-9+/]{43}=")
_OTHER_FINGERPRINT = (
    "{!r} is not what EC2 shows: 16 or 20 pairs of hex digits with colons for an RSA key, 44 "
    "characters of base64 that end with = for an Ed25519 key"
)
_NEEDS_PRIVATE_KEY = (
    "AWS created the RSA key pair of this fingerprint, and only the private key tells whether "
    "it is this one"
)


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


def print_fingerprints(
    files: Iterable[Path], *, as_json: bool = False, match: str | None = None
) -> int:
    """Print the fingerprints of every file that can be read; returns the exit status.

    It is 1, after a line on standard error for each, where some cannot be. With ``match`` the names
    of the files are printed that have this fingerprint, and the status is 0 where there is one, 1
    where there is none.
    """
    readable = list(_readable(files := list(files)))
    found = [each for each in readable if match is None or match in (each.imported, each.created)]
    if match is not None and not found:
        _say_what_may_match(readable, match)
    if as_json:
        print(json.dumps(list(map(asdict, found)), indent=2))
    for each in () if as_json else found:
        print(_text(each) if match is None else printable(each.file))
    return int(len(readable) < len(files) if match is None else not found)


def known_fingerprint(text: str) -> str:
    """A fingerprint as EC2 shows it; ValueError, with what it shows, for anything else."""
    for form, written in (
        (_CREATED_RSA, text.lower()),
        (_IMPORTED_RSA, text.lower()),
        (_ED25519, text),
    ):
        if form.fullmatch(written):
            return written
    raise ValueError(_OTHER_FINGERPRINT.format(text))


def fingerprints(file: str, data: bytes) -> Fingerprints:
    """The fingerprints of a public or unencrypted private key; raises InvalidKeyError."""
    key = load_key_file(data)
    if not isinstance(key, PrivateKey):
        return Fingerprints(file, key.key_type, key.fingerprint, None)
    created = key.created_fingerprint if key.key_type == "rsa" else None
    return Fingerprints(file, key.key_type, key.public_key.fingerprint, created)


def _readable(files: Iterable[Path]) -> Iterable[Fingerprints]:
    for file in files:
        try:
            yield fingerprints(str(file), file.read_bytes())
        except (InvalidKeyError, OSError) as error:
            _complain(file, error.strerror if isinstance(error, OSError) else error)


def _say_what_may_match(readable: list[Fingerprints], match: str) -> None:
    """A public key does not tell the fingerprint of an RSA key that AWS created."""
    if not _CREATED_RSA.fullmatch(match):
        return
    for each in readable:
        if each.key_type == "rsa" and each.created is None:
            _complain(each.file, _NEEDS_PRIVATE_KEY)


def _complain(file: object, reason: object) -> None:
    print(f"{printable(file)}: {reason}", file=sys.stderr)


def _text(found: Fingerprints) -> str:
    created = f"\n  created   {found.created}" if found.created else ""
    return f"{printable(found.file)} ({found.key_type})\n  imported  {found.imported}{created}"
