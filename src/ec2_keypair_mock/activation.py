"""``mock`` and ``KeyPairMock``: what a test decorates, enters and holds."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar, overload

from .active import switch
from .boto import sessions
from .clients.gate import gate
from .decoration import decorate
from .ec2.actions import ACTIONS
from .ec2.backend import KeyPairBackend
from .ec2.calls import Call
from .ec2.errors import EC2Error
from .ec2.faults import Fault, Form, Outage, known_codes, known_error
from .ec2.permissions import wildcard
from .ec2.service import DEFAULT_REGION, Service
from .errors import SwallowedCallError
from .report import describe_refusals

Target = TypeVar("Target", bound=Callable[..., Any])


class KeyPairMock:
    """EC2 key pairs without AWS: a context manager, sync and async, and a decorator.

    While it is active, the key pair actions of every AWS client in the process are answered here,
    and no other call reaches AWS. Activations that are nested share one state, which ends with the
    last of them. ``account_id`` is the caller's account (12 digits); with ``passthrough`` calls
    that are not mocked go out to the network instead of raising ``UnmockedCallError``.
    """

    def __init__(self, *, account_id: str | None = None, passthrough: bool | None = None) -> None:
        if account_id is not None and not _is_account_id(account_id):
            raise ValueError(f"account_id must be a string of 12 digits, not {account_id!r}")
        if passthrough is not None and not isinstance(passthrough, bool):
            raise TypeError(f"passthrough must be True, False or None, not {passthrough!r}")
        self.account_id = account_id
        self.passthrough = passthrough
        self._service: Service | None = None

    def __enter__(self) -> KeyPairMock:
        self._service = switch.on(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        switch.off(self)
        if error is None:
            _report_swallowed()

    async def __aenter__(self) -> KeyPairMock:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, trace)

    def __call__(self, target: Target) -> Target:
        """Decorate a function, coroutine function, generator function or class."""
        return decorate(self, target)

    def __repr__(self) -> str:
        return f"KeyPairMock(account_id={self.account_id!r}, passthrough={self.passthrough!r})"

    def backend(
        self, region: str = DEFAULT_REGION, account_id: str | None = None
    ) -> KeyPairBackend:
        """The key pairs of a Region, for looking and seeding."""
        return self._state.backend(region, account_id)

    @property
    def calls(self) -> list[Call]:
        """The calls so far, each attempt of each client, in order; kept when the mock ends."""
        return self._state.calls

    def client(self, region_name: str = DEFAULT_REGION) -> Any:
        """A real boto3 EC2 client, made once a process for each Region.

        There is a new one where the ``AWS_*`` environment or the config files have changed. Every
        test gets the same: to register on the events of a client, make one of your own.
        """
        if not switch.is_on(self):
            raise RuntimeError(_NOT_ACTIVE)
        return sessions.client(region_name)

    def reset(self) -> None:
        """Start afresh: no key pairs, no calls, no denials and no failures to come."""
        self._state.reset()

    def deny(self, action: str, *, key_name: str | None = None) -> None:
        """Refuse an action with ``UnauthorizedOperation``.

        ``action`` is written as in IAM (``ec2:ImportKeyPair``, ``ec2:*KeyPair*``), where ``ec2:``
        may be left out; ``key_name`` limits it to key pairs of that name, which may hold ``*`` and
        ``?``. DescribeKeyPairs and DescribeTags name no key pair, so that a rule with a
        ``key_name`` does not touch them.
        """
        self._state.permissions.add(False, _known_pattern(action), key_name)

    def allow(self, action: str, *, key_name: str | None = None) -> None:
        """Take a denial back; of ``deny`` and ``allow`` on one call the last decides."""
        self._state.permissions.add(True, _known_pattern(action), key_name)

    def fail(
        self,
        action: str,
        code: str | type[ConnectionError] | type[TimeoutError] | None = None,
        *,
        message: str | None = None,
        status: int | None = None,
        times: int = 1,
        delay: float | None = None,
    ) -> None:
        """Let the next ``times`` calls of ``action`` fail, botocore's own retries included.

        ``code`` is the code of an error. For every code that EC2 answers here text and status are
        known, and such a text names what the call names; ``message`` and ``status`` (400 to 599)
        change them, and any other code needs a ``message``. ``ConnectionError`` or
        ``TimeoutError`` as ``code`` is a call without an answer. Nothing of a failed call happens.
        ``delay`` instead lets the call happen and its answer come that many seconds late: past the
        client's read time-out it is lost, at once.
        """
        if action not in ACTIONS:
            raise ValueError(f"{action!r} is not mocked here; use one of {', '.join(ACTIONS)}")
        if (code is None) == (delay is None):
            raise TypeError("fail() takes either a code or a delay")
        if times < 1 or (delay is not None and delay < 0):
            raise ValueError("times must be 1 or more, and delay not negative")
        made = None if code is None else _failure(code, message, status)
        self._state.faults.add(Fault(action, times, made, delay or 0.0))

    def delay_visibility(self, *, describes: int) -> None:
        """Hide new key pairs from the next ``describes`` describes, as EC2 may for a moment."""
        if describes < 0:
            raise ValueError("describes must not be negative")
        self._state.delay_visibility(describes)

    @property
    def _state(self) -> Service:
        if self._service is None:
            raise RuntimeError(_NOT_ACTIVE)
        return self._service


def _report_swallowed() -> None:
    # Those of other threads may still be on their way, unless this is the last of all.
    refusals = gate.take_refusals(thread=threading.current_thread() if switch.is_on() else None)
    if refusals:
        raise SwallowedCallError(refusals[0].error, describe_refusals(refusals))


_NOT_ACTIVE = "the mock is not active: use it inside `with mock() as aws:` or through the fixture"


def _is_account_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9]{12}", value) is not None


def _known_pattern(action: str) -> str:
    """The pattern as in IAM, of an action that is mocked here."""
    known = [f"ec2:{each}" for each in ACTIONS]
    for written in (action, f"ec2:{action}"):
        if any(map(wildcard(written, ignore_case=True).fullmatch, known)):
            return written
    raise ValueError(f"{action!r} matches no action that is mocked here: {', '.join(known)}")


def _failure(
    code: str | type[ConnectionError] | type[TimeoutError],
    message: str | None,
    status: int | None,
) -> Callable[[Form], EC2Error | Outage]:
    if isinstance(code, type):
        if code not in (ConnectionError, TimeoutError):
            raise TypeError(f"use ConnectionError or TimeoutError, not {code.__name__}")
        return lambda form: Outage(code)
    if status is not None and not 400 <= status <= 599:
        raise ValueError(f"status must be from 400 to 599, not {status!r}")
    known = known_codes()
    if code not in known and message is None:
        raise ValueError(f"{code!r} needs a message; the texts of {', '.join(known)} are known")

    def make(form: Form) -> EC2Error:
        error = known_error(code, form) if code in known else EC2Error(code, "")
        text = error.message if message is None else message
        return EC2Error(code, text, status or error.status)

    return make


@overload
def mock(target: Target, /) -> Target: ...


@overload
def mock(*, account_id: str | None = None, passthrough: bool | None = None) -> KeyPairMock: ...


def mock(
    target: Any = None, /, *, account_id: str | None = None, passthrough: bool | None = None
) -> Any:
    """Mock EC2 key pairs: ``@mock``, ``@mock(…)``, ``with mock() as aws``; see ``KeyPairMock``."""
    made = KeyPairMock(account_id=account_id, passthrough=passthrough)
    return made if target is None else made(target)
