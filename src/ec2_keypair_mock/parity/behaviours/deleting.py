"""DeleteKeyPair."""

from __future__ import annotations

from ..behaviour import Behaviour, Error
from ..sources import stackd
from .steps import UNKNOWN_ID, call, find, import_key, invalid_value, texts

_NO_SELECTOR = Error("MissingParameter", "KeyName or KeyPairId must be provided")

BEHAVIOURS = (
    Behaviour(
        "X-1",
        "Neither name nor ID: `MissingParameter`, KeyName or KeyPairId must be provided",
        "recorded",
        sources=(stackd("call 73"),),
        steps=(call("DeleteKeyPair", {}, _NO_SELECTOR),),
    ),
    Behaviour(
        "X-2",
        "An empty name or ID is none",
        "inferred",
        steps=(
            call("DeleteKeyPair", {"KeyName": "", "KeyPairId": ""}, _NO_SELECTOR),
            import_key(id="keyPairId"),
            call(
                "DeleteKeyPair",
                {"KeyName": "{prefix}a", "KeyPairId": ""},
                texts("keyPairId", "{id}"),
            ),
        ),
    ),
    Behaviour(
        "X-3",
        (
            "With both the ID wins and the name is ignored, even where they disagree or the"
            " ID is dead"
        ),
        "recorded",
        sources=(
            stackd("calls 77 to 80"),
            stackd("calls 19, 20", "key_pairs_supplement"),
        ),
        steps=(
            import_key(id="keyPairId"),
            import_key(name="{prefix}b"),
            call(
                "DeleteKeyPair",
                {"KeyPairId": "{id}", "KeyName": "{prefix}b"},
                texts("keyPairId", "{id}"),
            ),
            call(
                "DeleteKeyPair", {"KeyPairId": "{id}", "KeyName": "{prefix}b"}, texts("keyPairId")
            ),
            find({"key-name": ["{prefix}*"]}, "{prefix}b"),
        ),
    ),
    Behaviour(
        "X-4",
        "An unknown name is deleted with success, without keyPairId in the answer",
        "recorded",
        sources=(stackd("call 74"),),
        steps=(
            call(
                "DeleteKeyPair",
                {"KeyName": "{prefix}x"},
                texts("return", "true"),
                texts("keyPairId"),
            ),
        ),
    ),
    Behaviour(
        "X-5",
        "So is an ID that was issued and is deleted already",
        "recorded",
        sources=(stackd("calls 18, 24", "key_pairs_supplement"),),
        steps=(
            import_key(id="keyPairId"),
            call("DeleteKeyPair", {"KeyPairId": "{id}"}, texts("keyPairId", "{id}")),
            call(
                "DeleteKeyPair", {"KeyPairId": "{id}"}, texts("return", "true"), texts("keyPairId")
            ),
        ),
    ),
    Behaviour(
        "X-6",
        "Also where its name has a new key pair, which stays",
        "inferred",
        steps=(
            import_key(id="keyPairId"),
            call("DeleteKeyPair", {"KeyPairId": "{id}"}),
            import_key(),
            call("DeleteKeyPair", {"KeyPairId": "{id}"}, texts("keyPairId")),
            find({"key-name": ["{prefix}*"]}, "{prefix}a"),
        ),
    ),
    Behaviour(
        "X-7",
        (
            "A well-formed ID that was never issued: `InvalidParameterValue`, Invalid value"
            " 'key-00000000000000000' for keyPairId."
        ),
        "recorded",
        sources=(stackd("call 75"),),
        steps=(
            call(
                "DeleteKeyPair",
                {"KeyPairId": UNKNOWN_ID},
                invalid_value(f"Invalid value '{UNKNOWN_ID}' for keyPairId."),
            ),
        ),
    ),
    Behaviour(
        "X-8",
        "A malformed ID: `InvalidParameterValue`, Value for parameter keyPairId is invalid.",
        "recorded",
        sources=(stackd("call 76"),),
        steps=(
            call(
                "DeleteKeyPair",
                {"KeyPairId": "bad"},
                invalid_value("Value for parameter keyPairId is invalid."),
            ),
        ),
    ),
    Behaviour(
        "X-9",
        "Well formed is `key-` with 17 lower-case hex digits, or 8 as in old IDs",
        "inferred",
        steps=(
            call(
                "DeleteKeyPair",
                {"KeyPairId": "key-00000000"},
                invalid_value("Invalid value 'key-00000000' for keyPairId."),
            ),
            call(
                "DeleteKeyPair",
                {"KeyPairId": "key-0000000000000000g"},
                invalid_value("Value for parameter keyPairId is invalid."),
            ),
        ),
    ),
    Behaviour(
        "X-10",
        "An ID of another Region was never issued in this one",
        "inferred",
        tests=(
            "tests/ec2/test_delete.py::test_an_id_of_another_region_was_never_issued_here",
            "tests/ec2/test_concurrency.py::test_an_id_means_nothing_in_another_region",
        ),
    ),
    Behaviour(
        "X-11",
        "Of deletes at once, one says what it deleted",
        "inferred",
        tests=("tests/ec2/test_concurrency.py::test_one_deletes_a_name",),
    ),
)
