"""What moto changes in a stack's resources, how to undo it, and which resource fails."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from ..ec2.backend import KeyPairBackend
from ..ec2.service import Service
from ..patching.replacement import Replacement
from .cloudformation import StackKeyPair
from .errors import StackFailure, raised_in_moto
from .launches import launches
from .requirements import require

_CHANGES = "_ec2_keypair_mock_changes"
_ONE_RESOURCE = ("logical_id", "resource_json", "resources_map", "account_id", "region_name")


@dataclass
class Step:
    """How to undo one change, and the verb of the event that says so: DELETE, UPDATE, CREATE."""

    undo: Callable[[], object]
    verb: str
    logical_id: str
    resource_type: str


@dataclass
class Changes:
    """What happened to a stack's resources since moto made them, or began the last update."""

    #: The attributes of moto's ``ResourceMap`` before the update; none for a new stack.
    before: dict[str, Any] = field(default_factory=dict)
    #: By verb and logical ID, because moto tries an update that fails several times.
    steps: dict[tuple[str, str], Step] = field(default_factory=dict)
    #: The last error, and of the resource that it is from logical ID, type and status.
    error: Exception | None = None
    failed: tuple[str, str, str] = ("", "", "")

    def add(self, step: Step) -> None:
        self.steps[step.verb, step.logical_id] = step

    @contextlib.contextmanager
    def failing(self, logical_id: str, resource_json: Any, status: str) -> Iterator[None]:
        """Note an error, unless it is that of a resource which this one refers to."""
        try:
            yield
        except Exception as error:
            if error is not self.error:
                self.error, self.failed = error, (logical_id, resource_json["Type"], status)
            raise


def changes_of(resources: Any) -> Changes:
    """The changes to the resources of a ``ResourceMap`` of moto's."""
    changes: Changes = vars(resources).setdefault(_CHANGES, Changes())
    return changes


def patches(parsing: ModuleType, service: Service) -> Iterator[Replacement]:
    """Note what moto makes, updates and deletes, and check key names before it does."""
    resource_map = require(parsing, "ResourceMap")
    require(parsing, "clean_json", "resource_json", "resources_map")
    require(parsing, "parse_and_create_resource", *_ONE_RESOURCE)
    require(parsing, "parse_and_update_resource", *_ONE_RESOURCE)
    require(resource_map, "update", "self", "template", "parameters")
    require(resource_map, "_delete_resource", "self", "parsed_resource", "resource_json")
    noting = _Noting(service, parsing.clean_json)
    yield Replacement(parsing, "parse_and_create_resource", noting.creations)
    yield Replacement(parsing, "parse_and_update_resource", noting.updates)
    yield Replacement(resource_map, "update", noting.updates_of_stacks)
    yield Replacement(resource_map, "_delete_resource", noting.deletions)


