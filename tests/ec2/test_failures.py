"""Failures on request, and key pairs that are not visible yet, as a client's retries meet them."""

from __future__ import annotations

import time

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError, WaiterError

from ec2_keypair_mock.ec2.errors import CATALOGUE


@pytest.fixture
def sleeps(monkeypatch):
    """The sleeps of the client, in seconds, which take no time."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.fixture(params=["standard", "legacy"])
def retrying(request, make_client, sleeps):
    """A client that makes three attempts."""
    return make_client(mode=request.param, attempts=3)


def codes(aws) -> list[str | None]:
    return [call.code for call in aws.calls]


# aws.fail


def test_fails_once(aws, ec2, error_of, names):
    aws.fail("ImportKeyPair", "InternalError")
    error = error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=b"x")
    assert error == ("InternalError", "An internal error has occurred", 500)
    assert names() == []


def test_nothing_of_a_failed_call_happens(aws, ec2, import_key, error_of, names):
    import_key("k")
    aws.fail("DeleteKeyPair", "Unavailable")
    assert error_of(ec2.delete_key_pair, KeyName="k")[2] == 503
    assert names() == ["k"]


def test_only_that_action_fails(aws, ec2, error_of, names):
    aws.fail("ImportKeyPair", "InternalError")
    assert names() == []
    ec2.create_key_pair(KeyName="k", KeyType="ed25519")
    error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=b"x")


def test_failures_come_in_the_order_in_which_they_were_asked_for(aws, ec2, error_of):
    aws.fail("DescribeKeyPairs", "RequestExpired", times=2)
    aws.fail("DescribeKeyPairs", "AuthFailure")
    found = [error_of(ec2.describe_key_pairs)[0] for _ in range(3)]
    assert found == ["RequestExpired", "RequestExpired", "AuthFailure"]
    assert ec2.describe_key_pairs()["KeyPairs"] == []


def test_any_error_with_its_message(aws, ec2, error_of):
    aws.fail("DescribeKeyPairs", "Blocked", message="This account is <blocked>.", status=403)
    assert error_of(ec2.describe_key_pairs) == ("Blocked", "This account is <blocked>.", 403)
    aws.fail("DescribeKeyPairs", "Blocked", message="m")
    assert error_of(ec2.describe_key_pairs) == ("Blocked", "m", 400)


def test_a_known_error_with_another_message(aws, ec2, error_of):
    aws.fail("DescribeKeyPairs", "RequestLimitExceeded", message="Slow down.")
    assert error_of(ec2.describe_key_pairs) == ("RequestLimitExceeded", "Slow down.", 503)


def test_an_error_of_ones_own_by_name(aws, ec2, error_of):
    aws.fail("DescribeKeyPairs", code="Blocked", message="{m}", status=599)
    assert error_of(ec2.describe_key_pairs) == ("Blocked", "{m}", 599)


@pytest.mark.parametrize("code", sorted({entry.code for entry in CATALOGUE}))
def test_every_code_of_the_catalogue_has_a_text(aws, ec2, error_of, code):
    aws.fail("DeleteKeyPair", code)
    found, message, status = error_of(ec2.delete_key_pair, KeyName="deploy")
    assert (found, status) in {(entry.code, entry.status) for entry in CATALOGUE}
    assert found == code
    assert message
    assert not set("{}") & set(message)


TEXTS_WITH_VALUES = {
    "KeyPairLimitExceeded": "Maximum of 5000 keypairs reached.",
    "TagLimitExceeded": "The resultant tag set must not have more than 50 user tags.",
    "FilterLimitExceeded": "The maximum number of filters specified on a single call is 50",
    "InvalidAction": "The action DescribeKeyPairs is not valid for this web service.",
    "InvalidKeyPair.NotFound": "The key pair 'deploy' does not exist",
    "InvalidID": "The ID '' is not valid",
    "UnauthorizedOperation": "You are not authorized to perform this operation.",
}


@pytest.mark.parametrize(("code", "text"), TEXTS_WITH_VALUES.items(), ids=TEXTS_WITH_VALUES)
def test_a_text_says_what_the_call_says(aws, ec2, error_of, code, text):
    aws.fail("DescribeKeyPairs", code)
    assert error_of(ec2.describe_key_pairs, KeyNames=["deploy"])[:2] == (code, text)


@pytest.mark.parametrize("code", ["RequestLimitExceeded", "InternalError", "Unavailable"])
def test_the_client_retries(aws, retrying, sleeps, code):
    aws.fail("DescribeKeyPairs", code, times=2)
    answer = retrying.describe_key_pairs()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert codes(aws) == [code, code, None]
    assert len(sleeps) >= 2


def test_the_client_gives_up(aws, retrying, error_of):
    aws.fail("DescribeKeyPairs", "RequestLimitExceeded", times=4)
    assert error_of(retrying.describe_key_pairs)[0] == "RequestLimitExceeded"
    assert codes(aws) == ["RequestLimitExceeded"] * 3
    aws.calls.clear()
    retrying.describe_key_pairs()
    assert codes(aws) == ["RequestLimitExceeded", None]


def test_other_errors_are_not_retried(aws, retrying, error_of):
    aws.fail("DescribeKeyPairs", "AuthFailure")
    error_of(retrying.describe_key_pairs)
    assert codes(aws) == ["AuthFailure"]


OUTAGES = {
    "no connection": (ConnectionError, EndpointConnectionError),
    "time-out": (TimeoutError, ReadTimeoutError),
}


@pytest.mark.parametrize(("failure", "error"), OUTAGES.values(), ids=OUTAGES)
def test_no_answer(aws, ec2, names, failure, error):
    aws.fail("CreateKeyPair", failure)
    with pytest.raises(error):
        ec2.create_key_pair(KeyName="k", KeyType="ed25519")
    assert names() == []
    assert codes(aws) == [failure.__name__, None]


@pytest.mark.parametrize("failure", [ConnectionError, TimeoutError])
def test_no_answer_is_retried(aws, retrying, sleeps, failure):
    aws.fail("DescribeKeyPairs", failure, times=2)
    assert retrying.describe_key_pairs()["KeyPairs"] == []
    assert codes(aws) == [failure.__name__] * 2 + [None]


def test_a_late_answer(aws, ec2, names, sleeps):
    aws.delay("CreateKeyPair", 2.5)
    ec2.create_key_pair(KeyName="k", KeyType="ed25519")
    assert 2.5 in sleeps
    assert names() == ["k"]


def test_an_answer_that_is_too_late(aws, make_client, names, sleeps):
    aws.delay("CreateKeyPair", 10)
    with pytest.raises(ReadTimeoutError):
        make_client(read_timeout=10).create_key_pair(KeyName="k", KeyType="ed25519")
    assert names() == ["k"]
    assert 10 not in sleeps


def test_a_late_error(aws, ec2, sleeps, error_of):
    aws.delay("DescribeKeyPairs", 2.5)
    error_of(ec2.describe_key_pairs, KeyNames=["x"])
    assert 2.5 in sleeps


MISUSE = {
    "another action": (("RunInstances", "InternalError"), {}, ValueError, "is not mocked here"),
    "unknown code": (("CreateKeyPair", "Nonsense"), {}, ValueError, "needs a message"),
    "unknown code by name": (
        ("CreateKeyPair",),
        {"code": "Nonsense"},
        ValueError,
        "AuthFailure, .*Unsupported are known",
    ),
    "no error": (("CreateKeyPair", "InternalError"), {"status": 200}, ValueError, "400 to 599"),
    "no status": (("CreateKeyPair", "InternalError"), {"status": 600}, ValueError, "400 to 599"),
    "no times": (("CreateKeyPair", "InternalError"), {"times": 0}, ValueError, "times"),
    "another exception": (("CreateKeyPair", KeyError), {}, (TypeError, ValueError), "KeyError"),
}


@pytest.mark.parametrize(("arguments", "options", "error", "message"), MISUSE.values(), ids=MISUSE)
def test_misuse(aws, arguments, options, error, message):
    with pytest.raises(error, match=message):
        aws.fail(*arguments, **options)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("RunInstances", 1), "is not mocked here"),
        (("CreateKeyPair", -1), "seconds must not be negative"),
        (("CreateKeyPair", 1, 0), "times must be 1 or more"),
    ],
    ids=["another action", "negative", "no times"],
)
def test_misuse_of_delay(aws, arguments, message):
    with pytest.raises(ValueError, match=message):
        aws.delay(*arguments)


# aws.delay_visibility


def test_a_new_key_pair_is_hidden_from_some_describes(aws, ec2, import_key, names, error_of):
    import_key("old")
    aws.delay_visibility(describes=2)
    new = import_key("new")
    assert names() == ["old"]
    hidden = ("InvalidKeyPair.NotFound", "The key pair 'new' does not exist", 400)
    assert error_of(ec2.describe_key_pairs, KeyNames=["new"]) == hidden
    assert names(KeyPairIds=[new]) == ["new"]
    assert names() == ["new", "old"]


def test_a_hidden_key_pair_is_there_for_every_other_action(aws, ec2, import_key, error_of, names):
    aws.delay_visibility(describes=1)
    key_pair_id = import_key("k")
    code, _, _ = error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=b"x")
    assert code == "InvalidKeyPair.Duplicate"
    ec2.create_tags(Resources=[key_pair_id], Tags=[{"Key": "a", "Value": "b"}])
    assert ec2.delete_key_pair(KeyName="k")["KeyPairId"] == key_pair_id


def test_each_key_pair_is_hidden_as_often(aws, import_key, names):
    aws.delay_visibility(describes=2)
    import_key("first")
    assert names() == []
    import_key("second")
    assert [names(), names(), names()] == [[], ["first"], ["first", "second"]]


def test_visibility_is_per_region_and_holds_for_regions_to_come(aws, import_key, names):
    aws.delay_visibility(describes=1)
    import_key("k")
    elsewhere = aws.backend("eu-west-1")
    elsewhere.create_key_pair(key_name="far", key_type="ed25519")
    assert elsewhere.describe_key_pairs() == []
    assert [names(), names()] == [[], ["k"]]
    assert [each.key_name for each in elsewhere.describe_key_pairs()] == ["far"]


def test_visibility_can_be_switched_off(aws, import_key, names):
    aws.delay_visibility(describes=3)
    aws.delay_visibility(describes=0)
    import_key("k")
    assert names() == ["k"]


def test_visibility_must_not_be_negative(aws):
    with pytest.raises(ValueError, match="describes"):
        aws.delay_visibility(describes=-1)


# The waiter


def wait(ec2, attempts: int = 5, **selector) -> None:
    config = {"Delay": 0, "MaxAttempts": attempts}
    ec2.get_waiter("key_pair_exists").wait(WaiterConfig=config, **selector)


def test_the_waiter_waits_for_a_hidden_key_pair(aws, ec2, import_key):
    aws.delay_visibility(describes=3)
    import_key("k")
    wait(ec2, KeyNames=["k"])
    assert codes(aws)[1:] == ["InvalidKeyPair.NotFound"] * 3 + [None]


def test_the_waiter_takes_a_visible_key_pair_at_once(aws, ec2, import_key):
    import_key("k")
    wait(ec2, KeyNames=["k"])
    assert codes(aws) == [None, None]


def test_the_waiter_gives_up(aws, ec2):
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        wait(ec2, KeyNames=["k"])
    assert codes(aws) == ["InvalidKeyPair.NotFound"] * 5


def test_the_waiter_stops_at_other_errors(aws, ec2):
    with pytest.raises(WaiterError, match="is invalid"):
        wait(ec2, Filters=[{"Name": "key-type", "Values": ["rsa"]}])


# aws.reset


def test_reset_forgets_everything(aws, ec2, import_key, names, error_of):
    key_pair_id = import_key("k")
    aws.deny("ec2:*")
    aws.fail("DescribeKeyPairs", "InternalError")
    aws.delay_visibility(describes=5)
    aws.reset()
    assert aws.calls == []
    assert names() == []
    import_key("k")
    assert names() == ["k"]
    assert error_of(ec2.describe_key_pairs, KeyPairIds=[key_pair_id])[0] == "InvalidParameterValue"
