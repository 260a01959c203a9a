"""``mock`` and ``KeyPairMock``: what a test decorates, enters and uses."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from types import CodeType, TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from . import moto as moto  # it shares the state from now on
from . import refusals
from .active import State, active
from .boto.client import client
from .boto.region import configured_region
from .decoration import decorate
from .ec2.actions import ACTIONS, ActionName
from .ec2.backend import KeyPairBackend
from .ec2.calls import Call
from .ec2.faults import Fault, failure
from .ec2.parameters import check_account_id, check_region
from .ec2.permissions import wildcard
from .ec2.service import DEFAULT_REGION, Service
from .errors import UnmockedCallError

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

Target = TypeVar("Target", bound=Callable[..., Any])


class KeyPairMock:
    """EC2 key pairs without AWS: a context manager, sync and async, and a decorator.

    While it is active, the key pair actions of every AWS client in the process are answered here,
    and no other call reaches AWS. Activations that are nested share one state, which ends with the
    last of them.

    :param account_id: the caller's account, a string of 12 digits; None leaves it to the
        activations around this one, and else to moto's rule, which ends with ``123456789012``
    :param passthrough: True lets calls that nobody mocks out to the network, instead of raising
        ``UnmockedCallError``
    :param allow_swallowed: True lets a test pass whose code swallows ``UnmockedCallError``
    :param fresh_keys: True makes every RSA key anew, instead of dealing those again that earlier
        activations have made in this process
    :raises ValueError: if the account ID is none
    :raises TypeError: if one of the others is neither True, False nor None
    """

    def __init__(
        self,
        *,
        account_id: str | None = None,
        passthrough: bool | None = None,
        allow_swallowed: bool | None = None,
        fresh_keys: bool | None = None,
    ) -> None:
        if account_id is not None:
            check_account_id(account_id)
        _check_switch("passthrough", passthrough)
        _check_switch("allow_swallowed", allow_swallowed)
        _check_switch("fresh_keys", fresh_keys)
        self.account_id = account_id
        self.passthrough = passthrough
        self.allow_swallowed = allow_swallowed
        self.fresh_keys = fresh_keys
        self._last_state: State | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """What it was made with: the keyword arguments of ``mock`` that say something."""
        names = ("account_id", "passthrough", "allow_swallowed", "fresh_keys")
        return {name: each for name in names if (each := getattr(self, name)) is not None}

    def __enter__(self) -> KeyPairMock:
        frame = sys._getframe()
        entering = refusals.users_frame(frame)
        self._start(entering.f_code if entering else None)
        refusals.join(refusals.running_test(frame))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        scope = active.stop(self)
        if scope is None:
            return
        skipped = _is_skip(error) or refusals.is_test_skipped(sys._getframe())
        if error is None or skipped:
            refusals.raise_swallowed(scope.judge(skipped=skipped))

    async def __aenter__(self) -> KeyPairMock:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        self.__exit__(kind, error, trace)

    def __call__(self, target: Target) -> Target:
        """Decorate a function, coroutine function, generator function or class.

        :raises TypeError: for what cannot be put inside, with what to do instead
        """
        return decorate(self, target)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={each!r}" for name, each in self.arguments.items())
        return f"KeyPairMock({arguments})"

    @contextlib.contextmanager
    def inside(self, code: CodeType | None) -> Iterator[KeyPairMock]:
        """What ``with`` does, for the body of a decorated function, which is given by its code."""
        __tracebackhide__ = True
        self._start(code)
        with contextlib.ExitStack() as stack:
            stack.push(self.__exit__)
            yield self

    def _start(self, code: CodeType | None) -> None:
        self._last_state = active.start(self)
        refusals.join(code)

    def backend(self, region: str | None = None, account_id: str | None = None) -> KeyPairBackend:
        """The key pairs of an account and a Region, for looking and seeding.

        :param region: the configured Region where it is None, us-east-1 where none is configured
        :param account_id: the caller's account where it is None
        :raises ValueError: if one of them has not the form of one
        :raises RuntimeError: if the mock was never active
        """
        if account_id is not None:
            check_account_id(account_id)
        return self._service.backend(_region(region), account_id)

    @property
    def calls(self) -> list[Call]:
        """The calls so far, each attempt of each client, in order; kept when the mock ends."""
        return self._service.calls

    @property
    def refused(self) -> list[UnmockedCallError]:
        """The calls that were refused so far, without tracebacks; kept when the mock ends."""
        return self._state.refused

    def client(self, region_name: str | None = None) -> EC2Client:
        """A real boto3 EC2 client, made once a process for each Region.

        There is a new one where the ``AWS_*`` environment or the config files have changed. Every
        test gets the same: to register on the events of a client, make one of your own.

        :param region_name: the configured Region where it is None, us-east-1 where none is
            configured
        :raises ValueError: if it has not the form of a Region's name
        :raises RuntimeError: if the mock is not active
        """
        if not active.is_active(self):
            raise RuntimeError(_NOT_ACTIVE)
        made: EC2Client = client(_region(region_name))
        return made

    def reset(self) -> None:
        """Start afresh: no key pairs, no calls, no denials, failures or delays to come."""
        self._service.reset()
        self._state.refused.clear()

    def deny(self, action: str, *, key_name: str | None = None) -> None:
        """Refuse an action with ``UnauthorizedOperation``.

        :param action: written as in IAM (``ec2:ImportKeyPair``, ``ec2:*KeyPair*``), where ``ec2:``
            may be left out
        :param key_name: limits it to key pairs of that name, which may hold ``*`` and ``?``.
            DescribeKeyPairs, DescribeTags and GetPasswordData name no key pair, so that such a rule
            does not touch them.
        :raises ValueError: if the action matches none that is mocked here
        """
        self._service.permissions.add(False, _known_pattern(action), key_name)

    def allow(self, action: str, *, key_name: str | None = None) -> None:
        """Take a denial back; of ``deny`` and ``allow`` on one call the last decides.

        The arguments and errors are those of ``deny``.
        """
        self._service.permissions.add(True, _known_pattern(action), key_name)

    def fail(
        self,
        action: ActionName,
        code: str | type[ConnectionError] | type[TimeoutError],
        *,
        message: str | None = None,
        status: int | None = None,
        times: int = 1,
    ) -> None:
        """Let the next calls of an action fail; nothing of a failed call happens.

        :param action: such as ``CreateKeyPair``
        :param code: the code of an error, such as ``RequestLimitExceeded``; or ``ConnectionError``
            or ``TimeoutError`` for a call without an answer. For every code that EC2 answers here
            text and status are known, and such a text names what the call names.
        :param message: another text; a code that is not known here needs one
        :param status: another HTTP status, from 400 to 599
        :param times: how many calls, botocore's own retries included
        :raises ValueError: if one of them is not as said here
        :raises TypeError: if ``code`` is another class
        """
        _check_action(action)
        _check_times(times)
        self._service.faults.add(Fault(action, times, failure(code, message, status)))

    def delay(self, action: ActionName, seconds: float, times: int = 1) -> None:
        """Let the next calls of an action happen, and their answers come late.

        The client waits for them; where its read time-out is over before, it loses the answer at
        once.

        :param action: such as ``CreateKeyPair``
        :param seconds: how late an answer comes
        :param times: how many calls, botocore's own retries included
        :raises ValueError: if one of them is not as said here
        """
        _check_action(action)
        _check_times(times)
        if seconds < 0:
            raise ValueError(f"seconds must not be negative, not {seconds!r}")
        self._service.faults.add(Fault(action, times, delay=seconds))

    def delay_visibility(self, *, describes: int) -> None:
        """Hide new key pairs for a while, because EC2's consistency is eventual.

        The passwords of new Windows instances are hidden from as many calls of GetPasswordData.

        :param describes: from how many describes of its Region each new key pair is hidden
        :raises ValueError: if it is negative
        """
        if describes < 0:
            raise ValueError("describes must not be negative")
        self._service.delay_visibility(describes)

    def windows_password(self, instance_id: str) -> str:
        """The administrator password of a Windows instance, which GetPasswordData encrypts.

        :raises ValueError: if the instance was given none
        :raises RuntimeError: if the mock was never active
        """
        for backend in self._service.backends():
            if password := backend.windows_password(instance_id):
                return password
        raise ValueError(
            f"{instance_id!r} was given no password: launch a Windows AMI with an RSA key pair, "
            "inside this mock and moto's mock_aws"
        )

    @property
    def _service(self) -> Service:
        return self._state.service

    @property
    def _state(self) -> State:
        if self._last_state is None:
            raise RuntimeError(_NOT_ACTIVE)
        return self._last_state


_NOT_ACTIVE = "the mock is not active: use it inside `with mock() as aws:` or through the fixture"


def _is_skip(error: BaseException | None) -> bool:
    unittest: Any = sys.modules.get("unittest")
    return unittest is not None and isinstance(error, unittest.SkipTest)


def _region(region: str | None) -> str:
    return configured_region() or DEFAULT_REGION if region is None else check_region(region)


def _check_switch(name: str, value: object) -> None:
    if value is not None and not isinstance(value, bool):
        raise TypeError(f"{name} must be True, False or None, not {value!r}")


def _check_action(action: str) -> None:
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is not mocked here; use one of {', '.join(ACTIONS)}")


def _check_times(times: int) -> None:
    if times < 1:
        raise ValueError(f"times must be 1 or more, not {times!r}")


def _known_pattern(action: str) -> str:
    """The pattern as in IAM, of an action that is mocked here."""
    known = [f"ec2:{each}" for each in ACTIONS]
    for written in (action, f"ec2:{action}"):
        if any(map(wildcard(written, ignore_case=True).fullmatch, known)):
            return written
    raise ValueError(f"{action!r} matches no action that is mocked here: {', '.join(known)}")


@overload
def mock(target: Target, /) -> Target: ...


@overload
def mock(
    *,
    account_id: str | None = None,
    passthrough: bool | None = None,
    allow_swallowed: bool | None = None,
    fresh_keys: bool | None = None,
) -> KeyPairMock: ...


def mock(
    target: Any = None,
    /,
    *,
    account_id: str | None = None,
    passthrough: bool | None = None,
    allow_swallowed: bool | None = None,
    fresh_keys: bool | None = None,
) -> Any:
    """Mock EC2 key pairs: ``@mock``, ``@mock(…)``, ``with mock() as aws``.

    Arguments and errors are those of ``KeyPairMock``; with a function or a class instead of them it
    returns that, decorated.
    """
    made = KeyPairMock(
        account_id=account_id,
        passthrough=passthrough,
        allow_swallowed=allow_swallowed,
        fresh_keys=fresh_keys,
    )
    return made if target is None else made(target)
