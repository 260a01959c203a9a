"""Tags."""

from __future__ import annotations

from ..behaviour import MARK, Behaviour, Error, Matches
from ..sources import CUSTODIAN, api, issue, stackd, text
from .steps import (
    NO_TAG_KEY,
    TOO_MANY_TAGS,
    UNKNOWN_ID,
    call,
    describe,
    filtered,
    import_key,
    invalid_value,
    listed,
    missing,
    not_found,
    texts,
)

_SIX = {f"key {number}": "{prefix}v" for number in range(6)}


def _invalid_id(each: str) -> Error:
    return Error("InvalidID", f"The ID '{each}' is not valid")


BEHAVIOURS = (
    Behaviour(
        "T-1",
        (
            "CreateTags on a key pair's ID shows in the next describe; a key that is there "
            "already has the new value"
        ),
        "recorded",
        sources=(stackd("calls 29, 30"),),
        steps=(
            import_key(tags={"Name": "old"}, id="keyPairId"),
            call(
                "CreateTags", {"Resources": ["{id}"], "Tags": listed({"Name": "new", "Stage": ""})}
            ),
            describe(
                texts("keySet/item/tagSet/item/key", MARK, "Name", "Stage"),
                texts("keySet/item/tagSet/item/value", "{run}", "new", ""),
            ),
        ),
    ),
    Behaviour(
        "T-2",
        "DeleteTags with a key removes the tag",
        "recorded",
        sources=(stackd("calls 31, 32"),),
        steps=(
            import_key(tags={"Name": "a"}, id="keyPairId"),
            call("DeleteTags", {"Resources": ["{id}"], "Tags": [{"Key": "Name"}]}),
            describe(texts("keySet/item/tagSet/item/key", MARK)),
        ),
    ),
    Behaviour(
        "T-3",
        "With a value it does so only where the value is the same, an empty one too",
        "documented",
        sources=(api("DeleteTags"),),
        steps=(
            import_key(tags={"Name": "a", "Empty": ""}, id="keyPairId"),
            call("DeleteTags", {"Resources": ["{id}"], "Tags": listed({"Name": "b"})}),
            describe(texts("keySet/item/tagSet/item/key", MARK, "Name", "Empty")),
            call("DeleteTags", {"Resources": ["{id}"], "Tags": listed({"Name": "a", "Empty": ""})}),
            describe(texts("keySet/item/tagSet/item/key", MARK)),
        ),
    ),
    Behaviour(
        "T-4",
        "Without tags it removes all of them",
        "documented",
        sources=(api("DeleteTags"),),
        steps=(
            import_key(tags={"Name": "a"}, id="keyPairId"),
            call("DeleteTags", {"Resources": ["{id}"]}),
            describe(texts("keySet/item/tagSet/item/key")),
        ),
    ),
    Behaviour(
        "T-5",
        (
            "DescribeTags lists them with the type `key-pair`; filters are `key`, `value`, "
            "`resource-id`, `resource-type` and `tag:<key>`"
        ),
        "documented",
        sources=(api("DescribeTags"),),
        steps=(
            import_key(tags={"Name": "a"}, id="keyPairId"),
            call(
                "DescribeTags",
                {
                    "Filters": filtered(
                        {
                            "resource-id": ["{id}"],
                            "resource-type": ["key-pair"],
                            "key": ["Name"],
                            "value": ["a"],
                        }
                    )
                },
                texts("tagSet/item/resourceType", "key-pair"),
                texts("tagSet/item/key", "Name"),
            ),
            call(
                "DescribeTags",
                {"Filters": filtered({"resource-id": ["{id}"], "tag:Name": ["a"]})},
                texts("tagSet/item/key", "Name"),
            ),
        ),
    ),
    Behaviour(
        "T-6",
        "Tags go with their key pair",
        "inferred",
        steps=(
            import_key(id="keyPairId"),
            call("DeleteKeyPair", {"KeyName": "{prefix}a"}),
            call(
                "DescribeTags",
                {"Filters": filtered({"resource-id": ["{id}"]})},
                texts("tagSet/item/key"),
            ),
        ),
    ),
    Behaviour(
        "T-7",
        (
            "An `aws:` key in CreateTags and DeleteTags: `InvalidParameterValue`, Value ( "
            "aws:x ) for parameter key is invalid. Tag keys starting with 'aws:' are "
            "reserved for internal use"
        ),
        "community",
        sources=(
            issue("kubernetes-sigs/cluster-api-provider-aws", 5461),
            issue("cloud-custodian/cloud-custodian", 5975),
        ),
        steps=(
            import_key(id="keyPairId"),
            *(
                call(
                    action,
                    {"Resources": ["{id}"], "Tags": listed({"aws:x": "a"})},
                    invalid_value(
                        "Value ( aws:x ) for parameter key is invalid. "
                        "Tag keys starting with 'aws:' are reserved for internal use"
                    ),
                )
                for action in ("CreateTags", "DeleteTags")
            ),
        ),
    ),
    Behaviour(
        "T-8",
        "Over-long keys and values are refused as at the creation",
        "inferred",
        steps=(
            import_key(id="keyPairId"),
            call(
                "CreateTags",
                {"Resources": ["{id}"], "Tags": listed({"k" * 129: ""})},
                invalid_value("Tag key exceeds the maximum length of 128 characters"),
            ),
            call(
                "CreateTags",
                {"Resources": ["{id}"], "Tags": listed({"a": "v" * 257})},
                invalid_value("Tag value exceeds the maximum length of 256 characters"),
            ),
        ),
    ),
    Behaviour(
        "T-9",
        "More than 50 through CreateTags: `TagLimitExceeded`",
        "community",
        sources=(
            text("Output of aws-cli version 2 that users pasted"),
            text("AWS Backup Developer Guide"),
        ),
        steps=(
            import_key(tags={f"key {number}": "" for number in range(49)}, id="keyPairId"),
            call(
                "CreateTags",
                {"Resources": ["{id}"], "Tags": listed({"one more": ""})},
                TOO_MANY_TAGS,
            ),
        ),
    ),
    Behaviour(
        "T-10",
        (
            "CreateTags without resources: `MissingParameter`, The request must contain the"
            " parameter resourceIdSet"
        ),
        "recorded",
        sources=(CUSTODIAN,),
        steps=(call("CreateTags", {"Tags": listed({"a": "b"})}, missing("resourceIdSet")),),
    ),
    Behaviour(
        "T-11",
        "DeleteTags without resources: the same",
        "inferred",
        steps=(call("DeleteTags", {"Tags": listed({"a": "b"})}, missing("resourceIdSet")),),
    ),
    Behaviour(
        "T-12",
        (
            "CreateTags without tags: `InvalidParameterValue`, You must specify one or more"
            " tags to create"
        ),
        "community",
        sources=(
            issue("dask/dask-ec2", 90, "2017"),
            issue("mitchellh/vagrant-aws", 260, "2014"),
        ),
        steps=(
            import_key(id="keyPairId"),
            call(
                "CreateTags",
                {"Resources": ["{id}"]},
                invalid_value("You must specify one or more tags to create"),
            ),
        ),
    ),
    Behaviour(
        "T-13",
        (
            "CreateTags with a tag that has no value: `InvalidParameterValue`, Tag value "
            "cannot be null. Use empty string instead."
        ),
        "inferred",
        steps=(
            import_key(id="keyPairId"),
            call(
                "CreateTags",
                {"Resources": ["{id}"], "Tags": [{"Key": "a"}]},
                invalid_value("Tag value cannot be null. Use empty string instead."),
            ),
        ),
    ),
    Behaviour(
        "T-14",
        (
            "CreateTags with a key twice: `InvalidParameterValue`, Duplicate tag key 'Name'"
            " specified."
        ),
        "inferred",
        steps=(
            import_key(id="keyPairId"),
            call(
                "CreateTags",
                {"Resources": ["{id}"], "Tags": listed({"Name": "a"}) * 2},
                invalid_value("Duplicate tag key 'Name' specified."),
            ),
        ),
    ),
    Behaviour(
        "T-15",
        "An ID of no known kind: `InvalidID`, The ID 'x' is not valid",
        "community",
        sources=(text("Output of AWS that users pasted, for an ID with `eipassoc-`"),),
        steps=(
            call(
                "CreateTags",
                {"Resources": ["{prefix}x"], "Tags": listed({"a": "b"})},
                _invalid_id("{prefix}x"),
            ),
        ),
    ),
    Behaviour(
        "T-16",
        "So is a malformed ID of a known kind, as `i-xyz`",
        "inferred",
        steps=(
            call(
                "CreateTags",
                {"Resources": ["i-xyz"], "Tags": listed({"a": "b"})},
                _invalid_id("i-xyz"),
            ),
        ),
    ),
    Behaviour(
        "T-17",
        (
            "An unknown, malformed or deleted `key-` ID: `InvalidKeyPair.NotFound`, The key"
            " pair 'ID' does not exist"
        ),
        "inferred",
        steps=(
            call(
                "CreateTags",
                {"Resources": [UNKNOWN_ID], "Tags": listed({"a": "b"})},
                not_found(UNKNOWN_ID),
            ),
            import_key(id="keyPairId"),
            call("DeleteKeyPair", {"KeyName": "{prefix}a"}),
            call(
                "CreateTags", {"Resources": ["{id}"], "Tags": listed({"a": "b"})}, not_found("{id}")
            ),
        ),
    ),
    Behaviour(
        "T-18",
        "Tags change on all resources of a call or on none",
        "inferred",
        steps=(
            import_key(id="keyPairId"),
            call(
                "CreateTags",
                {"Resources": ["{id}", UNKNOWN_ID], "Tags": listed({"a": "b"})},
                not_found(UNKNOWN_ID),
            ),
            describe(texts("keySet/item/tagSet/item/key", MARK)),
        ),
    ),
    Behaviour(
        "T-19",
        "Of calls at once no tag is lost",
        "inferred",
        tests=("tests/ec2/test_concurrency.py::test_no_tag_is_lost",),
    ),
    Behaviour(
        "T-20",
        "MaxResults of DescribeTags is 5 to 1000; all else is `InvalidParameterValue`",
        "inferred",
        steps=(
            *(
                call(
                    "DescribeTags",
                    {"Filters": filtered({"value": ["{run}"]}), "MaxResults": size},
                    invalid_value(
                        f"Value ( {size} ) for parameter maxResults is invalid. "
                        f"Expecting a value {limit}."
                    ),
                )
                for size, limit in ((4, "greater than 5"), (1001, "less than 1000"))
            ),
        ),
    ),
    Behaviour(
        "T-21",
        (
            "Pages hold each tag once, and the last has no NextToken; without MaxResults "
            "all tags come at once"
        ),
        "inferred",
        steps=(
            import_key(tags=_SIX, id="keyPairId"),
            call(
                "DescribeTags",
                {"Filters": filtered({"value": ["{prefix}*"]}), "MaxResults": 5},
                Matches("nextToken", ".+"),
                token="nextToken",
            ),
            call(
                "DescribeTags",
                {
                    "Filters": filtered({"value": ["{prefix}*"]}),
                    "MaxResults": 5,
                    "NextToken": "{token}",
                },
                Matches("tagSet/item/key", "key .*"),
                texts("nextToken"),
            ),
            call(
                "DescribeTags",
                {"Filters": filtered({"value": ["{prefix}*"]})},
                texts("tagSet/item/key", *_SIX),
            ),
        ),
    ),
    Behaviour(
        "T-22",
        "NextToken without MaxResults gives the rest; past the end it gives nothing",
        "inferred",
        tests=(
            "tests/ec2/test_tags.py::test_a_token_without_max_results_gives_the_rest",
            "tests/ec2/test_tags.py::test_a_token_past_the_end_gives_nothing",
        ),
    ),
    Behaviour(
        "T-23",
        (
            "A NextToken that is none, with the text of DescribeSubnets: "
            "`InvalidParameterValue`, Value ( TOKEN ) for parameter NextToken is invalid. "
            "The token is invalid."
        ),
        "inferred",
        sources=(stackd("bad token of DescribeSubnets", "pagination", "2026-09-16"),),
        steps=(
            call(
                "DescribeTags",
                {"Filters": filtered({"value": ["{run}"]}), "MaxResults": 5, "NextToken": "none"},
                invalid_value(
                    "Value ( none ) for parameter NextToken is invalid. The token is invalid."
                ),
            ),
        ),
    ),
    Behaviour(
        "T-24",
        (
            "CreateTags with an empty key: `InvalidParameterValue`, Value ( '' ) for "
            "parameter Tag key is invalid. Tag key cannot be null or empty."
        ),
        "community",
        sources=(
            issue("aws/aws-cli", 3283, "2018"),
            issue("hashicorp/terraform-provider-aws", 13211, "2020"),
        ),
        steps=(
            import_key(id="keyPairId"),
            call("CreateTags", {"Resources": ["{id}"], "Tags": listed({"": "b"})}, NO_TAG_KEY),
        ),
    ),
    Behaviour(
        "T-25",
        "A key that is there already may be overwritten when there are 50",
        "community",
        sources=(issue("getmoto/moto", 8150),),
        steps=(
            import_key(tags={f"key {number}": "" for number in range(49)}, id="keyPairId"),
            call("CreateTags", {"Resources": ["{id}"], "Tags": listed({"key 0": "again"})}),
        ),
    ),
    Behaviour(
        "T-26",
        "MaxResults is ignored beside a filter `resource-id`",
        "community",
        sources=(
            issue("cloud-custodian/cloud-custodian", 11069, "2026-08"),
            issue("cloud-custodian/cloud-custodian", 11064, "2026-08"),
        ),
        steps=(
            import_key(tags=_SIX, id="keyPairId"),
            call(
                "DescribeTags",
                {"Filters": filtered({"resource-id": ["{id}"]}), "MaxResults": 5},
                texts("tagSet/item/key", MARK, *_SIX),
                texts("nextToken"),
            ),
        ),
    ),
)
