"""Stacks of moto that fail over key pairs, and those that fail over something else."""

import functools
import json
import re

import boto3
import pytest
from botocore.exceptions import ClientError, WaiterError
from moto import mock_aws
from moto.s3.models import FakeBucket

from ec2_keypair_mock import mock

IMAGE = "ami-12c6146b"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICnBwZ1ZgAyHDuLdJJt0d1c0vK4D7kpdbuHyvNNqwMEt"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "bucket"}}
IMPORTED = {
    "Type": "AWS::EC2::KeyPair",
    "Properties": {"KeyName": "imported", "PublicKeyMaterial": KEY},
}
CREATED = {
    "Type": "AWS::EC2::KeyPair",
    "Properties": {"KeyName": "created", "KeyType": "ed25519"},
}
SUBNET = {
    "Type": "AWS::EC2::Subnet",
    "Properties": {"VpcId": "vpc-12345678", "CidrBlock": "10.0.0.0/24"},
}
PARAMETER = {"Parameters": {"KeyName": {"Type": "AWS::EC2::KeyPair::KeyName"}}}


@functools.cache
def client(service="ec2"):
    return boto3.client(service, region_name="us-east-1")


@pytest.fixture(autouse=True)
def aws():
    with mock() as aws, mock_aws():
        aws.backend().import_key_pair(key_name="deploy", public_key_material=KEY)
        yield aws


@pytest.fixture
def cloudformation():
    return client("cloudformation")


def key_pair(**properties):
    return {"Type": "AWS::EC2::KeyPair", "Properties": properties}


def instance(key_name):
    properties = {"ImageId": IMAGE, "KeyName": key_name}
    return {"Type": "AWS::EC2::Instance", "Properties": properties}


def handler_said(text, error):
    return re.compile(
        f'Resource handler returned message: "{text}" '
        rf"\(RequestToken: {UUID}, HandlerErrorCode: {error}\)"
    )


def ec2_said(text, error="InvalidRequest"):
    text = rf"{re.escape(text)} \(Service: Ec2, Status Code: 400, Request ID: {UUID}\)"
    return handler_said(text, error)


def not_valid(text):
    text = f"Properties validation failed for resource Failing with message: {text}"
    return re.compile(re.escape(text))


# Resources that fail, and the reason in their event.
FAILING = {
    "unknown": (instance("other"), ec2_said("The key pair 'other' does not exist")),
    "blank": (
        instance(""),
        ec2_said("Invalid value '' for keyPairNames. It should not be blank"),
    ),
    "taken": (
        key_pair(KeyName="deploy"),
        ec2_said("The keypair already exists", "AlreadyExists"),
    ),
    "material": (
        key_pair(KeyName="new", PublicKeyMaterial="junk"),
        handler_said("null", "InvalidRequest"),
    ),
    "trimmed": (
        key_pair(KeyName=" new"),
        ec2_said("Invalid value ' new' for keyName. It should be trimmed"),
    ),
    "name": (key_pair(), not_valid("#: required key [KeyName] not found")),
    "property": (
        key_pair(KeyName="new", Name="new"),
        not_valid("#: extraneous key [Name] is not permitted"),
    ),
    "type": (
        key_pair(KeyName="new", KeyType="dsa"),
        not_valid("#/KeyType: failed validation constraint for keyword [enum]"),
    ),
    "format": (
        key_pair(KeyName="new", KeyFormat="der"),
        not_valid("#/KeyFormat: failed validation constraint for keyword [enum]"),
    ),
}
each_failure = pytest.mark.parametrize(("failing", "reason"), FAILING.values(), ids=FAILING)
some_failures = pytest.mark.parametrize(
    ("failing", "reason"),
    [pytest.param(*FAILING[name], id=name) for name in ("unknown", "taken", "material")],
)


def body(failing=None, **resources):
    """A template: other resources, and a last one that fails."""
    last = {"Failing": failing} if failing else {}
    return json.dumps({"Resources": {**resources, **last}})


def status(name="stack"):
    return client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]


