"""Key files in every format that has a name here, and what is wrong with all others.

This takes more than ImportKeyPair does: private keys, PEM, and RFC 4716 of Ed25519 keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .private_key import PrivateKey, load_private_key
from .public_key import (
    SSH_NAMES,
    InvalidKeyError,
    PublicKey,
    parse_public_key,
    parse_rfc4716,
    rsa_public_key,
)
from .putty import PPK_BEGIN
from .ssh_wire import decode_base64
from .subject_public_key_info import rsa_from_pkcs1

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_DER = "the file is DER; make PEM of it: openssl pkey -inform DER, with -pubin for a public key"
_OTHER_TYPES = {
    re.compile(r".+-cert-v\d\d@openssh\.com"): (
        "an OpenSSH certificate, which EC2 does not import: use the public key that was signed"
    ),
    re.compile(r"sk-.+@openssh\.com"): (
        "the key of a security key (FIDO); EC2 has RSA and Ed25519 key pairs only"
    ),
    re.compile(r"ecdsa-sha2-.+"): "an ECDSA key; EC2 has RSA and Ed25519 key pairs only",
    re.compile(r"ssh-dss"): "a DSA key; EC2 has RSA and Ed25519 key pairs only",
}


def load_key_file(data: bytes) -> PublicKey | PrivateKey:
    """Read a public key, or an unencrypted private key.

    ================== ==========================================================
    Public             OpenSSH, RFC 4716, PEM of SubjectPublicKeyInfo and PKCS#1,
                       base64 of DER SubjectPublicKeyInfo
    Private            PEM of PKCS#1, PKCS#8 and OpenSSH, PPK version 2 and 3
    ================== ==========================================================

    Raises InvalidKeyError for everything else, and says what it is where it is known.
    """
    if b"PRIVATE KEY" in data or data.startswith(PPK_BEGIN):
        return load_private_key(data)
    _require_text(data)
    text = data.decode("latin-1").strip()
    if text.startswith("---- BEGIN SSH2"):
        return parse_rfc4716(text)
    if pem := _PEM.search(text):
        return _parse_pem(pem[1], "".join(pem[2].split()))
    return _parse_openssh(text) if _ssh_names(text) else _parse_base64(text)


def _require_text(data: bytes) -> None:
    if not data.strip():
        raise InvalidKeyError("the file is empty")
    if data.startswith(_BYTE_ORDER_MARKS):
        raise InvalidKeyError(
            "the file begins with a byte order mark, as PowerShell writes it: save it as ASCII"
        )
    # The tags of DER's types are small bytes, which no text has.
    if min(data) < ord("\t"):
        is_der = data.startswith(b"\x30")
        raise InvalidKeyError(_DER if is_der else "the file is binary, and no key")


def _parse_pem(label: str, base64: str) -> PublicKey:
    if label in ("CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE"):
        raise InvalidKeyError(
            "an X.509 certificate, which EC2 does not import: "
            "take its key with openssl x509 -pubkey -noout"
        )
    if label not in _PEM_READERS:
        raise InvalidKeyError(f"PEM of {label} is none of an RSA or Ed25519 key")
    try:
        return _PEM_READERS[label](base64)
    except InvalidKeyError:
        raise InvalidKeyError("the PEM holds no RSA or Ed25519 public key") from None


def _parse_pkcs1(base64: str) -> PublicKey:
    return rsa_public_key(*rsa_from_pkcs1(decode_base64(base64)))


_PEM_READERS: dict[str, Callable[[str], PublicKey]] = {
    "PUBLIC KEY": parse_public_key,
    "RSA PUBLIC KEY": _parse_pkcs1,
}


def _ssh_names(text: str) -> list[str]:
    """The words of a text that are names of key types on the SSH wire."""
    return [word for word in text.split() if word in SSH_NAMES.values() or _other_type(word)]


def _other_type(name: str) -> str | None:
    return next((why for known, why in _OTHER_TYPES.items() if known.fullmatch(name)), None)


def _parse_openssh(text: str) -> PublicKey:
    """Read an OpenSSH line, or say why this is none: ``authorized_keys``, or another type."""
    if len(text.splitlines()) > 1:
        raise InvalidKeyError("the file has several lines: give each key a file of its own")
    if not text.startswith(name := _ssh_names(text)[0]):
        raise InvalidKeyError(f"there is something in front of the key: let it begin with {name}")
    if why := _other_type(name):
        raise InvalidKeyError(why)
    return parse_public_key(text)


def _parse_base64(text: str) -> PublicKey:
    try:
        return parse_public_key(text)
    except InvalidKeyError:
        raise InvalidKeyError(
            "the file holds no key that is known here: OpenSSH, RFC 4716, PEM, PPK"
        ) from None
