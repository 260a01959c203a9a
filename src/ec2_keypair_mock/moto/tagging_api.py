"""Key pairs in moto's Resource Groups Tagging API."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from ..ec2 import errors
from ..ec2.backend import KeyPairBackend
from ..ec2.errors import EC2Error
from ..ec2.key_pair import KeyPair
from ..ec2.permissions import partition
from ..ec2.service import Service
from ..patching.replacement import Replacement
from .exchange import ours
from .requirements import require

_ARN = re.compile(r"arn:[^:]+:ec2:([^:]*):([^:]*):key-pair/(key-.*)")
_RESOURCE_TYPES = frozenset(("ec2", "ec2:key-pair"))


def patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """Add the key pairs to what it finds, and let it tag them."""
    backend = require(models, "ResourceGroupsTaggingAPIBackend")
    require(backend, "_get_resources_generator")
    require(backend, "_get_tag_keys_generator", "self")
    require(backend, "_get_tag_values_generator", "self", "tag_key")
    require(backend, "tag_resources", "self", "resource_arns", "tags")
    item = getattr(models, "TaggedResource", _item)
    finding = _Finding(service, item)
    yield Replacement(backend, "_get_resources_generator", finding.resources)
    yield Replacement(backend, "_get_tag_keys_generator", finding.keys)
    yield Replacement(backend, "_get_tag_values_generator", finding.values)
    yield Replacement(backend, "tag_resources", lambda original: _tagging(service, original))
    yield Replacement(backend, "untag_resources", lambda original: _untagging(service, original))


def _item(arn: str, tags: Mapping[str, str], resource_type: str) -> dict[str, Any]:
    """A resource as older versions have it."""
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {"ResourceARN": arn, "Tags": pairs}


class _Finding:
    """The generators that moto's pages are filled from."""

    def __init__(self, service: Service, item: Any) -> None:
        self._service = service
        self._item = item

    def resources(self, original: Any) -> Any:
        @functools.wraps(original)
        def resources(
            backend: Any,
            tag_filters: Sequence[Mapping[str, Any]] | None = None,
            resource_type_filters: Collection[str] | None = None,
            **more: Any,
        ) -> Iterator[Any]:
            yield from original(backend, tag_filters, resource_type_filters, **more)
            arns = more.get("resource_arn_list")
            if resource_type_filters and not _RESOURCE_TYPES.intersection(resource_type_filters):
                return
            for arn, key_pair in self._tagged(backend):
                if _matches(key_pair, tag_filters or ()) and (not arns or arn in arns):
                    yield self._item(arn, dict(key_pair.tags), "ec2:key-pair")

        return resources

    def keys(self, original: Any) -> Any:
        @functools.wraps(original)
        def keys(backend: Any) -> Iterator[str]:
            yield from original(backend)
            for _, key_pair in self._tagged(backend):
                yield from key_pair.tags

        return keys

    def values(self, original: Any) -> Any:
        @functools.wraps(original)
        def values(backend: Any, tag_key: str) -> Iterator[str]:
            yield from original(backend, tag_key)
            for _, key_pair in self._tagged(backend):
                yield from key_pair.filter_values(f"tag:{tag_key}")

        return values

    def _tagged(self, backend: Any) -> Iterator[tuple[str, KeyPair]]:
        key_pairs = ours(self._service, backend)
        region, account_id = key_pairs.region, key_pairs.account_id
        prefix = f"arn:{partition(region)}:ec2:{region}:{account_id}:key-pair"
        for each in key_pairs.key_pairs.values():
            if each.tags:
                yield f"{prefix}/{each.key_pair_id}", each


def _matches(key_pair: KeyPair, filters: Sequence[Mapping[str, Any]]) -> bool:
    return all(
        each["Key"] in key_pair.tags
        and (not each.get("Values") or key_pair.tags[each["Key"]] in each["Values"])
        for each in filters
    )


def _tagging(service: Service, original: Any) -> Any:
    def tag_resources(self: Any, resource_arns: Sequence[str], tags: Mapping[str, str]) -> Any:
        new = [{"Key": key, "Value": value} for key, value in tags.items()]
        backend = ours(service, self)
        change = functools.partial(backend.create_tags, tags=new)
        failed, others = _change(backend, change, resource_arns)
        return failed | (original(self, others, tags) if others else {})

    return tag_resources


def _untagging(service: Service, original: Any) -> Any:
    def untag_resources(self: Any, resource_arn_list: Sequence[str], tag_keys: list[str]) -> Any:
        doomed = [{"Key": key} for key in tag_keys]
        backend = ours(service, self)
        change = functools.partial(backend.delete_tags, tags=doomed)
        failed, others = _change(backend, change, resource_arn_list)
        return failed | (original(self, others, tag_keys) if others else {})

    return untag_resources


def _change(
    backend: KeyPairBackend, change: Any, arns: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    """Change the tags of the key pairs; returns those that failed, and what are none."""
    found = {arn: _ARN.fullmatch(arn) for arn in arns}
    failed: dict[str, Any] = {}
    for arn, match in found.items():
        try:
            if match:
                _check_place(backend, match)
                change(resources=[match[3]])
        except EC2Error as error:
            failed[arn] = {
                "StatusCode": error.status,
                "ErrorCode": "InvalidParameterException",
                "ErrorMessage": error.message,
            }
    return failed, [arn for arn, match in found.items() if not match]


def _check_place(backend: KeyPairBackend, match: re.Match[str]) -> None:
    if (match[1], match[2]) != (backend.region, backend.account_id):
        raise errors.KEY_PAIR_NOT_FOUND(match[3])
