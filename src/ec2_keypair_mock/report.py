"""What a test report says of the calls that were made and of those that were stopped."""

from __future__ import annotations

from collections.abc import Iterable

from .clients.gate import Refusal
from .ec2.calls import Call

_SUBJECTS = ("KeyName", "KeyNames", "KeyPairId", "KeyPairIds", "Resources")


def describe_calls(calls: Iterable[Call]) -> str:
    """A line a call: action, key name (or what else it was about), Region, the answer's code."""
    return "\n".join(
        f"{call.action} {_subject(call)} {call.region} {call.code or 'OK'}" for call in calls
    )


def _subject(call: Call) -> str:
    subjects = [call.parameters[name] for name in _SUBJECTS if name in call.parameters]
    flat = [each for it in subjects for each in (it if isinstance(it, list) else [it])]
    return ", ".join(map(repr, flat)) or "-"


def describe_refusals(refusals: Iterable[Refusal]) -> str:
    """What each of them called, and the user's code that made the call."""
    return "\n".join(
        "\n  ".join([str(refusal.error), *map(str, refusal.callers)]) for refusal in refusals
    )
