"""DeleteKeyPair: what it deletes, and how it answers where there is nothing to delete."""

from __future__ import annotations

import pytest

NEVER_ISSUED = "key-00000000000000000"


@pytest.fixture
def ids(import_key):
    return {name: import_key(name) for name in "ab"}


@pytest.fixture
def delete(aws, lax):
    """Delete, and give the answer without its metadata."""

    def delete(**selector):
        answer = lax.delete_key_pair(**selector)
        answer.pop("ResponseMetadata")
        return answer

    return delete


def test_by_name(ids, delete, names):
    assert delete(KeyName="a") == {"Return": True, "KeyPairId": ids["a"]}
    assert names() == ["b"]


def test_by_id(ids, delete, names):
    assert delete(KeyPairId=ids["a"]) == {"Return": True, "KeyPairId": ids["a"]}
    assert names() == ["b"]


def test_a_name_that_does_not_exist(ids, delete, names):
    assert delete(KeyName="x") == {"Return": True}
    assert delete(KeyName="A") == {"Return": True}
    assert names() == ["a", "b"]


def test_a_name_again(ids, delete):
    delete(KeyName="a")
    assert delete(KeyName="a") == {"Return": True}


def test_an_id_again(ids, delete):
    delete(KeyPairId=ids["a"])
    assert delete(KeyPairId=ids["a"]) == {"Return": True}


def test_an_id_whose_name_has_a_new_key_pair(ids, delete, import_key, names):
    delete(KeyName="a")
    import_key("a")
    assert delete(KeyPairId=ids["a"]) == {"Return": True}
    assert names() == ["a", "b"]


# Both selectors


def test_both_of_one_key_pair(ids, delete, names):
    assert delete(KeyName="a", KeyPairId=ids["a"]) == {"Return": True, "KeyPairId": ids["a"]}
    assert names() == ["b"]


def test_the_id_wins_over_the_name_of_another(ids, delete, names):
    assert delete(KeyName="b", KeyPairId=ids["a"]) == {"Return": True, "KeyPairId": ids["a"]}
    assert names() == ["b"]


def test_a_dead_id_wins_over_a_name(ids, delete, names):
    delete(KeyPairId=ids["a"])
    assert delete(KeyName="b", KeyPairId=ids["a"]) == {"Return": True}
    assert names() == ["b"]


# What it refuses


@pytest.mark.parametrize(
    "selector", [{}, {"KeyName": ""}, {"KeyPairId": ""}], ids=["none", "empty name", "empty ID"]
)
def test_neither_selector(ids, lax, error_of, selector):
    error = ("MissingParameter", "KeyName or KeyPairId must be provided", 400)
    assert error_of(lax.delete_key_pair, **selector) == error


def test_an_empty_id_beside_a_name_is_none(ids, delete):
    assert delete(KeyName="a", KeyPairId="") == {"Return": True, "KeyPairId": ids["a"]}


NEVER = {
    "17 digits": NEVER_ISSUED,
    "8 digits": "key-12345678",
}


@pytest.mark.parametrize("unknown", NEVER.values(), ids=NEVER)
def test_a_well_formed_id_that_was_never_issued(ids, ec2, error_of, unknown):
    message = f"Invalid value '{unknown}' for keyPairId."
    error = error_of(ec2.delete_key_pair, KeyName="a", KeyPairId=unknown)
    assert error == ("InvalidParameterValue", message, 400)


MALFORMED = ["bad", "a", "key-", "key-0123456789ABCDEF0", "key-0123456789abcdef", " key-12345678"]


@pytest.mark.parametrize("malformed", MALFORMED)
def test_a_malformed_id(ids, ec2, error_of, names, malformed):
    error = error_of(ec2.delete_key_pair, KeyName="a", KeyPairId=malformed)
    assert error == ("InvalidParameterValue", "Value for parameter keyPairId is invalid.", 400)
    assert names() == ["a", "b"]


def test_an_id_of_another_region_was_never_issued_here(ids, make_client, error_of):
    elsewhere = make_client("eu-west-1")
    message = f"Invalid value '{ids['a']}' for keyPairId."
    error = error_of(elsewhere.delete_key_pair, KeyPairId=ids["a"])
    assert error == ("InvalidParameterValue", message, 400)


def test_tags_go_with_the_key_pair(import_key, ec2):
    import_key("k", Team="red")
    ec2.delete_key_pair(KeyName="k")
    assert ec2.describe_tags()["Tags"] == []
    import_key("k")
    assert ec2.describe_key_pairs()["KeyPairs"][0]["Tags"] == []