def events(name="stack"):
    """Who, status and reason of each event, in their order."""
    answer = client("cloudformation").describe_stack_events(StackName=name)
    found = [
        (each["LogicalResourceId"], each["ResourceStatus"], each.get("ResourceStatusReason"))
        for each in reversed(answer["StackEvents"])
    ]
    return [(who, what, None if why == "None" else why) for who, what, why in found]


def wait(name, stack="stack"):
    waiter = client("cloudformation").get_waiter(name)
    with pytest.raises(WaiterError, match="terminal failure state"):
        # One attempt: a second one would be answered after the delay.
        waiter.wait(StackName=stack, WaiterConfig={"MaxAttempts": 1, "Delay": 0})


def buckets():
    return [each["Name"] for each in client("s3").list_buckets()["Buckets"]]


def instances():
    found = client().describe_instances()["Reservations"]
    return [
        each
        for reservation in found
        for each in reservation["Instances"]
        if each["State"]["Name"] != "terminated"
    ]


def parameters():
    return [each["Name"] for each in client("ssm").describe_parameters()["Parameters"]]


class TestCreateStack:
    @each_failure
    def test_is_rolled_back(self, aws, cloudformation, failing, reason):
        before = aws.backend().key_pairs
        template = body(failing, Bucket=BUCKET, Created=CREATED, Instance=instance("deploy"))

        stack_id = cloudformation.create_stack(StackName="stack", TemplateBody=template)["StackId"]

        assert status(stack_id) == "ROLLBACK_COMPLETE"
        started, failed, *rolled_back = events()
        assert started == ("stack", "CREATE_IN_PROGRESS", "User Initiated")
        assert failed[:2] == ("Failing", "CREATE_FAILED")
        assert reason.fullmatch(failed[2])
        text = "The following resource(s) failed to create: [Failing]. Rollback requested by user."
        assert rolled_back == [
            ("stack", "ROLLBACK_IN_PROGRESS", text),
            ("Instance", "DELETE_COMPLETE", None),
            ("Created", "DELETE_COMPLETE", None),
            ("Bucket", "DELETE_COMPLETE", None),
            ("stack", "ROLLBACK_COMPLETE", None),
        ]
        assert (buckets(), instances(), parameters()) == ([], [], [])
        assert aws.backend().key_pairs == before
        wait("stack_create_complete")

    def test_what_it_shows_makes_nothing_again(self, aws, cloudformation):
        template = {
            "Resources": {"Created": CREATED, "Failing": key_pair(KeyName="deploy")},
            "Outputs": {"Name": {"Value": {"Ref": "Created"}, "Export": {"Name": "name"}}},
        }
        text = json.dumps(template)
        shown = {"Name": {"Value": "bucket", "Export": {"Name": "bucket"}}}
        other = json.dumps({"Resources": {"Bucket": BUCKET}, "Outputs": shown})
        cloudformation.create_stack(StackName="other", TemplateBody=other)
        cloudformation.create_stack(StackName="stack", TemplateBody=text)
        assert not cloudformation.describe_stacks(StackName="stack")["Stacks"][0].get("Outputs")
        assert cloudformation.describe_stack_resources(StackName="stack")["StackResources"] == []
        [export] = cloudformation.list_exports()["Exports"]
        assert export["Name"] == "bucket"
        assert cloudformation.get_template(StackName="stack")["TemplateBody"] == template
        assert list(aws.backend().key_pairs) == ["deploy"]

    def test_the_failing_one_is_exported(self, cloudformation):
        exported = {"Name": {"Value": {"Ref": "Failing"}, "Export": {"Name": "name"}}}
        template = {"Resources": {"Failing": key_pair(KeyName="deploy")}, "Outputs": exported}
        cloudformation.create_stack(StackName="stack", TemplateBody=json.dumps(template))
        assert [what for _, what, _ in events()] == [
            "CREATE_IN_PROGRESS",
            "CREATE_FAILED",
            "ROLLBACK_IN_PROGRESS",
            "ROLLBACK_COMPLETE",
        ]

    def test_the_failing_one_is_referred_to(self, cloudformation):
        value = {"Fn::GetAtt": ["Failing", "KeyPairId"]}
        properties = {"Name": "name", "Type": "String", "Value": value}
        parameter = {"Type": "AWS::SSM::Parameter", "Properties": properties}
        template = body(key_pair(KeyName="deploy"), Parameter=parameter)
        cloudformation.create_stack(StackName="stack", TemplateBody=template)
        assert [who for who, what, _ in events() if what == "CREATE_FAILED"] == ["Failing"]

    def test_more_key_pairs_than_there_may_be(self, aws, cloudformation, monkeypatch):
        monkeypatch.setattr("ec2_keypair_mock.ec2.backend.MAX_KEY_PAIRS", 1)
        cloudformation.create_stack(StackName="stack", TemplateBody=body(CREATED))
        reason = ec2_said("Maximum of 1 keypairs reached.", "ServiceLimitExceeded")
        assert reason.fullmatch(events()[1][2])

    def test_what_is_retained_stays(self, aws, cloudformation):
        template = body(instance("other"), Created={**CREATED, "DeletionPolicy": "Retain"})
        cloudformation.create_stack(StackName="stack", TemplateBody=template)
        assert list(aws.backend().key_pairs) == ["deploy", "created"]

    def test_it_can_be_deleted_and_created_again(self, aws, cloudformation):
        template = body(CREATED, Instance=instance("other"))
        cloudformation.create_stack(StackName="stack", TemplateBody=template)
        cloudformation.delete_stack(StackName="stack")
        aws.backend().create_key_pair(key_name="other", key_type="ed25519")
        cloudformation.create_stack(StackName="stack", TemplateBody=template)
        assert status() == "CREATE_COMPLETE"
        assert list(aws.backend().key_pairs) == ["deploy", "other", "created"]

    def test_it_cannot_be_updated(self, cloudformation):
        cloudformation.create_stack(StackName="stack", TemplateBody=body(instance("other")))
        changes = {"StackName": "stack", "TemplateBody": body(CREATED)}
        refused = "is in ROLLBACK_COMPLETE state and can not be updated"
        with pytest.raises(ClientError, match=refused):
            cloudformation.update_stack(**changes)
        with pytest.raises(ClientError, match=refused):
            cloudformation.create_change_set(
                ChangeSetName="changes", ChangeSetType="UPDATE", **changes
            )

    def test_a_resource_that_cannot_be_deleted(self, cloudformation, monkeypatch):
        def fail(*arguments):
            raise OSError("the bucket is not empty")

        monkeypatch.setattr(FakeBucket, "delete_from_cloudformation_json", fail)
        template = body(instance("other"), Bucket=BUCKET, Created=CREATED)
        cloudformation.create_stack(StackName="stack", TemplateBody=template)
        assert events()[-3:] == [
            ("Created", "DELETE_COMPLETE", None),
            ("Bucket", "DELETE_FAILED", "the bucket is not empty"),
            ("stack", "ROLLBACK_FAILED", None),
        ]
        wait("stack_create_complete")


