"""Around key pairs."""

from __future__ import annotations

from ..behaviour import Behaviour
from ..sources import DELETING, DOCS, KEY_PAIRS, api, text

BEHAVIOURS = (
    Behaviour(
        "A-1",
        (
            "RunInstances with an unknown KeyName: `InvalidKeyPair.NotFound`, "
            "The key pair 'NAME' does not exist"
        ),
        "community",
        sources=(text("Output of Terraform and aws-cli that users pasted"),),
        tests=("tests/moto/test_launches.py::test_with_an_unknown_one",),
    ),
    Behaviour(
        "A-2",
        (
            "With an empty one: `InvalidParameterValue`, Invalid value '' for keyPairNames."
            " It should not be blank"
        ),
        "community",
        sources=(text("Comments and tests of two public projects"),),
        tests=("tests/moto/test_launches.py::test_a_blank_key_name",),
    ),
    Behaviour(
        "A-3",
        "CreateLaunchTemplate does not check the KeyName, the launch does",
        "documented",
        sources=(api("CreateLaunchTemplate"),),
        tests=(
            "tests/moto/test_launches.py::test_a_launch_template_is_not_checked",
            "tests/moto/test_launches.py::test_with_an_unknown_one",
        ),
    ),
    Behaviour(
        "A-4",
        "A deleted key pair changes nothing in the instances that were launched with it",
        "documented",
        sources=(DELETING,),
        tests=("tests/moto/test_launches.py::test_deletion_leaves_the_instances_alone",),
    ),
    Behaviour(
        "A-5",
        "Key pairs are per account and per Region",
        "documented",
        sources=(KEY_PAIRS,),
        tests=(
            "tests/ec2/test_concurrency.py::test_regions_have_their_own_key_pairs",
            "tests/ec2/test_concurrency.py::test_accounts_have_their_own_key_pairs",
        ),
    ),
    Behaviour(
        "A-6",
        (
            "In IAM and in refusals the ARN is "
            "`arn:aws:ec2:REGION:ACCOUNT:key-pair/KEYNAME`, by name"
        ),
        "community",
        sources=(text("Text of refusals, and a decoded authorization message, that users pasted"),),
        tests=("tests/ec2/test_errors.py::test_not_authorized",),
    ),
    Behaviour(
        "A-7",
        "In the Resource Groups Tagging API it is by ID",
        "community",
        sources=(text("Output of the Resource Groups Tagging API that users pasted"),),
        tests=("tests/moto/test_state.py::test_finds_it_beside_motos_own",),
    ),
    Behaviour(
        "A-8",
        (
            "botocore's waiter `key_pair_exists` describes again while the answer is "
            "`InvalidKeyPair.NotFound`"
        ),
        "documented",
        sources=(
            text(
                "botocore, waiters-2.json of EC2",
                "2016-11-15",
                "https://github.com/boto/botocore/blob/develop/botocore/data/ec2/2016-11-15/waiters-2.json",
            ),
        ),
        tests=(
            "tests/ec2/test_failures.py::test_the_waiter_waits_for_a_hidden_key_pair",
            "tests/ec2/test_failures.py::test_the_waiter_gives_up",
            "tests/ec2/test_failures.py::test_the_waiter_stops_at_other_errors",
        ),
    ),
    Behaviour(
        "A-9",
        (
            "A new key pair may be hidden from some describes, when a test asks for it; "
            "every other action sees it"
        ),
        "documented",
        sources=(
            text(
                "EC2 API Reference, eventual consistency",
                "2026-11-24",
                DOCS + "ec2/latest/devguide/eventual-consistency.html",
            ),
        ),
        tests=(
            "tests/ec2/test_failures.py::test_a_new_key_pair_is_hidden_from_some_describes",
            "tests/ec2/test_failures.py::test_a_hidden_key_pair_is_there_for_every_other_action",
        ),
    ),
)
