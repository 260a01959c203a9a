"""Every behaviour that is written down as data: in process, beside moto, and over HTTP."""

from __future__ import annotations

import re

import pytest
from moto import mock_aws

from ec2_keypair_mock import mock
from ec2_keypair_mock.parity import derived
from ec2_keypair_mock.parity.behaviour import MARK, RUN, Call, Error
from ec2_keypair_mock.parity.behaviours import BEHAVIOURS
from ec2_keypair_mock.parity.behaviours.steps import TAG
from ec2_keypair_mock.parity.run import Run, new_run

RUNNABLE = [behaviour for behaviour in BEHAVIOURS if behaviour.steps]
IN_PROCESS = [behaviour for behaviour in RUNNABLE if not behaviour.over_http]
MAKING = ("CreateKeyPair", "ImportKeyPair")
STEPS = [(behaviour, step) for behaviour in RUNNABLE for step in behaviour.steps]


def by_id(behaviours):
    return pytest.mark.parametrize("behaviour", behaviours, ids=lambda behaviour: behaviour.id)


def check(endpoint, behaviour):
    running = Run(endpoint, new_run())
    running.compare([behaviour], lambda _: None)
    (result,) = running.results
    assert (result.outcome, result.difference) == ("same", None)
    assert running.cleaner.clean([0])


@by_id(IN_PROCESS)
def test_in_process(behaviour, in_process):
    with mock() as aws:
        check(in_process, behaviour)
        assert aws.backend("us-east-1").key_pairs == {}


@pytest.fixture(scope="class")
def mock_in_moto():
    with mock_aws(), mock():
        yield


@pytest.fixture(scope="class")
def moto_in_mock():
    with mock(), mock_aws():
        yield


class TestInAMockInMoto:
    @by_id(IN_PROCESS)
    def test_is_the_same(self, behaviour, in_process, mock_in_moto):
        check(in_process, behaviour)


class TestInMotoInAMock:
    @by_id(IN_PROCESS)
    def test_is_the_same(self, behaviour, in_process, moto_in_mock):
        check(in_process, behaviour)


@by_id(RUNNABLE)
def test_over_http(behaviour, over_http):
    check(over_http, behaviour)


# What is safe to send to AWS


def expects_an_error(step) -> bool:
    return any(isinstance(check, Error) for check in step.checks)


def test_every_name_that_is_made_has_the_prefix():
    names = {step.key_name for _, step in STEPS if step.action in MAKING}

    assert {name for name in names if name and "{prefix}" not in name} == set()


def test_every_key_pair_that_is_made_has_the_tag_of_the_run():
    untagged = {
        behaviour.id
        for behaviour, step in STEPS
        if step.action in MAKING and not expects_an_error(step)
        if MARK not in str(step) or TAG["Value"] not in str(step)
    }

    # These are about key pairs without tags.
    assert untagged == {"W-4", "W-6"}


def test_no_describe_asks_for_all_key_pairs():
    wide = {
        behaviour.id
        for behaviour, step in STEPS
        if step.action.startswith("Describe") and not expects_an_error(step)
        if not re.search(r"\{(prefix|run|id)\}", str(step))
    }

    # Its filter has no value, and finds nothing.
    assert wide == {"F-8"}


def test_only_key_pairs_and_their_tags_are_asked_for():
    actions = {step.action for _, step in STEPS} - {"", "DescribeKeyPairz"}

    assert actions == {
        *("CreateKeyPair", "ImportKeyPair", "DescribeKeyPairs", "DeleteKeyPair"),
        *("CreateTags", "DeleteTags", "DescribeTags"),
    }


def test_only_key_pairs_of_the_run_are_deleted_or_tagged():
    named = re.compile(r".*\{(prefix|id)\}.*|key-0{17}|key-0{8}|key-0{16}g|bad|i-xyz|")
    for _, step in STEPS:
        if isinstance(step, Call) and step.action in ("DeleteKeyPair", "CreateTags", "DeleteTags"):
            ids = [step.parameters.get("KeyPairId", ""), *step.parameters.get("Resources", ())]
            for each in (*ids, step.key_name or ""):
                assert named.fullmatch(each)


def test_what_is_saved_is_derived_by_functions_that_exist():
    rules = [rule.split(" | ") for _, step in STEPS for rule in step.save.values()]

    assert {rule[1] for rule in rules if len(rule) == 2} == set(derived.FUNCTIONS)
    # A private key is kept by nothing.
    assert [rule for rule in rules if rule == ["keyMaterial"]] == []


def test_each_run_has_a_prefix_of_its_own():
    assert RUN.fullmatch(new_run())
    assert new_run() != new_run()
