"""What follows from key material: fingerprints and the MAC of a PPK, from the standard library.

These are independent of the package's own ``keys``, so that a run does not compare that with
itself. Each function takes a text of an answer and returns a text; ``ValueError`` where the text is
not what the function reads.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable

_PKCS1 = re.compile(r"-----BEGIN RSA PRIVATE KEY-----(.*)-----END RSA PRIVATE KEY-----\s*", re.S)
# RFC 8017, appendix A.1: AlgorithmIdentifier of rsaEncryption, with parameters NULL.
_RSA_ENCRYPTION = bytes.fromhex("300d06092a864886f70d0101010500")
_PPK = re.compile(
    r"PuTTY-User-Key-File-2: (?P<kind>\S+)\nEncryption: (?P<encryption>\S+)\n"
    r"Comment: (?P<comment>.*)\nPublic-Lines: \d+\n(?P<public>(?:[\w+/=]+\n)+)"
    r"Private-Lines: \d+\n(?P<private>(?:[\w+/=]+\n)+)Private-MAC: .*\s*"
)


def sha1_of_pkcs8(pem: str) -> str:
    """SHA-1 of the unencrypted PKCS#8 DER of a PKCS#1 PEM, in hex pairs.

    The same as ``openssl pkcs8 -topk8 -nocrypt -outform DER | openssl sha1 -c`` (RFC 5208, section
    5: version 0, the algorithm, the PKCS#1 key as an octet string).
    """
    found = _PKCS1.fullmatch(pem)
    if not found:
        raise ValueError("no PKCS#1 PEM")
    pkcs1 = base64.b64decode(found[1])
    content = b"\x02\x01\x00" + _RSA_ENCRYPTION + _der(0x04, pkcs1)
    return hashlib.sha1(_der(0x30, content), usedforsecurity=False).digest().hex(":")


def _der(tag: int, content: bytes) -> bytes:
    """DER with its length in the long form, since no RSA key is shorter than 128 bytes."""
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sha256_of_blob(line: str) -> str:
    """SHA-256 of the blob of an OpenSSH line, in base64 with its padding."""
    _, blob, *_ = line.split(None, 2)
    return base64.b64encode(hashlib.sha256(base64.b64decode(blob)).digest()).decode()


def mac_of_ppk(text: str) -> str:
    """The MAC that an unencrypted PuTTY private key of version 2 should have (PuTTY, appendix C.5).

    HMAC-SHA-1 of the four fields, each behind its length, under the SHA-1 of a fixed text.
    """
    found = _PPK.fullmatch(text.replace("\r\n", "\n"))
    if not found:
        raise ValueError("no PPK of version 2")
    fields = [found[name].encode() for name in ("kind", "encryption", "comment")]
    fields += [base64.b64decode(found[name]) for name in ("public", "private")]
    data = b"".join(len(each).to_bytes(4, "big") + each for each in fields)
    key = hashlib.sha1(b"putty-private-key-file-mac-key", usedforsecurity=False).digest()
    return hmac.new(key, data, hashlib.sha1).hexdigest()


FUNCTIONS: dict[str, Callable[[str], str]] = {
    function.__name__: function for function in (sha1_of_pkcs8, sha256_of_blob, mac_of_ppk)
}
