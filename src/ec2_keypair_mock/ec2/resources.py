"""The other resources of EC2, which tag actions may name beside key pairs.

Alone, this package has none; where another mock has them, it takes part through
``OtherResources``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import UnmockedCallError
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
_WAY_OUT = "To have such resources, add moto's mock_aws, which shares its state with this package."


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


class NoOtherResources:
    """An account with key pairs only: to tag anything else is a call that nobody mocks."""

    def __init__(self, region: str) -> None:
        self._region = region

    def check(self, action: str, resource_ids: Sequence[str]) -> None:
        for resource_id in resource_ids:
            if not _RESOURCE_ID.fullmatch(resource_id):
                raise errors.INVALID_RESOURCE_ID(resource_id)
        if resource_ids:
            where = f"on {resource_ids[0]}"
            raise UnmockedCallError("ec2", action, self._region, where, _WAY_OUT)

    def create_tags(self, resource_ids: Sequence[str], tags: Tags) -> None:
        """Nothing to do: ``check`` lets no resource through."""

    def delete_tags(self, resource_ids: Sequence[str], doomed: Sequence[TagToDelete]) -> None:
        """Nothing to do: ``check`` lets no resource through."""

    def describe_tags(self) -> Iterable[TagDescription]:
        return ()
