"""A key pair, as it is described and filtered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..keys.public_key import KeyType
from .tags import FrozenTags

#: The filters of DescribeKeyPairs, beside ``tag:<key>`` (recorded).
FILTERS = frozenset(("key-name", "key-pair-id", "fingerprint", "tag-key", "tag-value"))


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """A key pair as EC2 describes it.

    ``public_key`` is ``<type> <base64> <key name>`` and a line feed; ``create_time`` is aware, in
    UTC, and whole milliseconds. A change of tags makes a new object.
    """

    key_name: str
    key_pair_id: str
    key_type: KeyType
    key_fingerprint: str
    public_key: str = field(repr=False)
    create_time: dt.datetime
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", FrozenTags(self.tags))

    def filter_values(self, name: str) -> Iterable[str]:
        """What a filter of DescribeKeyPairs compares with (names as in ``FILTERS``, ``tag:…``)."""
        if name.startswith("tag:"):
            value = self.tags.get(name[len("tag:") :])
            return () if value is None else (value,)
        return {
            "key-name": [self.key_name],
            "key-pair-id": [self.key_pair_id],
            "fingerprint": [self.key_fingerprint],
            "tag-key": self.tags.keys(),
            "tag-value": self.tags.values(),
        }[name]


@dataclass(frozen=True, kw_only=True)
class CreatedKeyPair(KeyPair):
    """A key pair that was just created, with the one copy of its private key."""

    key_material: str = field(repr=False)
