"""Tags: with the creation, by CreateTags and DeleteTags, and as DescribeTags lists them."""

from __future__ import annotations

import pytest

from ec2_keypair_mock import UnmockedCallError

INVALID = "InvalidParameterValue"
UNKNOWN_ID = "key-0123456789abcdef0"
EMPTY_KEY = "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty."


def as_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def as_dict(tags: list[dict[str, str]]) -> dict[str, str]:
    assert len({tag["Key"] for tag in tags}) == len(tags)
    return {tag["Key"]: tag["Value"] for tag in tags}


def many(count: int) -> dict[str, str]:
    return {f"key {number}": "" for number in range(count)}


@pytest.fixture
def tags_of(aws, ec2):
    """The tags that a describe shows, by the ID of the key pair."""

    def tags_of(key_pair_id: str) -> dict[str, str]:
        (found,) = ec2.describe_key_pairs(KeyPairIds=[key_pair_id])["KeyPairs"]
        return as_dict(found["Tags"])

    return tags_of


# With the creation


@pytest.fixture(params=["create", "import"])
def make(request, aws, lax, ed25519_line):
    """CreateKeyPair or ImportKeyPair with these tag specifications."""

    def make(*specifications):
        given = {"KeyName": "k", "TagSpecifications": list(specifications)}
        if request.param == "create":
            return lax.create_key_pair(KeyType="ed25519", **given)
        return lax.import_key_pair(PublicKeyMaterial=ed25519_line, **given)

    return make


def specification(tags: dict[str, str], resource_type: str = "key-pair"):
    return {"ResourceType": resource_type, "Tags": as_list(tags)}


def test_are_in_the_answer_and_in_the_describe(make, tags_of):
    tags = {"Name": "deploy", "Empty": "", "name": "case counts"}
    answer = make(specification(tags))
    assert as_dict(answer["Tags"]) == tags
    assert tags_of(answer["KeyPairId"]) == tags


def test_are_not_in_the_answer_where_none_were_given(make, tags_of):
    answer = make()
    assert "Tags" not in answer
    assert tags_of(answer["KeyPairId"]) == {}


def test_specifications_of_one_type_add_up(make):
    answer = make(specification({"a": "1"}), specification({"b": "2"}))
    assert as_dict(answer["Tags"]) == {"a": "1", "b": "2"}


def test_a_tag_without_a_value_has_an_empty_one(make):
    answer = make({"ResourceType": "key-pair", "Tags": [{"Key": "a"}]})
    assert answer["Tags"] == [{"Key": "a", "Value": ""}]


@pytest.mark.parametrize(
    "tags",
    [many(50), {"k" * 128: "v" * 256}, {"ключ": "\N{KEY}"}, {"user:aws:": "aws:x"}, {" a ": " b "}],
    ids=["50", "longest", "unicode", "aws: inside", "blanks"],
)
def test_takes_tags(make, tags):
    assert as_dict(make(specification(tags))["Tags"]) == tags


BAD_SPECIFICATIONS = {
    "another resource": (
        [specification({"a": ""}, "instance")],
        "'instance' is not a valid taggable resource type for this operation.",
    ),
    "another resource, second": (
        [specification({"a": ""}), specification({"b": ""}, "volume")],
        "'volume' is not a valid taggable resource type for this operation.",
    ),
    "no resource type": (
        [{"Tags": as_list({"a": ""})}],
        "Tag specification resource type must have a value",
    ),
    "empty resource type": (
        [specification({"a": ""}, "")],
        "Tag specification resource type must have a value",
    ),
    "no tags": ([{"ResourceType": "key-pair"}], "Tag specification must have at least one tag"),
    "empty tags": ([specification({})], "Tag specification must have at least one tag"),
    "duplicate key": (
        [{"ResourceType": "key-pair", "Tags": as_list({"Name": "a"}) * 2}],
        "Duplicate tag key 'Name' specified.",
    ),
    "duplicate key in two specifications": (
        [specification({"Name": "a"}), specification({"Name": "b"})],
        "Duplicate tag key 'Name' specified.",
    ),
    "aws: key": (
        [specification({"aws:x": "a"})],
        "Tag keys starting with 'aws:' are reserved for internal use",
    ),
    "value too long": (
        [specification({"a": "v" * 257})],
        "Tag value exceeds the maximum length of 256 characters",
    ),
    "key too long": (
        [specification({"k" * 129: ""})],
        "Tag key exceeds the maximum length of 128 characters",
    ),
    "key empty": ([specification({"": "v"})], EMPTY_KEY),
    "key absent": (
        [{"ResourceType": "key-pair", "Tags": [{"Value": "v"}]}],
        EMPTY_KEY,
    ),
}


