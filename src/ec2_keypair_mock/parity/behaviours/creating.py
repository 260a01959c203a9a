"""CreateKeyPair and ImportKeyPair."""

from __future__ import annotations

from typing import Any

from ..behaviour import MARK, PREFIX_LENGTH, Behaviour
from ..sources import CDK_PREFLIGHT, ERROR_CODES, OPENSTACK, PERFKIT, issue, stackd, text
from .materials import ED25519
from .steps import (
    BAD_FORMAT,
    DUPLICATE,
    NO_TAG_KEY,
    TAG,
    TAGGED,
    TOO_MANY_TAGS,
    call,
    create_key,
    enumerated,
    filtered,
    find,
    import_key,
    invalid_value,
    listed,
    missing,
    texts,
)

_LONGEST = "{prefix}" + "x" * (255 - PREFIX_LENGTH)
# All but the braces, which name values.
_PRINTABLE = "{prefix}" + "".join(chr(each) for each in range(0x21, 0x7F) if chr(each) not in "{}")


def _specified(tags: dict[str, str], resource_type: str = "key-pair") -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": resource_type, "Tags": listed(tags)}]}


BEHAVIOURS = (
    Behaviour(
        "C-1",
        "A name that is taken: `InvalidKeyPair.Duplicate`, The keypair already exists",
        "recorded",
        sources=(stackd("calls 9, 71"),),
        steps=(
            create_key(),
            create_key(DUPLICATE),
            import_key(DUPLICATE),
        ),
    ),
    Behaviour(
        "C-2",
        "The duplicate is found before the material is parsed",
        "recorded",
        sources=(stackd("call 71"),),
        steps=(
            import_key(),
            import_key(DUPLICATE, material="not a public key"),
        ),
    ),
    Behaviour(
        "C-3",
        "An empty KeyName: `MissingParameter`, The request must contain the parameter KeyName",
        "recorded",
        sources=(stackd("call 33"),),
        steps=(
            create_key(missing("KeyName"), name=""),
            import_key(missing("KeyName"), name=""),
        ),
    ),
    Behaviour(
        "C-4",
        "The same where it is absent",
        "inferred",
        steps=(
            call("CreateKeyPair", {"TagSpecifications": TAGGED}, missing("KeyName")),
            call(
                "ImportKeyPair",
                {"PublicKeyMaterial": ED25519, "TagSpecifications": TAGGED},
                missing("KeyName"),
            ),
        ),
    ),
    Behaviour(
        "C-5",
        (
            "A name of more than 255 characters, beyond ASCII, or with a blank in front: "
            "`InvalidParameterValue` with a text for each"
        ),
        "recorded",
        sources=(stackd("calls 35, 36, 38"),),
        steps=(
            create_key(
                invalid_value(
                    "Value for parameter KeyName is invalid. Length exceeds maximum of 255."
                ),
                name=_LONGEST + "x",
            ),
            create_key(
                invalid_value(
                    "Value for parameter KeyName is invalid. "
                    "Character sets beyond ASCII are not supported."
                ),
                name="{prefix}é",
            ),
            create_key(
                invalid_value("Invalid value ' {prefix}a' for keyName. It should be trimmed"),
                name=" {prefix}a",
            ),
        ),
    ),
    Behaviour(
        "C-6",
        "A name with a blank at its end, as with one in front",
        "community",
        sources=(CDK_PREFLIGHT,),
        steps=(
            create_key(
                invalid_value("Invalid value '{prefix}a ' for keyName. It should be trimmed"),
                name="{prefix}a ",
            ),
        ),
    ),
    Behaviour(
        "C-7",
        (
            "A name with a control character: Value for parameter a⏎b is invalid. KeyName "
            "(AWS swaps name and value)"
        ),
        "recorded",
        sources=(stackd("call 37"),),
        steps=(
            create_key(
                invalid_value("Value for parameter {prefix}a\nb is invalid. KeyName"),
                name="{prefix}a\nb",
            ),
        ),
    ),
    Behaviour(
        "C-8",
        "A name is checked in this order: length, ASCII, blanks, control characters",
        "inferred",
        tests=("tests/ec2/test_create.py::test_refuses_names",),
    ),
    Behaviour(
        "C-9",
        "Blanks inside a name",
        "recorded",
        sources=(OPENSTACK,),
        steps=(import_key(texts("keyName", "{prefix}a b"), name="{prefix}a b"),),
    ),
    Behaviour(
        "C-10",
        "Every other printable ASCII character in a name",
        "inferred",
        steps=(import_key(texts("keyName", _PRINTABLE), name=_PRINTABLE),),
    ),
    Behaviour(
        "C-11",
        "The case of names counts",
        "inferred",
        steps=(
            import_key(name="{prefix}a"),
            import_key(name="{prefix}A"),
        ),
    ),
    Behaviour(
        "C-12",
        "A name is free again when its key pair is deleted; the new one has another ID",
        "inferred",
        steps=(
            import_key(id="keyPairId"),
            call("DeleteKeyPair", {"KeyName": "{prefix}a"}),
            import_key(),
            call(
                "DescribeKeyPairs",
                {"Filters": filtered({"key-name": ["{prefix}a"], "key-pair-id": ["{id}"]})},
                texts("keySet/item/keyName"),
            ),
        ),
    ),
    Behaviour(
        "C-13",
        (
            "An unknown KeyType: `InvalidParameterValue`, Member must satisfy enum value "
            "set: [rsa, ed25519]"
        ),
        "recorded",
        sources=(stackd("call 39"),),
        steps=(
            create_key(enumerated("ecdsa", "keyType", "[rsa, ed25519]"), more={"KeyType": "ecdsa"}),
        ),
    ),
    Behaviour(
        "C-14",
        (
            "An unknown KeyFormat: `InvalidParameterValue`, Member must satisfy enum value "
            "set: [ppk, pem]"
        ),
        "recorded",
        sources=(stackd("call 40"),),
        steps=(
            create_key(enumerated("der", "keyFormat", "[ppk, pem]"), more={"KeyFormat": "der"}),
        ),
    ),
    Behaviour(
        "C-15",
        (
            "More than 5,000 key pairs in a Region: `KeyPairLimitExceeded`, Maximum of 5000"
            " keypairs reached."
        ),
        "community",
        sources=(
            PERFKIT,
            ERROR_CODES,
        ),
        tests=(
            "tests/ec2/test_import.py::test_the_quota_is_5000_key_pairs_in_a_region",
            "tests/ec2/test_concurrency.py::test_one_takes_the_last_place_of_the_quota",
        ),
    ),
    Behaviour(
        "C-16",
        (
            "A tag specification for another resource: `InvalidParameterValue`, 'instance' "
            "is not a valid taggable resource type for this operation."
        ),
        "recorded",
        sources=(stackd("call 41"),),
        steps=(
            create_key(
                invalid_value(
                    "'instance' is not a valid taggable resource type for this operation."
                ),
                more=_specified({"a": ""}, "instance"),
            ),
        ),
    ),
    Behaviour(
        "C-17",
        (
            "A tag key twice, an `aws:` key, a specification without tags or without "
            "ResourceType, a value of more than 256 characters: `InvalidParameterValue` "
            "with a text for each"
        ),
        "community",
        sources=(
            issue("cloud-custodian/cloud-custodian", 3792),
            text("Output of RunInstances and CreateImage that users pasted", "2019 to 2022"),
        ),
        steps=(
            create_key(
                invalid_value("Duplicate tag key 'Name' specified."),
                more={
                    "TagSpecifications": [
                        {"ResourceType": "key-pair", "Tags": listed({"Name": "a"}) * 2}
                    ]
                },
            ),
            create_key(
                invalid_value("Tag keys starting with 'aws:' are reserved for internal use"),
                more=_specified({"aws:x": "a"}),
            ),
            create_key(
                invalid_value("Tag specification must have at least one tag"), more=_specified({})
            ),
            create_key(
                invalid_value("Tag specification resource type must have a value"),
                more={"TagSpecifications": [{"Tags": [TAG]}]},
            ),
            create_key(
                invalid_value("Tag value exceeds the maximum length of 256 characters"),
                more=_specified({"a": "v" * 257}),
            ),
        ),
    ),
    Behaviour(
        "C-18",
        (
            "A tag key of more than 128 characters: `InvalidParameterValue`, Tag key "
            "exceeds the maximum length of 128 characters"
        ),
        "inferred",
        steps=(
            create_key(
                invalid_value("Tag key exceeds the maximum length of 128 characters"),
                more=_specified({"k" * 129: ""}),
            ),
        ),
    ),
    Behaviour(
        "C-19",
        (
            "An empty tag key, or none, with the text of CreateTags: "
            "`InvalidParameterValue`, Value ( '' ) for parameter Tag key is invalid. Tag "
            "key cannot be null or empty."
        ),
        "inferred",
        steps=(create_key(NO_TAG_KEY, more=_specified({"": "v"})),),
    ),
    Behaviour(
        "C-20",
        (
            "More than 50 tags: `TagLimitExceeded`, The resultant tag set must not have "
            "more than 50 user tags."
        ),
        "inferred",
        steps=(
            create_key(
                TOO_MANY_TAGS, more=_specified({f"key {number}": "" for number in range(51)})
            ),
        ),
    ),
    Behaviour(
        "C-21",
        "Several specifications for key pairs add up; a key may not be in two of them",
        "inferred",
        steps=(
            create_key(
                texts("tagSet/item/key", MARK, "a"),
                more={"TagSpecifications": [*TAGGED, *_specified({"a": ""})["TagSpecifications"]]},
            ),
            create_key(
                invalid_value("Duplicate tag key 'a' specified."),
                name="{prefix}b",
                more={"TagSpecifications": _specified({"a": "1"})["TagSpecifications"] * 2},
            ),
        ),
    ),
    Behaviour(
        "C-22",
        "A tag without a value has an empty one",
        "inferred",
        steps=(
            create_key(
                texts("tagSet/item/value", "{run}", ""),
                more={
                    "TagSpecifications": [{"ResourceType": "key-pair", "Tags": [TAG, {"Key": "a"}]}]
                },
            ),
        ),
    ),
    Behaviour(
        "C-23",
        "A call that fails makes nothing",
        "inferred",
        steps=(
            create_key(enumerated("ecdsa", "keyType", "[rsa, ed25519]"), more={"KeyType": "ecdsa"}),
            import_key(BAD_FORMAT, material="not a public key"),
            find({"key-name": ["{prefix}*"]}),
        ),
    ),
    Behaviour(
        "C-24",
        "Of calls at once for one name, one wins",
        "inferred",
        tests=(
            "tests/ec2/test_concurrency.py::test_one_wins_a_name",
            "tests/ec2/test_concurrency.py::test_all_win_names_of_their_own",
        ),
    ),
)
