"""Short ways to write steps and checks down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..behaviour import MARK, Call, Check, Elements, Error, Form, Value
from .materials import ED25519

#: The tag that every key pair of a run has, but for those that are to have none.
TAG = {"Key": MARK, "Value": "{run}"}
TAGGED = [{"ResourceType": "key-pair", "Tags": [TAG]}]
VERSION = ("Version", "2016-11-15")


def call(action: str, parameters: Mapping[str, Any], *checks: Check, **save: str) -> Call:
    """An action through a client; ``save`` as in ``Step``."""
    return Call(checks, save, action, parameters)


def form(
    pairs: Sequence[tuple[str, str]],
    *checks: Check,
    headers: Mapping[str, str | None] | None = None,
) -> Form:
    """A signed request with a form."""
    return Form(checks, {}, tuple(pairs), headers or {})


def create_key(
    *checks: Check, name: str = "{prefix}a", more: Mapping[str, Any] | None = None, **save: str
) -> Call:
    """Create a tagged key pair, Ed25519 unless ``more`` parameters say otherwise."""
    parameters = {"KeyName": name, "KeyType": "ed25519", "TagSpecifications": TAGGED}
    return call("CreateKeyPair", {**parameters, **(more or {})}, *checks, **save)


def import_key(
    *checks: Check,
    material: str | bytes = ED25519,
    name: str = "{prefix}a",
    tags: Mapping[str, str] | None = None,
    **save: str,
) -> Call:
    """Import a tagged key pair."""
    specifications = [{"ResourceType": "key-pair", "Tags": [TAG, *listed(tags or {})]}]
    parameters = {
        "KeyName": name,
        "PublicKeyMaterial": material,
        "TagSpecifications": specifications,
    }
    return call("ImportKeyPair", parameters, *checks, **save)


def describe(*checks: Check, name: str = "{prefix}a", **save: str) -> Call:
    """Describe a key pair by its name, with its public key."""
    return call("DescribeKeyPairs", {"KeyNames": [name], "IncludePublicKey": True}, *checks, **save)


def find(filters: Mapping[str, Sequence[str]], *names: str) -> Call:
    """Describe with filters; the names that are to be found, in any order."""
    parameters = {"Filters": filtered(filters)}
    return call("DescribeKeyPairs", parameters, Value("keySet/item/keyName", names))


def filtered(filters: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [{"Name": name, "Values": list(values)} for name, values in filters.items()]


def listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def texts(path: str, *values: str) -> Value:
    return Value(path, values)


def elements(path: str, names: str) -> Elements:
    """The names are separated by blanks."""
    return Elements(path, tuple(names.split()))


def invalid_value(message: str) -> Error:
    return Error("InvalidParameterValue", message)


def missing(parameter: str) -> Error:
    return Error("MissingParameter", f"The request must contain the parameter {parameter}")


def not_found(name: str) -> Error:
    return Error("InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")


DRY_RUN = Error(
    "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", status=412
)
BAD_FORMAT = Error("InvalidKey.Format", "Key is not in valid OpenSSH public key format")
NOT_ASCII = invalid_value(
    "Value for parameter PublicKeyMaterial is invalid. "
    "Character sets beyond ASCII are not supported."
)
TOO_LONG = invalid_value(
    "Value for parameter PublicKeyMaterial is invalid. Length exceeds maximum of 2048."
)
DUPLICATE = Error("InvalidKeyPair.Duplicate", "The keypair already exists")
NO_TAG_KEY = invalid_value(
    "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty."
)
TOO_MANY_TAGS = Error(
    "TagLimitExceeded", "The resultant tag set must not have more than 50 user tags."
)
UNKNOWN_ID = "key-00000000000000000"


def unknown(parameter: str) -> Error:
    return Error("UnknownParameter", f"The parameter {parameter} is not recognized")


def enumerated(value: str, member: str, allowed: str) -> Error:
    """What AWS says of a value that is not one of those allowed."""
    return invalid_value(
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy "
        f"constraint: Member must satisfy enum value set: {allowed}"
    )
