"""The private key files of ssh.com, which PuTTY exports: read, where nothing is encrypted.

The layout, inside the armour of RFC 4716 (PuTTY's import.c; ssh.com published none)::

    uint32 magic, uint32 length of it all, string key type, string cipher,
    string ( uint32 length, then the numbers: e, d, n, iqmp, q, p )

A number is a ``uint32`` count of bits and its bytes, most significant first.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa

from .errors import InvalidKeyError
from .public_key import armoured
from .putty import rsa_private_key
from .ssh_wire import read_string, require_end

SSH_COM_BEGIN = b"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----"

_MAGIC = bytes.fromhex("3f6ff9eb")
_RSA_PREFIX = b"if-modn{sign{rsa"


def from_ssh_com(data: bytes) -> rsa.RSAPrivateKey:
    """Read an unencrypted ssh.com private key file of an RSA key.

    Raises InvalidKeyError, and says why, for everything else.
    """
    blob = armoured(data.decode("latin-1"), "ENCRYPTED PRIVATE KEY")
    if not blob.startswith(_MAGIC):
        raise InvalidKeyError("not an ssh.com private key")
    key_type, rest = read_string(blob[8:])
    cipher, rest = read_string(rest)
    if cipher != b"none":
        raise InvalidKeyError("the private key is encrypted")
    if not key_type.startswith(_RSA_PREFIX):
        raise InvalidKeyError("not an RSA or Ed25519 private key")
    payload, rest = read_string(rest)
    require_end(rest)
    return _rsa_private_key(payload)


def _rsa_private_key(payload: bytes) -> rsa.RSAPrivateKey:
    numbers, _ = read_string(payload)
    exponent, numbers = _read_number(numbers)
    d, numbers = _read_number(numbers)
    modulus, numbers = _read_number(numbers)
    iqmp, numbers = _read_number(numbers)
    q, numbers = _read_number(numbers)
    p, numbers = _read_number(numbers)
    require_end(numbers)
    return rsa_private_key(modulus, exponent, d, p, q, iqmp)


def _read_number(data: bytes) -> tuple[int, bytes]:
    size = (int.from_bytes(data[:4], "big") + 7) // 8
    end = 4 + size
    if len(data) < end:
        raise InvalidKeyError("the key is truncated")
    return int.from_bytes(data[4:end], "big"), data[end:]
