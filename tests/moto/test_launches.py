"""Instances of moto want a key pair that exists, by default and with AWS's words."""

import base64
import functools
import json
import uuid

import boto3
import moto
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

import ec2_keypair_mock.moto
from ec2_keypair_mock import mock
from ec2_keypair_mock.clients.gate import gate
from ec2_keypair_mock.moto.launches import launches

IMAGE = "ami-12c6146b"
WINDOWS = "ami-03cf127a"
passes_templates_on = pytest.mark.skipif(
    tuple(map(int, moto.__version__.split(".")[:3])) < (5, 1, 10),
    reason="this moto launches groups without their templates",
)

UNKNOWN = ("InvalidKeyPair.NotFound", "The key pair 'other' does not exist", 400)
BLANK = ("InvalidParameterValue", "Invalid value '' for keyPairNames. It should not be blank", 400)


@functools.cache
def client(service="ec2"):
    return boto3.client(service, region_name="us-east-1")


@pytest.fixture(autouse=True)
def aws():
    with mock() as aws, mock_aws():
        aws.backend().create_key_pair(key_name="deploy", key_type="ed25519")
        yield aws


def launched():
    return client().describe_instances()["Reservations"][0]["Instances"][0]


def run(**launch):
    answer = client().run_instances(MinCount=1, MaxCount=1, **launch)
    return answer["Instances"][0].get("KeyName")


def run_instance(**launch):
    return run(ImageId=IMAGE, **launch)


def run_from_template(**launch):
    data = {"ImageId": IMAGE, "InstanceType": "t3.micro", **launch}
    client().create_launch_template(LaunchTemplateName="template", LaunchTemplateData=data)
    return run(LaunchTemplate={"LaunchTemplateName": "template"})


LAUNCHES = [run_instance, run_from_template]


def refusal(launch, **parameters):
    with pytest.raises(ClientError) as caught:
        launch(**parameters)
    error = caught.value.response
    status = error["ResponseMetadata"]["HTTPStatusCode"]
    return error["Error"]["Code"], error["Error"]["Message"], status


@pytest.mark.parametrize("launch", LAUNCHES)
class TestEveryLaunch:
    def test_with_a_known_key_pair(self, launch):
        assert launch(KeyName="deploy") == "deploy"

    def test_with_an_unknown_one(self, launch):
        assert refusal(launch, KeyName="other") == UNKNOWN
        assert client().describe_instances()["Reservations"] == []

    def test_with_none(self, launch):
        assert launch() is None


def test_a_blank_key_name():
    assert refusal(run_instance, KeyName="") == BLANK


def test_a_key_pair_of_another_region():
    ec2 = boto3.client("ec2", region_name="eu-west-1")
    with pytest.raises(ClientError, match="The key pair 'deploy' does not exist"):
        ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, KeyName="deploy")


def test_the_name_given_wins_over_the_templates():
    data = {"ImageId": IMAGE, "KeyName": "other"}
    client().create_launch_template(LaunchTemplateName="template", LaunchTemplateData=data)
    assert run(LaunchTemplate={"LaunchTemplateName": "template"}, KeyName="deploy") == "deploy"


def test_a_launch_template_is_not_checked():
    data = {"KeyName": "other"}
    client().create_launch_template(LaunchTemplateName="template", LaunchTemplateData=data)


def test_deletion_leaves_the_instances_alone():
    run_instance(KeyName="deploy")
    client().delete_key_pair(KeyName="deploy")
    assert launched()["KeyName"] == "deploy"


def test_motos_own_check_agrees(monkeypatch):
    from moto import settings

    monkeypatch.setattr(settings, "ENABLE_KEYPAIR_VALIDATION", True)
    assert run_instance(KeyName="deploy") == "deploy"
    assert run_instance() is None
    assert refusal(run_instance, KeyName="other") == UNKNOWN


def test_a_launch_with_user_data():
    data = base64.b64encode(b"#!/bin/sh").decode()
    assert run_instance(KeyName="deploy", UserData=data) == "deploy"


