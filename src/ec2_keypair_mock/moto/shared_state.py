"""One state with moto, whichever of the mocks starts or stops first.

While ours is active, moto leaves the key pair actions to the gate, and finds its own key pairs,
their tags and the account of a request here. Nothing is patched otherwise, and moto is not
imported. Where moto's insides differ from what is known here, starting, or importing moto
afterwards, raises RuntimeError.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from ..active import active
from ..clients.target import Target
from ..ec2.key_pair import KeyPair
from ..ec2.resources import OtherResources
from ..ec2.service import Accounts, Response, Service
from ..patching.import_hooks import ImportHooks
from ..patching.replacement import Replacement
from .accounts import MotoAccounts
from .lifetime import lifetime
from .requirements import require

Patches = Callable[[ModuleType, Service], Iterable[Replacement]]


class SharedState:
    """moto as a mock that shares our state."""

    def __init__(self) -> None:
        self.accounts: Accounts = MotoAccounts()
        self._hooks = ImportHooks()
        self._patches: list[Replacement] = []
        self._is_watching = False
        self._is_installed = False
        # The key pairs that moto's next activation goes on with.
        self._left_over: list[tuple[str, str, KeyPair]] = []
        lifetime.started = self._moto_started
        lifetime.stopped = self._moto_stopped
        lifetime.reset = self._moto_was_reset

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
        stubber = sys.modules["moto.core.models"].botocore_stubber
        answer = stubber.process_request(target.original)
        return answer and _response(*answer)

    def other_resources(self, account_id: str, region: str) -> OtherResources:
        """The resources of moto's EC2."""
        from .tags import MotoResources

        return MotoResources(account_id, region)

    def state_started(self, service: Service) -> bool:
        """Patch moto, now or once it is imported; returns whether it is active."""
        lifetime.watch()
        self._is_watching = True
        for module, patches in _PATCHES.items():
            self._hooks.when_imported(module, self._patch(patches, service))
        if lifetime.is_on():
            self._import_key_pairs(service)
        return lifetime.is_on()

    def state_ended(self) -> None:
        """Leave moto as it was."""
        self._hooks.clear()
        while self._patches:
            self._patches.pop().stop()
        if self._is_watching:
            self._is_watching = False
            lifetime.unwatch()

    def _patch(self, patches: Patches, service: Service) -> Callable[[ModuleType], None]:
        def patch(module: ModuleType) -> None:
            # Added one by one, so that those before one that fails are stopped.
            for replacement in patches(module, service):
                self._patches.append(replacement)

        return patch

    def _import_key_pairs(self, service: Service) -> None:
        from . import exchange

        exchange.import_key_pairs(service)

    def _moto_started(self, fresh: bool) -> None:
        with active.lock:
            left_over, self._left_over = self._left_over, []
            service = active.keep_state()
            self._import_key_pairs(service)
            for account_id, region, key_pair in () if fresh else left_over:
                service.backend(region, account_id).add_as_is(key_pair)

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
                (backend.account_id, backend.region, key_pair)
                for backend in service.backends()
                for key_pair in backend.key_pairs.values()
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


def _response(status: int, headers: Any, body: str | bytes) -> Response:
    texts = {name: str(value) for name, value in dict(headers).items()}
    return Response(status, texts, body.encode() if isinstance(body, str) else body)


def _patch_core(models: ModuleType, service: Service) -> Iterable[Replacement]:
    from . import stubber

    return stubber.patches(models)


def _patch_responses(responses: ModuleType, service: Service) -> Iterable[Replacement]:
    from . import accounts, request_ids

    yield from accounts.patches(responses, service)
    yield from request_ids.patches(responses)


def _patch_ec2(models: ModuleType, service: Service) -> Iterable[Replacement]:
    from . import key_pairs, launches, tags

    backend = require(models, "EC2Backend")
    require(models, "ec2_backends")
    for part in (key_pairs, tags, launches):
        yield from part.patches(backend, service)


def _patch_auto_scaling(models: ModuleType, service: Service) -> Iterable[Replacement]:
    from . import launches

    return launches.auto_scaling_patches(models, service)


def _patch_batch(models: ModuleType, service: Service) -> Iterable[Replacement]:
    from . import launches

    return launches.batch_patches(models, service)


def _patch_tagging_api(models: ModuleType, service: Service) -> Iterable[Replacement]:
    from . import tagging_api

    return tagging_api.patches(models, service)


_PATCHES: dict[str, Patches] = {
    "moto.core.models": _patch_core,
    "moto.core.responses": _patch_responses,
    "moto.ec2.models": _patch_ec2,
    "moto.autoscaling.models": _patch_auto_scaling,
    "moto.batch.models": _patch_batch,
    "moto.resourcegroupstaggingapi.models": _patch_tagging_api,
}

shared_state = SharedState()
active.share_with(shared_state)
