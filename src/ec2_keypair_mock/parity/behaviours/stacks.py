"""Key pairs in CloudFormation."""

from __future__ import annotations

from ..behaviour import Behaviour
from ..sources import DOCS, issue, text

_RESOURCE = text(
    "CloudFormation Template Reference, AWS::EC2::KeyPair",
    "2026-11-24",
    DOCS + "AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-keypair.html",
)
_SCHEMA = text("CloudFormation resource provider schema of AWS::EC2::KeyPair")
_PARAMETERS = text(
    "CloudFormation User Guide, AWS-specific parameter types",
    "2026-11-24",
    DOCS + "AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html",
)
_ROADMAP = "aws-cloudformation/cloudformation-coverage-roadmap"
_RESOURCES = "tests/moto/test_cloudformation.py::"
_STACKS = "tests/moto/test_stacks.py::"

BEHAVIOURS = (
    Behaviour(
        "S-1",
        (
            "The resource AWS::EC2::KeyPair has the properties KeyName, KeyType (`rsa`), KeyFormat "
            "(`pem`), PublicKeyMaterial and Tags, with these defaults; without PublicKeyMaterial a "
            "key is created"
        ),
        "documented",
        sources=(_RESOURCE, _SCHEMA),
        tests=(
            _RESOURCES + "test_a_whole_life",
            _RESOURCES + "test_ed25519",
            _RESOURCES + "test_ppk",
        ),
    ),
    Behaviour(
        "S-2",
        (
            "A created key's private key is the SecureString `/ec2/keypair/{KeyPairId}` in "
            "Parameter Store: key `alias/aws/ssm`, tier Standard, version 1, data type `text`"
        ),
        "documented",
        sources=(
            _RESOURCE,
            text("Output of describe-parameters in a public README", "2024-04-12"),
        ),
        tests=(_RESOURCES + "test_the_parameter", _RESOURCES + "test_a_whole_life"),
    ),
    Behaviour(
        "S-3",
        (
            "With PublicKeyMaterial, which is plain text, the key is imported: its type is that of "
            "the material, KeyType is ignored, and there is no parameter"
        ),
        "documented",
        sources=(_RESOURCE,),
        tests=(_RESOURCES + "test_imported",),
    ),
    Behaviour(
        "S-4",
        "Ref gives the key name, Fn::GetAtt KeyPairId and KeyFingerprint and nothing else",
        "documented",
        sources=(_RESOURCE, _SCHEMA),
        tests=(
            _RESOURCES + "test_a_whole_life",
            _RESOURCES + "test_a_resource_that_asks_for_such_an_attribute",
        ),
    ),
    Behaviour(
        "S-5",
        "A change of any property replaces the key pair and its parameter",
        "documented",
        sources=(_RESOURCE, _SCHEMA),
        tests=(
            _RESOURCES + "test_every_change_replaces_it",
            _RESOURCES + "test_to_an_imported_one",
        ),
    ),
    Behaviour(
        "S-6",
        "It may keep its key name when it is replaced",
        "unknown",
        tests=(_RESOURCES + "test_every_change_replaces_it",),
    ),
    Behaviour(
        "S-7",
        "The deletion of the stack deletes the key pair and its parameter",
        "documented",
        sources=(_RESOURCE,),
        tests=(_RESOURCES + "test_a_whole_life", _RESOURCES + "test_an_imported_one"),
    ),
    Behaviour(
        "S-8",
        "It leaves a key pair that was made anew under the same name by somebody else",
        "inferred",
        tests=(_RESOURCES + "test_another_one_of_the_name_stays",),
    ),
    Behaviour(
        "S-9",
        (
            "A stack that fails is rolled back: CreateStack answers with a StackId, the event of "
            "the resource is `CREATE_FAILED` with the reason, what was made is deleted, the stack "
            "is `ROLLBACK_COMPLETE`, and waiters end at once"
        ),
        "community",
        sources=(
            issue("aws/amazon-ecs-cli", 466),
            issue("aws/aws-cli", 3952),
        ),
        tests=(_STACKS + "test_is_rolled_back",),
    ),
    Behaviour(
        "S-10",
        (
            "So is an update, to `UPDATE_ROLLBACK_COMPLETE`, by UpdateStack or a change set: "
            "key pairs that it has replaced or deleted are there as before"
        ),
        "inferred",
        tests=(
            _STACKS + "test_a_new_resource",
            _STACKS + "test_a_changed_resource",
            _STACKS + "test_after_others_have_changed",
            _STACKS + "test_after_others_have_gone",
        ),
    ),
    Behaviour(
        "S-11",
        (
            "A stack fails over a key name that is taken, with the handler's error "
            "`AlreadyExists`; the key pair that was there stays"
        ),
        "community",
        sources=(issue(_ROADMAP, 1493),),
        tests=(_STACKS + "test_is_rolled_back",),
    ),
    Behaviour(
        "S-12",
        (
            'Over material that cannot be read: Resource handler returned message: "null" '
            "(RequestToken: UUID, HandlerErrorCode: InvalidRequest)"
        ),
        "community",
        sources=(issue(_ROADMAP, 1711),),
        tests=(_STACKS + "test_is_rolled_back",),
    ),
    Behaviour(
        "S-13",
        (
            "Over an instance whose KeyName is unknown, with a reason that has The key pair "
            "'NAME' does not exist in it"
        ),
        "community",
        sources=(
            issue("aws/amazon-ecs-cli", 466),
            issue("aws/aws-cli", 3952),
            issue("aws-samples/aws-microservices-deploy-options", 53),
        ),
        tests=(_STACKS + "test_is_rolled_back", _STACKS + "test_a_changed_resource"),
    ),
    Behaviour(
        "S-14",
        (
            "The texts around EC2's own in these reasons, and those for properties that the schema "
            "refuses, as #: required key [KeyName] not found"
        ),
        "inferred",
        tests=(_STACKS + "test_is_rolled_back",),
    ),
    Behaviour(
        "S-15",
        (
            "A parameter of type AWS::EC2::KeyPair::KeyName wants a key pair that exists: else no "
            "resource is made, and the stack is rolled back with Parameter validation failed: "
            "parameter value NAME for parameter name KeyName does not exist. Rollback requested by "
            "user."
        ),
        "community",
        sources=(
            _PARAMETERS,
            issue("aws/amazon-ecs-cli", 236, "2017"),
        ),
        tests=(
            _STACKS + "test_that_does_not_exist",
            _STACKS + "test_before_what_an_export_names",
        ),
    ),
    Behaviour(
        "S-16",
        "The same for updates and change sets, when they are executed",
        "unknown",
        tests=(_STACKS + "test_of_an_update", _STACKS + "test_of_a_change_set"),
    ),
    Behaviour(
        "S-17",
        "A stack fails with a nested one: Embedded stack ARN was not successfully created: …",
        "inferred",
        tests=(
            _STACKS + "test_the_outer_one_fails_with_it",
            _STACKS + "test_an_update_fails_with_it",
        ),
    ),
    Behaviour(
        "S-18",
        "A stack that was rolled back can be deleted, not updated",
        "documented",
        sources=(
            text(
                "CloudFormation User Guide, stack status codes",
                "2026-11-24",
                DOCS + "AWSCloudFormation/latest/UserGuide/view-stack-events.html",
            ),
        ),
        tests=(
            _STACKS + "test_it_can_be_deleted_and_created_again",
            _STACKS + "test_it_cannot_be_updated",
        ),
    ),
)
