"""The reset of all of an account's EC2, in Regions that moto itself has not touched as well."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ..ec2.service import Service
from ..patching.replacement import Replacement
from .lifetime import lifetime
from .requirements import require


def patches(base_backend: ModuleType, service: Service) -> Iterator[Replacement]:
    """Let ``ec2_backends[account].reset()`` forget the key pairs of every Region."""
    backends = require(base_backend, "AccountSpecificBackend")
    require(backends, "reset", "self")
    yield Replacement(backends, "reset", lambda original: _resetting(service, original))


def _resetting(service: Service, original: Any) -> Any:
    @functools.wraps(original)
    def reset(self: Any) -> None:
        original(self)
        if self.service_name == "ec2" and not lifetime.is_resetting:
            service.forget_key_pairs(self.account_id)

    return reset