@pytest.mark.parametrize(
    ("specifications", "message"), BAD_SPECIFICATIONS.values(), ids=BAD_SPECIFICATIONS
)
def test_refuses_specifications(make, names, error_of, specifications, message):
    error = error_of(lambda: make(*specifications))
    assert error == (INVALID, message, 400)
    assert names() == []


TOO_MANY = (
    "TagLimitExceeded",
    "The resultant tag set must not have more than 50 user tags.",
    400,
)


def test_refuses_51_tags(make, names, error_of):
    assert error_of(lambda: make(specification(many(51)))) == TOO_MANY
    assert names() == []


# CreateTags


def test_create_tags_adds_and_overwrites(import_key, ec2, tags_of):
    key_pair_id = import_key("k", Name="old", Team="red")
    answer = ec2.create_tags(Resources=[key_pair_id], Tags=as_list({"Name": "new", "Stage": ""}))
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert tags_of(key_pair_id) == {"Name": "new", "Team": "red", "Stage": ""}


def test_create_tags_takes_many_resources(import_key, ec2, tags_of):
    ids = [import_key(name) for name in "abc"]
    ec2.create_tags(Resources=[*ids[:2], ids[0]], Tags=as_list({"Team": "red"}))
    assert [tags_of(each) for each in ids] == [{"Team": "red"}, {"Team": "red"}, {}]


def test_create_tags_changes_nothing_else(import_key, ec2):
    key_pair_id = import_key("k")
    (before,) = ec2.describe_key_pairs(IncludePublicKey=True)["KeyPairs"]
    ec2.create_tags(Resources=[key_pair_id], Tags=as_list({"a": "b"}))
    (after,) = ec2.describe_key_pairs(IncludePublicKey=True)["KeyPairs"]
    assert after == {**before, "Tags": as_list({"a": "b"})}


def test_create_tags_up_to_50(import_key, ec2, error_of, tags_of):
    key_pair_id = import_key("k", **many(49))
    ec2.create_tags(Resources=[key_pair_id], Tags=as_list({"last": ""}))
    ec2.create_tags(Resources=[key_pair_id], Tags=as_list({"last": "again"}))
    error = error_of(ec2.create_tags, Resources=[key_pair_id], Tags=as_list({"one more": ""}))
    assert error == TOO_MANY
    assert tags_of(key_pair_id) == {**many(49), "last": "again"}


def test_create_tags_on_all_or_none(import_key, ec2, error_of, tags_of):
    empty, full = import_key("empty"), import_key("full", **many(50))
    for other in (full, UNKNOWN_ID):
        error_of(ec2.create_tags, Resources=[empty, other], Tags=as_list({"a": ""}))
    assert tags_of(empty) == {}
    assert tags_of(full) == many(50)


BAD_TAGS = {
    "aws:": (
        [{"Key": "aws:x", "Value": "v"}],
        "Value ( aws:x ) for parameter key is invalid. "
        "Tag keys starting with 'aws:' are reserved for internal use",
    ),
    "key empty": ([{"Key": "", "Value": "v"}], EMPTY_KEY),
    "key too long": (
        [{"Key": "k" * 129, "Value": "v"}],
        "Tag key exceeds the maximum length of 128 characters",
    ),
    "value too long": (
        [{"Key": "k", "Value": "v" * 257}],
        "Tag value exceeds the maximum length of 256 characters",
    ),
}


@pytest.fixture(params=["create_tags", "delete_tags"])
def retag(request, ec2):
    return getattr(ec2, request.param)


@pytest.mark.parametrize(("tags", "message"), BAD_TAGS.values(), ids=BAD_TAGS)
def test_both_refuse_tags(import_key, retag, error_of, tags_of, tags, message):
    key_pair_id = import_key("k", k="v")
    error = error_of(retag, Resources=[key_pair_id], Tags=[{"Key": "k", "Value": "v"}, *tags])
    assert error == (INVALID, message, 400)
    assert tags_of(key_pair_id) == {"k": "v"}


def test_create_tags_refuses_a_key_twice(import_key, ec2, error_of):
    twice = as_list({"Name": "a"}) + as_list({"Name": "b"})
    error = error_of(ec2.create_tags, Resources=[import_key("k")], Tags=twice)
    assert error == (INVALID, "Duplicate tag key 'Name' specified.", 400)


def test_create_tags_refuses_a_tag_without_a_value(import_key, ec2, error_of):
    error = error_of(ec2.create_tags, Resources=[import_key("k")], Tags=[{"Key": "a"}])
    assert error == (INVALID, "Tag value cannot be null. Use empty string instead.", 400)


def test_create_tags_wants_tags(import_key, ec2, error_of):
    none = (INVALID, "You must specify one or more tags to create", 400)
    assert error_of(ec2.create_tags, Resources=[import_key("k")], Tags=[]) == none


