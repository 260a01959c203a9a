"""Threads that want the same thing at once; accounts and Regions that have nothing in common."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from ec2_keypair_mock import mock

THREADS = 16


@pytest.fixture
def at_once():
    """Call a function with each number in a thread of its own, all at once; collect the codes."""
    barrier = threading.Barrier(THREADS)

    def outcome(function, number):
        barrier.wait()
        try:
            function(number)
        except ClientError as error:
            return error.response["Error"]["Code"]
        return "ok"

    def at_once(function):
        with ThreadPoolExecutor(THREADS) as pool:
            return Counter(pool.map(lambda number: outcome(function, number), range(THREADS)))

    return at_once


@pytest.fixture(params=["create", "import"])
def make(request, ec2, ed25519_line):
    if request.param == "create":
        return lambda name: ec2.create_key_pair(KeyName=name, KeyType="ed25519")
    return lambda name: ec2.import_key_pair(KeyName=name, PublicKeyMaterial=ed25519_line)


def test_one_wins_a_name(aws, make, at_once, names):
    outcomes = at_once(lambda number: make("k"))
    assert outcomes == {"ok": 1, "InvalidKeyPair.Duplicate": THREADS - 1}
    assert names() == ["k"]
    assert Counter(call.code for call in aws.calls[:THREADS])[None] == 1


def test_all_win_names_of_their_own(aws, make, at_once, ec2):
    assert at_once(lambda number: make(f"{number}")) == {"ok": THREADS}
    found = ec2.describe_key_pairs()["KeyPairs"]
    assert {each["KeyName"] for each in found} == {f"{number}" for number in range(THREADS)}
    assert len({each["KeyPairId"] for each in found}) == THREADS


def test_one_takes_the_last_place_of_the_quota(aws, make, at_once, ed25519_line):
    for number in range(4999):
        aws.backend().import_key_pair(key_name=f"seed-{number}", public_key_material=ed25519_line)
    outcomes = at_once(lambda number: make(f"{number}"))
    assert outcomes == {"ok": 1, "KeyPairLimitExceeded": THREADS - 1}
    assert len(aws.backend().key_pairs) == 5000


def test_one_deletes_a_name(aws, ec2, import_key, at_once):
    import_key("k")
    deleted = []

    def delete(number):
        deleted.append(ec2.delete_key_pair(KeyName="k").get("KeyPairId"))

    assert at_once(delete) == {"ok": THREADS}
    assert len(list(filter(None, deleted))) == 1


def test_no_tag_is_lost(aws, ec2, import_key, at_once):
    key_pair_id = import_key("k")

    def tag(number):
        ec2.create_tags(Resources=[key_pair_id], Tags=[{"Key": f"{number}", "Value": ""}])

    assert at_once(tag) == {"ok": THREADS}
    assert len(ec2.describe_tags()["Tags"]) == THREADS


def test_failures_are_met_as_often_as_asked_for(aws, ec2, at_once):
    aws.fail("DescribeKeyPairs", "AuthFailure", times=5)
    outcomes = at_once(lambda number: ec2.describe_key_pairs())
    assert outcomes == {"AuthFailure": 5, "ok": THREADS - 5}


# Accounts and Regions


def test_regions_have_their_own_key_pairs(aws, make_client, ed25519_line):
    regions = ["us-east-1", "eu-west-1", "ap-southeast-2"]
    ids = set()
    for region in regions:
        client = make_client(region)
        answer = client.import_key_pair(KeyName="k", PublicKeyMaterial=ed25519_line)
        ids.add(answer["KeyPairId"])
        assert len(client.describe_key_pairs()["KeyPairs"]) == 1
        assert [call.region for call in aws.calls[-2:]] == [region] * 2
        assert list(aws.backend(region).key_pairs) == ["k"]
    assert len(ids) == 3
    make_client("eu-west-1").delete_key_pair(KeyName="k")
    assert [len(aws.backend(region).key_pairs) for region in regions] == [1, 0, 1]


def test_an_id_means_nothing_in_another_region(import_key, make_client, error_of):
    key_pair_id = import_key("k")
    elsewhere = make_client("eu-west-1")
    error = error_of(elsewhere.describe_key_pairs, KeyPairIds=[key_pair_id])
    assert error[1] == f"Invalid value '{key_pair_id}' for keyPairId."


def test_accounts_have_their_own_key_pairs(ec2, ed25519_line):
    with mock() as outer:
        ec2.import_key_pair(KeyName="k", PublicKeyMaterial=ed25519_line)
        with mock(account_id="210987654321") as inner:
            assert ec2.describe_key_pairs()["KeyPairs"] == []
            ec2.import_key_pair(KeyName="k", PublicKeyMaterial=ed25519_line)
            ec2.import_key_pair(KeyName="l", PublicKeyMaterial=ed25519_line)
            assert list(inner.backend().key_pairs) == ["k", "l"]
        assert list(outer.backend().key_pairs) == ["k"]
        assert list(outer.backend(account_id="210987654321").key_pairs) == ["k", "l"]
        accounts = ["123456789012"] + ["210987654321"] * 3
        assert [call.account_id for call in outer.calls] == accounts


def test_the_state_ends_with_the_mock(ec2, names_after):
    with mock():
        ec2.create_key_pair(KeyName="k", KeyType="ed25519")
    with mock():
        assert names_after() == []


@pytest.fixture
def names_after(ec2):
    return lambda: [each["KeyName"] for each in ec2.describe_key_pairs()["KeyPairs"]]
