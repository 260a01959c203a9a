"""One short function an action: parameters in, result out.

A function gets the backend and the request's parameters under the API's member names, and returns
the answer's elements in the order in which EC2 writes them (recorded).
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from . import errors
from .backend import KeyPairBackend
from .key_pair import KeyPair
from .query import Named, Result, Shape, items
from .resources import TagDescription

MIN_PAGE = 5
MAX_PAGE = 1000

Parameters = dict[str, Any]

#: The actions that are mocked here.
ActionName = Literal[
    "CreateKeyPair",
    "ImportKeyPair",
    "DescribeKeyPairs",
    "DeleteKeyPair",
    "CreateTags",
    "DeleteTags",
    "DescribeTags",
    "GetPasswordData",
]


def create_key_pair(backend: KeyPairBackend, parameters: Parameters) -> Result:
    key_pair = backend.create_key_pair(
        key_name=parameters.get("KeyName"),
        key_type=parameters.get("KeyType", "rsa"),
        key_format=parameters.get("KeyFormat", "pem"),
        tag_specifications=parameters.get("TagSpecifications", ()),
    )
    return {
        "keyName": key_pair.key_name,
        "keyFingerprint": key_pair.key_fingerprint,
        "keyMaterial": key_pair.key_material,
        "keyPairId": key_pair.key_pair_id,
        **_tags_if_any(key_pair),
    }


def import_key_pair(backend: KeyPairBackend, parameters: Parameters) -> Result:
    key_pair = backend.import_key_pair(
        key_name=parameters.get("KeyName"),
        public_key_material=parameters.get("PublicKeyMaterial"),
        tag_specifications=parameters.get("TagSpecifications", ()),
    )
    return {
        "keyName": key_pair.key_name,
        "keyPairId": key_pair.key_pair_id,
        "keyFingerprint": key_pair.key_fingerprint,
        **_tags_if_any(key_pair),
    }


def describe_key_pairs(backend: KeyPairBackend, parameters: Parameters) -> Result:
    key_pairs = backend.describe_key_pairs(
        key_names=parameters.get("KeyNames", ()),
        key_pair_ids=parameters.get("KeyPairIds", ()),
        filters=parameters.get("Filters", ()),
    )
    with_public_key = parameters.get("IncludePublicKey", False)
    return {"keySet": items([_describe(each, with_public_key) for each in key_pairs])}


def _describe(key_pair: KeyPair, with_public_key: bool) -> dict[str, Any]:
    return {
        "keyName": key_pair.key_name,
        "keyPairId": key_pair.key_pair_id,
        "keyFingerprint": key_pair.key_fingerprint,
        "keyType": key_pair.key_type,
        **({"publicKey": key_pair.public_key} if with_public_key else {}),
        "createTime": _timestamp(key_pair.create_time),
        "tagSet": _tag_set(key_pair),
    }


def _timestamp(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def delete_key_pair(backend: KeyPairBackend, parameters: Parameters) -> Result:
    deleted = backend.delete_key_pair(
        key_name=parameters.get("KeyName"), key_pair_id=parameters.get("KeyPairId")
    )
    return {"return": "true", **({"keyPairId": deleted.key_pair_id} if deleted else {})}


def create_tags(backend: KeyPairBackend, parameters: Parameters) -> Result:
    backend.create_tags(resources=parameters.get("Resources", ()), tags=parameters.get("Tags", ()))
    return {"return": "true"}


def delete_tags(backend: KeyPairBackend, parameters: Parameters) -> Result:
    backend.delete_tags(resources=parameters.get("Resources", ()), tags=parameters.get("Tags", ()))
    return {"return": "true"}


def describe_tags(backend: KeyPairBackend, parameters: Parameters) -> Result:
    tags = backend.describe_tags(filters=parameters.get("Filters", ()))
    # AWS answers with all tags of the resources that a filter names (measured, August 2026).
    is_paged = all(each.get("Name") != "resource-id" for each in parameters.get("Filters", ()))
    size = parameters.get("MaxResults") if is_paged else None
    page, token = _page(tags, size, parameters.get("NextToken"))
    return {
        "tagSet": items([_describe_tag(tag) for tag in page]),
        **({"nextToken": token} if token else {}),
    }


def _describe_tag(tag: TagDescription) -> dict[str, str]:
    return {
        "resourceId": tag.resource_id,
        "resourceType": tag.resource_type,
        "key": tag.key,
        "value": tag.value,
    }


def _page(
    tags: list[TagDescription], size: int | None, token: str | None
) -> tuple[list[TagDescription], str | None]:
    start = _read_token(token) if token else 0
    if size is None:
        return tags[start:], None
    if size < MIN_PAGE:
        raise errors.MAX_RESULTS_TOO_SMALL(size, MIN_PAGE)
    if size > MAX_PAGE:
        raise errors.MAX_RESULTS_TOO_LARGE(size, MAX_PAGE)
    end = start + size
    more = base64.b64encode(f"{end}".encode()).decode() if end < len(tags) else None
    return tags[start:end], more


def _read_token(token: str) -> int:
    try:
        start = int(base64.b64decode(token, validate=True))
    except ValueError:
        start = -1
    if start < 0:
        raise errors.INVALID_NEXT_TOKEN(token)
    return start


def get_password_data(backend: KeyPairBackend, parameters: Parameters) -> Result:
    found = backend.get_password_data(instance_id=parameters.get("InstanceId"))
    return {
        "instanceId": parameters["InstanceId"],
        "timestamp": _timestamp(found.timestamp),
        "passwordData": found.data or None,
    }


def _tags_if_any(key_pair: KeyPair) -> dict[str, Any]:
    return {"tagSet": _tag_set(key_pair)} if key_pair.tags else {}


def _tag_set(key_pair: KeyPair) -> dict[str, Any] | None:
    return items([{"key": key, "value": value} for key, value in key_pair.tags.items()])


class Action(NamedTuple):
    """What an action does, and the parameters that it has (beside DryRun, which all have)."""

    run: Callable[[KeyPairBackend, Parameters], Result]
    parameters: dict[str, Shape]


_TAGS = Named("Tags", [{"Key": str, "Value": str}])
_FILTERS = Named("Filters", [{"Name": str, "Value": Named("Values", [str])}])
_TAG_SPECIFICATIONS = Named("TagSpecifications", [{"ResourceType": str, "Tag": _TAGS}])

# The names on the wire and in the API are those of the botocore model of EC2, 2016-11-15.
ACTIONS: dict[str, Action] = {
    "CreateKeyPair": Action(
        create_key_pair,
        {
            "KeyName": str,
            "KeyType": str,
            "KeyFormat": str,
            "TagSpecification": _TAG_SPECIFICATIONS,
        },
    ),
    "ImportKeyPair": Action(
        import_key_pair,
        {"KeyName": str, "PublicKeyMaterial": bytes, "TagSpecification": _TAG_SPECIFICATIONS},
    ),
    "DescribeKeyPairs": Action(
        describe_key_pairs,
        {
            "KeyName": Named("KeyNames", [str]),
            "KeyPairId": Named("KeyPairIds", [str]),
            "Filter": _FILTERS,
            "IncludePublicKey": bool,
        },
    ),
    "DeleteKeyPair": Action(delete_key_pair, {"KeyName": str, "KeyPairId": str}),
    "CreateTags": Action(create_tags, {"ResourceId": Named("Resources", [str]), "Tag": _TAGS}),
    "DeleteTags": Action(delete_tags, {"ResourceId": Named("Resources", [str]), "Tag": _TAGS}),
    "DescribeTags": Action(
        describe_tags, {"Filter": _FILTERS, "MaxResults": int, "NextToken": str}
    ),
    "GetPasswordData": Action(get_password_data, {"InstanceId": str}),
}
