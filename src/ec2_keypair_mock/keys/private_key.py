"""Private keys: made as CreateKeyPair makes them, read from files, written as EC2 does."""

from __future__ import annotations

import hashlib
from binascii import a2b_base64
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from .errors import InvalidKeyError
from .public_key import (
    KeyType,
    PublicKey,
    ed25519_public_key,
    rsa_public_key,
)
from .putty import PPK_BEGIN, from_ppk
from .ssh_wire import lines_of, string

_COLUMNS = 64
_RSA_BITS = 2048
_RSA_EXPONENT = 65537
_OPENSSH_BEGIN = b"-----BEGIN OPENSSH PRIVATE KEY-----"
_OPENSSH_MAGIC = b"openssh-key-v1\x00"
_OPENSSH_UNENCRYPTED = _OPENSSH_MAGIC + string(b"none")
_ENCRYPTED = "the private key is encrypted"
_OTHER_TYPE = "not an RSA or Ed25519 private key"


@dataclass(frozen=True)
class PrivateKey:
    """An RSA or Ed25519 private key.

    ``key`` is the key of ``cryptography``. Keys compare and hash by their public halves,
    and their ``repr`` shows the type only.
    """

    key_type: KeyType
    public_key: PublicKey = field(repr=False)
    key: rsa.RSAPrivateKey | Ed25519PrivateKey = field(repr=False, compare=False)

    @property
    def created_fingerprint(self) -> str:
        """The fingerprint that EC2 shows for a key that it created.

        Recorded:

        - RSA: SHA-1 of the unencrypted PKCS#8 DER, as 20 pairs of hex digits with colons
        - Ed25519: that of the public key, as for an imported one
        """
        if self.key_type == "ed25519":
            return self.public_key.fingerprint
        der = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return hashlib.sha1(der, usedforsecurity=False).digest().hex(":")

    def pem(self) -> str:
        """Return the PEM that EC2 hands out, with a newline at its end.

        Recorded: PKCS#1 ``RSA PRIVATE KEY`` for RSA, ``OPENSSH PRIVATE KEY`` for Ed25519.
        Recorded for RSA: lines of 64 columns. Inferred: the same for the OpenSSH form, of which
        cryptography makes 76, the empty comment inside it, and the newline.
        """
        formats = {"rsa": PrivateFormat.TraditionalOpenSSL, "ed25519": PrivateFormat.OpenSSH}
        pem = self.key.private_bytes(Encoding.PEM, formats[self.key_type], NoEncryption())
        begin, *lines, end = pem.decode("ascii").splitlines()
        return "\n".join([begin, *lines_of("".join(lines), _COLUMNS), end, ""])


def generate_private_key(key_type: KeyType) -> PrivateKey:
    """Make a new key. Recorded for RSA: 2048 bits and the exponent 65537."""
    if key_type == "rsa":
        return _private_key(rsa.generate_private_key(_RSA_EXPONENT, _RSA_BITS))
    return _private_key(Ed25519PrivateKey.generate())


def load_private_key(data: bytes) -> PrivateKey:
    """Read a private key file: PEM of PKCS#1, PKCS#8 or OpenSSH, PPK version 2 or 3.

    Raises InvalidKeyError, and says why, for encrypted keys, other types of keys and
    everything that is no private key.
    """
    reader = _reader(data)
    try:
        return _private_key(reader(data))
    except InvalidKeyError:
        raise
    except TypeError:
        # cryptography raises TypeError where an encrypted key comes without a password.
        raise InvalidKeyError(_ENCRYPTED) from None
    except UnsupportedAlgorithm:
        raise InvalidKeyError(_OTHER_TYPE) from None
    except ValueError:
        raise InvalidKeyError("not a PEM, OpenSSH or PPK private key") from None


def _reader(data: bytes) -> Callable[[bytes], object]:
    if data.startswith(PPK_BEGIN):
        return from_ppk
    return _load_openssh if _OPENSSH_BEGIN in data else partial(load_pem_private_key, password=None)


def _load_openssh(data: bytes) -> object:
    """Read the OpenSSH form (OpenSSH's PROTOCOL.key): a magic, ``string`` cipher, and so on.

    The cipher is looked at here, because the versions of cryptography report encryption by
    different exceptions, and unknown ciphers like unknown types.
    """
    head = a2b_base64(data.partition(_OPENSSH_BEGIN)[2].lstrip()[:32])
    if head.startswith(_OPENSSH_MAGIC) and not head.startswith(_OPENSSH_UNENCRYPTED):
        raise InvalidKeyError(_ENCRYPTED)
    return load_ssh_private_key(data, password=None)


def _private_key(key: object) -> PrivateKey:
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return PrivateKey("rsa", rsa_public_key(numbers.n, numbers.e), key)
    if isinstance(key, Ed25519PrivateKey):
        raw = key.public_key().public_bytes_raw()
        return PrivateKey("ed25519", ed25519_public_key(raw), key)
    raise InvalidKeyError(_OTHER_TYPE)
