"""The call log: what is kept of each attempt at a mocked action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..keys.public_key import InvalidKeyError, parse_public_key
from .query import PROTOCOL_PARAMETERS

_MATERIAL = "PublicKeyMaterial"
_SUBJECTS = ("KeyName", "KeyNames", "KeyPairId", "KeyPairIds", "Resources", "InstanceId")


@dataclass(frozen=True, repr=False)
class Call:
    """One attempt at a mocked action.

    ``parameters`` are under the API's member names, as one gives them to boto3; material that is
    no public key is not kept, and none is shown by ``repr``. ``code`` is the answer's error code,
    None where it succeeded.
    """

    action: str
    parameters: Mapping[str, Any]
    region: str
    account_id: str
    code: str | None = None

    def __repr__(self) -> str:
        parameters = ", ".join(
            f"{name!r}: {_shown(name, value)}" for name, value in self.parameters.items()
        )
        return (
            f"Call(action={self.action!r}, parameters={{{parameters}}}, region={self.region!r}, "
            f"account_id={self.account_id!r}, code={self.code!r})"
        )


def kept_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a request as a call records them."""
    return {
        name: _public(value) if _is_material(name) else value for name, value in parameters.items()
    }


def kept_form(form: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a form that is not what the action takes: flat, without foreign values."""
    own = {name: value for name, value in form.items() if name not in PROTOCOL_PARAMETERS}
    recognized = {
        name: value if name.partition(".")[0] in known else "(not recognized)"
        for name, value in own.items()
    }
    return kept_parameters(recognized)


def _is_material(name: str) -> bool:
    # In a form that is wrong the name may go on after a dot.
    return name.partition(".")[0] == _MATERIAL


def _shown(name: str, value: Any) -> str:
    """A parameter for ``repr``: of key material its length, or why it was not kept."""
    is_kept = isinstance(value, bytes | str) and value[:1] not in (b"(", "(")
    return f"<{len(value)} bytes>" if _is_material(name) and is_kept else repr(value)


def _public(material: str | bytes) -> bytes:
    text = material if isinstance(material, str) else material.decode("latin-1")
    try:
        parse_public_key(text)
    except InvalidKeyError:
        return f"({len(text)} characters that are no public key)".encode()
    return text.encode()


def describe(calls: Iterable[Call]) -> str:
    """A line a call: action, key name (or what else it was about), Region, the answer's code."""
    return "\n".join(
        f"{call.action} {_subject(call)} {call.region} {call.code or 'OK'}" for call in calls
    )


def _subject(call: Call) -> str:
    subjects = [call.parameters[name] for name in _SUBJECTS if name in call.parameters]
    flat = [each for it in subjects for each in (it if isinstance(it, list) else [it])]
    return ", ".join(map(repr, flat)) or "-"
