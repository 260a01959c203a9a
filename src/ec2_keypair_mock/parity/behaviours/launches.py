"""Launches that do not answer as RunInstances does."""

from __future__ import annotations

from ..behaviour import Behaviour
from ..sources import api, guide, issue

_SPOT = "tests/moto/test_spot.py::"
_LAUNCHES = "tests/moto/test_launches.py::"

BEHAVIOURS = (
    Behaviour(
        "L-1",
        (
            "RequestSpotInstances takes a request whatever its KeyName is; the request is then "
            "`failed`, its status `bad-parameters`, Your Spot request failed due to bad "
            "parameters., and its fault has the code and the text that RunInstances answers"
        ),
        "community",
        sources=(
            issue("scylladb/scylla-cluster-tests", 6495, "2023"),
            issue("LeanerCloud/AutoSpotting", 16, "2016"),
            issue("hashicorp/terraform", 11447, "2017"),
            guide("get the status of a Spot Instance request", "spot-request-status"),
        ),
        tests=(_SPOT + "test_it_is_taken_and_fails", _SPOT + "test_the_waiter_ends_at_once"),
    ),
    Behaviour(
        "L-2",
        (
            "RequestSpotFleet, and CreateFleet of the types `request` and `maintain`, take it as "
            "well: nothing is launched, and the activity status is `error`"
        ),
        "documented",
        sources=(api("SpotFleetRequestConfig"), api("FleetData")),
        tests=(_SPOT + "test_it_is_taken_and_launches_nothing",),
    ),
    Behaviour(
        "L-3",
        "CreateFleet of the type `instant` answers with the errors, one a template and override",
        "documented",
        sources=(api("CreateFleet"), api("CreateFleetError")),
        tests=(_SPOT + "test_an_instant_one_answers_with_the_errors",),
    ),
    Behaviour(
        "L-4",
        "A fleet launches what can be launched of several templates",
        "inferred",
        tests=(_SPOT + "test_a_fleet_launches_what_can_be_launched",),
    ),
    Behaviour(
        "L-5",
        (
            "CreateLaunchConfiguration with an unknown KeyName: `ValidationError`, "
            "The key pair 'NAME' does not exist"
        ),
        "community",
        sources=(
            issue("aws-samples/amazon-eks-machine-learning-with-terraform-and-kubeflow", 15),
            issue("magma/magma", 929),
            issue("aws/aws-cli", 3952),
        ),
        tests=(_SPOT + "test_with_an_unknown_one",),
    ),
    Behaviour(
        "L-6",
        (
            "What Auto Scaling says of a launch template whose key pair is unknown, and Batch of "
            "such a compute environment; both are refused"
        ),
        "unknown",
        tests=(_LAUNCHES + "test_with_an_unknown_one",),
    ),
    Behaviour(
        "L-7",
        (
            "An Ed25519 key pair with a Windows AMI: `Unsupported`, ED25519 key pairs are not "
            "supported with Windows AMIs. Choose a different key pair type and try again."
        ),
        "community",
        sources=(
            issue("splunk/attack_range", 901, "2024"),
            issue("oven-sh/bun", 20021, "2025"),
        ),
        tests=("tests/moto/test_windows.py::test_ed25519",),
    ),
)
