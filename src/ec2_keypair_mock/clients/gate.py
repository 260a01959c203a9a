"""Decides what becomes of a request: answered, refused, or passed on.

Every client library asks the one ``gate``; what it decides does not depend on the library. Without
a service and without the guard every request is passed on.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import NoReturn, Protocol

from .. import refusals
from ..ec2.actions import ACTIONS
from ..ec2.faults import Outage
from ..ec2.resources import KEY_PAIR_PREFIX, NotMockedError
from ..ec2.service import Response, Service
from ..errors import UnmockedCallError
from .target import INSTANCE_METADATA, Target


class OtherMock(Protocol):
    """Another mock in this process, which answers what is no key pair action."""

    def is_on(self) -> bool:
        """Whether it is mocking at the moment."""
        ...

    def answer(self, target: Target) -> Response | None:
        """Its answer, None where it has none."""
        ...

    def refusal(self, target: Target) -> Response | None:
        """Its answer to a key pair call that it does not let pass, None where it lets it pass."""
        ...


class Gate:
    """What the client libraries ask before they send a request."""

    def __init__(self) -> None:
        self.service: Service | None = None
        self.passthrough = False
        self.other_mock: OtherMock | None = None
        self.allow_swallowed = False
        #: The calls that were refused while this service is set.
        self.refused: list[UnmockedCallError] = []
        # In-process runs of pytest may be nested: each of them may have a guard of its own.
        self._guards = 0

    @property
    def is_guarded(self) -> bool:
        """Whether calls that nobody mocks are refused even if no mock is active."""
        return self._guards > 0

    def guard(self) -> None:
        """Refuse calls that nobody mocks, until ``unguard`` is called as often."""
        self._guards += 1

    def unguard(self) -> None:
        self._guards -= 1

    def answer(self, target: Target) -> Response | None:
        """The answer to a request, or None where it is passed on.

        Raises ``UnmockedCallError`` for a call to AWS that nobody mocks, and ``Outage`` where the
        client is to get no answer.
        """
        __tracebackhide__ = True
        if self.service is not None and self.is_ours(target):
            other = self.other_mock
            if other and other.is_on() and (refused := other.refusal(target)):
                return refused
            try:
                return self.service.handle(target)
            except NotMockedError as error:
                refusal = _not_mocked(error)
            self._remember(refusal)
            _refuse(refusal)
        other = self.other_mock
        if other and target.reaches_aws and (answer := other.answer(target)):
            return answer
        if not self.is_guarded and (self.passthrough or self.service is None):
            return None
        if target.host in INSTANCE_METADATA:
            # The instance metadata service is not there, which a client finds out at once.
            raise Outage(ConnectionError)
        if target.reaches_aws:
            refusal = self._refusal(target)
            self._remember(refusal)
            _refuse(refusal)
        return None

    def is_ours(self, target: Target) -> bool:
        """Whether the request is answered here, and by nobody else."""
        if self.service is None or target.service != "ec2":
            return False
        if self.other_mock is None or not self.other_mock.is_on():
            return _is_ours_alone(target)
        ids = target.resource_ids
        if target.action in ("CreateTags", "DeleteTags") and ids:
            return any(each.startswith(KEY_PAIR_PREFIX) for each in ids)
        return target.action in ACTIONS or _is_unknown(target)

    def _refusal(self, target: Target) -> UnmockedCallError:
        action = target.action or _operation(sys._getframe())
        way_out = _GUARDED if self.is_guarded else _UNMOCKED
        if self.service is None and target.service == "ec2" and action in ACTIONS:
            way_out = f"{_KEY_PAIRS} {way_out}"
        where = f"to {target.host}"
        return UnmockedCallError(target.service, action, target.any_region, where, way_out)

    def _remember(self, error: UnmockedCallError) -> None:
        scope = refusals.current()
        if scope is not None:
            self.refused.append(error.without_traceback())
            if not self.allow_swallowed:
                scope.add_refusal(error, sys._getframe())


_KEY_PAIRS = "Key pairs are mocked inside ec2_keypair_mock's mock, which is not active."
_UNMOCKED = (
    "To mock it, add moto's mock_aws, which shares its state with this package; to let such calls "
    "out to the network, use mock(passthrough=True)."
)
_GUARDED = (
    "ec2_keypair_mock_guard is on: mock it, with moto's mock_aws for instance, or mark the test "
    "ec2_keypair_mock_allow_network."
)


def _not_mocked(error: NotMockedError) -> UnmockedCallError:
    where = f"on {error.resource_id}"
    return UnmockedCallError("ec2", error.action, error.region, where, _UNMOCKED)


def _refuse(error: UnmockedCallError) -> NoReturn:
    # pytest shows the arguments of the last frame of a traceback that is not hidden. This one has
    # none of the request's.
    raise error


def _operation(frame: FrameType | None) -> str | None:
    """The operation of the botocore or aiobotocore client that makes the call, if one does."""
    while frame is not None and frame.f_code.co_name != "_make_api_call":
        frame = frame.f_back
    # Read `f_locals` of this one frame only: reading them keeps the objects in them alive.
    return frame.f_locals.get("operation_name") if frame else None


def _is_ours_alone(target: Target) -> bool:
    if target.action in ACTIONS:
        # Without another mock there are no instances whose passwords could be asked for.
        return target.action != "GetPasswordData"
    return _is_unknown(target)


def _is_unknown(target: Target) -> bool:
    """Whether it is for no action of EC2's, so that EC2 answers ``InvalidAction``."""
    # On a host that is not AWS's, somebody else answers the other actions.
    return target.reaches_aws and target.action not in _ec2_actions()


def _ec2_actions() -> frozenset[str]:
    from .botocore import ec2_actions

    return ec2_actions()


gate = Gate()
