"""Every action."""

from __future__ import annotations

from ..behaviour import Behaviour, Error
from ..sources import DOCS, ERROR_CODES, api, issue, stackd, text
from .materials import ED25519
from .steps import (
    DRY_RUN,
    DUPLICATE,
    VERSION,
    call,
    create_key,
    enumerated,
    filtered,
    form,
    import_key,
    invalid_value,
    missing,
    not_found,
    texts,
    unknown,
)

_DELETE = [("Action", "DeleteKeyPair"), VERSION, ("KeyName", "{prefix}x")]

BEHAVIOURS = (
    Behaviour(
        "R-1",
        (
            "A dry run by who is allowed: `DryRunOperation`, HTTP 412, Request would have "
            "succeeded, but DryRun flag is set. It wins over every check of parameters, in "
            "all four key pair actions"
        ),
        "recorded",
        sources=(
            stackd("calls 42 to 46, 70, 72"),
            stackd("calls 12 to 16", "key_pairs_supplement"),
            stackd("call 1", "key_pairs_dry_run"),
        ),
        steps=(
            create_key(DRY_RUN, more={"KeyType": "ecdsa", "DryRun": True}),
            call(
                "ImportKeyPair",
                {"KeyName": "{prefix}a", "PublicKeyMaterial": "not a public key", "DryRun": True},
                DRY_RUN,
            ),
            call(
                "DescribeKeyPairs",
                {"KeyNames": ["{prefix}x"], "KeyPairIds": ["bad"], "DryRun": True},
                DRY_RUN,
            ),
            call("DeleteKeyPair", {"KeyPairId": "bad", "DryRun": True}, DRY_RUN),
        ),
    ),
    Behaviour(
        "R-2",
        "So it does in the three tag actions, and over an unknown parameter",
        "inferred",
        steps=(
            call("CreateTags", {"DryRun": True}, DRY_RUN),
            call("DeleteTags", {"DryRun": True}, DRY_RUN),
            call("DescribeTags", {"Filters": filtered({"x": ["y"]}), "DryRun": True}, DRY_RUN),
            form(
                [
                    ("Action", "DeleteKeyPair"),
                    VERSION,
                    ("KeyName", "{prefix}x"),
                    ("Nothing", "a"),
                    ("DryRun", "true"),
                ],
                DRY_RUN,
            ),
        ),
    ),
    Behaviour(
        "R-3",
        "A dry run by who is not allowed: `UnauthorizedOperation`, HTTP 403",
        "documented",
        sources=(api("CreateKeyPair"),),
        tests=("tests/ec2/test_errors.py::test_not_authorized",),
    ),
    Behaviour(
        "R-4",
        (
            "Not allowed: `UnauthorizedOperation`, HTTP 403, with the user, the action, the"
            " key pair's ARN by its name, and an encoded message; the text is that of an "
            "explicit deny"
        ),
        "community",
        sources=(text("Terraform, output of ImportKeyPair that users pasted"),),
        tests=(
            "tests/ec2/test_errors.py::test_not_authorized",
            "tests/ec2/test_errors.py::test_one_denied_key_pair_denies_the_call",
        ),
    ),
    Behaviour(
        "R-5",
        "A describe that is not allowed names no resource and has no encoded message",
        "community",
        sources=(text("Output of DescribeVpcs that users pasted"),),
        tests=("tests/ec2/test_errors.py::test_not_authorized_to_describe",),
    ),
    Behaviour(
        "R-6",
        "Nor has a request that names no key pair; an unknown ID stands where the name would",
        "inferred",
        tests=(
            "tests/ec2/test_errors.py::test_without_a_name_the_refusal_names_no_resource",
            "tests/ec2/test_errors.py::test_not_authorized",
        ),
    ),
    Behaviour(
        "R-7",
        "ARNs in China, GovCloud and the isolated Regions have their partitions",
        "documented",
        sources=(
            text(
                "AWS General Reference, partitions of ARNs",
                "2026-11-24",
                DOCS + "IAM/latest/UserGuide/reference-arns.html",
            ),
        ),
        tests=("tests/ec2/test_errors.py::test_arns_are_those_of_the_region",),
    ),
    Behaviour(
        "R-8",
        (
            "`AuthFailure` (401), `RequestExpired` (400) and `RequestLimitExceeded` (503), "
            "when a test asks for them"
        ),
        "community",
        sources=(
            ERROR_CODES,
            text("Output of ImportKeyPair and DescribeKeyPairs that users pasted"),
        ),
        tests=("tests/ec2/test_errors.py::test_errors_of_the_service",),
    ),
    Behaviour(
        "R-9",
        "`InternalError` (500) and `Unavailable` (503), when a test asks for them",
        "inferred",
        tests=(
            "tests/ec2/test_failures.py::test_fails_once",
            "tests/ec2/test_failures.py::test_the_client_retries",
        ),
    ),
    Behaviour(
        "R-10",
        (
            "An unknown parameter: `UnknownParameter`, The parameter X is not recognized, "
            "where X is the one component of the name that is not known; case counts"
        ),
        "community",
        sources=(
            issue("aws/aws-cli", 33),
            issue("aws/aws-sdk-js", 54),
            issue("aws/aws-sdk-js", 403),
        ),
        steps=(
            form([*_DELETE, ("Nothing", "a")], unknown("Nothing")),
            form(
                [
                    ("Action", "DescribeKeyPairs"),
                    VERSION,
                    ("KeyName.1", "{prefix}x"),
                    ("Filter.1.Name", "key-name"),
                    ("Filter.1.Item.1", "a"),
                ],
                unknown("Item"),
            ),
        ),
    ),
    Behaviour(
        "R-11",
        (
            "A parameter of another action, or in other case, is unknown; this is found "
            "before any other check but the dry run"
        ),
        "inferred",
        steps=(
            form([*_DELETE, ("PublicKeyMaterial", "a")], unknown("PublicKeyMaterial")),
            form([*_DELETE, ("keyPairId", "bad")], unknown("keyPairId")),
        ),
    ),
    Behaviour(
        "R-12",
        "An unknown action: `InvalidAction`, The action X is not valid for this web service.",
        "community",
        sources=(
            text("Output of AWS that users pasted"),
            ERROR_CODES,
        ),
        steps=(
            form(
                [("Action", "DescribeKeyPairz"), VERSION],
                Error(
                    "InvalidAction",
                    "The action DescribeKeyPairz is not valid for this web service.",
                ),
            ),
        ),
    ),
    Behaviour(
        "R-13",
        ("No action: `MissingAction`, The request is missing an action or a required parameter."),
        "inferred",
        steps=(
            form(
                [VERSION],
                Error("MissingAction", "The request is missing an action or a required parameter."),
            ),
        ),
    ),
    Behaviour(
        "R-14",
        (
            "A form that is no UTF-8: `InvalidHttpRequest`, The HTTP request is invalid. "
            "Reason: Unable to parse request"
        ),
        "inferred",
        tests=("tests/ec2/test_service.py::test_malformed_forms",),
    ),
    Behaviour(
        "R-15",
        (
            "A parameter given twice: `InvalidParameterCombination`, The parameter 'X' may "
            "only be specified once., where X is the last component of its name (the text "
            "is an old sighting without its code)"
        ),
        "community",
        sources=(issue("flexera/right_aws", 46, "2011"),),
        steps=(
            form(
                [*_DELETE, ("KeyName", "{prefix}y")],
                Error(
                    "InvalidParameterCombination",
                    "The parameter 'KeyName' may only be specified once.",
                ),
            ),
        ),
    ),
    Behaviour(
        "R-16",
        (
            "Booleans are `true` and `false`, in any case; all else is "
            "`InvalidParameterValue`, empty values too"
        ),
        "inferred",
        steps=(
            form([*_DELETE, ("DryRun", "TRUE")], DRY_RUN),
            form(
                [*_DELETE, ("DryRun", "maybe")],
                invalid_value("Invalid value 'maybe' for boolean parameter DryRun"),
            ),
        ),
    ),
    Behaviour(
        "R-17",
        "Integers are up to nine digits; all else is `InvalidParameterValue`",
        "inferred",
        steps=(
            form(
                [
                    ("Action", "DescribeTags"),
                    VERSION,
                    ("Filter.1.Name", "value"),
                    ("Filter.1.Value.1", "{run}"),
                    ("MaxResults", "many"),
                ],
                invalid_value("Invalid value 'many' for integer parameter MaxResults"),
            ),
        ),
    ),
    Behaviour(
        "R-18",
        "The items of a list count by their numbers, which may leave gaps",
        "inferred",
        steps=(
            form(
                [
                    ("Action", "DescribeKeyPairs"),
                    VERSION,
                    ("KeyName.7", "{prefix}y"),
                    ("KeyName.2", "{prefix}x"),
                ],
                not_found("{prefix}x"),
            ),
        ),
    ),
    Behaviour(
        "R-19",
        "Parameters may be in the URL, in the body, or in both",
        "documented",
        sources=(
            text(
                "EC2 API Reference, Query requests",
                "2026-11-24",
                DOCS + "AWSEC2/latest/APIReference/Query-Requests.html",
            ),
        ),
        tests=(
            "tests/ec2/test_service.py::test_a_get_has_its_parameters_in_the_url",
            "tests/ec2/test_service.py::test_url_and_body_are_one_form",
        ),
    ),
    Behaviour(
        "R-20",
        "A dry run is checked before the name, and the duplicate before the material",
        "recorded",
        sources=(stackd("calls 42 to 46, 71, 72"),),
        steps=(
            create_key(DRY_RUN, name="", more={"DryRun": True}),
            import_key(),
            import_key(DUPLICATE, material="not a public key"),
        ),
    ),
    Behaviour(
        "R-21",
        (
            "The whole order: permission, dry run, KeyName, KeyType, KeyFormat, tags, "
            "duplicate, material, quota"
        ),
        "inferred",
        steps=(
            create_key(missing("KeyName"), name="", more={"KeyType": "ecdsa"}),
            create_key(
                enumerated("ecdsa", "keyType", "[rsa, ed25519]"),
                more={"KeyType": "ecdsa", "KeyFormat": "der"},
            ),
            create_key(
                enumerated("der", "keyFormat", "[ppk, pem]"),
                more={"KeyFormat": "der", "TagSpecifications": [{"ResourceType": "key-pair"}]},
            ),
            import_key(),
            call(
                "ImportKeyPair",
                {
                    "KeyName": "{prefix}a",
                    "PublicKeyMaterial": ED25519,
                    "TagSpecifications": [{"ResourceType": "key-pair"}],
                },
                invalid_value("Tag specification must have at least one tag"),
            ),
        ),
    ),
    Behaviour(
        "R-22",
        "The Region is that of the signature, else of the host, else us-east-1",
        "inferred",
        tests=("tests/ec2/test_service.py::test_region",),
    ),
    Behaviour(
        "R-23",
        (
            "A list of one may be named without an index (`KeyName=a`), as Apache Libcloud "
            "does; together with `KeyName.1` it is given twice"
        ),
        "inferred",
        steps=(
            import_key(),
            form(
                [("Action", "DescribeKeyPairs"), VERSION, ("KeyName", "{prefix}a")],
                texts("keySet/item/keyName", "{prefix}a"),
            ),
        ),
    ),
    Behaviour(
        "R-24",
        (
            "A request that is not signed: `MissingParameter`, The request must contain the"
            " parameter AWSAccessKeyId"
        ),
        "community",
        sources=(text("Output of AWS that users pasted"),),
        steps=(form(_DELETE, missing("AWSAccessKeyId"), headers={"Authorization": None}),),
        over_http=True,
    ),
    Behaviour(
        "R-25",
        (
            "A known parameter in another shape, as `KeyName.1` of DeleteKeyPair: "
            "`InvalidRequest`, The request received was invalid."
        ),
        "community",
        sources=(issue("saltstack/salt", 41362, "2017"),),
        steps=(
            form(
                [("Action", "DeleteKeyPair"), VERSION, ("KeyName.1", "{prefix}x")],
                Error("InvalidRequest", "The request received was invalid."),
            ),
        ),
    ),
    Behaviour(
        "R-26",
        (
            "A `Version` that never was: `NoSuchVersion`, The requested version "
            "(2010-03-31) of service AmazonEC2 does not exist"
        ),
        "community",
        sources=(
            issue("boto/boto3", 1138),
            issue("ansible/ansible", 37267),
        ),
        steps=(
            form(
                [("Action", "DeleteKeyPair"), ("Version", "2010-03-31"), ("KeyName", "{prefix}x")],
                Error(
                    "NoSuchVersion",
                    "The requested version (2010-03-31) of service AmazonEC2 does not exist",
                ),
            ),
        ),
    ),
    Behaviour(
        "R-27",
        (
            "An Authorization header in no known form: `AuthFailure` (401), Authorization "
            "header or parameters are not formatted correctly."
        ),
        "community",
        sources=(issue("StreisandEffect/discussions", 181, "2019"),),
        steps=(
            form(
                _DELETE,
                Error(
                    "AuthFailure",
                    "Authorization header or parameters are not formatted correctly.",
                    401,
                ),
                headers={"Authorization": "none"},
            ),
        ),
        over_http=True,
    ),
    Behaviour(
        "R-28",
        (
            "A request that cannot be parsed: `InvalidHttpRequest`, The HTTP request is invalid. "
            "Reason: Unable to parse request"
        ),
        "community",
        sources=(issue("smithy545/aws-apps-scripts", 11, "2021"),),
        tests=(
            "tests/test_server.py::test_broken_http_gets_an_error_document",
            "tests/test_server.py::test_what_is_no_http_gets_an_error_document",
            "tests/ec2/test_service.py::test_malformed_forms",
        ),
    ),
)
