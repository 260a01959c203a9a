"""What is switched on with the first activation and off with the last."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import Protocol

from .boto import environment, sessions
from .clients import entrances
from .clients.gate import gate
from .ec2.calls import Call
from .ec2.key_pair import KeyPair
from .ec2.service import DEFAULT_REGION, Service
from .moto import joining as moto


class Activation(Protocol):
    """What an activation says; None leaves it to those around it."""

    @property
    def account_id(self) -> str | None: ...

    @property
    def passthrough(self) -> bool | None: ...


_NOT_ENTERED = (
    "this mock is not active, so that it cannot end: enter it first, best with "
    "`with mock() as aws:`, and leave it as often as it was entered"
)


class Switch:
    """The activations of this process: the first switches everything on, the last one off."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._active: list[Activation] = []
        self._service = Service()
        # What takes back that the gate was put before the clients, and what they see around them.
        self._undo = ExitStack()
        self._leave = ExitStack()
        self._journal: list[Service] = []
        self._follows_moto = False
        self._held_by_moto = False
        self._left_over: list[tuple[str, str, KeyPair]] = []
        moto.lifetime.started = self._moto_started
        moto.lifetime.stopped = self._moto_stopped
        moto.lifetime.reset = self._moto_was_reset

    def on(self, activation: Activation) -> Service:
        """Start an activation; returns the state that it shares with the others.

        If it cannot start, everything is as it was.
        """
        with self._lock:
            try:
                self._start()
                if not self._active:
                    self._enter()
            except BaseException:
                self._settle()
                raise
            self._active.append(activation)
            self._settle()
            return self._service

    def _enter(self) -> None:
        region = sessions.missing_region(DEFAULT_REGION)
        with ExitStack() as undo:
            undo.callback(environment.put, environment.enter(region))
            undo.callback(sessions.swap_default_session, sessions.swap_default_session(None))
            self._leave = undo.pop_all()

    def off(self, activation: Activation) -> None:
        """End an activation, in any order; RuntimeError if it is none that is active."""
        with self._lock:
            if activation not in self._active:
                raise RuntimeError(_NOT_ENTERED)
            self._active.reverse()
            self._active.remove(activation)
            self._active.reverse()
            if not self._active:
                self._leave.close()
            self._settle()

    def is_on(self, activation: Activation | None = None) -> bool:
        """Whether it is one of those that are active; without it, whether any is."""
        return bool(self._active) if activation is None else activation in self._active

    def follow_moto(self) -> None:
        """From now on, let moto's own activations start the state, too."""
        with self._lock:
            if not self._follows_moto:
                moto.lifetime.hold()
                self._follows_moto = True
                if moto.lifetime.is_on():
                    self._moto_started(False)

    def leave_moto(self) -> None:
        """Take ``follow_moto`` back; what moto is to go on with is handed over to it."""
        with self._lock:
            if self._follows_moto:
                self._follows_moto = False
                self._left_over.clear()
                if self._held_by_moto and not self._active:
                    self._moto_stopped(False)
                moto.lifetime.release()

    def _moto_started(self, fresh: bool) -> None:
        with self._lock:
            left_over, self._left_over = self._left_over, []
            self._start()
            self._held_by_moto = True
            moto.adopt(self._service)
            for account_id, region, key_pair in () if fresh else left_over:
                self._service.backend(region, account_id).adopt(key_pair)
            self._settle()

    def _moto_stopped(self, removed: bool) -> None:
        with self._lock:
            self._held_by_moto = False
            if not removed and not self._active:
                self._keep()
            self._settle()

    def _keep(self) -> None:
        """Keep the key pairs for moto's next activation, as it keeps its own resources."""
        if self._follows_moto:
            self._left_over = [
                (backend.account_id, backend.region, key_pair)
                for backend in self._service.backends()
                for key_pair in backend.key_pairs.values()
            ]
        else:
            moto.hand_over(self._service)

    def _moto_was_reset(self) -> None:
        with self._lock:
            self._left_over.clear()
            self._service.forget_key_pairs()

    def _start(self) -> None:
        if gate.service is not None:
            return
        service = Service()
        with ExitStack() as undo:
            entrances.hold()
            undo.callback(entrances.release)
            moto.open_to(service)
            undo.callback(moto.close)
            for replacement in sessions.install():
                undo.callback(replacement.stop)
            if moto.lifetime.is_on():
                moto.adopt(service)
                self._held_by_moto = True
            self._service = gate.service = service
            self._journal.append(service)
            self._undo = undo.pop_all()

    def _stop(self) -> None:
        if gate.service is None:
            return
        gate.service = None
        gate.passthrough = False
        self._undo.close()
        self._service.forget_key_pairs()

    def turn_page(self) -> None:
        """Begin anew with what ``calls`` gives."""
        with self._lock:
            self._service.turn_page()
            self._journal = [self._service]

    def calls(self) -> list[Call]:
        """The calls of every activation since the page was turned."""
        with self._lock:
            return [call for service in self._journal for call in service.new_calls()]

    def _settle(self) -> None:
        """Let the innermost activation that says something of a setting decide it."""
        if not self._active and not self._held_by_moto:
            self._stop()
            return
        accounts = [each.account_id for each in self._active if each.account_id is not None]
        passes = [each.passthrough for each in self._active if each.passthrough is not None]
        self._service.account_id = accounts[-1] if accounts else None
        # Alone, moto decides itself what goes out.
        gate.passthrough = passes[-1] if passes else not self._active


switch = Switch()
