"""The rules of single parameters: key name, type, format, material, key pair ID.

Each function takes what a request holds, None where it holds nothing, and returns it or raises
AWS's error.
"""

from __future__ import annotations

import base64
import re

from ..keys.public_key import InvalidKeyError, KeyType, PublicKey, parse_public_key
from . import errors

MAX_KEY_NAME_LENGTH = 255
#: Counted on the base64 text on the wire: RSA 8192 has 1872 characters, RSA 16384 has 3696.
MAX_MATERIAL_LENGTH = 2048

KEY_TYPES: dict[str, KeyType] = {"rsa": "rsa", "ed25519": "ed25519"}
KEY_FORMATS = ("ppk", "pem")

_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+")
_CONTROL_CHARACTER = re.compile("[\x00-\x1f\x7f]")
_KEY_PAIR_ID = re.compile("key-(?:[0-9a-f]{8}|[0-9a-f]{17})")


def check_key_name(key_name: str | None) -> str:
    """A new key pair's name: 1 to 255 ASCII characters, no blank at its ends, none of control."""
    if not key_name:
        raise errors.MISSING_PARAMETER("KeyName")
    if len(key_name) > MAX_KEY_NAME_LENGTH:
        raise errors.TOO_LONG("KeyName", MAX_KEY_NAME_LENGTH)
    if not key_name.isascii():
        raise errors.NOT_ASCII("KeyName")
    if key_name != key_name.strip(" "):
        raise errors.NOT_TRIMMED(key_name)
    if _CONTROL_CHARACTER.search(key_name):
        raise errors.CONTROL_CHARACTER(key_name)
    return key_name


def check_key_type(key_type: str) -> KeyType:
    """``rsa`` or ``ed25519``, in lower case."""
    if key_type not in KEY_TYPES:
        raise errors.INVALID_KEY_TYPE(key_type)
    return KEY_TYPES[key_type]


def check_key_format(key_format: str) -> str:
    """``pem`` or ``ppk``, in lower case."""
    if key_format not in KEY_FORMATS:
        raise errors.INVALID_KEY_FORMAT(key_format)
    return key_format


def check_public_key_material(material: bytes | str | None) -> PublicKey:
    """The public key in ``PublicKeyMaterial``, which is given as decoded from base64 once."""
    if not material:
        raise errors.MISSING_PARAMETER("PublicKeyMaterial")
    data = material.encode() if isinstance(material, str) else material
    if len(base64.b64encode(data)) > MAX_MATERIAL_LENGTH:
        raise errors.TOO_LONG("PublicKeyMaterial", MAX_MATERIAL_LENGTH)
    if not data.isascii():
        raise errors.NOT_ASCII("PublicKeyMaterial")
    try:
        return parse_public_key(data.decode("ascii"))
    except InvalidKeyError:
        # Raised without a cause, because what the parser saw may be a private key.
        raise errors.INVALID_KEY() from None


def is_key_pair_id(key_pair_id: str) -> bool:
    """Whether it has an ID's form: 17 hexadecimal digits, or 8 as EC2 once issued them."""
    return bool(_KEY_PAIR_ID.fullmatch(key_pair_id))


def check_region(region: str) -> str:
    """The name of a Region; ValueError where it has not the form of one."""
    if not isinstance(region, str) or not _REGION.fullmatch(region):
        raise ValueError(f"{region!r} is no Region: its name looks like eu-west-1")
    return region


def check_account_id(account_id: str) -> str:
    """An account ID; ValueError where it is no string of 12 digits."""
    if not isinstance(account_id, str) or not re.fullmatch("[0-9]{12}", account_id):
        raise ValueError(f"account_id must be a string of 12 digits, not {account_id!r}")
    return account_id
