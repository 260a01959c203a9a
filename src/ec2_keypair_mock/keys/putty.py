r"""PuTTY's private key files: PPK version 2 written, versions 2 and 3 read, none encrypted.

The layout (PuTTY's manual, appendix "PPK file format")::

    PuTTY-User-Key-File-2: ssh-rsa
    Encryption: none
    Comment: my-key
    Public-Lines: 6
    (base64 of the public blob, the SSH wire form, 64 characters a line)
    Private-Lines: 14
    (base64 of the private blob)
    Private-MAC: (hex)

The private blob:

- RSA: ``mpint d``, ``mpint p``, ``mpint q``, ``mpint iqmp``, the inverse of q modulo p
- Ed25519: a ``string`` of the seed, read as a little-endian number, so that zero bytes at
  its end may be missing

The MAC covers five ``string``: key type, encryption, comment, public blob, private blob.
Version 2 takes HMAC-SHA-1, its key the SHA-1 of ``putty-private-key-file-mac-key`` and the
(empty) passphrase; version 3 takes HMAC-SHA-256, its key empty where nothing is encrypted.

Recorded: EC2 hands out version 2.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .errors import InvalidKeyError
from .public_key import (
    SSH_NAMES,
    ed25519_public_key,
    public_key_from_blob,
    rsa_numbers,
)
from .ssh_wire import (
    decode_base64,
    encode_base64,
    lines_of,
    mpint,
    read_mpint,
    read_string,
    require_end,
    string,
)

if TYPE_CHECKING:
    from .private_key import PrivateKey

PPK_BEGIN = b"PuTTY-User-Key-File-"

_NO_ENCRYPTION = b"none"
_MAC_DIGESTS = {b"2": "sha1", b"3": "sha256"}
_MAC_KEYS = {
    b"2": hashlib.sha1(b"putty-private-key-file-mac-key", usedforsecurity=False).digest(),
    b"3": b"",
}
_ED25519_BYTES = 32
_LINE_WIDTH = 64


def to_ppk(private_key: PrivateKey, comment: str) -> str:
    """Write a PPK file, version 2, with LF line ends.

    Raises ValueError for a comment that is not one line of printable characters: it would
    break the file.
    """
    if not comment.isprintable():
        raise ValueError("the comment of a PPK file must be one line of printable characters")
    public_key = private_key.public_key
    algorithm = SSH_NAMES[public_key.key_type].encode()
    private = _private_blob(private_key.key)
    return _Ppk(b"2", algorithm, comment.encode(), public_key.blob, private).text()


def from_ppk(data: bytes) -> rsa.RSAPrivateKey | Ed25519PrivateKey:
    """Read an unencrypted PPK file, version 2 or 3.

    Raises InvalidKeyError where the file is encrypted, its MAC is wrong, its two halves do
    not belong together, or it holds another type of key.
    """
    ppk = _read(data)
    public_key = public_key_from_blob(ppk.public)
    if SSH_NAMES[public_key.key_type].encode() != ppk.algorithm:
        raise InvalidKeyError("the PPK file names another type than that of its key")
    if public_key.key_type == "rsa":
        return _rsa_private_key(ppk)
    return _ed25519_private_key(ppk)


@dataclass(frozen=True, repr=False)
class _Ppk:
    """The fields of an unencrypted PPK file, as bytes: the MAC covers them as they are."""

    version: bytes
    algorithm: bytes
    comment: bytes
    public: bytes
    private: bytes

    def mac(self) -> str:
        fields = (self.algorithm, _NO_ENCRYPTION, self.comment, self.public, self.private)
        message = b"".join(map(string, fields))
        return hmac.new(_MAC_KEYS[self.version], message, _MAC_DIGESTS[self.version]).hexdigest()

    def text(self) -> str:
        public, private = _base64_lines(self.public), _base64_lines(self.private)
        lines = [
            f"PuTTY-User-Key-File-{self.version.decode()}: {self.algorithm.decode()}",
            f"Encryption: {_NO_ENCRYPTION.decode()}",
            f"Comment: {self.comment.decode()}",
            f"Public-Lines: {len(public)}",
            *public,
            f"Private-Lines: {len(private)}",
            *private,
            f"Private-MAC: {self.mac()}",
        ]
        return "\n".join(lines) + "\n"


def _base64_lines(blob: bytes) -> list[str]:
    return lines_of(encode_base64(blob), _LINE_WIDTH)


def _private_blob(key: rsa.RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    if isinstance(key, Ed25519PrivateKey):
        return string(key.private_bytes_raw())
    numbers = key.private_numbers()
    return b"".join(map(mpint, (numbers.d, numbers.p, numbers.q, numbers.iqmp)))


def _read(data: bytes) -> _Ppk:
    """Read the fields of a PPK file and check its MAC."""
    fields = dict(_fields(data))
    try:
        ppk = _ppk(fields)
        mac = fields[b"Private-MAC"]
    except KeyError as error:
        raise InvalidKeyError(f"the PPK file has no {error.args[0].decode()}") from None
    if not hmac.compare_digest(ppk.mac().encode(), mac.lower()):
        raise InvalidKeyError("the MAC of the PPK file is wrong")
    return ppk


def _ppk(fields: dict[bytes, bytes]) -> _Ppk:
    """Sort the fields of a PPK file; KeyError names the one that is missing."""
    version = next((v for v in _MAC_KEYS if PPK_BEGIN + v in fields), None)
    if version is None:
        raise InvalidKeyError("the PPK file is of another version than 2 and 3")
    if fields[b"Encryption"] != _NO_ENCRYPTION:
        raise InvalidKeyError("the private key is encrypted")
    return _Ppk(
        version,
        fields[PPK_BEGIN + version],
        fields[b"Comment"],
        _decode(fields[b"Public-Lines"]),
        _decode(fields[b"Private-Lines"]),
    )


def _decode(base64: bytes) -> bytes:
    # Latin-1 maps every byte, so that base64 alone judges which are foreign.
    return decode_base64(base64.decode("latin-1"))


def _fields(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and value of every field; that of a ``-Lines`` field is its base64."""
    lines = iter(data.rstrip().splitlines())
    for line in lines:
        name, colon, value = line.partition(b": ")
        if not colon:
            raise InvalidKeyError("the PPK file has a line that is no field")
        if name.endswith(b"-Lines"):
            value = b"".join(islice(lines, _line_count(value)))
        yield name, value


