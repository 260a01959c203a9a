"""One state with moto: the only place that touches its insides.

moto's mock and ours may start and stop in either order. While ours is on, moto leaves the key pair
actions to the gate, and finds its own key pairs, their tags and the account of a request here;
nothing is patched, and moto is not imported, otherwise. Where moto's insides differ from what is
known here, opening, or importing moto afterwards, raises RuntimeError.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from types import ModuleType

from ..clients.gate import gate
from ..ec2.backend import KeyPairBackend
from ..ec2.service import Service
from ..patching.import_hooks import ImportHooks
from ..patching.replacement import Replacement
from .lifetime import lifetime
from .neighbour import Moto
from .requirements import require

__all__ = ["adopt", "close", "hand_over", "lifetime", "open_to"]

_hooks = ImportHooks()
_open: list[Replacement] = []


def open_to(service: Service) -> None:
    """Let moto, now or once it is imported, share the state of the service."""
    from . import accounts

    accounts.follow(service)
    service.on_new_backend = _with_moto_resources
    lifetime.hold()
    try:
        for module, patches in _PATCHES.items():
            _hooks.when_imported(module, _opener(patches, service))
    except BaseException:
        close()
        raise
    gate.neighbour = Moto()


def close() -> None:
    """Leave moto as it was."""
    gate.neighbour = None
    _hooks.clear()
    while _open:
        _open.pop().stop()
    lifetime.release()


def adopt(service: Service) -> None:
    """Take over the key pairs that moto made itself."""
    from . import exchange

    exchange.adopt(service)


def hand_over(service: Service) -> None:
    """Give moto the key pairs, as if it had made them."""
    from . import exchange

    exchange.hand_over(service)


Patches = Callable[[ModuleType, Service], Iterable[Replacement]]


def _opener(patches: Patches, service: Service) -> Callable[[ModuleType], None]:
    def patch(module: ModuleType) -> None:
        # One by one: what has been patched before one fails must not be forgotten.
        for replacement in patches(module, service):
            _open.append(replacement)

    return patch


def _patch_core(models: ModuleType, service: Service) -> Iterable[Replacement]:
    from . import stubber

    return stubber.patches(models)


def _patch_responses(responses: ModuleType, service: Service) -> Iterable[Replacement]:
    from . import accounts

    return accounts.patches(responses, service)


def _patch_ec2(models: ModuleType, service: Service) -> Iterable[Replacement]:
    from . import key_pairs, launches, tags

    backend = require(models, "EC2Backend")
    require(models, "ec2_backends")
    rooms = (key_pairs, tags, launches)
    return itertools.chain.from_iterable(room.patches(backend, service) for room in rooms)


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


def _with_moto_resources(backend: KeyPairBackend) -> None:
    from .tags import MotoResources

    backend.other_resources = MotoResources(backend)
