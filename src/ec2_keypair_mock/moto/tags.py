"""One set of tags: those of key pairs are ours, those of all other resources moto's."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from ..ec2.backend import TAG_FILTERS
from ..ec2.filters import read_filters
from ..ec2.resources import KEY_PAIR_PREFIX, NoOtherResources, TagDescription
from ..ec2.service import Service
from ..ec2.tags import Tags, TagToDelete
from ..patching.replacement import Replacement
from .errors import raised_from_moto, raised_in_moto
from .exchange import ours
from .lifetime import lifetime
from .requirements import require


def patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """Let moto's backend tag key pairs, and describe their tags, here."""
    backend = require(models, "EC2Backend")
    require(backend, "create_tags", "self", "resource_ids", "tags")
    require(backend, "delete_tags", "self", "resource_ids", "tags")
    require(backend, "describe_tags", "self", "filters")
    yield Replacement(backend, "create_tags", lambda original: _creating(service, original))
    yield Replacement(backend, "delete_tags", lambda original: _deleting(service, original))
    yield Replacement(backend, "describe_tags", lambda original: _describing(service, original))


def _creating(service: Service, original: Any) -> Any:
    def create_tags(self: Any, resource_ids: Sequence[str], tags: Mapping[str, str]) -> Any:
        key_pairs, others = _split(resource_ids)
        if key_pairs:
            new = [{"Key": key, "Value": value} for key, value in tags.items()]
            with raised_in_moto():
                ours(service, self).create_tags(resources=key_pairs, tags=new)
        return original(self, others, tags)

    return create_tags


def _deleting(service: Service, original: Any) -> Any:
    def delete_tags(self: Any, resource_ids: Sequence[str], tags: Mapping[str, str | None]) -> Any:
        key_pairs, others = _split(resource_ids)
        if key_pairs:
            with raised_in_moto():
                ours(service, self).delete_tags(resources=key_pairs, tags=_doomed(tags.items()))
        return original(self, others, tags)

    return delete_tags


def _describing(service: Service, original: Any) -> Any:
    def describe_tags(self: Any, filters: Mapping[str, Sequence[str]] | None = None) -> Any:
        wanted = [
            {"Name": name, "Values": values}
            for name, values in (filters or {}).items()
            if name in TAG_FILTERS
        ]
        passes = read_filters(wanted, TAG_FILTERS)
        tags = ours(service, self).key_pair_tags()
        return original(self, filters) + [vars(tag) for tag in tags if passes(tag.filter_values)]

    return describe_tags


def _split(resource_ids: Sequence[str]) -> tuple[list[str], list[str]]:
    key_pairs = [each for each in resource_ids if each.startswith(KEY_PAIR_PREFIX)]
    return key_pairs, [each for each in resource_ids if each not in key_pairs]


def _doomed(tags: Iterable[TagToDelete]) -> list[dict[str, str]]:
    return [{"Key": key} | ({} if value is None else {"Value": value}) for key, value in tags]


class MotoResources(NoOtherResources):
    """The resources of moto's EC2 while moto is on; without it there are none."""

    def check(self, action: str, resource_ids: Sequence[str]) -> None:
        if not resource_ids or not lifetime.is_on():
            return super().check(action, resource_ids)
        from moto.ec2.models import validate_resource_ids

        with raised_from_moto():
            validate_resource_ids(list(resource_ids))
            # moto itself takes tags off resources that do not exist.
            if action == "CreateTags":
                self._backend.do_resources_exist(resource_ids)
        return None

    def create_tags(self, resource_ids: Sequence[str], tags: Tags) -> None:
        if resource_ids:
            with raised_from_moto():
                self._backend.create_tags(resource_ids, tags)

    def delete_tags(self, resource_ids: Sequence[str], doomed: Sequence[TagToDelete]) -> None:
        if resource_ids:
            self._backend.delete_tags(resource_ids, dict(doomed))

    def describe_tags(self) -> Iterable[TagDescription]:
        # Where moto's EC2 is not loaded it has no resources, and loading it takes long.
        if not lifetime.is_on() or "moto.ec2.models" not in sys.modules:
            return ()
        tags = self._backend.describe_tags()
        return [
            TagDescription(**tag)
            for tag in tags
            if not tag["resource_id"].startswith(KEY_PAIR_PREFIX)
        ]

    def has_instance(self, instance_id: str) -> bool:
        # Where moto's EC2 is not loaded it has no instances.
        if not lifetime.is_on() or "moto.ec2.models" not in sys.modules:
            return super().has_instance(instance_id)
        return self._backend.get_instance_by_id(instance_id) is not None

    @property
    def _backend(self) -> Any:
        from moto.ec2.models import ec2_backends

        return ec2_backends[self._account_id][self._region]
