"""Who may do what: the rules of ``deny`` and ``allow``, and the text of AWS's refusal.

Resources are written as at the end of their ARNs: ``key-pair/NAME``, ``instance/i-…``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from . import errors

USER_NAME = "ec2-keypair-mock"

# AWS encrypts the decision, so that a client sees a run of base64.
_ENCODED = "ZWMyLWtleXBhaXItbW9jayBoYXMgbm90aGluZyB0byBkZWNvZGUgaGVyZQ"
# Found by the Region's prefix, because botocore does not know the newest Regions.
_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}


def wildcard(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """An IAM pattern: ``*`` is any run of characters, ``?`` is one character."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


class Rule(NamedTuple):
    """A statement of the caller's policy on an action, and on a resource where it has one."""

    allowed: bool
    action: re.Pattern[str]
    resource: re.Pattern[str] | None

    def decides(self, action: str, resource: str | None) -> bool:
        """Whether it speaks of this action on this resource (None: on none)."""
        if not self.action.fullmatch(f"ec2:{action}"):
            return False
        if self.resource is None:
            return True
        return resource is not None and bool(self.resource.fullmatch(resource))


class Permissions:
    """Everything is allowed but what was denied; the last rule on a call decides."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def add(self, allowed: bool, action: str, key_name: str | None) -> None:
        """Add a rule; the action is written as in IAM, ``ec2:ImportKeyPair`` or ``ec2:*Tags``."""
        resource = None if key_name is None else wildcard(f"key-pair/{key_name}")
        self._rules.append(Rule(allowed, wildcard(action, ignore_case=True), resource))

    def check(
        self, action: str, resources: Iterable[str | None], account_id: str, region: str
    ) -> None:
        """Raise ``UnauthorizedOperation`` if any of the resources is out of the caller's reach."""
        for resource in resources:
            if not self._allows(action, resource):
                raise errors.UNAUTHORIZED(_refusal(action, resource, account_id, region))

    def _allows(self, action: str, resource: str | None) -> bool:
        rules = (rule for rule in reversed(self._rules) if rule.decides(action, resource))
        return next((rule.allowed for rule in rules), True)


def _refusal(action: str, resource: str | None, account_id: str, region: str) -> str:
    """AWS's text for an explicit deny; on a resource it ends with an encoded message."""
    who = f" User: arn:{partition(region)}:iam::{account_id}:user/{USER_NAME}"
    what = f" is not authorized to perform: ec2:{action}"
    why = " with an explicit deny in an identity-based policy"
    if resource is None:
        return who + what + why
    arn = f"arn:{partition(region)}:ec2:{region}:{account_id}:{resource}"
    return f"{who}{what} on resource: {arn}{why}. Encoded authorization failure message: {_ENCODED}"


def partition(region: str) -> str:
    """The partition of a Region, from botocore's partitions data."""
    return next((name for prefix, name in _PARTITIONS.items() if region.startswith(prefix)), "aws")