def test_both_want_resources(aws, retag, error_of):
    missing = ("MissingParameter", "The request must contain the parameter resourceIdSet", 400)
    assert error_of(retag, Resources=[], Tags=as_list({"a": "b"})) == missing


BAD_RESOURCES = {
    "unknown key pair": (
        UNKNOWN_ID,
        "InvalidKeyPair.NotFound",
        f"The key pair '{UNKNOWN_ID}' does not exist",
    ),
    "malformed key pair": (
        "key-bad",
        "InvalidKeyPair.NotFound",
        "The key pair 'key-bad' does not exist",
    ),
    "no known kind": ("x", "InvalidID", "The ID 'x' is not valid"),
    "a key name": ("k", "InvalidID", "The ID 'k' is not valid"),
    "malformed instance": ("i-xyz", "InvalidID", "The ID 'i-xyz' is not valid"),
}


@pytest.mark.parametrize(("resource", "code", "message"), BAD_RESOURCES.values(), ids=BAD_RESOURCES)
def test_both_refuse_resources(import_key, retag, error_of, tags_of, resource, code, message):
    good = import_key("k", a="b")
    error = error_of(retag, Resources=[good, resource], Tags=as_list({"a": "c"}))
    assert error == (code, message, 400)
    assert tags_of(good) == {"a": "b"}


def test_both_refuse_a_deleted_key_pair(import_key, ec2, retag, error_of):
    gone = import_key("k")
    ec2.delete_key_pair(KeyName="k")
    error = error_of(retag, Resources=[gone], Tags=as_list({"a": "b"}))
    assert error == ("InvalidKeyPair.NotFound", f"The key pair '{gone}' does not exist", 400)


def test_nobody_mocks_other_resources_here(import_key, retag, tags_of):
    good, instance = import_key("k", a="b"), "i-0123456789abcdef0"
    with pytest.raises(UnmockedCallError) as caught:
        retag(Resources=[good, instance], Tags=as_list({"a": "c"}))
    assert instance in str(caught.value)
    assert tags_of(good) == {"a": "b"}


# DeleteTags

DOOMED = {
    "by key": ([{"Key": "Name"}], {"Team": "red", "Empty": ""}),
    "by key and value": ([{"Key": "Name", "Value": "deploy"}], {"Team": "red", "Empty": ""}),
    "other value": (
        [{"Key": "Name", "Value": "x"}],
        {"Name": "deploy", "Team": "red", "Empty": ""},
    ),
    "other case": ([{"Key": "name"}], {"Name": "deploy", "Team": "red", "Empty": ""}),
    "empty value, not empty": (
        [{"Key": "Name", "Value": ""}],
        {"Name": "deploy", "Team": "red", "Empty": ""},
    ),
    "empty value, empty": ([{"Key": "Empty", "Value": ""}], {"Name": "deploy", "Team": "red"}),
    "several": ([{"Key": "Name"}, {"Key": "Team", "Value": "red"}], {"Empty": ""}),
    "one key, two values": (
        [{"Key": "Name", "Value": "x"}, {"Key": "Name", "Value": "deploy"}],
        {"Team": "red", "Empty": ""},
    ),
    "all": ([], {}),
    "unknown": ([{"Key": "x"}], {"Name": "deploy", "Team": "red", "Empty": ""}),
}


@pytest.mark.parametrize(("tags", "left"), DOOMED.values(), ids=DOOMED)
def test_delete_tags(import_key, ec2, tags_of, tags, left):
    one, other = (import_key(name, Name="deploy", Team="red", Empty="") for name in "ab")
    ec2.delete_tags(Resources=[one], Tags=tags)
    assert tags_of(one) == left
    assert tags_of(other) == {"Name": "deploy", "Team": "red", "Empty": ""}


def test_delete_tags_without_the_parameter_removes_all(import_key, ec2, tags_of):
    key_pair_id = import_key("k", Name="deploy", Team="red")
    ec2.delete_tags(Resources=[key_pair_id])
    assert tags_of(key_pair_id) == {}


# DescribeTags


@pytest.fixture
def tagged(import_key):
    import_key("untagged")
    return {
        "a": import_key("a", Team="red", Stage="test"),
        "b": import_key("b", Team="blue"),
    }


@pytest.fixture
def listed(ec2):
    """What DescribeTags lists with these filters, as (resource ID, key, value), sorted."""

    def listed(**by_name: list[str]) -> list[tuple[str, str, str]]:
        filters = [{"Name": name, "Values": values} for name, values in by_name.items()]
        tags = ec2.describe_tags(Filters=filters)["Tags"]
        assert {tag["ResourceType"] for tag in tags} <= {"key-pair"}
        return sorted((tag["ResourceId"], tag["Key"], tag["Value"]) for tag in tags)

    return listed


def rows(tagged: dict[str, str]) -> list[tuple[str, str, str]]:
    a, b = tagged["a"], tagged["b"]
    return [(a, "Stage", "test"), (a, "Team", "red"), (b, "Team", "blue")]


