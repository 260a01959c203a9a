"""The key pairs of moto's EC2 backend, which are ours while the mock is active."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from types import ModuleType
from typing import Any

from ..ec2.backend import KeyPairBackend
from ..ec2.service import Service
from ..patching.replacement import Replacement
from .errors import raised_in_moto
from .exchange import ATTRIBUTES, as_moto, as_ours, decoded, ours
from .lifetime import lifetime
from .requirements import require


def patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """Put our key pairs into moto's backend, under the names and with the functions of moto."""
    backend = require(models, "EC2Backend")
    for name, verb in _verbs(service).items():
        require(backend, name, *_SIGNATURES[name])
        yield Replacement(backend, name, _constant(verb))
    for name in ATTRIBUTES:
        yield Replacement(backend, name, _constant(_attribute(service, name)))
    yield Replacement(backend, "reset", lambda original: _resetting(service, original))


def _constant(value: Any) -> Callable[[Any], Any]:
    return lambda original: value


_SIGNATURES = {
    "create_key_pair": ("self", "name", "key_type", "tags"),
    "import_key_pair": ("self", "key_name", "public_key_material", "tags"),
    "delete_key_pair": ("self", "name"),
    "describe_key_pairs": ("self", "key_names", "filters"),
}


def _verbs(service: Service) -> dict[str, Any]:
    def create_key_pair(
        self: Any, name: str, key_type: Any = "rsa", tags: Mapping[str, str] | None = None
    ) -> Any:
        with raised_in_moto():
            created = ours(service, self).create_key_pair(
                key_name=name, key_type=key_type, tag_specifications=_specifications(tags)
            )
        return as_moto(created, self, created.key_material)

    def import_key_pair(
        self: Any,
        key_name: str,
        public_key_material: str | bytes,
        tags: Mapping[str, str] | None = None,
    ) -> Any:
        with raised_in_moto():
            imported = ours(service, self).import_key_pair(
                key_name=key_name,
                public_key_material=decoded(public_key_material),
                tag_specifications=_specifications(tags),
            )
        return as_moto(imported, self)

    def delete_key_pair(self: Any, name: str) -> Any:
        with raised_in_moto():
            deleted = ours(service, self).delete_key_pair(key_name=name)
        return deleted and as_moto(deleted, self)

    def describe_key_pairs(
        self: Any, key_names: Sequence[str | None] = (), filters: Any = None
    ) -> list[Any]:
        wanted = [{"Name": name, "Values": values} for name, values in (filters or {}).items()]
        with raised_in_moto():
            found = ours(service, self).describe_key_pairs(
                key_names=[name for name in key_names if name is not None], filters=wanted
            )
        return [as_moto(each, self) for each in found]

    return {
        "create_key_pair": create_key_pair,
        "import_key_pair": import_key_pair,
        "delete_key_pair": delete_key_pair,
        "describe_key_pairs": describe_key_pairs,
    }


def _specifications(tags: Mapping[str, str] | None) -> list[dict[str, Any]]:
    pairs = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    return [{"ResourceType": "key-pair", "Tags": pairs}] if pairs else []


def _resetting(service: Service, original: Any) -> Any:
    def reset(self: Any) -> None:
        original(self)
        if not lifetime.is_resetting:
            ours(service, self).reset()

    return reset


def _attribute(service: Service, name: str) -> property:
    def set_own(self: Any, value: Any) -> None:
        # moto sets the attribute of a new backend. It is kept for when this property is gone.
        vars(self)[name] = value

    return property(lambda self: KeyPairs(ours(service, self), self), set_own)


class KeyPairs(MutableMapping[str, Any]):
    """``ec2_backends[account][region].key_pairs``: ours by name, as moto's own objects."""

    def __init__(self, backend: KeyPairBackend, moto_backend: Any) -> None:
        self._backend = backend
        self._moto_backend = moto_backend

    def __getitem__(self, name: str) -> Any:
        return as_moto(self._backend.key_pairs[name], self._moto_backend)

    def __setitem__(self, name: str, key_pair: Any) -> None:
        self._backend.delete_key_pair(key_name=name)
        self._backend.add_as_is(as_ours(key_pair, {}))

    def __delitem__(self, name: str) -> None:
        self[name]
        self._backend.delete_key_pair(key_name=name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._backend.key_pairs)

    def __len__(self) -> int:
        return len(self._backend.key_pairs)

    def __repr__(self) -> str:
        return repr(dict(self))
