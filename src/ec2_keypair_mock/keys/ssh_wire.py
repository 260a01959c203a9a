"""The SSH data types that keys are made of (RFC 4251, section 5), and strict base64.

``string``
    ``uint32`` length, then that many bytes.
``mpint``
    a ``string`` that holds a two's complement integer, most significant byte first,
    without unnecessary leading bytes.
"""

from __future__ import annotations

from base64 import b64decode, b64encode

from .errors import InvalidKeyError


def string(value: bytes) -> bytes:
    """Write a ``string``."""
    return len(value).to_bytes(4, "big") + value


def mpint(number: int) -> bytes:
    """Write a positive ``mpint``."""
    return string(signed_bytes(number))


def signed_bytes(number: int) -> bytes:
    """Return a positive integer as the shortest two's complement, most significant byte first.

    The contents of an ``mpint`` and of a DER INTEGER (X.690, section 8.3) are the same.
    """
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def read_string(data: bytes) -> tuple[bytes, bytes]:
    """Split ``data`` into the value of its leading ``string`` and what follows."""
    length = int.from_bytes(data[:4], "big")
    value = data[4 : 4 + length]
    if len(data) < 4 or len(value) < length:
        raise InvalidKeyError("the key is truncated")
    return value, data[4 + length :]


def read_mpint(data: bytes) -> tuple[int, bytes]:
    """Split ``data`` into the value of its leading ``mpint`` and what follows.

    Leading zero bytes in excess are skipped, as OpenSSH does; negative numbers are refused.
    """
    value, rest = read_string(data)
    if value[:1] >= b"\x80":
        raise InvalidKeyError("the key has a negative number")
    return int.from_bytes(value, "big"), rest


def require_end(rest: bytes) -> None:
    """Refuse what follows the last field of a key."""
    if rest:
        raise InvalidKeyError("the key has bytes after its end")


def decode_base64(text: str) -> bytes:
    """Decode base64 in its one canonical form (RFC 4648, sections 3.3 and 3.5).

    Foreign characters, missing padding and stray bits in the last character are refused,
    so that two texts never stand for the same bytes.
    """
    try:
        decoded = b64decode(text, validate=True)
    except ValueError:
        raise InvalidKeyError("the key is not base64") from None
    if encode_base64(decoded) != text:
        raise InvalidKeyError("the key is not canonical base64")
    return decoded


def encode_base64(data: bytes) -> str:
    """Encode base64 on one line, with padding."""
    return b64encode(data).decode("ascii")


def lines_of(base64: str, columns: int) -> list[str]:
    """Break base64 into lines, of which only the last may be shorter."""
    return [base64[start : start + columns] for start in range(0, len(base64), columns)]
