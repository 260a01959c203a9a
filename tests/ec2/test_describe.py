"""DescribeKeyPairs: by name, by ID, by filter, and what an item shows."""

from __future__ import annotations

import datetime as dt

import pytest

INVALID = "InvalidParameterValue"


@pytest.fixture
def ids(import_key):
    """The IDs of the key pairs a, b and c."""
    return {name: import_key(name) for name in "abc"}


def not_found(which: str):
    return ("InvalidKeyPair.NotFound", f"The key pair '{which}' does not exist", 400)


# By name


def test_finds_all_without_parameters(ids, names):
    assert names() == ["a", "b", "c"]


def test_items_come_in_the_order_of_creation_or_of_the_request(aws, ec2, import_key):
    ids = {name: import_key(name) for name in ("b", "c", "a")}

    def ordered(**parameters):
        return [each["KeyName"] for each in ec2.describe_key_pairs(**parameters)["KeyPairs"]]

    assert ordered() == ["b", "c", "a"]
    assert ordered(KeyNames=["c", "a", "b"]) == ["c", "a", "b"]
    assert ordered(KeyPairIds=[ids["a"], ids["b"]]) == ["a", "b"]


def test_finds_nothing_where_nothing_is(aws, ec2):
    assert ec2.describe_key_pairs()["KeyPairs"] == []


def test_finds_names(ids, names):
    assert names(KeyNames=["c", "a"]) == ["a", "c"]


def test_finds_a_name_given_twice_once(ids, names):
    assert names(KeyNames=["a", "b", "a"]) == ["a", "b"]


UNKNOWN_NAMES = {
    "one": (["x"], "x"),
    "one known": (["a", "x"], "x"),
    "several, the first is named": (["y", "a", "x"], "y"),
    "other case": (["A"], "A"),
    "no wildcards": (["*"], "*"),
    "not trimmed": ([" a"], " a"),
    "quote": (["it's"], "it's"),
}


@pytest.mark.parametrize(("key_names", "named"), UNKNOWN_NAMES.values(), ids=UNKNOWN_NAMES)
def test_names_that_do_not_exist(ids, ec2, error_of, key_names, named):
    assert error_of(ec2.describe_key_pairs, KeyNames=key_names) == not_found(named)


@pytest.mark.parametrize("key_names", [[""], ["a", ""], ["", "x"]], ids=str)
def test_a_blank_name(ids, ec2, error_of, key_names):
    message = "Invalid value '' for keyPairNames. It should not be blank"
    assert error_of(ec2.describe_key_pairs, KeyNames=key_names) == (INVALID, message, 400)


# By ID


def test_finds_ids(ids, names):
    assert names(KeyPairIds=[ids["c"], ids["a"], ids["c"]]) == ["a", "c"]


NEVER_ISSUED = {
    "well formed": "key-0123456789abcdef0",
    "short": "key-12345678",
    "malformed": "bad",
    "empty": "",
    "a name": "a",
}


@pytest.mark.parametrize("unknown", NEVER_ISSUED.values(), ids=NEVER_ISSUED)
def test_ids_that_were_never_issued(ids, ec2, error_of, unknown):
    error = error_of(ec2.describe_key_pairs, KeyPairIds=[ids["a"], unknown])
    assert error == (INVALID, f"Invalid value '{unknown}' for keyPairId.", 400)


def test_an_id_whose_key_pair_was_deleted(ids, ec2, error_of):
    ec2.delete_key_pair(KeyName="a")
    error = error_of(ec2.describe_key_pairs, KeyPairIds=[ids["b"], ids["a"]])
    assert error == not_found(ids["a"])


def test_the_old_id_of_a_name_that_was_used_again(ids, ec2, error_of, import_key, names):
    ec2.delete_key_pair(KeyName="a")
    new = import_key("a")
    assert error_of(ec2.describe_key_pairs, KeyPairIds=[ids["a"]]) == not_found(ids["a"])
    assert names(KeyPairIds=[new]) == ["a"]


@pytest.mark.parametrize("which", ["a", "b", "unknown"])
def test_names_with_ids(ids, ec2, error_of, which):
    given = {"KeyNames": ["a"], "KeyPairIds": [ids.get(which, "key-0123456789abcdef0")]}
    assert error_of(ec2.describe_key_pairs, **given) == (
        "InvalidParameterCombination",
        "The parameter 'keyPairId' may not be used in combination with 'keyName'",
        400,
    )


