"""Spot requests, fleets and launch configurations over key pairs that EC2 does not launch with."""

import boto3
import pytest
from botocore.exceptions import ClientError, WaiterError
from moto import mock_aws

from ec2_keypair_mock import mock
from ec2_keypair_mock.moto.launches import launches

IMAGE = "ami-12c6146b"
WINDOWS = "ami-03cf127a"
UNKNOWN = {"Code": "InvalidKeyPair.NotFound", "Message": "The key pair 'other' does not exist"}
BLANK = {
    "Code": "InvalidParameterValue",
    "Message": "Invalid value '' for keyPairNames. It should not be blank",
}
UNSUPPORTED = {
    "Code": "Unsupported",
    "Message": (
        "ED25519 key pairs are not supported with Windows AMIs. "
        "Choose a different key pair type and try again."
    ),
}
REFUSED = [
    pytest.param({"KeyName": "other"}, UNKNOWN, id="unknown"),
    pytest.param({"KeyName": "deploy", "ImageId": WINDOWS}, UNSUPPORTED, id="Ed25519 with Windows"),
]


@pytest.fixture(autouse=True)
def aws():
    with mock() as aws, mock_aws():
        aws.backend().create_key_pair(key_name="deploy", key_type="ed25519")
        yield aws


@pytest.fixture
def ec2(aws):
    return aws.client("us-east-1")


def launched(ec2):
    reservations = ec2.describe_instances()["Reservations"]
    return [each["KeyName"] for it in reservations for each in it["Instances"]]


class TestSpotRequests:
    def request(self, ec2, **launch):
        specification = {"ImageId": IMAGE, **launch}
        answer = ec2.request_spot_instances(LaunchSpecification=specification, InstanceCount=2)
        return answer["SpotInstanceRequests"]

    @pytest.mark.parametrize(
        ("launch", "fault"), [*REFUSED, pytest.param({"KeyName": ""}, BLANK, id="blank")]
    )
    def test_it_is_taken_and_fails(self, ec2, launch, fault):
        requested = self.request(ec2, **launch)
        described = ec2.describe_spot_instance_requests()["SpotInstanceRequests"]

        for requests in (requested, described):
            assert [each["State"] for each in requests] == ["failed", "failed"]
            assert [each["Fault"] for each in requests] == [fault, fault]
            assert not any(each.get("InstanceId") for each in requests)
            status = requests[0]["Status"]
            assert status["Code"] == "bad-parameters"
            assert status["Message"] == "Your Spot request failed due to bad parameters."
        assert launched(ec2) == []

    def test_the_waiter_ends_at_once(self, ec2):
        ids = [each["SpotInstanceRequestId"] for each in self.request(ec2, KeyName="other")]
        waiter = ec2.get_waiter("spot_instance_request_fulfilled")
        with pytest.raises(WaiterError) as ended:
            waiter.wait(SpotInstanceRequestIds=ids)
        assert ended.value.last_response["SpotInstanceRequests"][0]["State"] == "failed"

    def test_it_is_found_by_its_state_and_cancelled(self, ec2):
        [found, _] = self.request(ec2, KeyName="other")
        self.request(ec2, KeyName="deploy")
        failed = ec2.describe_spot_instance_requests(
            Filters=[{"Name": "state", "Values": ["failed"]}]
        )["SpotInstanceRequests"]
        assert {each["LaunchSpecification"]["KeyName"] for each in failed} == {"other"}
        ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[found["SpotInstanceRequestId"]])

    def test_with_a_known_key_pair(self, ec2):
        requested = self.request(ec2, KeyName="deploy")
        assert [each["State"] for each in requested] == ["active", "active"]
        assert "Fault" not in requested[0]
        assert launched(ec2) == ["deploy", "deploy"]

    @pytest.mark.filterwarnings("ignore:Exception:UserWarning")
    def test_other_errors_are_motos(self, ec2):
        with pytest.raises(ClientError, match="InvalidSubnetID"):
            self.request(ec2, KeyName="deploy", SubnetId="subnet-12345678")


def template(ec2, name, **launch):
    data = {"ImageId": IMAGE, "InstanceType": "t3.micro", **launch}
    made = ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    version = {"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"], "Version": "1"}
    return {"LaunchTemplateSpecification": version}


def create_fleet(ec2, kind, *templates, lifecycle="spot", capacity=1, **more):
    return ec2.create_fleet(
        Type=kind,
        LaunchTemplateConfigs=templates,
        TargetCapacitySpecification={
            "DefaultTargetCapacityType": lifecycle,
            "TotalTargetCapacity": capacity,
            f"{'Spot' if lifecycle == 'spot' else 'OnDemand'}TargetCapacity": capacity,
            f"{'OnDemand' if lifecycle == 'spot' else 'Spot'}TargetCapacity": 0,
        },
        **more,
    )


def fleet(ec2, answer):
    return ec2.describe_fleets(FleetIds=[answer["FleetId"]])["Fleets"][0]


