"""What becomes of a request that a client is about to send: answered, refused or let pass.

Every entrance asks the one ``gate``; what it decides does not depend on the client's library.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from types import CodeType
from typing import Protocol

from ..ec2.actions import ACTIONS
from ..ec2.faults import Outage
from ..ec2.resources import KEY_PAIR_PREFIX
from ..ec2.service import Response, Service
from ..errors import UnmockedCallError
from .callers import Caller, callers, operation
from .swallowed import was_expected
from .target import INSTANCE_METADATA, Target


@dataclass(frozen=True)
class Refusal:
    """A call that was stopped, and the user's code that made it, innermost last."""

    error: UnmockedCallError
    callers: list[Caller]
    thread: threading.Thread

    @property
    def subject(self) -> tuple[str, str | None, str | None]:
        """What was called."""
        return (self.error.service, self.error.action, self.error.region)


class Neighbour(Protocol):
    """Another mock in this process, which answers what is no key pair action."""

    def is_on(self) -> bool:
        """Whether it is mocking at the moment."""

    def answer(self, target: Target) -> Response | None:
        """Its answer, None where it has none."""


class Gate:
    """Open for nobody while ``service`` or ``guarded`` is set, but for what it lets pass."""

    def __init__(self) -> None:
        self.service: Service | None = None
        self.passthrough = False
        self.guarded = False
        self.neighbour: Neighbour | None = None
        self._refusals: list[Refusal] = []

    def answer(self, target: Target) -> Response | None:
        """EC2's answer, or None where the request is to go its way.

        Raises ``UnmockedCallError`` for a call to AWS that nobody mocks, and ``Outage`` where no
        answer is to come.
        """
        if self.service is not None and self.is_ours(target):
            return self._handle(self.service, target)
        if self.neighbour and target.reaches_aws and (answer := self.neighbour.answer(target)):
            return answer
        if not self.guarded and (self.passthrough or self.service is None):
            return None
        if target.host in INSTANCE_METADATA:
            # As on a machine that is no instance, but without the wait for the time-out.
            raise Outage(ConnectionError)
        if target.reaches_aws:
            raise self._refuse(target)
        return None

    def is_ours(self, target: Target) -> bool:
        """Whether EC2's key pairs answer the request, and nobody else."""
        if self.service is None or target.service != "ec2":
            return False
        if self.neighbour is None or not self.neighbour.is_on():
            return _is_ours_alone(target)
        ids = target.resource_ids
        if target.action in ("CreateTags", "DeleteTags") and ids:
            return any(each.startswith(KEY_PAIR_PREFIX) for each in ids)
        return target.action in ACTIONS

    def take_refusals(
        self, *, thread: threading.Thread | None = None, test: CodeType | None = None
    ) -> list[Refusal]:
        """The calls that were stopped since the last time, but for those that a test expected.

        With a thread, only those that were made in it: others may be on their way to who expects
        them. ``test`` is the code of the test, where it is not on the stack.
        """
        taken = [each for each in self._refusals if thread in (None, each.thread)]
        self._refusals = [each for each in self._refusals if each not in taken]
        # Of several calls at once, or of several tries at one, the test gets a single exception.
        expected = {each.subject for each in taken if was_expected(each.error, test)}
        return [each for each in taken if each.subject not in expected]

    def _handle(self, service: Service, target: Target) -> Response:
        try:
            return service.handle(target)
        except UnmockedCallError as error:
            raise self._remember(error) from None

    def _refuse(self, target: Target) -> UnmockedCallError:
        action = target.action or operation()
        way_out = _GUARDED if self.guarded else _UNMOCKED
        if self.service is None and target.service == "ec2" and action in ACTIONS:
            way_out = f"{_KEY_PAIRS} {way_out}"
        where = f"to {target.host}"
        return self._remember(
            UnmockedCallError(target.service, action, target.any_region, where, way_out)
        )

    def _remember(self, error: UnmockedCallError) -> UnmockedCallError:
        self._refusals.append(Refusal(error, callers(), threading.current_thread()))
        return error


_KEY_PAIRS = "Key pairs are mocked inside ec2_keypair_mock's mock, which is not active."
_UNMOCKED = (
    "To mock it, add moto's mock_aws, which shares its state with this package; to let such calls "
    "out to the network, use mock(passthrough=True)."
)
_GUARDED = (
    "ec2_keypair_mock_guard is on: mock it, with moto's mock_aws for instance, or mark the test "
    "ec2_keypair_mock_allow_network."
)


def _is_ours_alone(target: Target) -> bool:
    if target.action in ACTIONS:
        return True
    # On a host that is not AWS's, somebody else answers the other actions.
    return target.reaches_aws and target.action not in _ec2_actions()


def _ec2_actions() -> frozenset[str]:
    from .botocore import ec2_actions

    return ec2_actions()


gate = Gate()
