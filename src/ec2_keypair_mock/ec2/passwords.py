"""The administrator passwords of Windows instances, as GetPasswordData hands them out."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..keys.errors import InvalidKeyError
from ..keys.public_key import PublicKey
from .visibility import Delay, Visibility

_LENGTH = 32
# Windows wants characters of three of these classes.
_CLASSES = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "!@#$%^&*()-_=+?.,;:")


@dataclass(frozen=True)
class PasswordData:
    """The answer to GetPasswordData.

    ``data`` is CR LF, base64 of the encrypted password and CR LF (recorded), or empty where there
    is no password; ``timestamp`` is aware, in UTC, and whole milliseconds.
    """

    timestamp: dt.datetime
    data: str = field(default="", repr=False)


@dataclass(frozen=True)
class Password:
    """An administrator password, itself and as it is handed out."""

    plain: str = field(repr=False)
    encrypted: PasswordData


class Passwords:
    """The passwords of the Windows instances of one Region, by instance ID."""

    def __init__(self, delay: Delay) -> None:
        self._passwords: dict[str, Password] = {}
        self._visibility = Visibility(delay)

    def make(self, instance_id: str, key: PublicKey, timestamp: dt.datetime) -> None:
        """Make a random password, unless nothing can be encrypted with the key."""
        # Imported here, because cryptography takes long to load and few tests launch Windows.
        from ..keys.encryption import encrypt

        plain = _random_password()
        try:
            text = base64.b64encode(encrypt(key, plain.encode())).decode()
        except InvalidKeyError:
            return
        encrypted = PasswordData(timestamp, f"\r\n{text}\r\n")
        self._passwords[instance_id] = Password(plain, encrypted)
        self._visibility.created(instance_id)

    def all(self) -> dict[str, Password]:
        """All of them; a copy."""
        return dict(self._passwords)

    def add_as_is(self, passwords: Mapping[str, Password]) -> None:
        self._passwords.update(passwords)

    def plain(self, instance_id: str) -> str | None:
        """The password itself, hidden or not."""
        password = self._passwords.get(instance_id)
        return password.plain if password else None

    def shown(self, instance_id: str) -> PasswordData | None:
        """The encrypted password, if there is one that this call shows."""
        password = self._passwords.get(instance_id)
        is_shown = self._visibility.shows(instance_id)
        return password.encrypted if password and is_shown else None

    def forget(self, instance_id: str) -> None:
        self._passwords.pop(instance_id, None)
        self._visibility.deleted(instance_id)

    def clear(self) -> None:
        self._passwords.clear()
        self._visibility.clear()


def _random_password() -> str:
    every = "".join(_CLASSES)
    rest = (secrets.choice(every) for _ in range(_LENGTH - len(_CLASSES)))
    return "".join([*map(secrets.choice, _CLASSES), *rest])