class TestAutoScaling:
    def create_group(self, key_name, **more):
        data = {"ImageId": IMAGE, "InstanceType": "t3.micro", "KeyName": key_name, **more}
        client().create_launch_template(LaunchTemplateName="template", LaunchTemplateData=data)
        client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName="group",
            LaunchTemplate={"LaunchTemplateName": "template"},
            MinSize=1,
            MaxSize=1,
            AvailabilityZones=["us-east-1a"],
        )

    @passes_templates_on
    def test_with_a_known_key_pair(self):
        self.create_group("deploy")
        assert launched()["KeyName"] == "deploy"

    @passes_templates_on
    def test_with_an_unknown_one(self):
        with pytest.raises(ClientError) as caught:
            self.create_group("other")
        assert caught.value.response["Error"]["Code"] == "ValidationError"
        assert caught.value.response["Error"]["Message"] == (
            "You must use a valid fully-formed launch template. The key pair 'other' does not exist"
        )

    @passes_templates_on
    def test_with_ed25519_and_windows(self):
        with pytest.raises(ClientError, match=r"\(ValidationError\).*ED25519 key pairs are not"):
            self.create_group("deploy", ImageId=WINDOWS)

    @passes_templates_on
    @pytest.mark.filterwarnings("ignore:Exception:UserWarning")
    def test_other_errors_of_a_launch_are_motos(self, monkeypatch):
        monkeypatch.setattr("moto.settings.ENABLE_AMI_VALIDATION", True)
        with pytest.raises(ClientError) as caught:
            self.create_group("deploy", ImageId="ami-00000000")
        assert "fully-formed" not in str(caught.value)

    def test_a_group_with_a_launch_configuration(self):
        """moto keeps its key name, and gives it to no instance."""
        client("autoscaling").create_launch_configuration(
            LaunchConfigurationName="configuration",
            ImageId=IMAGE,
            InstanceType="t3.micro",
            KeyName="deploy",
        )
        client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName="group",
            LaunchConfigurationName="configuration",
            MinSize=1,
            MaxSize=1,
            AvailabilityZones=["us-east-1a"],
        )
        assert len(client().describe_instances()["Reservations"]) == 1


class TestBatch:
    def create_environment(self, **resources):
        role = client("iam").create_role(RoleName="role", AssumeRolePolicyDocument="{}")["Role"]
        client("iam").create_instance_profile(InstanceProfileName="role")
        profile = f"arn:aws:iam::123456789012:instance-profile/{role['RoleName']}"
        subnet = client().describe_subnets()["Subnets"][0]["SubnetId"]
        group = client().describe_security_groups()["SecurityGroups"][0]["GroupId"]
        client("batch").create_compute_environment(
            computeEnvironmentName="environment",
            type="MANAGED",
            serviceRole=role["Arn"],
            computeResources={
                "type": "EC2",
                "minvCpus": 2,
                "maxvCpus": 2,
                "desiredvCpus": 2,
                "instanceTypes": ["t2.medium"],
                "subnets": [subnet],
                "securityGroupIds": [group],
                "instanceRole": profile,
                **resources,
            },
        )
        return launched()

    def test_with_a_known_key_pair(self):
        assert self.create_environment(ec2KeyPair="deploy")["KeyName"] == "deploy"

    def test_with_none(self):
        self.create_environment()

    def test_with_an_unknown_one(self):
        with pytest.raises(ClientError, match="The key pair 'other' does not exist"):
            self.create_environment(ec2KeyPair="other")


class TestCloudFormation:
    def create_stack(self, key_name):
        properties = {"ImageId": IMAGE, "KeyName": key_name}
        instance = {"Type": "AWS::EC2::Instance", "Properties": properties}
        client("cloudformation").create_stack(
            StackName="stack", TemplateBody=json.dumps({"Resources": {"Instance": instance}})
        )

    def test_an_instance_with_a_known_key_pair(self):
        self.create_stack("deploy")
        assert launched()["KeyName"] == "deploy"


@pytest.mark.parametrize("key_name", ["other", "k" * 256])
def test_body_and_header_have_one_request_id(key_name):
    with pytest.raises(ClientError) as failed:
        run_instance(KeyName=key_name)
    answer = failed.value.response["ResponseMetadata"]
    assert answer["RequestId"] == answer["HTTPHeaders"]["x-amzn-requestid"]
    assert str(uuid.UUID(answer["RequestId"])) == answer["RequestId"]


def test_a_key_name_of_more_than_255_characters():
    with pytest.raises(ClientError) as failed:
        run_instance(KeyName="k" * 256)
    text = f"Value for parameter {'k' * 256} is invalid. Length exceeds maximum of 255."
    assert failed.value.response["Error"] == {"Code": "InvalidParameterValue", "Message": text}


def test_a_launch_that_succeeds_has_motos_request_id():
    answer = client().run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]