class _Noting:
    """moto's functions for one resource, and that for the update of all of them."""

    def __init__(self, service: Service, clean_json: Any) -> None:
        self._service = service
        self._clean_json = clean_json

    def creations(self, original: Any) -> Any:
        @functools.wraps(original)
        def parse_and_create_resource(
            logical_id: str, resource_json: Any, resources_map: Any, **place: str
        ) -> Any:
            # Before the first resource: moto makes those that exports name before all others.
            with raised_in_moto():
                self._check_parameters(resources_map, resources_map._template, {})
            changes = changes_of(resources_map)
            with changes.failing(logical_id, resource_json, "CREATE_FAILED"), raised_in_moto():
                made = original(logical_id, resource_json, resources_map, **place)
                if made is not None and resource_json.get("DeletionPolicy") != "Retain":
                    undo = functools.partial(resources_map._delete_resource, made, resource_json)
                    changes.add(Step(undo, "DELETE", logical_id, resource_json["Type"]))
                _check_nested(made)
            return made

        return parse_and_create_resource

    def updates(self, original: Any) -> Any:
        @functools.wraps(original)
        def parse_and_update_resource(
            logical_id: str, resource_json: Any, resources_map: Any, **place: str
        ) -> Any:
            changes = changes_of(resources_map)
            with changes.failing(logical_id, resource_json, "UPDATE_FAILED"), raised_in_moto():
                self._check_instance(resource_json, resources_map)
                made = original(logical_id, resource_json, resources_map, **place)
                if made is not None and logical_id in changes.before["_parsed_resources"]:
                    update = functools.partial(original, resources_map=resources_map, **place)
                    undo = functools.partial(_update_back, resources_map, logical_id, made, update)
                    changes.add(Step(undo, "UPDATE", logical_id, resource_json["Type"]))
                    # The next try replaces what this one has made.
                    resources_map._parsed_resources[logical_id] = made
                _check_nested(made)
            return made

        return parse_and_update_resource

    def deletions(self, original: Any) -> Any:
        @functools.wraps(original)
        def delete_resource(self: Any, parsed_resource: Any, resource_json: Any) -> None:
            original(self, parsed_resource, resource_json)
            # moto has lost resources that it could not update, and deletes None instead.
            name = getattr(parsed_resource, "logical_resource_id", "")
            undo = functools.partial(_make_again, self, name, parsed_resource)
            changes_of(self).add(Step(undo, "CREATE", name, resource_json["Type"]))

        return delete_resource

    def updates_of_stacks(self, original: Any) -> Any:
        @functools.wraps(original)
        def update(resources: Any, template: Any, parameters: Any = None) -> None:
            before = dict(vars(resources))
            for name in ("_parsed_resources", "resolved_parameters"):
                before[name] = dict(before[name])
            vars(resources)[_CHANGES] = Changes(before)
            with raised_in_moto():
                self._check_parameters(resources, template, parameters)
            original(resources, template, parameters)

        return update

    def _check_parameters(self, resources: Any, template: Any, given: Any) -> None:
        """Parameters that are to be key names must name key pairs that exist."""
        if launches.mode == "warn":
            return
        key_pairs = self._backend(resources).key_pairs
        for name, parameter in template.get("Parameters", {}).items():
            value = (given or resources.input_parameters).get(name, parameter.get("Default"))
            is_key_name = parameter.get("Type") == "AWS::EC2::KeyPair::KeyName"
            # moto itself says that a parameter has no value.
            if is_key_name and value is not None and value not in key_pairs:
                raise StackFailure(
                    f"Parameter validation failed: parameter value {value} "
                    f"for parameter name {name} does not exist."
                )

    def _check_instance(self, resource_json: Any, resources: Any) -> None:
        """moto does not change the key pair of an instance, and so would not check its name."""
        if resource_json["Type"] != "AWS::EC2::Instance":
            return
        properties = self._clean_json(resource_json.get("Properties", {}), resources)
        key_name = properties.get("KeyName")
        if key_name is not None and key_name not in self._backend(resources).key_pairs:
            launches.name_missing(key_name)

    def _backend(self, resources: Any) -> KeyPairBackend:
        return self._service.backend(resources._region_name, resources._account_id)


def _check_nested(made: Any) -> None:
    """A stack fails with a nested one that was rolled back."""
    if getattr(made, "status", None) not in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED"):
        return
    [why] = [
        event.resource_status_reason
        for event in made.events
        if event.resource_status == "ROLLBACK_IN_PROGRESS"
    ]
    raise StackFailure(f"Embedded stack {made.stack_id} was not successfully created: {why}")


def _update_back(resources: Any, logical_id: str, made: Any, update: Any) -> None:
    parsed = resources._parsed_resources
    old = parsed[logical_id]
    if isinstance(old, StackKeyPair):
        if made is not old:
            made.delete(resources._account_id, resources._region_name)
            old.restore()
        return
    parsed[logical_id] = made
    parsed[logical_id] = update(logical_id, resources._resource_json_map[logical_id])


def _make_again(resources: Any, logical_id: str, deleted: Any) -> None:
    if isinstance(deleted, StackKeyPair):
        deleted.restore()
        return
    resources._parsed_resources.pop(logical_id, None)
    # moto makes a resource when it is asked for.
    resources.get(logical_id)