def _line_count(value: bytes) -> int:
    # No file has so many lines, and islice refuses numbers beyond sys.maxsize.
    if not value.isdigit() or len(value) > 9:
        raise InvalidKeyError("the PPK file has a number of lines that is none")
    return int(value)


def _rsa_private_key(ppk: _Ppk) -> rsa.RSAPrivateKey:
    modulus, exponent = rsa_numbers(ppk.public)
    d, rest = read_mpint(ppk.private)
    p, rest = read_mpint(rest)
    q, rest = read_mpint(rest)
    iqmp, rest = read_mpint(rest)
    require_end(rest)
    return rsa_private_key(modulus, exponent, d, p, q, iqmp)


def rsa_private_key(
    modulus: int, exponent: int, d: int, p: int, q: int, iqmp: int
) -> rsa.RSAPrivateKey:
    """Make an RSA private key of its numbers; InvalidKeyError where they do not fit."""
    public = rsa.RSAPublicNumbers(exponent, modulus)
    try:
        crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), iqmp
        return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()
    except (ValueError, ArithmeticError):
        # A prime of 1 or 0 divides by zero before cryptography has looked at the numbers.
        raise InvalidKeyError("the numbers of the RSA private key do not fit") from None


def _ed25519_private_key(ppk: _Ppk) -> Ed25519PrivateKey:
    seed, rest = read_string(ppk.private)
    require_end(rest)
    if len(seed) > _ED25519_BYTES:
        raise InvalidKeyError("the Ed25519 private key is too long")
    key = Ed25519PrivateKey.from_private_bytes(seed.ljust(_ED25519_BYTES, b"\x00"))
    if ed25519_public_key(key.public_key().public_bytes_raw()).blob != ppk.public:
        raise InvalidKeyError("the Ed25519 private key does not fit its public key")
    return key
