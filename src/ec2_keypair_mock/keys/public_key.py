"""Public keys, in the three encodings that ImportKeyPair accepts, and their fingerprints.

======================== =======================================================
OpenSSH                  ``ssh-rsa BASE64 [comment]``, one line (sshd(8))
RFC 4716                 ``---- BEGIN SSH2 PUBLIC KEY ----`` and so on, RSA only
SubjectPublicKeyInfo     base64 of the DER, without PEM armour
======================== =======================================================

What is accepted and refused is recorded from the real service, unless a docstring says
otherwise.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from .errors import InvalidKeyError
from .ssh_wire import (
    decode_base64,
    encode_base64,
    mpint,
    read_mpint,
    read_string,
    require_end,
    string,
)
from .subject_public_key_info import (
    ed25519_from_der,
    rsa_from_der,
    rsa_to_der,
)

__all__ = [
    "SSH_NAMES",
    "InvalidKeyError",
    "KeyType",
    "PublicKey",
    "armoured",
    "ed25519_public_key",
    "parse_public_key",
    "parse_rfc4716",
    "public_key_from_blob",
    "rsa_numbers",
    "rsa_public_key",
]

KeyType = Literal["rsa", "ed25519"]

SSH_NAMES: dict[KeyType, str] = {"rsa": "ssh-rsa", "ed25519": "ssh-ed25519"}
"""The names of the key types on the SSH wire (RFC 4253, section 6.6; RFC 8709, section 4)."""

_MINIMUM_RSA_BITS = 512
_ED25519_BYTES = 32
_OPENSSH_LINE = re.compile(
    r"(?P<name>[^ \t\r\n]+)[ \t]+(?P<base64>[^ \t\r\n]+)(?:[ \t][^\r\n]*)?[\r\n]*"
)


@dataclass(frozen=True)
class PublicKey:
    """An RSA or Ed25519 public key.

    ``blob`` is the SSH wire form:

    - RSA (RFC 4253, section 6.6): ``string "ssh-rsa"``, ``mpint e``, ``mpint n``
    - Ed25519 (RFC 8709, section 4): ``string "ssh-ed25519"``, ``string key`` of 32 bytes
    """

    key_type: KeyType
    blob: bytes

    def openssh(self, comment: str) -> str:
        """Return the OpenSSH line, ended by one newline.

        Recorded: DescribeKeyPairs shows every key so, with the key pair's name as comment.
        """
        return f"{SSH_NAMES[self.key_type]} {encode_base64(self.blob)} {comment}\n"

    @property
    def fingerprint(self) -> str:
        """The fingerprint that EC2 shows for an imported key.

        Recorded, and other than the API reference says for RSA:

        - RSA: MD5 of the DER SubjectPublicKeyInfo, as 16 pairs of hex digits with colons
        - Ed25519: base64 of SHA-256 of the blob, with its ``=`` and without ``SHA256:``
        """
        if self.key_type == "ed25519":
            return encode_base64(hashlib.sha256(self.blob).digest())
        der = rsa_to_der(*rsa_numbers(self.blob))
        return hashlib.md5(der, usedforsecurity=False).digest().hex(":")


def parse_public_key(material: str) -> PublicKey:
    """Read a public key as ImportKeyPair does, once its base64 is decoded.

    Equal keys compare equal, in whatever encoding they came. Raises InvalidKeyError for
    everything else, and nothing but that for any text at all.

    Line ends after the key are skipped; more than one key, blank lines before the key and
    options before its type are refused.
    """
    if material.startswith("----"):
        key = parse_rfc4716(material)
        if key.key_type != "rsa":
            # Recorded: EC2 refuses Ed25519 in this format.
            raise InvalidKeyError("an RFC 4716 key must be an RSA key")
        return key
    line = _OPENSSH_LINE.fullmatch(material)
    if line:
        return _parse_openssh(line["name"], line["base64"])
    return _parse_subject_public_key_info(material)


def public_key_from_blob(blob: bytes) -> PublicKey:
    """Read the SSH wire form of a public key; every byte of it must belong to the key."""
    name, rest = read_string(blob)
    if name == b"ssh-rsa":
        modulus, exponent = rsa_numbers(blob)
        return rsa_public_key(modulus, exponent)
    if name == b"ssh-ed25519":
        raw, rest = read_string(rest)
        require_end(rest)
        return ed25519_public_key(raw)
    raise InvalidKeyError("not an RSA or Ed25519 key")


def rsa_public_key(modulus: int, exponent: int) -> PublicKey:
    """Make an RSA public key.

    Recorded: EC2 takes moduli of 512 to 8192 bits, 1023 and 1025 among them, and does not
    look for their factors. Inferred: it refuses smaller moduli and the exponents that RSA
    excludes (RFC 8017, section 3.1), as common libraries do.
    """
    if modulus.bit_length() < _MINIMUM_RSA_BITS:
        raise InvalidKeyError(f"the RSA modulus has fewer than {_MINIMUM_RSA_BITS} bits")
    if exponent % 2 == 0 or not 3 <= exponent < modulus:
        raise InvalidKeyError("the RSA exponent is even or out of range")
    return PublicKey("rsa", string(b"ssh-rsa") + mpint(exponent) + mpint(modulus))


def ed25519_public_key(raw: bytes) -> PublicKey:
    """Make an Ed25519 public key of the 32 bytes of RFC 8032, section 5.1.5."""
    if len(raw) != _ED25519_BYTES:
        raise InvalidKeyError(f"an Ed25519 public key has {_ED25519_BYTES} bytes")
    return PublicKey("ed25519", string(b"ssh-ed25519") + string(raw))


def rsa_numbers(blob: bytes) -> tuple[int, int]:
    """Read the modulus and the exponent of an ``ssh-rsa`` blob."""
    _, rest = read_string(blob)
    exponent, rest = read_mpint(rest)
    modulus, rest = read_mpint(rest)
    require_end(rest)
    return modulus, exponent


def _parse_openssh(name: str, base64: str) -> PublicKey:
    """Read the fields of an OpenSSH line; the type is said twice and must be the same."""
    key = public_key_from_blob(decode_base64(base64))
    if SSH_NAMES[key.key_type] != name:
        raise InvalidKeyError("the key is not of the type that is written before it")
    return key


def parse_rfc4716(material: str) -> PublicKey:
    """Read an RFC 4716 file: a begin line, headers, base64 of the blob, an end line."""
    return public_key_from_blob(armoured(material, "PUBLIC KEY"))


def armoured(material: str, label: str) -> bytes:
    """Read the base64 between an SSH2 begin line and its end line (RFC 4716, section 3).

    Lines end in CR, LF or CRLF (section 3.1) and may have any length: the recorded import
    had all its base64 on one.
    """
    lines = re.split(r"\r\n|\r|\n", material.rstrip("\r\n"))
    if (lines[0], lines[-1]) != (f"---- BEGIN SSH2 {label} ----", f"---- END SSH2 {label} ----"):
        raise InvalidKeyError("the key has neither OpenSSH nor RFC 4716 form")
    return decode_base64("".join(_without_headers(lines[1:-1])))


def _without_headers(lines: list[str]) -> list[str]:
    r"""Drop the headers in front of the base64 (RFC 4716, section 3.3).

    A header is ``tag: value`` and goes on in the next line where its line ends with ``\``.
    The first line that has no colon and continues no header begins the base64.
    """
    continued = False
    for number, line in enumerate(lines):
        if not continued and ":" not in line:
            return lines[number:]
        continued = line.endswith("\\")
    return []


def _parse_subject_public_key_info(material: str) -> PublicKey:
    """Read base64 of a DER SubjectPublicKeyInfo, on one line or wrapped."""
    lines = re.split(r"\r?\n", material.rstrip("\r\n"))
    if not all(lines):
        raise InvalidKeyError("the key has blank lines")
    der = decode_base64("".join(lines))
    raw = ed25519_from_der(der)
    return rsa_public_key(*rsa_from_der(der)) if raw is None else ed25519_public_key(raw)