TAG_FILTERS = {
    "none": ({}, [0, 1, 2]),
    "key": ({"key": ["Team"]}, [1, 2]),
    "value": ({"value": ["re*"]}, [1]),
    "resource-type": ({"resource-type": ["key-pair"]}, [0, 1, 2]),
    "resource-type, other": ({"resource-type": ["instance"]}, []),
    "tag:": ({"tag:Team": ["blue", "red"]}, [1, 2]),
    "tag:, other key": ({"tag:Team": ["test"]}, []),
    "and": ({"key": ["Team"], "value": ["blue", "test"]}, [2]),
    "no values": ({"key": []}, []),
}


@pytest.mark.parametrize(("by_name", "found"), TAG_FILTERS.values(), ids=TAG_FILTERS)
def test_describe_tags(tagged, listed, by_name, found):
    expected = rows(tagged)
    assert listed(**by_name) == sorted(expected[at] for at in found)


def test_describe_tags_by_resource(tagged, listed):
    found = [row for row in rows(tagged) if row[0] == tagged["a"]]
    assert listed(**{"resource-id": [tagged["a"]]}) == found


@pytest.mark.parametrize("name", ["key-name", "tag-key", "tag:", "Key"])
def test_describe_tags_refuses_filters(aws, ec2, error_of, name):
    error = error_of(ec2.describe_tags, Filters=[{"Name": name, "Values": ["x"]}])
    assert error == (INVALID, f"The filter '{name}' is invalid", 400)


# Pages of DescribeTags


def test_pages_hold_every_tag_once(import_key, ec2):
    import_key("k", **many(12))
    pages = list(ec2.get_paginator("describe_tags").paginate(PaginationConfig={"PageSize": 5}))
    assert [len(page["Tags"]) for page in pages] == [5, 5, 2]
    assert as_dict([tag for page in pages for tag in page["Tags"]]) == many(12)
    assert ["NextToken" in page for page in pages] == [True, True, False]


@pytest.mark.parametrize(("count", "pages"), [(5, 1), (6, 2), (10, 2)])
def test_the_last_page_has_no_token(import_key, ec2, count, pages):
    import_key("k", **many(count))
    paginator = ec2.get_paginator("describe_tags")
    assert len(list(paginator.paginate(PaginationConfig={"PageSize": 5}))) == pages


def test_all_tags_come_at_once_without_max_results(import_key, ec2):
    for name in "ab":
        import_key(name, **many(50))
    answer = ec2.describe_tags()
    assert len(answer["Tags"]) == 100
    assert "NextToken" not in answer


def test_a_token_without_max_results_gives_the_rest(import_key, ec2):
    import_key("k", **many(12))
    token = ec2.describe_tags(MaxResults=5)["NextToken"]
    assert len(ec2.describe_tags(NextToken=token)["Tags"]) == 7


SIZES = {
    4: "Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.",
    0: "Value ( 0 ) for parameter maxResults is invalid. Expecting a value greater than 5.",
    -1: "Value ( -1 ) for parameter maxResults is invalid. Expecting a value greater than 5.",
    1001: "Value ( 1001 ) for parameter maxResults is invalid. Expecting a value less than 1000.",
}


@pytest.mark.parametrize(("size", "message"), SIZES.items(), ids=map(str, SIZES))
def test_refuses_page_sizes(aws, ec2, error_of, size, message):
    assert error_of(ec2.describe_tags, MaxResults=size) == (INVALID, message, 400)


@pytest.mark.parametrize("size", [5, 1000])
def test_takes_page_sizes(aws, ec2, size):
    assert ec2.describe_tags(MaxResults=size)["Tags"] == []


@pytest.mark.parametrize("token", ["nonsense", "é", "bm9uc2Vuc2U="], ids=ascii)
def test_refuses_tokens(aws, ec2, error_of, token):
    error = error_of(ec2.describe_tags, MaxResults=5, NextToken=token)
    text = f"Value ( {token} ) for parameter NextToken is invalid. The token is invalid."
    assert error == (INVALID, text, 400)


def test_a_filter_of_resources_makes_one_page(import_key, ec2):
    wanted = [{"Name": "resource-id", "Values": [import_key("k", **many(12))]}]
    answer = ec2.describe_tags(MaxResults=5, Filters=wanted)
    assert (len(answer["Tags"]), "NextToken" in answer) == (12, False)


def test_a_token_past_the_end_gives_nothing(import_key, ec2):
    key_pair_id = import_key("k", **many(12))
    token = ec2.describe_tags(MaxResults=10)["NextToken"]
    ec2.delete_tags(Resources=[key_pair_id])
    answer = ec2.describe_tags(MaxResults=10, NextToken=token)
    assert answer["Tags"] == []
    assert "NextToken" not in answer