@pytest.mark.usefixtures("warn")
class TestWarn:
    """``launches="warn"``: launched all the same, with one warning for each name."""

    def test_one_warning_for_each_name(self):
        text = "'other', which does not exist: EC2 refuses that"
        with pytest.warns(UserWarning, match=text) as warned:
            assert run_instance(KeyName="other") == "other"
        assert warned[0].filename == __file__
        with pytest.warns(UserWarning, match="'third'"):
            assert run_instance(KeyName="third") == "third"
        assert run_instance(KeyName="other") == "other"
        assert launches.take_missing() == {"other": 2, "third": 1}

    def test_what_exists_needs_none(self):
        assert run_instance(KeyName="deploy") == "deploy"
        assert not launches.take_missing()

    def test_what_can_be_no_name_is_refused(self):
        assert refusal(run_instance, KeyName="") == BLANK

    @passes_templates_on
    @pytest.mark.filterwarnings("ignore:an instance was launched")
    def test_auto_scaling(self):
        TestAutoScaling().create_group("other")
        assert launched()["KeyName"] == "other"

    @pytest.mark.filterwarnings("ignore:an instance was launched")
    def test_a_parameter_of_a_stack(self):
        parameter = {"Type": "AWS::EC2::KeyPair::KeyName", "Default": "other"}
        properties = {"ImageId": IMAGE, "KeyName": {"Ref": "Key"}}
        instance = {"Type": "AWS::EC2::Instance", "Properties": properties}
        template = {"Parameters": {"Key": parameter}, "Resources": {"Instance": instance}}
        client("cloudformation").create_stack(StackName="stack", TemplateBody=json.dumps(template))
        assert launched()["KeyName"] == "other"
        assert launches.take_missing() == {"other": 1}

    def test_strict_again(self):
        ec2_keypair_mock.moto.install()
        assert refusal(run_instance, KeyName="other") == UNKNOWN
        assert launches.take_missing() == {"other": 1}


def test_another_mode():
    with pytest.raises(ValueError, match="launches must be 'strict' or 'warn', not 'soft'"):
        ec2_keypair_mock.moto.install(launches="soft")
    assert gate.service is not None


SUITE = """
    import boto3
    import pytest
    from moto import mock_aws

    @pytest.mark.parametrize("key_name", ["magic-key"] + ["test_key"] * 2)
    @mock_aws
    def test_launch(key_name):
        ec2 = boto3.client("ec2", region_name="us-east-1")
        ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, KeyName=key_name)

    @mock_aws
    def test_vpcs():
        assert boto3.client("ec2", region_name="us-east-1").describe_vpcs()["Vpcs"]
"""
# pytest-asyncio warns without it.
INI = "[pytest]\nasyncio_default_fixture_loop_scope = function"
LINE = "launches named key pairs that do not exist: test_key (2), magic-key (1)"


class TestSummary:
    """What pytest says at the end of a run."""

    @pytest.fixture(autouse=True)
    def aws(self):
        """No mock is active but those of the inner run."""
        launches.take_missing()

    @pytest.fixture
    def run_suite(self, pytester, monkeypatch):
        monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

        def run_suite(*options, run=pytester.runpytest_inprocess, **ini):
            lines = [f"ec2_keypair_mock_{name} = {value}" for name, value in ini.items()]
            pytester.makeini("\n".join([INI, *lines]))
            pytester.makepyfile(SUITE)
            return run("-p", "no:cacheprovider", *options)

        return run_suite

    def test_warn(self, run_suite):
        result = run_suite("-W", "default", moto="true", launches="warn")
        result.assert_outcomes(passed=4, warnings=2)
        result.stdout.fnmatch_lines(["*'test_key', which does not exist*", LINE])

    def test_strict(self, run_suite):
        result = run_suite(moto="true")
        result.assert_outcomes(passed=1, failed=3)
        result.stdout.fnmatch_lines([LINE])

    @pytest.mark.slow
    def test_with_xdist(self, run_suite, monkeypatch):
        pytest.importorskip("xdist")
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        result = run_suite(
            "-p", "ec2_keypair_mock.pytest_plugin", "-p", "xdist", "-n2", moto="true"
        )
        result.assert_outcomes(passed=1, failed=3)
        result.stdout.fnmatch_lines([LINE])

    def test_nothing_to_say(self, run_suite):
        result = run_suite("-k", "vpcs", moto="true")
        result.assert_outcomes(passed=1, deselected=3)
        assert "key pairs that do not exist" not in result.stdout.str()

    def test_another_mode(self, run_suite, pytester):
        result = run_suite(run=pytester.runpytest_subprocess, launches="soft")
        result.stderr.fnmatch_lines(
            ["*ec2_keypair_mock_launches must be strict or warn, not 'soft'"]
        )


def test_the_option_alone_is_for_both_mocks(pytester):
    launches.take_missing()
    pytester.makeini(f"{INI}\nec2_keypair_mock_launches = warn")
    pytester.makepyfile(
        SUITE.replace("@mock_aws", "@mock_aws\n    @mock", 1).replace(
            "from moto", "from ec2_keypair_mock import mock\n    from moto"
        )
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-n0", "-W", "default")
    result.assert_outcomes(passed=4, warnings=2)
    result.stdout.fnmatch_lines([LINE])
    assert launches.mode == "strict"
