"""The other resources of EC2, which tag actions and GetPasswordData may name.

Alone, this package has none; another mock that has them is asked through ``OtherResources``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from . import errors
from .tags import Tags, TagToDelete

# The prefixes of EC2's resource IDs, from the resource types that the API reference tags.
_PREFIXES = (
    "acl afi aki ami ari asg cagw cgw coip-pool cr crf cvpn-endpoint dopt eigw eipalloc egp "
    "eipassoc eni export-ami export-i export fl fleet h i iew igw import-ami import-snap import "
    "ipam ipam-pool ipam-res-disco ipam-res-disco-assoc ipam-scope ipv4pool-ec2 ipv6pool-ec2 lgw "
    "lgw-rtb lgw-vif lgw-vif-grp lt nat nis nip pcx pg pl r rtb scr sfr sg sgr sir snap subnet "
    "tgw tgw-attach tgw-connect-peer tgw-mcast-domain tgw-rtb tmf tmfr tms tmt verified vgw vol "
    "vpc vpce vpce-svc vpn"
).split()
_RESOURCE_ID = re.compile(f"(?:{'|'.join(_PREFIXES)})-[0-9a-f]{{8}}(?:[0-9a-f]{{9}})?")

KEY_PAIR_PREFIX = "key-"


class NotMockedError(Exception):
    """Tags of a resource that is no key pair are asked for, and nobody has such resources."""

    def __init__(self, action: str, resource_id: str, region: str) -> None:
        super().__init__(action, resource_id, region)
        self.action = action
        self.resource_id = resource_id
        self.region = region

    def __str__(self) -> str:
        return (
            f"{self.action} on {self.resource_id} in {self.region}: there are only key pairs here"
        )


@dataclass(frozen=True)
class TagDescription:
    """An item of DescribeTags."""

    resource_id: str
    resource_type: str
    key: str
    value: str

    def filter_values(self, name: str) -> Iterable[str]:
        """What a filter of DescribeTags compares with."""
        if name.startswith("tag:"):
            return [self.value] if self.key == name[len("tag:") :] else []
        return [
            {
                "key": self.key,
                "value": self.value,
                "resource-id": self.resource_id,
                "resource-type": self.resource_type,
            }[name]
        ]


class OtherResources(Protocol):
    """Whoever holds the resources that are no key pairs; raises ``EC2Error`` as EC2 would."""

    def check(self, action: str, resource_ids: Sequence[str]) -> None:
        """Raise unless all of them exist."""

    def create_tags(self, resource_ids: Sequence[str], tags: Tags) -> None:
        """Add the tags to each of them."""

    def delete_tags(self, resource_ids: Sequence[str], doomed: Sequence[TagToDelete]) -> None:
        """Take off these tags, or all where none are named."""

    def describe_tags(self) -> Iterable[TagDescription]:
        """All the tags there are."""
        ...

    def has_instance(self, instance_id: str) -> bool:
        """Whether there is an instance of that ID."""
        ...


class NoOtherResources:
    """An account with key pairs only: tags of anything else raise ``NotMockedError``."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._region = region

    def check(self, action: str, resource_ids: Sequence[str]) -> None:
        for resource_id in resource_ids:
            if not _RESOURCE_ID.fullmatch(resource_id):
                raise errors.INVALID_RESOURCE_ID(resource_id)
        if resource_ids:
            raise NotMockedError(action, resource_ids[0], self._region)

    def create_tags(self, resource_ids: Sequence[str], tags: Tags) -> None:
        """Nothing to do: ``check`` lets no resource through."""

    def delete_tags(self, resource_ids: Sequence[str], doomed: Sequence[TagToDelete]) -> None:
        """Nothing to do: ``check`` lets no resource through."""

    def describe_tags(self) -> Iterable[TagDescription]:
        return ()

    def has_instance(self, instance_id: str) -> bool:
        return False
