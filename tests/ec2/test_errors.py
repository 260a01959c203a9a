"""What holds for every action: dry runs, permissions, unknown parameters, the order of checks."""

from __future__ import annotations

import re

import pytest

INVALID = "InvalidParameterValue"
DRY_RUN = (
    "DryRunOperation",
    "Request would have succeeded, but DryRun flag is set.",
    412,
)
UNKNOWN_ID = "key-0123456789abcdef0"
BAD_TAGS = [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}]


def not_recognized(parameter: str):
    return ("UnknownParameter", f"The parameter {parameter} is not recognized", 400)


@pytest.fixture
def taken(import_key):
    """A key pair under the name "taken"."""
    return import_key("taken")


# Dry runs

DRY_RUNS = {
    "create": ("create_key_pair", {"KeyName": "k"}),
    "create, no name": ("create_key_pair", {}),
    "create, empty name": ("create_key_pair", {"KeyName": ""}),
    "create, bad name": ("create_key_pair", {"KeyName": " é\n"}),
    "create, duplicate": ("create_key_pair", {"KeyName": "taken"}),
    "create, bad type": ("create_key_pair", {"KeyName": "k", "KeyType": "ecdsa"}),
    "create, bad format": ("create_key_pair", {"KeyName": "k", "KeyFormat": "der"}),
    "create, bad tags": ("create_key_pair", {"KeyName": "k", "TagSpecifications": BAD_TAGS}),
    "import, no name": ("import_key_pair", {"PublicKeyMaterial": b"x"}),
    "import, duplicate": ("import_key_pair", {"KeyName": "taken", "PublicKeyMaterial": b"x"}),
    "import, garbage": ("import_key_pair", {"KeyName": "k", "PublicKeyMaterial": b"garbage"}),
    "import, no material": ("import_key_pair", {"KeyName": "k"}),
    "describe": ("describe_key_pairs", {}),
    "describe, unknown name": ("describe_key_pairs", {"KeyNames": ["x"]}),
    "describe, empty name": ("describe_key_pairs", {"KeyNames": [""]}),
    "describe, malformed ID": ("describe_key_pairs", {"KeyPairIds": ["bad"]}),
    "describe, both": ("describe_key_pairs", {"KeyNames": ["x"], "KeyPairIds": ["bad"]}),
    "describe, bad filter": ("describe_key_pairs", {"Filters": [{"Name": "x", "Values": ["y"]}]}),
    "delete": ("delete_key_pair", {"KeyName": "taken"}),
    "delete, unknown name": ("delete_key_pair", {"KeyName": "x"}),
    "delete, malformed ID": ("delete_key_pair", {"KeyPairId": "bad"}),
    "delete, no selector": ("delete_key_pair", {}),
    "create tags, bad resource": (
        "create_tags",
        {"Resources": ["x"], "Tags": [{"Key": "aws:a", "Value": ""}]},
    ),
    "delete tags, no resource": ("delete_tags", {"Resources": []}),
    "describe tags, bad page": ("describe_tags", {"MaxResults": 1}),
}


@pytest.mark.parametrize(("method", "given"), DRY_RUNS.values(), ids=DRY_RUNS)
def test_a_dry_run_wins_over_every_check(taken, lax, names, error_of, method, given):
    assert error_of(getattr(lax, method), DryRun=True, **given) == DRY_RUN
    assert names() == ["taken"]


def test_a_dry_run_wins_over_an_unknown_parameter(aws, send, error_of):
    assert error_of(send, action="DeleteKeyPair", DryRun="true", Nonsense="1") == DRY_RUN


def test_no_dry_run(taken, lax, names):
    lax.delete_key_pair(KeyName="taken", DryRun=False)
    assert names() == []


# Permissions

ENCODED = r" Encoded authorization failure message: [A-Za-z0-9_-]+"


def refusal(action: str, resource: str) -> str:
    return re.escape(
        "You are not authorized to perform this operation. "
        "User: arn:aws:iam::123456789012:user/ec2-keypair-mock is not authorized to perform: "
        f"ec2:{action} on resource: {resource} with an explicit deny in an identity-based policy."
    )


def arn(key_name: str) -> str:
    return f"arn:aws:ec2:us-east-1:123456789012:key-pair/{key_name}"


def with_id(given: dict, key_pair_id: str) -> dict:
    return {
        name: [key_pair_id] if value == ["ID"] else key_pair_id if value == "ID" else value
        for name, value in given.items()
    }