def given(key_name):
    return [{"ParameterKey": "KeyName", "ParameterValue": key_name}]


class TestParameter:
    TEMPLATE = json.dumps({**PARAMETER, "Resources": {"Bucket": BUCKET}})
    REASON = (
        "Parameter validation failed: parameter value other for parameter name KeyName "
        "does not exist."
    )

    def test_that_exists(self, cloudformation):
        cloudformation.create_stack(
            StackName="stack", TemplateBody=self.TEMPLATE, Parameters=given("deploy")
        )
        assert status() == "CREATE_COMPLETE"

    def test_that_does_not_exist(self, cloudformation):
        cloudformation.create_stack(
            StackName="stack", TemplateBody=self.TEMPLATE, Parameters=given("other")
        )
        assert status() == "ROLLBACK_COMPLETE"
        assert events() == [
            ("stack", "CREATE_IN_PROGRESS", "User Initiated"),
            ("stack", "ROLLBACK_IN_PROGRESS", f"{self.REASON} Rollback requested by user."),
            ("stack", "ROLLBACK_COMPLETE", None),
        ]
        assert buckets() == []
        wait("stack_create_complete")

    def test_before_what_an_export_names(self, cloudformation):
        exported = {"Bucket": {"Value": {"Ref": "Bucket"}, "Export": {"Name": "bucket"}}}
        template = {**json.loads(self.TEMPLATE), "Outputs": exported}
        cloudformation.create_stack(
            StackName="stack", TemplateBody=json.dumps(template), Parameters=given("other")
        )
        assert [who for who, _, _ in events()] == ["stack", "stack", "stack"]

    @pytest.mark.parametrize("default", ["other", ""])
    def test_by_default(self, cloudformation, default):
        slot = {"Type": "AWS::EC2::KeyPair::KeyName", "Default": default}
        template = {"Parameters": {"KeyName": slot}, "Resources": {"Bucket": BUCKET}}
        cloudformation.create_stack(StackName="stack", TemplateBody=json.dumps(template))
        assert f"parameter value {default} for parameter name" in events()[1][2]

    # Some versions of moto warn that the service model does not have the code of this error.
    @pytest.mark.filterwarnings("ignore:CloudFormation service model does not contain")
    def test_without_a_value_it_is_motos(self, cloudformation):
        with pytest.raises(ClientError, match="Missing parameter KeyName"):
            cloudformation.create_stack(StackName="stack", TemplateBody=self.TEMPLATE)

    def test_of_another_type(self, cloudformation):
        template = {**json.loads(self.TEMPLATE), "Parameters": {"KeyName": {"Type": "String"}}}
        cloudformation.create_stack(
            StackName="stack", TemplateBody=json.dumps(template), Parameters=given("other")
        )
        assert status() == "CREATE_COMPLETE"

    def test_of_an_update(self, cloudformation):
        cloudformation.create_stack(
            StackName="stack", TemplateBody=self.TEMPLATE, Parameters=given("deploy")
        )
        cloudformation.update_stack(
            StackName="stack", UsePreviousTemplate=True, Parameters=given("other")
        )
        assert events()[-2:] == [
            ("stack", "UPDATE_ROLLBACK_IN_PROGRESS", self.REASON),
            ("stack", "UPDATE_ROLLBACK_COMPLETE", None),
        ]
        [described] = cloudformation.describe_stacks(StackName="stack")["Stacks"]
        assert described["Parameters"][0]["ParameterValue"] == "deploy"
        assert buckets() == ["bucket"]

    def test_of_a_change_set(self, cloudformation):
        changes = {"StackName": "stack", "ChangeSetName": "changes"}
        cloudformation.create_change_set(
            **changes, TemplateBody=self.TEMPLATE, Parameters=given("other"), ChangeSetType="CREATE"
        )
        cloudformation.execute_change_set(**changes)
        assert status() == "ROLLBACK_COMPLETE"
        assert self.REASON in events()[-2][2]


