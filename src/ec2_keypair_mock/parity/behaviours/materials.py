"""Public keys whose answers of AWS are recorded, and other forms of them.

The keys and fingerprints are from radkawar/stackd (us-east-1, 25 September 2026).
"""

from __future__ import annotations

import base64
import textwrap

RSA = (
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDPdLiuIZFRggfQLcwdudVinG1cFTm365uurK22eyXyAzlEC5Ex"
    "dKwaOevJsuvuVw1lQVCWY8HX92w230G8lWMD5eHiqG4Rh9kmkSTj8Lvr2NZIoqi4bYiZ1b5eoswgfKN8wDsULdpu"
    "PQl1MhPRnkDeyU8PIAm7KQxxxmqw6h3jKKmEpfUxaRjvr/22loTwH3pEF3LrQDKbQanIbtjA2MhHRN47P5fFVBuY"
    "t4aeH+c5ksYZbRaR77BlP+4SbDQw688YIB0Fp5kAKcJ43zbxIVBvTVbSBCBTDus2wkjdEWmOmOx0Lx4/0Zjvis/Q"
    "uurb8+TiOOXGvTL26A5GESb6Uswl"
)
RSA_FINGERPRINT = "9a:c9:9c:35:5b:af:8d:2c:1a:6a:61:b3:06:eb:e5:25"
ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMduvWA7Q35QVLBez30EIH7qXgyHjmUqQgB6+Klj7oM1"
ED25519_FINGERPRINT = "HMXWyhG4gbktWdKgkzX/THR2+GMkRLG8rKsKj1oW86k="
RSA_1024 = (
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCibZybLxap0u7fjuGLD1xkTseuA1DLUe5fS2zjKWLj4HaJLyQ+"
    "t3FAOGvotvsxj3quImpi/6LEbv9H3DqgU9EqV+IT8UDAbmzQOY+LB+IeyFQLF1pExSKlCmnzQRzWL80rrbD73fwf"
    "0Ktg+2lEc//E2ig19u5zAtFvfXN39mH/aQ=="
)
RSA_1024_FINGERPRINT = "b6:e9:d6:65:d8:56:8a:ad:b5:fc:ca:d8:6e:e3:f8:8d"
# Base64 of the DER SubjectPublicKeyInfo of another RSA key.
RSA_SPKI = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAmWZ2mkZk5HH2Hf0Pbs76oeVb3t1zjDtjgDUpRGdpdzae"
    "NbqAzy50Ap3610orikezzUJf0b2iywHwS2W/EC8Js7RAFkLhIwLcSwp0OadcqBe8cTAOpiptC2iRkcJdXiqlcoSu"
    "KJAcRs8B0p7xXTmTtf0coIqc1f27LvkGgagw0va1E5v7bgjnkz4pWA0hM8On72ej9fKm8qdNJrPAjfvo2Nub595r"
    "DO/Zx+znqBVl6Uol8xxqztwRV8CnKgGMsGfvtriWkd4E5pv2azux5MVSx7nQnplkq6KJslsBw2Fc4QshzDbFQ+VH"
    "RWeSQtFkKPKaO/zXKIU81XtExTgetlLa9wIDAQAB"
)
RSA_SPKI_FINGERPRINT = "75:8e:d7:eb:24:31:1f:b6:64:71:2f:3f:12:a5:e2:86"

# DER of a 2048-bit RSA key: what comes before its PKCS#1 form, and of an Ed25519 key, before its
# 32 bytes (RFC 8410, section 4).
_RSA_SPKI_HEAD = 24
_ED25519_SPKI_HEAD = bytes.fromhex("302a300506032b6570032100")
# RFC 5903, section 3.1: the generator of P-256, which is the public key of the private key 1.
_P256 = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def line(*fields: bytes) -> str:
    """An OpenSSH public key of these fields, each behind its length (RFC 4253, section 6.6)."""
    blob = b"".join(len(each).to_bytes(4, "big") + each for each in fields)
    return f"{fields[0].decode()} {_base64(blob)}"


def rsa(bits: int) -> str:
    """An RSA key of a size; its modulus need not be a product of two primes."""
    modulus = 2 ** (bits - 1) + 65537
    # An SSH integer whose first bit is set begins with a zero byte (RFC 4251, section 5).
    return line(b"ssh-rsa", b"\1\0\1", modulus.to_bytes(bits // 8 + 1, "big"))


def rfc4716(key: str, *headers: str, width: int = 70, end: str = "\n") -> str:
    """The RFC 4716 form of an OpenSSH line."""
    body = textwrap.wrap(key.split()[1], width)
    marks = (f"---- {mark} SSH2 PUBLIC KEY ----" for mark in ("BEGIN", "END"))
    return end.join([next(marks), *headers, *body, next(marks), ""])


def pem(kind: str, der: bytes) -> str:
    """PEM of DER (RFC 7468)."""
    body = "\n".join(textwrap.wrap(_base64(der), 64))
    return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n"


def wire(material: str, width: int = 0, end: str = "\n") -> str:
    """The base64 that is sent for a material, in lines of a width if given."""
    text = _base64(material.encode())
    return end.join([*textwrap.wrap(text, width), ""]) if width else text


RSA_SPKI_DER = base64.b64decode(RSA_SPKI)
RSA_PKCS1_DER = RSA_SPKI_DER[_RSA_SPKI_HEAD:]
RSA_PKCS1 = _base64(RSA_PKCS1_DER)
ED25519_SPKI_DER = _ED25519_SPKI_HEAD + base64.b64decode(ED25519.split()[1])[-32:]
ED25519_SPKI = _base64(ED25519_SPKI_DER)
ECDSA = line(b"ecdsa-sha2-nistp256", b"nistp256", _P256)
DSA = line(b"ssh-dss", b"p" * 128, b"q" * 20, b"g" * 128, b"y" * 128)
SECURITY_KEY = line(b"sk-ssh-ed25519@openssh.com", bytes(32), b"ssh:")