REFUSED = {
    "create": ("CreateKeyPair", "create_key_pair", {"KeyName": "k"}, "k"),
    "import": ("ImportKeyPair", "import_key_pair", {"KeyName": "k/l"}, "k/l"),
    "delete": ("DeleteKeyPair", "delete_key_pair", {"KeyName": "taken"}, "taken"),
    "delete by ID": ("DeleteKeyPair", "delete_key_pair", {"KeyPairId": "ID"}, "taken"),
    "delete by both": (
        "DeleteKeyPair",
        "delete_key_pair",
        {"KeyName": "k", "KeyPairId": "ID"},
        "taken",
    ),
    "create tags": ("CreateTags", "create_tags", {"Resources": ["ID"]}, "taken"),
    "delete tags": ("DeleteTags", "delete_tags", {"Resources": ["ID"]}, "taken"),
    "delete by unknown ID": (
        "DeleteKeyPair",
        "delete_key_pair",
        {"KeyPairId": UNKNOWN_ID},
        UNKNOWN_ID,
    ),
}


@pytest.mark.parametrize(("action", "method", "given", "key_name"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("dry_run", [False, True], ids=["", "dry run"])
def test_not_authorized(aws, lax, taken, error_of, names, action, method, given, key_name, dry_run):
    aws.deny(f"ec2:{action}")
    call = getattr(lax, method)
    code, message, status = error_of(call, DryRun=dry_run, **with_id(given, taken))
    assert (code, status) == ("UnauthorizedOperation", 403)
    assert re.fullmatch(refusal(action, arn(key_name)) + ENCODED, message)
    assert names() == ["taken"]


@pytest.mark.parametrize("action", ["DescribeKeyPairs", "DescribeTags"])
def test_not_authorized_to_describe(aws, ec2, error_of, action):
    aws.deny(f"ec2:{action}")
    method = {"DescribeKeyPairs": ec2.describe_key_pairs, "DescribeTags": ec2.describe_tags}
    assert error_of(method[action]) == (
        "UnauthorizedOperation",
        "You are not authorized to perform this operation. "
        "User: arn:aws:iam::123456789012:user/ec2-keypair-mock is not authorized to perform: "
        f"ec2:{action} with an explicit deny in an identity-based policy",
        403,
    )


PARTITIONS = {
    "eu-west-1": "aws",
    "cn-north-1": "aws-cn",
    "us-gov-west-1": "aws-us-gov",
    "us-iso-east-1": "aws-iso",
    "us-isob-east-1": "aws-iso-b",
}


@pytest.mark.parametrize(("region", "partition"), PARTITIONS.items(), ids=PARTITIONS)
def test_arns_are_those_of_the_region(aws, make_client, error_of, region, partition):
    aws.deny("ec2:*")
    _, message, _ = error_of(make_client(region).delete_key_pair, KeyName="k")
    assert f"User: arn:{partition}:iam::123456789012:user/" in message
    assert f"on resource: arn:{partition}:ec2:{region}:123456789012:key-pair/k with" in message


def test_without_a_name_the_refusal_names_no_resource(aws, lax, error_of):
    aws.deny("ec2:CreateKeyPair")
    code, message, _ = error_of(lax.create_key_pair)
    assert code == "UnauthorizedOperation"
    assert "on resource" not in message


PATTERNS = {
    "all": "ec2:*",
    "everything": "*",
    "some": "ec2:*KeyPair",
    "other case": "EC2:deletekeypair",
    "one character": "ec2:?eleteKeyPair",
    "without the service": "DeleteKeyPair",
    "a pattern without the service": "delete*",
}


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_actions_are_denied_by_pattern(aws, ec2, taken, error_of, pattern):
    aws.deny(pattern)
    assert error_of(ec2.delete_key_pair, KeyName="taken")[0] == "UnauthorizedOperation"


def test_what_was_not_denied_is_allowed(aws, ec2, taken, names):
    aws.deny("ec2:CreateKeyPair")
    aws.deny("ec2:*Tags")
    ec2.delete_key_pair(KeyName="taken")
    assert names() == []


def test_the_last_rule_decides(aws, ec2, import_key, error_of, names):
    for name in ("prod-a", "prod-b", "dev"):
        import_key(name)
    aws.deny("ec2:DeleteKeyPair", key_name="prod-?")
    aws.allow("ec2:Delete*", key_name="prod-b")
    assert error_of(ec2.delete_key_pair, KeyName="prod-a")[0] == "UnauthorizedOperation"
    ec2.delete_key_pair(KeyName="prod-b")
    ec2.delete_key_pair(KeyName="dev")
    assert names() == ["prod-a"]
    aws.allow("ec2:*")
    ec2.delete_key_pair(KeyName="prod-a")


def test_a_rule_on_a_key_name_does_not_touch_describes(aws, ec2, taken, names):
    aws.deny("ec2:*", key_name="*")
    assert names() == ["taken"]


def test_one_denied_key_pair_denies_the_call(aws, ec2, import_key, error_of):
    ids = [import_key(name) for name in ("dev", "prod")]
    aws.deny("ec2:CreateTags", key_name="prod")
    tags = [{"Key": "a", "Value": "b"}]
    code, message, _ = error_of(ec2.create_tags, Resources=ids, Tags=tags)
    assert code == "UnauthorizedOperation"
    assert arn("prod") in message
    ec2.create_tags(Resources=ids[:1], Tags=tags)


@pytest.mark.parametrize("verb", ["deny", "allow"])
@pytest.mark.parametrize("pattern", ["ec2:RunInstances", "RunInstances", "s3:*", ""])
def test_a_rule_must_match_some_action(aws, verb, pattern):
    with pytest.raises(ValueError, match="matches no action that is mocked here: ec2:Create"):
        getattr(aws, verb)(pattern)


# The request as a whole

UNKNOWN_PARAMETERS = {
    "unknown": ("ImportKeyPair", "Nonsense", "Nonsense"),
    "of another action": ("ImportKeyPair", "KeyType", "KeyType"),
    "case": ("CreateKeyPair", "keyName", "keyName"),
    "unknown, in depth": ("DescribeKeyPairs", "Item.1.Key", "Item"),
    "structure, unknown member": ("DescribeKeyPairs", "Filter.1.Item.1", "Item"),
    "member name of the API": ("DescribeKeyPairs", "KeyNames.1", "KeyNames"),
}


@pytest.mark.parametrize(
    ("action", "name", "component"), UNKNOWN_PARAMETERS.values(), ids=UNKNOWN_PARAMETERS
)
def test_unknown_parameters(aws, send, error_of, action, name, component):
    assert error_of(send, action=action, **{name: "1"}) == not_recognized(component)


OTHER_SHAPES = {
    "list, index 0": ("DescribeKeyPairs", "KeyName.0"),
    "list, no number": ("DescribeKeyPairs", "KeyName.x"),
    "list, too deep": ("DescribeKeyPairs", "KeyName.1.x"),
    "no list": ("DeleteKeyPair", "KeyName.1"),
    "structure, no member": ("DescribeKeyPairs", "Filter.1"),
    "structure, no index": ("DescribeKeyPairs", "Filter.Name"),
    "blank part": ("DescribeKeyPairs", "Filter..Name"),
}


@pytest.mark.parametrize(("action", "name"), OTHER_SHAPES.values(), ids=OTHER_SHAPES)
def test_known_parameters_in_another_shape(aws, send, error_of, action, name):
    error = error_of(send, action=action, **{name: "1"})
    assert error == ("InvalidRequest", "The request received was invalid.", 400)


def test_list_items_count_by_number_whatever_their_order(import_key, send):
    for name in "abc":
        import_key(name)
    found = send("DescribeKeyPairs", **{"KeyName.10": "b", "KeyName.2": "c", "KeyName.7": "a"})
    assert [each["KeyName"] for each in found["KeyPairs"]] == ["c", "a", "b"]


@pytest.mark.parametrize("action", ["Nonsense", "describekeypairs", "ImportKeyPairs"])
def test_unknown_actions(aws, send, error_of, action):
    message = f"The action {action} is not valid for this web service."
    assert error_of(send, action=action) == ("InvalidAction", message, 400)


def test_no_action(aws, send, error_of):
    message = "The request is missing an action or a required parameter."
    assert error_of(send, action=None) == ("MissingAction", message, 400)


BOOLEANS = ["yes", "1", "", " true"]


@pytest.mark.parametrize("value", BOOLEANS, ids=repr)
@pytest.mark.parametrize("name", ["DryRun", "IncludePublicKey"])
def test_no_booleans(aws, send, error_of, name, value):
    message = f"Invalid value '{value}' for boolean parameter {name}"
    error = error_of(send, action="DescribeKeyPairs", **{name: value})
    assert error == (INVALID, message, 400)


@pytest.mark.parametrize("value", ["true", "True", "TRUE"])
def test_booleans_in_any_case(aws, send, error_of, value):
    assert error_of(send, action="DescribeKeyPairs", DryRun=value) == DRY_RUN


@pytest.mark.parametrize(
    "value", ["", "x", "5.0", " 5", "5" * 10, "\N{ARABIC-INDIC DIGIT FIVE}"], ids=ascii
)
def test_no_integers(aws, send, error_of, value):
    message = f"Invalid value '{value}' for integer parameter MaxResults"
    error = error_of(send, action="DescribeTags", MaxResults=value)
    assert error == (INVALID, message, 400)


# Credentials and throttling, which happen on request

SERVICE_ERRORS = {
    "AuthFailure": ("AWS was not able to validate the provided access credentials", 401),
    "RequestExpired": ("Request has expired.", 400),
    "RequestLimitExceeded": ("Request limit exceeded.", 503),
}


@pytest.mark.parametrize("code", SERVICE_ERRORS)
def test_errors_of_the_service(aws, ec2, error_of, code):
    aws.fail("DescribeKeyPairs", code)
    message, status = SERVICE_ERRORS[code]
    assert error_of(ec2.describe_key_pairs) == (code, message, status)


# The order of checks

NAME = ("MissingParameter", "The request must contain the parameter KeyName", 400)
DUPLICATE = ("InvalidKeyPair.Duplicate", "The keypair already exists", 400)
TAGS = (INVALID, "'instance' is not a valid taggable resource type for this operation.", 400)
FORMAT = ("InvalidKey.Format", "Key is not in valid OpenSSH public key format", 400)
KEY_TYPE = (
    INVALID,
    "1 validation error detected: Value 'ecdsa' at 'keyType' failed to satisfy constraint: "
    "Member must satisfy enum value set: [rsa, ed25519]",
    400,
)
KEY_FORMAT = (
    INVALID,
    "1 validation error detected: Value 'der' at 'keyFormat' failed to satisfy constraint: "
    "Member must satisfy enum value set: [ppk, pem]",
    400,
)

BAD_TYPE, BAD_FORMAT = {"KeyType": "ecdsa"}, {"KeyFormat": "der"}
WITH_BAD_TAGS = {"TagSpecifications": BAD_TAGS}
TAKEN, EMPTY = {"KeyName": "taken"}, {"KeyName": ""}
JUNK = {"PublicKeyMaterial": b"junk"}

ORDER = {
    "name before type": ("create_key_pair", EMPTY | BAD_TYPE, NAME),
    "name before format": ("create_key_pair", EMPTY | BAD_FORMAT, NAME),
    "name before tags": ("create_key_pair", EMPTY | WITH_BAD_TAGS, NAME),
    "name before material": ("import_key_pair", EMPTY | JUNK, NAME),
    "type before format": ("create_key_pair", TAKEN | BAD_FORMAT | BAD_TYPE, KEY_TYPE),
    "type before tags": ("create_key_pair", TAKEN | WITH_BAD_TAGS | BAD_TYPE, KEY_TYPE),
    "format before tags": ("create_key_pair", TAKEN | WITH_BAD_TAGS | BAD_FORMAT, KEY_FORMAT),
    "type before duplicate": ("create_key_pair", TAKEN | BAD_TYPE, KEY_TYPE),
    "format before duplicate": ("create_key_pair", TAKEN | BAD_FORMAT, KEY_FORMAT),
    "tags before duplicate": ("create_key_pair", TAKEN | WITH_BAD_TAGS, TAGS),
    "tags before duplicate and material": ("import_key_pair", TAKEN | WITH_BAD_TAGS | JUNK, TAGS),
    "duplicate before material": ("import_key_pair", TAKEN | JUNK, DUPLICATE),
    "duplicate before no material": ("import_key_pair", TAKEN, DUPLICATE),
}


@pytest.mark.parametrize(("method", "given", "first"), ORDER.values(), ids=ORDER)
def test_order_of_checks(taken, lax, error_of, method, given, first):
    assert error_of(getattr(lax, method), **given) == first


def test_material_and_duplicate_come_before_the_quota(aws, lax, error_of, ed25519_line):
    for number in range(5000):
        aws.backend().import_key_pair(key_name=f"{number}", public_key_material=ed25519_line)
    assert error_of(lax.import_key_pair, KeyName="k", PublicKeyMaterial=b"junk") == FORMAT
    assert error_of(lax.import_key_pair, KeyName="7", PublicKeyMaterial=b"junk") == DUPLICATE


def test_permission_comes_first(aws, lax, error_of):
    aws.deny("ec2:ImportKeyPair")
    error = error_of(lax.import_key_pair, KeyName="", **JUNK)
    assert error[0] == "UnauthorizedOperation"


def test_unknown_parameters_come_before_the_others(aws, send, error_of):
    error = error_of(send, action="CreateKeyPair", Nonsense="1", KeyType="ecdsa")
    assert error == not_recognized("Nonsense")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"KeyNames": [""], "KeyPairIds": ["bad"]}, "InvalidParameterCombination"),
        ({"KeyNames": ["", "x"], "Filters": [{"Name": "x", "Values": []}]}, INVALID),
        ({"KeyNames": ["x"], "Filters": [{"Name": "x", "Values": []}]}, INVALID),
    ],
    ids=["names with IDs", "blank name", "filter"],
)
def test_order_of_checks_in_a_describe(aws, ec2, error_of, given, code):
    assert error_of(ec2.describe_key_pairs, **given)[0] == code


# Names that would be markup


@pytest.mark.parametrize("name", ["<x>", "&amp;", "]]>", "\"'", "{0}", "%s"])
def test_messages_say_names_as_they_are(aws, ec2, error_of, name):
    assert error_of(ec2.describe_key_pairs, KeyNames=[name]) == (
        "InvalidKeyPair.NotFound",
        f"The key pair '{name}' does not exist",
        400,
    )
