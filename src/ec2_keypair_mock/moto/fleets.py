"""Fleets, which EC2 takes whatever their key pairs are, and which then launch nothing with them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ..ec2.errors import EC2Error
from ..ec2.service import Service
from ..patching.replacement import Replacement
from .exchange import ours
from .launches import check_form, check_launch, launches
from .requirements import require
from .templates import adding
from .windows import check_key_type

_ERRORS = """{% if request.errors %}<errorSet>{% for each in request.errors %}<item>
    <lifecycle>{{ each.Lifecycle }}</lifecycle>
    <errorCode>{{ each.ErrorCode }}</errorCode><errorMessage>{{ each.ErrorMessage }}</errorMessage>
</item>{% endfor %}</errorSet>{% endif %}"""
_ACTIVITY = """{% if request.activity_status %}
    <activityStatus>{{ request.activity_status }}</activityStatus>
{% endif %}"""


def patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """Let the fleets of CreateFleet leave out the launches that EC2 refuses over a key pair."""
    fleet = require(models, "Fleet")
    for name, lifecycle in _LAUNCHES.items():
        require(fleet, name, "self", "weight_to_add")
        yield Replacement(fleet, name, functools.partial(_launching, service, lifecycle))
    yield _terminations(fleet)


def spot_patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """The same for the fleets of RequestSpotFleet."""
    fleet = require(models, "SpotFleetRequest")
    name = "create_spot_requests"
    require(fleet, name, "self", "weight_to_add")
    yield Replacement(fleet, name, functools.partial(_launching, service, "spot"))
    yield _terminations(fleet)


def response_patches(responses: ModuleType, service: Service) -> Iterator[Replacement]:
    """Show the errors in the answers of CreateFleet and DescribeFleets."""
    fleets = require(responses, "Fleets")
    require(fleets, "create_fleet", "self")
    yield Replacement(fleets, "create_fleet", _answering)
    yield Replacement(responses, "CREATE_FLEET_TEMPLATE", adding(_ERRORS, "</fleetId>"))
    more = _ACTIVITY + _ERRORS
    yield Replacement(responses, "DESCRIBE_FLEETS_TEMPLATE", adding(more, "</fleetState>"))


def spot_response_patches(responses: ModuleType, service: Service) -> Iterator[Replacement]:
    """The same for DescribeSpotFleetRequests."""
    state = "</spotFleetRequestState>"
    yield Replacement(responses, "DESCRIBE_SPOT_FLEET_TEMPLATE", adding(_ACTIVITY, state))


_LAUNCHES = {"create_spot_requests": "spot", "create_on_demand_requests": "on-demand"}


def _launching(service: Service, lifecycle: str, original: Any) -> Any:
    @functools.wraps(original)
    def launch(self: Any, weight_to_add: float) -> Any:
        every = self.launch_specs
        refusals = {each: _refusal(service, self.ec2_backend, each) for each in every}
        for each, error in refusals.items():
            if error is not None:
                _note(self, each, lifecycle, error)
        self.launch_specs = [each for each in every if refusals[each] is None]
        try:
            if self.launch_specs or not every:
                original(self, weight_to_add)
        finally:
            self.launch_specs = every
        return self.spot_requests

    return launch


def _refusal(service: Service, backend: Any, launch: Any) -> EC2Error | None:
    """What RunInstances would answer to a launch, where that is about its key pair."""
    key_pairs = ours(service, backend)
    try:
        if launch.key_name is not None:
            if launches.mode == "strict":
                check_launch(key_pairs, launch.key_name)
            else:
                # The launch itself warns of its key name.
                check_form(launch.key_name)
        check_key_type(key_pairs, launch.key_name, backend, launch.image_id)
    except EC2Error as error:
        return error
    return None


def _note(fleet: Any, launch: Any, lifecycle: str, error: EC2Error) -> None:
    """Keep what DescribeFleets and DescribeSpotFleetRequests show, and CreateFleet answers."""
    fleet.activity_status = "error"
    # Only instant fleets have errors of their own; those of all others are in their history.
    if getattr(fleet, "fleet_type", None) != "instant":
        return
    template = {
        "LaunchTemplateSpecification": getattr(launch, "launch_template_spec", None),
        "Overrides": getattr(launch, "overrides", None),
    }
    found = {
        "LaunchTemplateAndOverrides": {name: each for name, each in template.items() if each},
        "Lifecycle": lifecycle,
        "ErrorCode": error.code,
        "ErrorMessage": error.message,
    }
    fleet.errors = [each for each in getattr(fleet, "errors", []) if each != found] + [found]


def _terminations(fleet: type) -> Replacement:
    """Newer versions of moto cannot delete a fleet that has launched nothing."""
    require(fleet, "terminate_instances", "self")
    return Replacement(fleet, "terminate_instances", _terminating)


def _terminating(original: Any) -> Any:
    @functools.wraps(original)
    def terminate_instances(self: Any) -> None:
        if self.spot_requests or getattr(self, "on_demand_instances", None):
            original(self)

    return terminate_instances


def _answering(original: Any) -> Any:
    @functools.wraps(original)
    def create_fleet(self: Any) -> Any:
        answer = original(self)
        # Versions with templates answer with text, which has the errors already.
        result = getattr(answer, "result", {})
        fleet = self.ec2_backend.get_fleet(result.get("FleetId"))
        if errors := getattr(fleet, "errors", None):
            result["Errors"] = errors
        return answer

    return create_fleet
