"""Filters."""

from __future__ import annotations

from ..behaviour import Behaviour, Error
from ..sources import FILTERING, api, issue, stackd
from .materials import RSA
from .steps import call, filtered, find, import_key, texts

BEHAVIOURS = (
    Behaviour(
        "F-1",
        (
            "`key-name`, `key-pair-id`, `fingerprint`, `tag:<key>`, `tag-key`, and "
            "`tag-value`, which is not documented"
        ),
        "recorded",
        sources=(
            stackd("calls 20 to 26"),
            stackd("calls 11", "key_pairs_supplement"),
            api("DescribeKeyPairs"),
        ),
        steps=(
            import_key(tags={"Team": "{prefix}red"}, id="keyPairId", fingerprint="keyFingerprint"),
            import_key(name="{prefix}b", material=RSA),
            find({"key-name": ["{prefix}a"]}, "{prefix}a"),
            find({"key-pair-id": ["{id}"]}, "{prefix}a"),
            find({"fingerprint": ["{fingerprint}"], "key-name": ["{prefix}*"]}, "{prefix}a"),
            find({"tag:Team": ["{prefix}red"]}, "{prefix}a"),
            find({"tag-key": ["Team"], "key-name": ["{prefix}*"]}, "{prefix}a"),
            find({"tag-value": ["{prefix}red"]}, "{prefix}a"),
        ),
    ),
    Behaviour(
        "F-2",
        (
            "`*` matches any run of characters, `?` one or none; nothing else is special, "
            "and case counts"
        ),
        "recorded",
        sources=(
            stackd("calls 23, 24"),
            FILTERING,
        ),
        steps=(
            import_key(name="{prefix}ab"),
            find({"key-name": ["*{prefix}*"]}, "{prefix}ab"),
            find({"key-name": ["{prefix}a?b"]}, "{prefix}ab"),
            find({"key-name": ["{prefix}?b"]}, "{prefix}ab"),
            find({"key-name": ["{prefix}[a]b"]}),
            find({"key-name": ["{prefix}AB"]}),
        ),
    ),
    Behaviour(
        "F-3",
        "`\\*`, `\\?` and `\\\\` are the characters themselves",
        "documented",
        sources=(FILTERING,),
        steps=(
            import_key(name="{prefix}a*"),
            import_key(name="{prefix}ab"),
            find({"key-name": ["{prefix}a\\*"]}, "{prefix}a*"),
            find({"key-name": ["{prefix}a\\?"]}),
        ),
    ),
    Behaviour(
        "F-4",
        ("A `\\` in front of any other character is left out, and at the end it stands for itself"),
        "inferred",
        steps=(
            import_key(),
            find({"key-name": ["{prefix}\\a"]}, "{prefix}a"),
        ),
    ),
    Behaviour(
        "F-5",
        "Filters are joined by AND, the values of one by OR",
        "recorded",
        sources=(
            stackd("call 24"),
            FILTERING,
        ),
        steps=(
            import_key(tags={"Team": "red"}),
            import_key(name="{prefix}b"),
            find({"key-name": ["{prefix}a", "{prefix}b"]}, "{prefix}a", "{prefix}b"),
            find({"key-name": ["{prefix}a", "{prefix}b"], "tag-key": ["Team"]}, "{prefix}a"),
        ),
    ),
    Behaviour(
        "F-6",
        "One filter given twice is two filters",
        "inferred",
        steps=(
            import_key(),
            call(
                "DescribeKeyPairs",
                {
                    "Filters": [
                        {"Name": "key-name", "Values": ["{prefix}a"]},
                        {"Name": "key-name", "Values": ["{prefix}b"]},
                    ]
                },
                texts("keySet/item/keyName"),
            ),
        ),
    ),
    Behaviour(
        "F-7",
        "The key in `tag:<key>` is no pattern",
        "inferred",
        steps=(
            import_key(tags={"Team": "red"}),
            find({"tag:Te*": ["red"], "key-name": ["{prefix}*"]}),
        ),
    ),
    Behaviour(
        "F-8",
        "A filter without values matches nothing, and is no error",
        "recorded",
        sources=(stackd("call 27"),),
        steps=(
            import_key(),
            find({"key-name": []}),
        ),
    ),
    Behaviour(
        "F-9",
        (
            "More than 200 values in all: `FilterLimitExceeded`, The maximum number of "
            "filter values specified on a single call is 200"
        ),
        "community",
        sources=(issue("jtriley/StarCluster", 567),),
        steps=(
            call(
                "DescribeKeyPairs",
                {"Filters": filtered({"key-name": ["{prefix}a"] * 201})},
                Error(
                    "FilterLimitExceeded",
                    "The maximum number of filter values specified on a single call is 200",
                ),
            ),
        ),
    ),
    Behaviour(
        "F-10",
        (
            "A value of more than 255 characters: `FilterLimitExceeded`, The maximum length"
            " for a filter value is 255 characters"
        ),
        "community",
        sources=(issue("ansible-collections/amazon.aws", 2393, "2024"),),
        steps=(
            call(
                "DescribeKeyPairs",
                {"Filters": filtered({"key-name": ["v" * 256]})},
                Error(
                    "FilterLimitExceeded", "The maximum length for a filter value is 255 characters"
                ),
            ),
        ),
    ),
    Behaviour(
        "F-11",
        "More than 50 filters is an error",
        "documented",
        sources=(FILTERING,),
        tests=(
            "tests/ec2/test_describe.py::test_too_much_for_one_call",
            "tests/ec2/test_describe.py::test_as_much_as_one_call_may_hold",
        ),
    ),
    Behaviour(
        "F-12",
        "These limits are checked before the names of the filters",
        "inferred",
        steps=(
            call(
                "DescribeKeyPairs",
                {"Filters": filtered({"x": ["v" * 256]})},
                Error(
                    "FilterLimitExceeded", "The maximum length for a filter value is 255 characters"
                ),
            ),
        ),
    ),
    Behaviour(
        "F-13",
        (
            "The text for too many filters: `FilterLimitExceeded`, The maximum number of "
            "filters specified on a single call is 50"
        ),
        "unknown",
        steps=(
            call(
                "DescribeKeyPairs",
                {"Filters": [{"Name": "key-name", "Values": ["{prefix}a"]}] * 51},
                Error(
                    "FilterLimitExceeded",
                    "The maximum number of filters specified on a single call is 50",
                ),
            ),
        ),
    ),
)
