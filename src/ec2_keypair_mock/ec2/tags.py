"""The rules of tags: what a key pair may be tagged with, at creation and afterwards."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, Sequence
from typing import Any

from . import errors

RESOURCE_TYPE = "key-pair"
MAX_TAGS = 50
MAX_KEY_LENGTH = 128
MAX_VALUE_LENGTH = 256
RESERVED_PREFIX = "aws:"

Tags = dict[str, str]
#: A tag's key, and the value that it must have or None for any.
TagToDelete = tuple[str, str | None]


class FrozenTags(Mapping[str, str]):
    """Tags that nobody can change; unlike a ``MappingProxyType`` they can be copied and pickled."""

    def __init__(self, tags: Mapping[str, str]) -> None:
        self._tags = dict(tags)

    def __getitem__(self, key: str) -> str:
        return self._tags[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tags)

    def __len__(self) -> int:
        return len(self._tags)

    def items(self) -> ItemsView[str, str]:
        return self._tags.items()

    def __repr__(self) -> str:
        return repr(self._tags)


def read_tag_specifications(specifications: Sequence[Mapping[str, Any]]) -> Tags:
    """The tags for a new key pair, from ``TagSpecifications``."""
    tags = [tag for each in specifications for tag in _tags_of(each)]
    for tag in tags:
        _check_tag(tag)
        if tag["Key"].startswith(RESERVED_PREFIX):
            raise errors.RESERVED_TAG_KEY()
    return check_limit(_unique(tags))


def _tags_of(specification: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    resource_type = specification.get("ResourceType")
    tags: Sequence[Mapping[str, str]] = specification.get("Tags", ())
    if not resource_type:
        raise errors.TAG_TYPE_MISSING()
    if resource_type != RESOURCE_TYPE:
        raise errors.INVALID_TAGGABLE_TYPE(resource_type)
    if not tags:
        raise errors.TAGS_MISSING()
    return tags


def read_new_tags(tags: Sequence[Mapping[str, str]]) -> Tags:
    """The tags of ``CreateTags``."""
    if not tags:
        raise errors.NO_TAGS_TO_CREATE()
    for tag in tags:
        _check_tag(tag)
        _check_not_reserved(tag)
        if "Value" not in tag:
            raise errors.TAG_VALUE_MISSING()
    return _unique(tags)


def read_tags_to_delete(tags: Sequence[Mapping[str, str]]) -> list[TagToDelete]:
    """The tags of ``DeleteTags``."""
    for tag in tags:
        _check_tag(tag)
        _check_not_reserved(tag)
    return [(tag["Key"], tag.get("Value")) for tag in tags]


def without(tags: Mapping[str, str], doomed: Sequence[TagToDelete]) -> Tags:
    """The tags that ``DeleteTags`` leaves: none at all where it named none."""
    return {
        key: value
        for key, value in tags.items()
        if doomed and (key, None) not in doomed and (key, value) not in doomed
    }


def check_limit(tags: Tags) -> Tags:
    """The tags themselves, if there are not too many."""
    if len(tags) > MAX_TAGS:
        raise errors.TAG_LIMIT_EXCEEDED(MAX_TAGS)
    return tags


def _check_tag(tag: Mapping[str, str]) -> None:
    if not tag.get("Key"):
        raise errors.EMPTY_TAG_KEY()
    if len(tag["Key"]) > MAX_KEY_LENGTH:
        raise errors.TAG_KEY_TOO_LONG(MAX_KEY_LENGTH)
    if len(tag.get("Value", "")) > MAX_VALUE_LENGTH:
        raise errors.TAG_VALUE_TOO_LONG(MAX_VALUE_LENGTH)


def _check_not_reserved(tag: Mapping[str, str]) -> None:
    if tag["Key"].startswith(RESERVED_PREFIX):
        raise errors.RESERVED_TAG_KEY_VALUE(tag["Key"])


def _unique(tags: Sequence[Mapping[str, str]]) -> Tags:
    unique: Tags = {}
    for tag in tags:
        if tag["Key"] in unique:
            raise errors.DUPLICATE_TAG_KEY(tag["Key"])
        unique[tag["Key"]] = tag.get("Value", "")
    return unique