# Filters, of which test_filters.py has the patterns


@pytest.fixture
def tagged(import_key):
    return {
        "a": import_key("a", Team="red", Stage="test"),
        "b": import_key("b", Team="blue", team="x"),
        "c": import_key("c"),
    }


def filtered(**by_name: list[str]) -> list[dict]:
    return [{"Name": name, "Values": values} for name, values in by_name.items()]


FILTERS = {
    "key-name": ({"key-name": ["a", "c"]}, ["a", "c"]),
    "tag:Team": ({"tag:Team": ["red", "x"]}, ["a"]),
    "tag: of any value": ({"tag:Team": ["*"]}, ["a", "b"]),
    "tag: of a key nobody has": ({"tag:Tea*": ["*"]}, []),
    "tag-key": ({"tag-key": ["Stage", "team"]}, ["a", "b"]),
    "tag-key, wildcard": ({"tag-key": ["T*"]}, ["a", "b"]),
    "tag-value": ({"tag-value": ["test"]}, ["a"]),
    "and": ({"tag-key": ["Team"], "key-name": ["b", "c"]}, ["b"]),
    "and, nothing": ({"tag:Team": ["red"], "key-name": ["b"]}, []),
    "no such name": ({"key-name": ["x"]}, []),
    "case": ({"key-name": ["A"]}, []),
    "no values": ({"key-name": []}, []),
    "no values beside a filter that matches": ({"key-name": ["a"], "tag-key": []}, []),
    "empty value": ({"key-name": [""]}, []),
}


@pytest.mark.parametrize(("by_name", "found"), FILTERS.values(), ids=FILTERS)
def test_filters(tagged, names, by_name, found):
    assert names(Filters=filtered(**by_name)) == found


def test_filters_by_id(tagged, names):
    assert names(Filters=filtered(**{"key-pair-id": [tagged["b"], "key-0*no"]})) == ["b"]


def test_filters_by_fingerprint(tagged, ec2, names, rsa_line):
    rsa = ec2.import_key_pair(KeyName="r", PublicKeyMaterial=rsa_line)["KeyFingerprint"]
    assert names(Filters=filtered(fingerprint=[rsa])) == ["r"]
    assert names(Filters=filtered(fingerprint=["*="])) == ["a", "b", "c"]


def test_one_filter_name_twice_is_and(tagged, names):
    two = filtered(**{"tag-key": ["Team"]}) + filtered(**{"tag-key": ["team"]})
    assert names(Filters=two) == ["b"]


def test_names_and_filters_intersect(tagged, ec2, names, error_of):
    filters = filtered(**{"tag-key": ["Team"]})
    assert names(KeyNames=["b", "c"], Filters=filters) == ["b"]
    assert names(KeyNames=["c"], Filters=filters) == []
    assert names(KeyPairIds=[tagged["b"], tagged["c"]], Filters=filters) == ["b"]
    unknown = error_of(ec2.describe_key_pairs, KeyNames=["x"], Filters=filters)
    assert unknown == not_found("x")


UNKNOWN_FILTERS = ["key-type", "Key-Name", "tag", "tag:", "create-time", "key", "null", ""]


@pytest.mark.parametrize("name", UNKNOWN_FILTERS)
def test_unknown_filters(aws, ec2, error_of, name):
    error = error_of(ec2.describe_key_pairs, Filters=filtered(**{name: ["rsa"]}))
    assert error == (INVALID, f"The filter '{name}' is invalid", 400)


def test_a_filter_without_a_name(aws, ec2, error_of):
    error = error_of(ec2.describe_key_pairs, Filters=[{"Values": ["rsa"]}])
    assert error == (INVALID, "The filter 'null' is invalid", 400)


LIMITS = {
    "201 values in one filter": (
        filtered(**{"key-name": ["x"] * 201}),
        "The maximum number of filter values specified on a single call is 200",
    ),
    "201 values in all": (
        filtered(**{"key-name": ["x"] * 101, "tag-key": ["x"] * 100}),
        "The maximum number of filter values specified on a single call is 200",
    ),
    "a value of 256 characters": (
        filtered(**{"key-name": ["a", "x" * 256]}),
        "The maximum length for a filter value is 255 characters",
    ),
    "51 unknown filters": (
        filtered(**{f"{number}": ["x"] for number in range(51)}),
        "The maximum number of filters specified on a single call is 50",
    ),
    "51 filters": (
        filtered(**{f"tag:{number}": ["x"] for number in range(51)}),
        "The maximum number of filters specified on a single call is 50",
    ),
}