@pytest.mark.parametrize("lifecycle", ["spot", "on-demand"])
@pytest.mark.parametrize(("launch", "fault"), REFUSED)
class TestFleets:
    @pytest.mark.parametrize("kind", ["request", "maintain"])
    def test_it_is_taken_and_launches_nothing(self, ec2, launch, fault, lifecycle, kind):
        made = template(ec2, "template", **launch)
        answer = create_fleet(ec2, kind, made, lifecycle=lifecycle)

        assert "Errors" not in answer
        found = fleet(ec2, answer)
        assert found["ActivityStatus"] == "error"
        assert found["FulfilledCapacity"] == 0
        assert "Errors" not in found
        assert launched(ec2) == []
        assert ec2.describe_spot_instance_requests()["SpotInstanceRequests"] == []

    def test_an_instant_one_answers_with_the_errors(self, ec2, launch, fault, lifecycle):
        made = template(ec2, "template", **launch)
        answer = create_fleet(ec2, "instant", made, lifecycle=lifecycle)

        for errors in (answer["Errors"], fleet(ec2, answer)["Errors"]):
            [error] = errors
            assert {"Code": error["ErrorCode"], "Message": error["ErrorMessage"]} == fault
            assert error["Lifecycle"] == lifecycle
        assert answer["Instances"] == []
        assert launched(ec2) == []

    def test_it_can_be_deleted(self, ec2, launch, fault, lifecycle):
        answer = create_fleet(ec2, "request", template(ec2, "template", **launch))
        ids = [answer["FleetId"]]
        deleted = ec2.delete_fleets(FleetIds=ids, TerminateInstances=True)
        assert deleted["SuccessfulFleetDeletions"][0]["FleetId"] == ids[0]


def test_a_fleet_launches_what_can_be_launched(ec2):
    good, bad = template(ec2, "good", KeyName="deploy"), template(ec2, "bad", KeyName="other")
    options = {"SpotOptions": {"AllocationStrategy": "diversified"}}
    answer = create_fleet(ec2, "instant", bad, good, capacity=2, **options)

    assert [each["ErrorCode"] for each in answer["Errors"]] == [UNKNOWN["Code"]]
    assert launched(ec2) == ["deploy", "deploy"]
    assert ec2.delete_fleets(FleetIds=[answer["FleetId"]], TerminateInstances=True)


def test_a_fleet_with_a_known_key_pair_has_no_errors(ec2):
    answer = create_fleet(ec2, "instant", template(ec2, "template", KeyName="deploy"))
    assert not answer.get("Errors")
    assert "ActivityStatus" not in fleet(ec2, answer)


@pytest.mark.usefixtures("warn")
@pytest.mark.filterwarnings("ignore:an instance was launched")
class TestFleetsWithWarnings:
    @pytest.mark.parametrize("lifecycle", ["spot", "on-demand"])
    def test_each_launch_is_counted_once(self, ec2, lifecycle):
        made = template(ec2, "template", KeyName="other")
        answer = create_fleet(ec2, "instant", made, lifecycle=lifecycle)

        assert not answer.get("Errors")
        assert launched(ec2) == ["other"]
        assert launches.take_missing() == {"other": 1}

    def test_what_can_be_no_name_is_refused(self, ec2):
        answer = create_fleet(ec2, "instant", template(ec2, "template", KeyName=""))

        [error] = answer["Errors"]
        assert {"Code": error["ErrorCode"], "Message": error["ErrorMessage"]} == BLANK
        assert launched(ec2) == []


class TestSpotFleets:
    def request(self, ec2, **launch):
        answer = ec2.request_spot_fleet(
            SpotFleetRequestConfig={
                "TargetCapacity": 2,
                "IamFleetRole": "arn:aws:iam::123456789012:role/fleet",
                "AllocationStrategy": "lowestPrice",
                "LaunchSpecifications": [{"ImageId": IMAGE, "InstanceType": "t3.micro", **launch}],
            }
        )
        return answer["SpotFleetRequestId"]

    @pytest.mark.parametrize(("launch", "fault"), REFUSED)
    def test_it_is_taken_and_launches_nothing(self, ec2, launch, fault):
        fleet_id = self.request(ec2, **launch)
        [found] = ec2.describe_spot_fleet_requests()["SpotFleetRequestConfigs"]
        assert found["SpotFleetRequestId"] == fleet_id
        assert found["ActivityStatus"] == "error"
        assert found["SpotFleetRequestState"] == "active"
        active = ec2.describe_spot_fleet_instances(SpotFleetRequestId=fleet_id)
        assert active["ActiveInstances"] == launched(ec2) == []
        ec2.cancel_spot_fleet_requests(SpotFleetRequestIds=[fleet_id], TerminateInstances=True)

    def test_with_a_known_key_pair(self, ec2):
        self.request(ec2, KeyName="deploy")
        [found] = ec2.describe_spot_fleet_requests()["SpotFleetRequestConfigs"]
        assert "ActivityStatus" not in found
        assert launched(ec2) == ["deploy", "deploy"]

    def test_with_none(self, ec2):
        self.request(ec2)
        assert len(ec2.describe_instances()["Reservations"]) == 2


class TestLaunchConfigurations:
    def create(self, **more):
        boto3.client("autoscaling", region_name="us-east-1").create_launch_configuration(
            LaunchConfigurationName="configuration",
            ImageId=IMAGE,
            InstanceType="t3.micro",
            **more,
        )

    def names(self):
        client = boto3.client("autoscaling", region_name="us-east-1")
        found = client.describe_launch_configurations()["LaunchConfigurations"]
        return [each.get("KeyName") for each in found]

    def test_with_a_known_key_pair(self):
        self.create(KeyName="deploy")
        assert self.names() == ["deploy"]

    def test_with_none(self):
        self.create()
        assert len(self.names()) == 1

    def test_with_an_unknown_one(self):
        with pytest.raises(ClientError) as refused:
            self.create(KeyName="other")
        error = refused.value.response["Error"]
        assert (error["Code"], error["Message"]) == ("ValidationError", UNKNOWN["Message"])
        assert self.names() == []
