"""Who is active: activations, or another mock, and the one state that they share.

The first of them starts the state, and patches the client libraries; the last one ends it.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import Protocol

from . import refusals
from .boto import default_session
from .boto.environment import environment
from .boto.region import missing_region
from .boto.warm import Warm
from .clients import entrances
from .clients.gate import OtherMock, gate
from .ec2.resources import OtherResources
from .ec2.service import DEFAULT_REGION, Accounts, Service
from .errors import UnmockedCallError


class Activation(Protocol):
    """What an activation says; None leaves it to those around it."""

    @property
    def account_id(self) -> str | None: ...

    @property
    def passthrough(self) -> bool | None: ...

    @property
    def allow_swallowed(self) -> bool | None: ...

    @property
    def fresh_keys(self) -> bool | None: ...


class SharingMock(OtherMock, Protocol):
    """Another mock that shares the state, for which it has accounts and other resources."""

    @property
    def accounts(self) -> Accounts:
        """Finds the account of a request."""
        ...

    def other_resources(self, account_id: str, region: str) -> OtherResources:
        """The resources of an account and a Region that are no key pairs."""
        ...

    def random_bits(self, number: int) -> int:
        """So many random bits, for the IDs of key pairs."""
        ...

    def state_started(self, service: Service) -> bool:
        """Told of a new state; returns whether it is active, and so keeps the state.

        Where it raises, the state has not started.
        """
        ...

    def state_ended(self) -> None:
        """Told that the state has ended, or that it could not start."""
        ...


class State:
    """What the activations from the first to the last share."""

    def __init__(self, service: Service) -> None:
        self.service = service
        #: The calls that were refused so far.
        self.refused: list[UnmockedCallError] = []


_NOT_ENTERED = (
    "this mock is not active, so that it cannot end: enter it first, best with "
    "`with mock() as aws:`, and leave it as often as it was entered"
)


class Active:
    """The activations of this process."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._activations: list[Activation] = []
        self._other_mock: SharingMock | None = None
        self._kept_by_other = False
        self._state: State | None = None
        self._warm = Warm()
        # `_undo` unpatches the client libraries when the state ends. `_leave` restores the
        # environment and boto3's default session when our last activation ends, because moto may
        # still keep the state then.
        self._undo = ExitStack()
        self._leave = ExitStack()
        # What the activations judge themselves, because no test does.
        self._scope: refusals.Scope | None = None

    def share_with(self, other_mock: SharingMock) -> None:
        """Share each state from now on with another mock."""
        self._other_mock = other_mock

    def start(self, activation: Activation) -> State:
        """Start an activation; returns the state that it shares with the others.

        If it cannot start, everything is as it was.
        """
        with self.lock:
            try:
                state = self._start()
                if not self._activations:
                    self._enter()
            except BaseException:
                self._settle()
                raise
            self._activations.append(activation)
            self._settle()
            return state

    def stop(self, activation: Activation) -> refusals.Scope | None:
        """End an activation, in any order; RuntimeError if it is none that is active.

        Returns the scope of refused calls that has ended with it and is to be judged.
        """
        with self.lock:
            if activation not in self._activations:
                raise RuntimeError(_NOT_ENTERED)
            self._activations.reverse()
            self._activations.remove(activation)
            self._activations.reverse()
            scope = None
            if not self._activations:
                self._leave.close()
                scope, self._scope = self._scope, None
            if scope is not None:
                refusals.end(scope)
            self._settle()
            return scope

    def is_active(self, activation: Activation | None = None) -> bool:
        """Whether it is one of those that are active; without it, whether any is."""
        return activation in self._activations if activation else bool(self._activations)

    def keep_state(self) -> Service:
        """Let the other mock keep the state, and start it if need be."""
        with self.lock:
            service = self._start().service
            self._kept_by_other = True
            self._settle()
            return service

    def release_state(self) -> None:
        """Take ``keep_state`` back, when the other mock has put back its environment."""
        with self.lock:
            self._kept_by_other = False
            environment.others_left()
            self._settle()

    @property
    def service(self) -> Service | None:
        """EC2's key pairs in the current state, if there is one."""
        return self._state.service if self._state else None

    def join(self, scope: refusals.Scope) -> None:
        """Let a scope that begins have the calls of the current state from now on."""
        with self.lock:
            if self._state is not None:
                self._state.service.mark_calls()
                scope.services.append(self._state.service)

    def _start(self) -> State:
        if self._state is not None:
            return self._state
        other = self._other_mock
        service = (
            Service(
                accounts=other.accounts,
                other_resources=other.other_resources,
                random_bits=other.random_bits,
            )
            if other
            else Service()
        )
        with ExitStack() as undo:
            entrances.install()
            undo.callback(entrances.uninstall)
            undo.callback(self._warm.stop)
            self._warm.start()
            if other is not None:
                undo.callback(other.state_ended)
                self._kept_by_other = other.state_started(service)
            self._undo = undo.pop_all()
        self._state = State(service)
        gate.service, gate.refused, gate.other_mock = service, self._state.refused, other
        if scope := refusals.current():
            scope.services.append(service)
        return self._state

    def _enter(self) -> None:
        region = missing_region(DEFAULT_REGION)
        with ExitStack() as undo:
            undo.callback(environment.leave)
            environment.enter(region)
            undo.callback(default_session.swap, default_session.swap(None))
            self._leave = undo.pop_all()
        if refusals.current() is None:
            self._scope = refusals.begin()

    def _end(self) -> None:
        if self._state is None:
            return
        service = self._state.service
        self._state = gate.service = gate.other_mock = None
        gate.refused = []
        gate.passthrough = gate.allow_swallowed = False
        self._undo.close()
        service.forget_key_pairs()

    def _settle(self) -> None:
        """Let the innermost activation that says something of a setting decide it."""
        if self._state is None or not (self._activations or self._kept_by_other):
            self._end()
            return
        accounts = [each.account_id for each in self._activations if each.account_id is not None]
        passes = [each.passthrough for each in self._activations if each.passthrough is not None]
        allows = [each.allow_swallowed for each in self._activations]
        fresh = [each.fresh_keys for each in self._activations if each.fresh_keys is not None]
        self._state.service.account_id = accounts[-1] if accounts else None
        self._state.service.new_keys.fresh = fresh[-1] if fresh else False
        # With no `mock()` active, only moto keeps the state, and its own settings decide what
        # reaches the network.
        gate.passthrough = passes[-1] if passes else not self._activations
        gate.allow_swallowed = next((each for each in reversed(allows) if each is not None), False)


active = Active()