def update_stack(template):
    client("cloudformation").update_stack(StackName="stack", TemplateBody=template)


def execute_update(template):
    changes = {"StackName": "stack", "ChangeSetName": "changes"}
    client("cloudformation").create_change_set(
        **changes, TemplateBody=template, ChangeSetType="UPDATE"
    )
    client("cloudformation").execute_change_set(**changes)
    described = client("cloudformation").describe_change_set(**changes)
    assert described["ExecutionStatus"] == "EXECUTE_FAILED"


@pytest.mark.parametrize("update", [update_stack, execute_update])
class TestUpdate:
    @pytest.fixture(autouse=True)
    def before(self, aws, cloudformation):
        tags = [{"Key": "team", "Value": "web"}]
        properties = {"Name": "setting", "Type": "String", "Value": "before"}
        self.setting = {"Type": "AWS::SSM::Parameter", "Properties": properties}
        self.template = body(
            Created=CREATED,
            Imported={**IMPORTED, "Properties": {**IMPORTED["Properties"], "Tags": tags}},
            Bucket=BUCKET,
            Setting=self.setting,
            Instance=instance("deploy"),
        )
        cloudformation.create_stack(StackName="stack", TemplateBody=self.template)
        self.resources = json.loads(self.template)["Resources"]
        self.key_pairs = aws.backend().key_pairs
        self.parameters = parameters()
        self.first = len(events())

    def check_rolled_back(self, aws):
        assert status() == "UPDATE_ROLLBACK_COMPLETE"
        assert aws.backend().key_pairs == self.key_pairs
        assert sorted(parameters()) == sorted(self.parameters)
        assert buckets() == ["bucket"]
        assert client("ssm").get_parameter(Name="setting")["Parameter"]["Value"] == "before"
        assert [each["KeyName"] for each in instances()] == ["deploy"]
        shown = client("cloudformation").get_template(StackName="stack")["TemplateBody"]
        assert shown == json.loads(self.template)
        wait("stack_update_complete")

    @some_failures
    def test_a_new_resource(self, aws, update, failing, reason):
        update(body(failing, **self.resources, New=key_pair(KeyName="made", KeyType="ed25519")))
        self.check_rolled_back(aws)
        _, failed, *rolled_back = events()[self.first :]
        assert failed[:2] == ("Failing", "CREATE_FAILED")
        assert reason.fullmatch(failed[2])
        text = "The following resource(s) failed to create: [Failing]."
        assert rolled_back == [
            ("stack", "UPDATE_ROLLBACK_IN_PROGRESS", text),
            ("New", "DELETE_COMPLETE", None),
            ("stack", "UPDATE_ROLLBACK_COMPLETE", None),
        ]

    @pytest.mark.parametrize(
        ("name", "changed"),
        [
            ("Created", key_pair(KeyName="deploy")),
            ("Imported", key_pair(KeyName="imported", PublicKeyMaterial="junk")),
            ("Created", {**key_pair(KeyName="created"), "UpdateReplacePolicy": "Retain"}),
            ("Instance", instance("other")),
        ],
        ids=["key name", "material", "retained", "instance"],
    )
    def test_a_changed_resource(self, aws, update, name, changed):
        update(body(**{**self.resources, name: changed}))
        self.check_rolled_back(aws)
        _, failed, rolled_back, _ = events()[self.first :]
        assert failed[:2] == (name, "UPDATE_FAILED")
        assert rolled_back[2] == f"The following resource(s) failed to update: [{name}]."

    def test_after_others_have_changed(self, aws, update):
        properties = {**self.setting["Properties"], "Value": "after"}
        changed = {
            "Created": key_pair(KeyName="created", KeyFormat="ppk"),
            "Imported": {**self.resources["Imported"], "Metadata": {"team": "web"}},
            "Setting": {**self.setting, "Properties": properties},
        }
        update(body(**{**self.resources, **changed, "Instance": instance("other")}))
        self.check_rolled_back(aws)

    def test_after_moto_has_ignored_a_change(self, aws, update):
        moved = instance("deploy")
        moved["Properties"]["InstanceType"] = "t3.micro"
        changed = {"Instance": moved, "Created": key_pair(KeyName="deploy")}
        update(body(**{**self.resources, **changed}))
        self.check_rolled_back(aws)

    def test_after_others_have_gone(self, aws, update):
        update(body(instance("other")))
        self.check_rolled_back(aws)

    def test_the_next_update_succeeds(self, aws, update, cloudformation):
        update(body(instance("other"), **self.resources))
        cloudformation.update_stack(
            StackName="stack", TemplateBody=body(**self.resources, New=key_pair(KeyName="new"))
        )
        assert status() == "UPDATE_COMPLETE"
        assert list(aws.backend().key_pairs) == [*self.key_pairs, "new"]
        cloudformation.delete_stack(StackName="stack")
        assert list(aws.backend().key_pairs) == ["deploy"]
        assert (buckets(), instances(), parameters()) == ([], [], [])


