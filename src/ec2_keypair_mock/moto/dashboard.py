"""Key pairs on moto's dashboard, beside its own resources, without private keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

from ..ec2.key_pair import KeyPair
from ..ec2.service import Service
from ..patching.replacement import Replacement
from .requirements import require


def patches(model_instances: ModuleType, service: Service) -> Iterator[Replacement]:
    """Put them among the resources that moto shows, which are the instances of its models."""
    require(model_instances, "model_data")
    yield Replacement(model_instances, "model_data", lambda original: _Models(original, service))


class _Models(Mapping[str, Mapping[str, Any]]):
    """moto's models by service, with our key pairs as those of EC2."""

    def __init__(self, original: Mapping[str, Mapping[str, Any]], service: Service) -> None:
        self._original = original
        self._key_pairs = _KeyPairs(service)

    def __getitem__(self, service: str) -> Mapping[str, Any]:
        models = self._original.get(service, {})
        return {**models, "KeyPair": self._key_pairs} if service == "ec2" else models

    def __iter__(self) -> Iterator[str]:
        return iter({**self._original, "ec2": None})

    def __len__(self) -> int:
        return len({**self._original, "ec2": None})


class _KeyPairs:
    """Stands for moto's class of key pairs, with their attributes as moto shows them."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def _instances(self) -> list[SimpleNamespace]:
        return [
            _attributes(key_pair, backend.region)
            for backend in self._service.backends()
            for key_pair in backend.key_pairs.values()
        ]

    def _set_instances(self, instances: object) -> None:
        """Nothing to do: moto empties the list, and the key pairs go with their state."""

    # In newer and in older versions.
    instances_tracked = property(_instances, _set_instances)
    instances = property(_instances, _set_instances)


def _attributes(key_pair: KeyPair, region: str) -> SimpleNamespace:
    return SimpleNamespace(
        id=key_pair.key_pair_id,
        key_name=key_pair.key_name,
        key_type=key_pair.key_type,
        key_fingerprint=key_pair.key_fingerprint,
        public_key=key_pair.public_key,
        create_time=key_pair.create_time.isoformat(timespec="milliseconds"),
        region=region,
        tags=dict(key_pair.tags),
    )