@pytest.mark.parametrize(("filters", "message"), LIMITS.values(), ids=LIMITS)
def test_too_much_for_one_call(aws, ec2, error_of, filters, message):
    error = error_of(ec2.describe_key_pairs, Filters=filters)
    assert error == ("FilterLimitExceeded", message, 400)


def test_as_much_as_one_call_may_hold(import_key, names):
    import_key("x" * 255)
    values = ["x" * 255] + ["y"] * 150
    tags = {f"tag:{number}": ["z"] for number in range(49)}
    filters = filtered(**{"key-name": values}, **tags)
    assert len(filters) == 50
    assert names(Filters=filters) == []
    assert names(Filters=filters[:1]) == ["x" * 255]


# What an item shows


def test_an_item_has_exactly_these_members(ids, ec2):
    plain = ec2.describe_key_pairs(KeyNames=["a"])["KeyPairs"][0]
    members = {"KeyName", "KeyPairId", "KeyFingerprint", "KeyType", "CreateTime", "Tags"}
    assert set(plain) == members
    assert plain["Tags"] == []
    without = ec2.describe_key_pairs(KeyNames=["a"], IncludePublicKey=False)["KeyPairs"][0]
    assert set(without) == members
    whole = ec2.describe_key_pairs(KeyNames=["a"], IncludePublicKey=True)["KeyPairs"][0]
    assert set(whole) == members | {"PublicKey"}


def test_the_comment_of_the_public_key_is_the_name(aws, ec2, rsa_line):
    ec2.import_key_pair(KeyName="my key", PublicKeyMaterial=f"{rsa_line} someone else\n")
    (found,) = ec2.describe_key_pairs(IncludePublicKey=True)["KeyPairs"]
    assert found["PublicKey"] == f"{rsa_line} my key\n"


@pytest.mark.parametrize("freezer", ["freezegun", "time_machine"])
def test_create_time_is_the_moment_in_milliseconds(request, freezer, ec2, import_key, aws):
    moment = dt.datetime(2026, 9, 25, 11, 5, 17, 469999, tzinfo=dt.timezone.utc)
    with frozen(freezer, moment):
        import_key("k")
        found = ec2.describe_key_pairs()["KeyPairs"][0]["CreateTime"]
        kept = aws.backend().key_pairs["k"].create_time
    assert found == kept == moment.replace(microsecond=469000)
    assert kept.tzinfo is not None
    assert kept.utcoffset() == dt.timedelta()


def frozen(freezer: str, moment: dt.datetime):
    if freezer == "freezegun":
        return pytest.importorskip("freezegun").freeze_time(moment)
    return pytest.importorskip("time_machine").travel(moment, tick=False)


def test_create_time_of_a_created_key_pair_is_now(aws, ec2):
    before = dt.datetime.now(dt.timezone.utc) - dt.timedelta(milliseconds=1)
    ec2.create_key_pair(KeyName="k", KeyType="ed25519")
    (found,) = ec2.describe_key_pairs()["KeyPairs"]
    assert before <= found["CreateTime"] <= dt.datetime.now(dt.timezone.utc)


# Pages


def test_there_are_no_pages(aws, ec2, send, error_of, ed25519_line):
    assert not ec2.can_paginate("describe_key_pairs")
    for number in range(1001):
        aws.backend().import_key_pair(key_name=f"{number}", public_key_material=ed25519_line)
    assert len(ec2.describe_key_pairs()["KeyPairs"]) == 1001
    for parameter in ("MaxResults", "NextToken"):
        error = error_of(send, action="DescribeKeyPairs", **{parameter: "5"})
        message = f"The parameter {parameter} is not recognized"
        assert error == ("UnknownParameter", message, 400)


def test_a_name_without_an_index(import_key, send, error_of):
    import_key("k")
    import_key("l")
    (item,) = send("DescribeKeyPairs", KeyName="k")["KeyPairs"]
    assert item["KeyName"] == "k"
    given = [{"KeyName": "k", "KeyName.1": "l"}, {"KeyName.1": "l", "KeyName": "k"}]
    codes = [error_of(send, action="DescribeKeyPairs", **each)[0] for each in given]
    assert codes == ["InvalidParameterCombination"] * 2