class TestCreateByChangeSet:
    @some_failures
    def test_is_rolled_back(self, aws, cloudformation, failing, reason):
        changes = {"StackName": "stack", "ChangeSetName": "changes"}
        template = body(failing, Bucket=BUCKET, Created=CREATED)
        cloudformation.create_change_set(**changes, TemplateBody=template, ChangeSetType="CREATE")
        cloudformation.execute_change_set(**changes)

        assert status() == "ROLLBACK_COMPLETE"
        described = cloudformation.describe_change_set(**changes)
        assert described["ExecutionStatus"] == "EXECUTE_FAILED"
        [failed] = [each for each in events() if each[1] == "CREATE_FAILED"]
        assert reason.fullmatch(failed[2])
        assert list(aws.backend().key_pairs) == ["deploy"]
        assert (buckets(), parameters()) == ([], [])
        shown = cloudformation.get_template(StackName="stack")["TemplateBody"]
        assert shown == json.loads(template)
        assert cloudformation.describe_stack_resources(StackName="stack")["StackResources"] == []
        wait("stack_create_complete")
        cloudformation.delete_stack(StackName="stack")


class TestNestedStacks:
    @pytest.fixture
    def nested(self):
        client("s3").create_bucket(Bucket="templates")

        def nested(key, template):
            client("s3").put_object(Bucket="templates", Key=key, Body=template)
            properties = {"TemplateURL": f"https://templates.s3.amazonaws.com/{key}"}
            return {"Type": "AWS::CloudFormation::Stack", "Properties": properties}

        return nested

    def stacks(self):
        answer = client("cloudformation").describe_stacks()
        return [each["StackStatus"] for each in answer["Stacks"]]

    def test_the_outer_one_fails_with_it(self, aws, cloudformation, nested):
        inner = nested("inner", body(instance("other"), Created=CREATED))
        template = body(Imported=IMPORTED, Nested=inner)
        cloudformation.create_stack(StackName="stack", TemplateBody=template)
        assert self.stacks() == ["ROLLBACK_COMPLETE"]
        _, failed, *_ = events()
        assert failed[:2] == ("Nested", "CREATE_FAILED")
        assert re.fullmatch(
            r"Embedded stack arn:aws:cloudformation:\S+ was not successfully created: "
            r"The following resource\(s\) failed to create: \[Failing\]\. "
            r"Rollback requested by user\.",
            failed[2],
        )
        assert list(aws.backend().key_pairs) == ["deploy"]

    def test_an_update_fails_with_it(self, aws, cloudformation, nested):
        template = body(Imported=IMPORTED, Nested=nested("inner", body(Created=CREATED)))
        cloudformation.create_stack(StackName="stack", TemplateBody=template)
        failing = nested("failing", body(instance("other"), Created=CREATED))
        changed = body(Imported=IMPORTED, Nested=failing)
        cloudformation.update_stack(StackName="stack", TemplateBody=changed)
        assert sorted(self.stacks()) == ["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"]
        assert sorted(aws.backend().key_pairs) == ["created", "deploy", "imported"]


