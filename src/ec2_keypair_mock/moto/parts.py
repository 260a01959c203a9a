"""The parts of moto that are patched while it mocks.

Where a part of this moto is not as it is known here, it keeps moto's own behaviour, one warning
says so, and the others are patched.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from types import ModuleType

from ..ec2.service import Service
from ..patching.import_hooks import ImportHooks
from ..patching.replacement import Replacement
from . import (
    accounts,
    cloudformation,
    dashboard,
    fleets,
    key_pairs,
    launch_configurations,
    launches,
    request_ids,
    resets,
    spot,
    stack_changes,
    stacks,
    stubber,
    tagging_api,
    tags,
)
from .requirements import warn

# A module of moto, and what is patched when it is imported.
Patches = Callable[[ModuleType, Service], Iterable[Replacement]]


_PARTS: tuple[tuple[str, Patches], ...] = (
    ("moto.core.models", stubber.patches),
    ("moto.core.responses", accounts.patches),
    ("moto.core.responses", request_ids.patches),
    ("moto.core.base_backend", resets.patches),
    ("moto.ec2.models", key_pairs.patches),
    ("moto.ec2.models", tags.patches),
    ("moto.ec2.models", launches.patches),
    ("moto.ec2.models.spot_requests", spot.patches),
    ("moto.ec2.models.spot_requests", fleets.spot_patches),
    ("moto.ec2.models.fleets", fleets.patches),
    ("moto.ec2.responses.spot_instances", spot.response_patches),
    ("moto.ec2.responses.fleets", fleets.response_patches),
    ("moto.ec2.responses.spot_fleets", fleets.spot_response_patches),
    ("moto.autoscaling.models", launches.auto_scaling_patches),
    ("moto.autoscaling.models", launch_configurations.patches),
    ("moto.batch.models", launches.batch_patches),
    ("moto.cloudformation.parsing", cloudformation.patches),
    ("moto.cloudformation.parsing", stack_changes.patches),
    ("moto.cloudformation.models", stacks.patches),
    ("moto.resourcegroupstaggingapi.models", tagging_api.patches),
    ("moto.core.model_instances", dashboard.patches),
)


class Parts:
    """Patches each part at once, or when it is imported."""

    def __init__(self) -> None:
        self._hooks = ImportHooks()
        self._replacements: list[Replacement] = []
        self._are_patched = False

    def patch(self, service: Service) -> None:
        """Let moto find the key pairs of the service, until ``restore``; again it does nothing."""
        if self._are_patched:
            return
        self._are_patched = True
        for name, patches in _PARTS:
            self._hooks.when_imported(name, functools.partial(self._patch, patches, service))

    def restore(self) -> None:
        """Leave moto as it was."""
        self._are_patched = False
        self._hooks.clear()
        while self._replacements:
            self._replacements.pop().stop()

    def _patch(self, patches: Patches, service: Service, module: ModuleType) -> None:
        made: list[Replacement] = []
        try:
            # Added one by one, so that those before one that fails are stopped.
            for replacement in patches(module, service):
                made.append(replacement)
        except Exception as error:
            while made:
                made.pop().stop()
            warn(module.__name__, error)
        self._replacements += made
