"""The behaviours of EC2's key pairs, by topic, in the order of their IDs."""

from __future__ import annotations

from ..behaviour import Behaviour
from . import (
    around,
    creating,
    deleting,
    describing,
    filters,
    importing,
    key_material,
    launches,
    requests,
    stacks,
    tags,
    windows,
    wire_format,
)

TOPICS: dict[str, tuple[Behaviour, ...]] = {
    "Key material and fingerprints": key_material.BEHAVIOURS,
    "What ImportKeyPair takes": importing.BEHAVIOURS,
    "CreateKeyPair and ImportKeyPair": creating.BEHAVIOURS,
    "DescribeKeyPairs": describing.BEHAVIOURS,
    "Filters": filters.BEHAVIOURS,
    "DeleteKeyPair": deleting.BEHAVIOURS,
    "Every action": requests.BEHAVIOURS,
    "Wire format": wire_format.BEHAVIOURS,
    "Tags": tags.BEHAVIOURS,
    "Around key pairs": around.BEHAVIOURS,
    "CloudFormation": stacks.BEHAVIOURS,
    "Launches": launches.BEHAVIOURS,
    "Passwords of Windows instances": windows.BEHAVIOURS,
}

BEHAVIOURS = tuple(behaviour for topic in TOPICS.values() for behaviour in topic)