@pytest.mark.filterwarnings("ignore:Exception:UserWarning")
class TestOtherFailures:
    """They go on as in moto alone."""

    def check(self, call):
        with pytest.raises(ClientError) as here:
            call()
        assert here.value.response["Error"]["Code"] == "InvalidVpcID.NotFound"

    def test_of_create_stack(self, aws, cloudformation):
        template = body(SUBNET, Created=CREATED)
        self.check(lambda: cloudformation.create_stack(StackName="stack", TemplateBody=template))
        assert status() == "CREATE_IN_PROGRESS"
        assert list(aws.backend().key_pairs) == ["deploy", "created"]

    def test_of_update_stack(self, cloudformation):
        cloudformation.create_stack(StackName="stack", TemplateBody=body(Created=CREATED))
        template = body(SUBNET, Created=CREATED)
        self.check(lambda: cloudformation.update_stack(StackName="stack", TemplateBody=template))
        assert status() == "CREATE_COMPLETE"

    def test_of_a_change_set(self, cloudformation):
        changes = {"StackName": "stack", "ChangeSetName": "changes"}
        template = body(SUBNET)
        cloudformation.create_change_set(**changes, TemplateBody=template, ChangeSetType="CREATE")
        self.check(lambda: cloudformation.execute_change_set(**changes))
        assert status() == "REVIEW_IN_PROGRESS"
