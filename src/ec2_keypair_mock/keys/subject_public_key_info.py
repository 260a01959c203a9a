"""DER SubjectPublicKeyInfo (RFC 5280, section 4.1) of RSA and Ed25519 keys.

::

    SEQUENCE { SEQUENCE { OID, parameters }, BIT STRING }

RSA (RFC 3279, section 2.3.1): the OID is rsaEncryption, the parameters are NULL, and the
BIT STRING holds ``SEQUENCE { INTEGER modulus, INTEGER publicExponent }``.
Ed25519 (RFC 8410, section 4): no parameters, and the BIT STRING holds the 32 bytes.

EC2 takes and fingerprints RSA keys that ``cryptography`` need not load (any size, any
modulus), so these few bytes are written and read here.
"""

from __future__ import annotations

from .errors import InvalidKeyError
from .ssh_wire import signed_bytes

_INTEGER, _BIT_STRING, _SEQUENCE = 0x02, 0x03, 0x30
_RSA_ALGORITHM = bytes.fromhex("300d06092a864886f70d0101010500")
_ED25519_PREFIX = bytes.fromhex("302a300506032b6570032100")
_NO_UNUSED_BITS = b"\x00"


def rsa_to_der(modulus: int, exponent: int) -> bytes:
    """Write the SubjectPublicKeyInfo of an RSA key."""
    numbers = _tlv(_INTEGER, signed_bytes(modulus)) + _tlv(_INTEGER, signed_bytes(exponent))
    return _rsa_info(_tlv(_SEQUENCE, numbers))


def rsa_from_der(der: bytes) -> tuple[int, int]:
    """Read the modulus and the exponent of an RSA key.

    The reading is lax and the result is written again and compared: whatever is not the one
    DER form of an RSA key (a bare PKCS#1 key, another algorithm, BER) comes out different.
    """
    contents, _ = _read(der)
    _, key = _read(contents)
    bits, _ = _read(key)
    numbers, _ = _read(bits[1:])
    modulus, rest = _read(numbers)
    exponent, _ = _read(rest)
    modulus_and_exponent = int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")
    if rsa_to_der(*modulus_and_exponent) != der:
        raise InvalidKeyError("the key is not the DER SubjectPublicKeyInfo of an RSA key")
    return modulus_and_exponent


def rsa_from_pkcs1(der: bytes) -> tuple[int, int]:
    """Read the modulus and the exponent of a PKCS#1 RSAPublicKey (RFC 8017, section A.1.1)."""
    return rsa_from_der(_rsa_info(der))


def ed25519_from_der(der: bytes) -> bytes | None:
    """Read the public key of an Ed25519 key, or return None where ``der`` is none."""
    return der[len(_ED25519_PREFIX) :] if der.startswith(_ED25519_PREFIX) else None


def _rsa_info(key: bytes) -> bytes:
    """Write the SubjectPublicKeyInfo around the SEQUENCE of an RSA key's numbers."""
    return _tlv(_SEQUENCE, _RSA_ALGORITHM + _tlv(_BIT_STRING, _NO_UNUSED_BITS + key))


def _tlv(tag: int, contents: bytes) -> bytes:
    return bytes([tag]) + _length(len(contents)) + contents


def _length(length: int) -> bytes:
    """Write a DER length: one byte below 128, else the number of length bytes before them."""
    if length < 0x80:
        return bytes([length])
    size = (length.bit_length() + 7) // 8
    return bytes([0x80 | size]) + length.to_bytes(size, "big")


def _read(data: bytes) -> tuple[bytes, bytes]:
    """Split ``data`` into the contents of its leading element and what follows."""
    first = data[1] if len(data) > 1 else 0
    size = first & 0x7F if first & 0x80 else 0
    length = int.from_bytes(data[2 : 2 + size], "big") if size else first
    start = 2 + size
    return data[start : start + length], data[start + length :]
