"""Wire format."""

from __future__ import annotations

from ..behaviour import Behaviour, Body, Header, Matches
from ..sources import CANNED_RESPONSES, CUSTODIAN, api, stackd, text
from .materials import ED25519
from .steps import (
    call,
    create_key,
    describe,
    elements,
    filtered,
    form,
    import_key,
    listed,
    not_found,
    texts,
)

_PROLOG = r'<\?xml version="1\.0" encoding="UTF-8"\?>\n'
_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_HEADERS = (
    Header("cache-control", "no-cache, no-store"),
    Header("strict-transport-security", "max-age=31536000; includeSubDomains"),
    Header("content-type", "text/xml;charset=UTF-8"),
    Header("server", "AmazonEC2"),
    Header("date", r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"),
)

BEHAVIOURS = (
    Behaviour(
        "W-1",
        (
            "A success is the prolog and a newline, then one line: `<ACTIONResponse>` with "
            "the namespace `http://ec2.amazonaws.com/doc/2016-11-15/`, and requestId first"
        ),
        "recorded",
        sources=(stackd(),),
        steps=(
            import_key(
                Body(
                    _PROLOG
                    + '<ImportKeyPairResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>[^\n]*</ImportKeyPairResponse>'
                )
            ),
        ),
    ),
    Behaviour(
        "W-2",
        "CreateKeyPair: keyName, keyFingerprint, keyMaterial, keyPairId, tagSet",
        "recorded",
        sources=(stackd("call 1"),),
        steps=(
            create_key(
                elements("", "requestId keyName keyFingerprint keyMaterial keyPairId tagSet")
            ),
        ),
    ),
    Behaviour(
        "W-3",
        "ImportKeyPair: keyName, keyPairId, keyFingerprint, tagSet",
        "recorded",
        sources=(stackd("calls 47"),),
        steps=(import_key(elements("", "requestId keyName keyPairId keyFingerprint tagSet")),),
    ),
    Behaviour(
        "W-4",
        "In both, tagSet is left out where no tags were given",
        "recorded",
        sources=(
            stackd("calls 66"),
            stackd("calls 3", "key_pairs_supplement"),
        ),
        steps=(
            call(
                "CreateKeyPair",
                {"KeyName": "{prefix}a", "KeyType": "ed25519"},
                elements("", "requestId keyName keyFingerprint keyMaterial keyPairId"),
            ),
            call(
                "ImportKeyPair",
                {"KeyName": "{prefix}b", "PublicKeyMaterial": ED25519},
                elements("", "requestId keyName keyPairId keyFingerprint"),
            ),
        ),
    ),
    Behaviour(
        "W-5",
        (
            "An item of DescribeKeyPairs: keyName, keyPairId, keyFingerprint, keyType, "
            "publicKey, createTime, tagSet"
        ),
        "recorded",
        sources=(stackd("calls 4", "key_pairs_supplement"),),
        steps=(
            import_key(),
            describe(
                elements(
                    "keySet/item",
                    "keyName keyPairId keyFingerprint keyType publicKey createTime tagSet",
                )
            ),
        ),
    ),
    Behaviour(
        "W-6",
        "An empty answer is `<keySet/>`, an item without tags has `<tagSet/>`",
        "recorded",
        sources=(
            stackd("call 27"),
            stackd("calls 4", "key_pairs_supplement"),
        ),
        steps=(
            call(
                "DescribeKeyPairs",
                {"Filters": filtered({"key-name": ["{prefix}x"]})},
                Body(".*</requestId><keySet/></DescribeKeyPairsResponse>"),
            ),
            call("ImportKeyPair", {"KeyName": "{prefix}a", "PublicKeyMaterial": ED25519}),
            describe(Body(".*<tagSet/></item></keySet></DescribeKeyPairsResponse>")),
        ),
    ),
    Behaviour(
        "W-7",
        "DeleteKeyPair: return, and keyPairId where something was deleted",
        "recorded",
        sources=(
            stackd("calls 74, 77, 79"),
            stackd("calls 17, 18", "key_pairs_supplement"),
        ),
        steps=(
            import_key(),
            call(
                "DeleteKeyPair",
                {"KeyName": "{prefix}a"},
                elements("", "requestId return keyPairId"),
            ),
            call("DeleteKeyPair", {"KeyName": "{prefix}a"}, elements("", "requestId return")),
        ),
    ),
    Behaviour(
        "W-8",
        "CreateTags and DeleteTags: return",
        "recorded",
        sources=(stackd("calls 29, 31"),),
        steps=(
            import_key(id="keyPairId"),
            call(
                "CreateTags",
                {"Resources": ["{id}"], "Tags": listed({"a": "b"})},
                elements("", "requestId return"),
                texts("return", "true"),
            ),
            call(
                "DeleteTags",
                {"Resources": ["{id}"], "Tags": [{"Key": "a"}]},
                elements("", "requestId return"),
                texts("return", "true"),
            ),
        ),
    ),
    Behaviour(
        "W-9",
        "A tag is an item with key and value",
        "recorded",
        sources=(stackd(),),
        steps=(import_key(elements("tagSet/item", "key value")),),
    ),
    Behaviour(
        "W-10",
        "An item of DescribeTags: resourceId, resourceType, key, value",
        "documented",
        sources=(api("DescribeTags"),),
        steps=(
            import_key(id="keyPairId"),
            call(
                "DescribeTags",
                {"Filters": filtered({"resource-id": ["{id}"]})},
                elements("tagSet/item", "resourceId resourceType key value"),
            ),
        ),
    ),
    Behaviour(
        "W-11",
        (
            "An error is `<Response><Errors><Error>` with Code and Message, then RequestID "
            "with a capital ID, without a namespace; HTTP 400 if nothing else is said"
        ),
        "recorded",
        sources=(stackd(),),
        steps=(
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}x"]},
                not_found("{prefix}x"),
                Body(
                    _PROLOG
                    + "<Response><Errors><Error><Code>[^<]*</Code><Message>[^<]*</Message></Error>"
                    "</Errors><RequestID>[0-9a-f-]{36}</RequestID></Response>"
                ),
            ),
        ),
    ),
    Behaviour(
        "W-12",
        (
            "requestId is a lower-case UUID, the same as in the header x-amzn-requestid, "
            "and new in each answer"
        ),
        "recorded",
        sources=(
            stackd(),
            CUSTODIAN,
        ),
        steps=(
            call(
                "DeleteKeyPair",
                {"KeyName": "{prefix}x"},
                Matches("requestId", _UUID),
                Header("x-amzn-requestid", "{request}"),
                request="requestId",
            ),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}x"]},
                not_found("{prefix}x"),
                Matches("RequestID", _UUID),
                Header("x-amzn-requestid", "{request}"),
                request="RequestID",
            ),
        ),
    ),
    Behaviour(
        "W-13",
        "The headers, to the letter; errors add `connection: close`",
        "recorded",
        sources=(CUSTODIAN,),
        steps=(
            call("DeleteKeyPair", {"KeyName": "{prefix}x"}, *_HEADERS),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}x"]},
                not_found("{prefix}x"),
                *_HEADERS,
                Header("connection", "close"),
            ),
        ),
    ),
    Behaviour(
        "W-14",
        "What stands for markup is escaped, in names, tags and messages",
        "inferred",
        steps=(
            import_key(texts("keyName", "{prefix}<a&b>"), name="{prefix}<a&b>"),
            call("DescribeKeyPairs", {"KeyNames": ["{prefix}<x&y>"]}, not_found("{prefix}<x&y>")),
        ),
    ),
    Behaviour(
        "W-15",
        "Tag values come back as they were, carriage returns too",
        "inferred",
        steps=(
            import_key(
                texts("tagSet/item/value", "{run}", " a\n\t<b>&amp;\r"),
                tags={"a": " a\n\t<b>&amp;\r"},
            ),
        ),
    ),
    Behaviour(
        "W-16",
        (
            "Characters that XML cannot hold come back as U+FFFD; they are kept, and "
            "filters find them"
        ),
        "unknown",
        tests=(
            "tests/ec2/test_wire.py::test_any_tag_value_comes_back",
            "tests/ec2/test_wire.py::test_any_name_in_an_error_can_be_read",
            "tests/ec2/test_wire.py::test_a_tag_value_that_xml_cannot_hold_is_still_kept",
        ),
    ),
    Behaviour(
        "W-17",
        "The namespace of an answer follows the request's `Version`",
        "community",
        sources=(text("Output of AWS that users pasted"),),
        steps=(
            form(
                [("Action", "DeleteKeyPair"), ("Version", "2014-10-01"), ("KeyName", "{prefix}x")],
                Body(
                    _PROLOG
                    + '<DeleteKeyPairResponse xmlns="http://ec2.amazonaws.com/doc/2014-10-01/">.*'
                ),
            ),
        ),
    ),
    Behaviour(
        "W-18",
        (
            "The header `vary: accept-encoding` is there in errors and in successes of "
            "2,048 bytes or more, and in no others"
        ),
        "recorded",
        sources=(
            CANNED_RESPONSES,
            CUSTODIAN,
        ),
        steps=(
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}x"]},
                not_found("{prefix}x"),
                Header("vary", "accept-encoding"),
            ),
            call("DeleteKeyPair", {"KeyName": "{prefix}x"}, Header("vary", None)),
            create_key(Header("vary", "accept-encoding"), more={"KeyType": "rsa"}),
        ),
    ),
)
