"""Encryption with public keys, of which EC2 makes use for the passwords of Windows instances."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .errors import InvalidKeyError
from .public_key import PublicKey, rsa_numbers


def encrypt(key: PublicKey, message: bytes) -> bytes:
    """Encrypt with RSAES-PKCS1-v1_5 (RFC 8017, section 7.2); the result is as long as the modulus.

    Raises InvalidKeyError for an Ed25519 key, and for an RSA key that ``cryptography`` cannot
    encrypt with: EC2 imports keys that are no product of two primes, even ones among them.
    """
    if key.key_type != "rsa":
        raise InvalidKeyError("only RSA keys encrypt")
    modulus, exponent = rsa_numbers(key.blob)
    try:
        public_key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
        return public_key.encrypt(message, padding.PKCS1v15())
    except ValueError:
        raise InvalidKeyError("nothing can be encrypted with this RSA key") from None
