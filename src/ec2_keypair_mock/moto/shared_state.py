"""One state with moto, whichever of the mocks starts or stops first.

While moto mocks, it leaves the key pair actions to the gate, and finds its own key pairs, their
tags and the account of a request here. Before it starts, only its start is patched; moto is not
imported.
"""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING, Any

from ..active import active
from ..clients.target import Target
from ..ec2.key_pair import KeyPair
from ..ec2.passwords import Password
from ..ec2.resources import OtherResources
from ..ec2.service import Accounts, Response, Service
from .accounts import MotoAccounts
from .lifetime import lifetime

if TYPE_CHECKING:
    from .parts import Parts


class SharedState:
    """moto as a mock that shares our state."""

    def __init__(self) -> None:
        self.accounts: Accounts = MotoAccounts()
        self._parts: Parts | None = None
        self._is_watching = False
        self._is_installed = False
        # The key pairs and passwords that moto's next activation goes on with.
        self._left_over: list[tuple[str, str, list[KeyPair], dict[str, Password]]] = []
        lifetime.started = self._moto_started
        lifetime.stopped = self._moto_stopped
        lifetime.reset = self._moto_was_reset

    def set_launches(self, mode: str) -> None:
        """What becomes of launches with key pairs that do not exist; ValueError for no mode."""
        # Imported here, because most tests launch nothing.
        from .launches import launches

        launches.set_mode(mode)

    def install(self) -> None:
        """Let moto's own activations start the state from now on."""
        with active.lock:
            if not self._is_installed:
                lifetime.watch()
                self._is_installed = True
                if lifetime.is_on():
                    self._moto_started(False)

    def uninstall(self) -> None:
        """Take ``install`` back; moto goes on with the key pairs that there are."""
        with active.lock:
            if self._is_installed:
                self._is_installed = False
                self._left_over.clear()
                if lifetime.is_on() and not active.is_active():
                    self._moto_stopped(False)
                lifetime.unwatch()

    def is_on(self) -> bool:
        """Whether moto is mocking in this process."""
        return lifetime.is_on()

    def answer(self, target: Target) -> Response | None:
        """moto's answer, for clients, too, that were made before moto was imported."""
        if not (self.is_on() and _is_botocore(target.original)):
            return None
        from .gates import as_response

        stubber = sys.modules["moto.core.models"].botocore_stubber
        answer = stubber.process_request(target.original)
        return answer and as_response(*answer)

    def refusal(self, target: Target) -> Response | None:
        """What moto's own gates answer to a key pair call that they do not let pass."""
        from . import gates

        return gates.refusal(target)

    def other_resources(self, account_id: str, region: str) -> OtherResources:
        """The resources of moto's EC2."""
        from .tags import MotoResources

        return MotoResources(account_id, region)

    def random_bits(self, number: int) -> int:
        """Bits of moto's generator, which its users may seed, while it mocks."""
        moto_random = getattr(sys.modules.get("moto.moto_api._internal"), "mock_random", None)
        if moto_random is None or not self.is_on():
            return secrets.randbits(number)
        bits: int = moto_random.getrandbits(number)
        return bits

    def state_started(self, service: Service) -> bool:
        """Wait for moto's start, or share the state at once; returns whether moto is active."""
        lifetime.watch()
        self._is_watching = True
        if lifetime.is_on():
            self._share(service)
        return lifetime.is_on()

    def state_ended(self) -> None:
        """Leave moto as it was."""
        if self._parts is not None:
            self._parts.restore()
        if self._is_watching:
            self._is_watching = False
            lifetime.unwatch()

    def _share(self, service: Service) -> None:
        # Imported here, because most tests do not start moto.
        from . import exchange
        from .parts import Parts

        self._parts = self._parts or Parts()
        self._parts.patch(service)
        exchange.import_key_pairs(service)

    def _moto_started(self, reset: bool = True) -> None:
        with active.lock:
            left_over, self._left_over = self._left_over, []
            service = active.keep_state()
            self._share(service)
            for account_id, region, key_pairs, passwords in () if reset else left_over:
                backend = service.backend(region, account_id)
                for key_pair in key_pairs:
                    backend.add_as_is(key_pair)
                backend.add_passwords_as_they_are(passwords)

    def _moto_stopped(self, removed: bool) -> None:
        with active.lock:
            service = active.service
            if service and not removed and not active.is_active():
                self._leave_over(service)
            active.release_state()

    def _leave_over(self, service: Service) -> None:
        """Keep the key pairs for moto's next activation, as it keeps its own resources."""
        from . import exchange

        if self._is_installed:
            self._left_over = [
                (each.account_id, each.region, [*each.key_pairs.values()], each.passwords)
                for each in service.backends()
            ]
        else:
            exchange.export_key_pairs(service)

    def _moto_was_reset(self) -> None:
        with active.lock:
            self._left_over.clear()
            if active.service:
                active.service.forget_key_pairs()


def _is_botocore(request: Any) -> bool:
    from botocore.awsrequest import AWSPreparedRequest

    return isinstance(request, AWSPreparedRequest)


shared_state = SharedState()
active.share_with(shared_state)
