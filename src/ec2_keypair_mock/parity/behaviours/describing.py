"""DescribeKeyPairs."""

from __future__ import annotations

from ..behaviour import Behaviour, Error, Matches
from ..sources import LOCALSTACK, api, stackd
from .steps import (
    UNKNOWN_ID,
    VERSION,
    call,
    describe,
    elements,
    filtered,
    find,
    form,
    import_key,
    invalid_value,
    not_found,
    texts,
    unknown,
)

_COMBINATION = Error(
    "InvalidParameterCombination",
    "The parameter 'keyPairId' may not be used in combination with 'keyName'",
)

BEHAVIOURS = (
    Behaviour(
        "D-1",
        (
            "An unknown name: `InvalidKeyPair.NotFound`, The key pair 'NAME' does not "
            "exist; so it is if the others are known"
        ),
        "recorded",
        sources=(
            stackd("calls 14, 18"),
            LOCALSTACK,
        ),
        steps=(
            call("DescribeKeyPairs", {"KeyNames": ["{prefix}x"]}, not_found("{prefix}x")),
            import_key(),
            call(
                "DescribeKeyPairs", {"KeyNames": ["{prefix}a", "{prefix}x"]}, not_found("{prefix}x")
            ),
        ),
    ),
    Behaviour(
        "D-2",
        "Of several unknown names the first in the request is named",
        "inferred",
        steps=(
            call(
                "DescribeKeyPairs", {"KeyNames": ["{prefix}y", "{prefix}x"]}, not_found("{prefix}y")
            ),
        ),
    ),
    Behaviour(
        "D-3",
        "A name given twice is one item",
        "recorded",
        sources=(stackd("call 13"),),
        steps=(
            import_key(),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}a", "{prefix}a"]},
                texts("keySet/item/keyName", "{prefix}a"),
            ),
        ),
    ),
    Behaviour(
        "D-4",
        "An ID given twice is one item",
        "inferred",
        steps=(
            import_key(id="keyPairId"),
            import_key(name="{prefix}b"),
            call(
                "DescribeKeyPairs",
                {"KeyPairIds": ["{id}", "{id}"]},
                texts("keySet/item/keyName", "{prefix}a"),
            ),
        ),
    ),
    Behaviour(
        "D-5",
        (
            "An empty name: `InvalidParameterValue`, Invalid value '' for keyPairNames. It "
            "should not be blank"
        ),
        "recorded",
        sources=(stackd("call 17"),),
        steps=(
            call(
                "DescribeKeyPairs",
                {"KeyNames": [""]},
                invalid_value("Invalid value '' for keyPairNames. It should not be blank"),
            ),
        ),
    ),
    Behaviour(
        "D-6",
        (
            "Names together with IDs, even of one key pair: `InvalidParameterCombination`, "
            "The parameter 'keyPairId' may not be used in combination with 'keyName'"
        ),
        "recorded",
        sources=(stackd("calls 11, 12, 19"),),
        steps=(
            import_key(id="keyPairId"),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}a"], "KeyPairIds": ["{id}"]},
                _COMBINATION,
            ),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}a"], "KeyPairIds": [UNKNOWN_ID]},
                _COMBINATION,
            ),
        ),
    ),
    Behaviour(
        "D-7",
        (
            "An ID that was never issued, well formed or not: `InvalidParameterValue`, "
            "Invalid value 'ID' for keyPairId."
        ),
        "recorded",
        sources=(
            stackd("calls 15, 16"),
            stackd("calls 7 to 10", "key_pairs_supplement"),
        ),
        steps=(
            *(
                call(
                    "DescribeKeyPairs",
                    {"KeyPairIds": [each]},
                    invalid_value(f"Invalid value '{each}' for keyPairId."),
                )
                for each in (UNKNOWN_ID, "key-0123456789abcdef0", "key-12345678", "bad")
            ),
        ),
    ),
    Behaviour(
        "D-8",
        (
            "An ID whose key pair was deleted: `InvalidKeyPair.NotFound`, The key pair 'ID'"
            " does not exist"
        ),
        "inferred",
        steps=(
            import_key(id="keyPairId"),
            call("DeleteKeyPair", {"KeyName": "{prefix}a"}),
            call("DescribeKeyPairs", {"KeyPairIds": ["{id}"]}, not_found("{id}")),
        ),
    ),
    Behaviour(
        "D-9",
        (
            "An unknown filter, `key-type` among them: `InvalidParameterValue`, The filter "
            "'key-type' is invalid"
        ),
        "recorded",
        sources=(stackd("calls 25, 26"),),
        steps=(
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}a"], "Filters": filtered({"key-type": ["rsa"]})},
                invalid_value("The filter 'key-type' is invalid"),
            ),
        ),
    ),
    Behaviour(
        "D-10",
        "`tag:` without a key is unknown, and a filter without a name is 'null'",
        "inferred",
        steps=(
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}a"], "Filters": filtered({"tag:": ["a"]})},
                invalid_value("The filter 'tag:' is invalid"),
            ),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}a"], "Filters": [{"Values": ["a"]}]},
                invalid_value("The filter 'null' is invalid"),
            ),
        ),
    ),
    Behaviour(
        "D-11",
        "Names and filters intersect, and an empty result is no error",
        "recorded",
        sources=(stackd("call 28"),),
        steps=(
            import_key(),
            import_key(name="{prefix}b"),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}a"], "Filters": filtered({"key-name": ["{prefix}*"]})},
                texts("keySet/item/keyName", "{prefix}a"),
            ),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}a"], "Filters": filtered({"key-name": ["{prefix}b"]})},
                texts("keySet/item/keyName"),
            ),
        ),
    ),
    Behaviour(
        "D-12",
        "So do IDs and filters; an unknown name stays an error beside filters",
        "inferred",
        steps=(
            import_key(id="keyPairId"),
            call(
                "DescribeKeyPairs",
                {"KeyPairIds": ["{id}"], "Filters": filtered({"key-name": ["{prefix}b"]})},
                texts("keySet/item/keyName"),
            ),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}x"], "Filters": filtered({"key-name": ["{prefix}a"]})},
                not_found("{prefix}x"),
            ),
        ),
    ),
    Behaviour(
        "D-13",
        "The order of the items means nothing",
        "recorded",
        sources=(stackd("calls 23, 24"),),
        steps=(
            import_key(name="{prefix}c"),
            import_key(),
            import_key(name="{prefix}b"),
            find({"key-name": ["{prefix}*"]}, "{prefix}a", "{prefix}b", "{prefix}c"),
        ),
    ),
    Behaviour(
        "D-14",
        "Here it is that of creation, or of the names or IDs in the request",
        "inferred",
        tests=(
            "tests/ec2/test_describe.py::test_items_come_in_the_order_of_creation_or_of_the_request",
        ),
    ),
    Behaviour(
        "D-15",
        "There are no pages: MaxResults and NextToken are unknown parameters",
        "documented",
        sources=(api("DescribeKeyPairs"),),
        steps=(
            form(
                [
                    ("Action", "DescribeKeyPairs"),
                    VERSION,
                    ("KeyName.1", "{prefix}a"),
                    ("MaxResults", "5"),
                ],
                unknown("MaxResults"),
            ),
            form(
                [
                    ("Action", "DescribeKeyPairs"),
                    VERSION,
                    ("KeyName.1", "{prefix}a"),
                    ("NextToken", "a"),
                ],
                unknown("NextToken"),
            ),
        ),
    ),
    Behaviour(
        "D-16",
        (
            "An item always has keyType and tagSet, and publicKey only where "
            "IncludePublicKey asks for it"
        ),
        "recorded",
        sources=(
            stackd("calls 20 to 26"),
            LOCALSTACK,
        ),
        steps=(
            import_key(),
            describe(
                elements(
                    "keySet/item",
                    "keyName keyPairId keyFingerprint keyType publicKey createTime tagSet",
                ),
                texts("keySet/item/keyType", "ed25519"),
            ),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}a"]},
                elements(
                    "keySet/item", "keyName keyPairId keyFingerprint keyType createTime tagSet"
                ),
            ),
        ),
    ),
    Behaviour(
        "D-17",
        "createTime has milliseconds; for an import it is the moment of the import",
        "recorded",
        sources=(stackd(),),
        steps=(
            import_key(),
            describe(Matches("keySet/item/createTime", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")),
        ),
    ),
    Behaviour(
        "D-18",
        (
            "For a created key pair it is the moment of the creation; it follows a clock "
            "that a test froze"
        ),
        "inferred",
        tests=(
            "tests/ec2/test_describe.py::test_create_time_of_a_created_key_pair_is_now",
            "tests/ec2/test_calls.py::test_create_time_follows_a_frozen_clock",
        ),
    ),
    Behaviour(
        "D-19",
        "Checks come in the order: names with IDs, blank names, filters, unknown IDs or names",
        "inferred",
        steps=(
            call(
                "DescribeKeyPairs",
                {"KeyNames": [""], "KeyPairIds": ["bad"], "Filters": filtered({"x": ["y"]})},
                _COMBINATION,
            ),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["", "{prefix}x"], "Filters": filtered({"x": ["y"]})},
                invalid_value("Invalid value '' for keyPairNames. It should not be blank"),
            ),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}x"], "Filters": filtered({"x": ["y"]})},
                invalid_value("The filter 'x' is invalid"),
            ),
        ),
    ),
)
