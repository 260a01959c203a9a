"""Answers that go wrong on purpose: errors, lost connections, late answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from . import errors
from .backend import MAX_KEY_PAIRS
from .errors import EC2Error
from .filters import MAX_FILTERS
from .parameters import MAX_KEY_NAME_LENGTH
from .tags import MAX_TAGS

Form = Mapping[str, str]
Failure = Callable[[Form], "EC2Error | Outage"]


class Outage(Exception):
    """No answer at all; each entrance raises what its own client library raises then.

    ``kind`` is ``ConnectionError`` (nothing was sent) or ``TimeoutError`` (no answer was read).
    """

    def __init__(self, kind: type[ConnectionError] | type[TimeoutError]) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass
class Fault:
    """What the next ``times`` calls of an action meet: a failure, or ``delay`` seconds.

    ``failure`` makes the exception from what the call says.
    """

    action: str
    times: int
    failure: Failure | None = None
    delay: float = 0.0


class Faults:
    """The faults that are still to come, met in the order in which they were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def meet(self, action: str, form: Form) -> float:
        """Raise the failure that is due for a call of the action; else the delay of its answer."""
        with self._lock:
            fault = next((each for each in self._faults if each.action == action), None)
            if fault is None:
                return 0.0
            fault.times -= 1
            if fault.times < 1:
                self._faults.remove(fault)
        if fault.failure is not None:
            raise fault.failure(form)
        return fault.delay


def failure(
    code: str | type[ConnectionError] | type[TimeoutError],
    message: str | None,
    status: int | None,
) -> Failure:
    """What makes the failure of a call: the error of a code, or an outage.

    :param message: the text of the error; None for that of the catalogue
    :param status: its HTTP status, from 400 to 599; None for that of the catalogue, or 400
    :raises ValueError: for a code that is not in the catalogue without a text, or another status
    :raises TypeError: for a class that is no outage
    """
    if isinstance(code, type):
        if code not in (ConnectionError, TimeoutError):
            raise TypeError(f"use ConnectionError or TimeoutError, not {code.__name__}")
        return lambda form: Outage(code)
    if status is not None and not 400 <= status <= 599:
        raise ValueError(f"status must be from 400 to 599, not {status!r}")
    known = sorted({entry.code for entry in errors.CATALOGUE})
    if code not in known and message is None:
        raise ValueError(f"{code!r} needs a message; the texts of {', '.join(known)} are known")

    def make(form: Form) -> EC2Error:
        error = _known_error(code, form) if code in known else EC2Error(code, "")
        text = error.message if message is None else message
        return EC2Error(code, text, status or error.status)

    return make


def _known_error(code: str, form: Form) -> EC2Error:
    """The error of a code of the catalogue, with what the call says where its text has a value.

    Of a code with several texts it is one that any call can meet; what the call does not say is
    left empty.
    """
    made = _WITH_VALUES.get(code)
    return made(form) if made else _PLAIN[code]()


def _said(form: Form, *names: str) -> str:
    """The first parameter of the call with one of these names, or the first of such a list."""
    found = (form[each] for name in names for each in (name, f"{name}.1") if each in form)
    return next(found, "")


# Of several texts of one code the first.
_PLAIN = {entry.code: entry for entry in reversed(errors.CATALOGUE) if "{" not in entry.text}
_WITH_VALUES: dict[str, Callable[[Form], EC2Error]] = {
    "FilterLimitExceeded": lambda form: errors.TOO_MANY_FILTERS(MAX_FILTERS),
    "InvalidAction": lambda form: errors.INVALID_ACTION(form["Action"]),
    "InvalidID": lambda form: errors.INVALID_RESOURCE_ID(_said(form, "ResourceId", "KeyPairId")),
    "InvalidInstanceID.NotFound": lambda form: errors.INSTANCE_NOT_FOUND(_said(form, "InstanceId")),
    "InvalidKeyPair.NotFound": lambda form: errors.KEY_PAIR_NOT_FOUND(
        _said(form, "KeyName", "KeyPairId", "ResourceId")
    ),
    "InvalidParameterValue": lambda form: errors.TOO_LONG("KeyName", MAX_KEY_NAME_LENGTH),
    "KeyPairLimitExceeded": lambda form: errors.KEY_PAIR_LIMIT_EXCEEDED(MAX_KEY_PAIRS),
    "MissingParameter": lambda form: errors.MISSING_PARAMETER("KeyName"),
    "TagLimitExceeded": lambda form: errors.TAG_LIMIT_EXCEEDED(MAX_TAGS),
    "UnauthorizedOperation": lambda form: errors.UNAUTHORIZED(""),
    "NoSuchVersion": lambda form: errors.NO_SUCH_VERSION(form.get("Version", "")),
    "UnknownParameter": lambda form: errors.UNKNOWN_PARAMETER("KeyName"),
}
