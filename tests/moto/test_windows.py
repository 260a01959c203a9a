"""The passwords of Windows instances: encrypted as EC2 does it, decrypted by other programs."""

import base64
import functools
import json
import logging
import re
import shutil
import subprocess

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends

import ec2_keypair_mock.moto
from ec2_keypair_mock import Call, EC2Error, UnmockedCallError, mock

IMAGE = "ami-12c6146b"
WINDOWS = "ami-03cf127a"
MISSING = "i-0123456789abcdef0"
UNSUPPORTED = (
    "An error occurred (Unsupported) when calling the {} operation: ED25519 key pairs are not "
    "supported with Windows AMIs. Choose a different key pair type and try again."
)
IMPORTED = rsa.generate_private_key(65537, 3072)
ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGa4bJVqhkvcFVCQTHdNZT0aNLKmJqpRDcHnR7jVm0Mh"


@pytest.fixture
def aws():
    with mock() as aws, mock_aws():
        yield aws


@pytest.fixture
def ec2(aws):
    return aws.client("us-east-1")


@pytest.fixture
def key(ec2):
    """The private key of the key pair ``deploy``, as PEM."""
    return ec2.create_key_pair(KeyName="deploy")["KeyMaterial"]


@functools.cache
def client(service="ec2", region="us-east-1"):
    return boto3.client(service, region_name=region)


def run(ec2, **launch):
    launch = {"ImageId": WINDOWS, "KeyName": "deploy", **launch}
    answer = ec2.run_instances(MinCount=1, MaxCount=1, **launch)
    return answer["Instances"][0]["InstanceId"]


def data_of(ec2, instance_id):
    return ec2.get_password_data(InstanceId=instance_id)["PasswordData"]


def decrypt(data, key=IMPORTED):
    return key.decrypt(base64.b64decode(data), padding.PKCS1v15()).decode()


class TestData:
    @pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl")
    def test_openssl_decrypts_that_of_a_created_key_pair(self, aws, ec2, key, tmp_path):
        (tmp_path / "key.pem").write_text(key)
        instance_id = run(ec2)
        ran = subprocess.run(
            ["openssl", "pkeyutl", "-decrypt", "-inkey", tmp_path / "key.pem"],
            input=base64.b64decode(data_of(ec2, instance_id)),
            capture_output=True,
            check=True,
        )
        assert ran.stdout.decode() == aws.windows_password(instance_id)

    def test_of_an_imported_key_pair(self, aws, ec2):
        line = IMPORTED.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        ec2.import_key_pair(KeyName="deploy", PublicKeyMaterial=line)
        instance_id = run(ec2)
        data = data_of(ec2, instance_id)
        assert len(base64.b64decode(data)) == 3072 // 8
        assert decrypt(data) == aws.windows_password(instance_id)

    def test_the_password_is_one_that_windows_takes(self, aws, ec2, key):
        first, second = (aws.windows_password(run(ec2)) for _ in range(2))
        assert first != second
        for password in (first, second):
            assert re.fullmatch(r"[!-~]{32}", password)
            assert all(re.search(each, password) for each in ("[A-Z]", "[a-z]", "[0-9]", r"\W"))

    def test_the_bytes_of_the_answer(self, ec2, key):
        instance_id = run(ec2)
        bodies = []

        def keep(http_response, **more):
            bodies.append(http_response.content.decode())

        own = client()
        own.meta.events.register("after-call.ec2.GetPasswordData", keep)
        data = data_of(own, instance_id)
        assert re.fullmatch(
            r'<\?xml version="1.0" encoding="UTF-8"\?>\n'
            r'<GetPasswordDataResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
            r"<requestId>[-0-9a-f]{36}</requestId>"
            rf"<instanceId>{instance_id}</instanceId>"
            r"<timestamp>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z</timestamp>"
            r"<passwordData>&#xd;\n[A-Za-z0-9+/]{342}==&#xd;\n</passwordData>"
            r"</GetPasswordDataResponse>",
            bodies[0],
        )
        assert re.fullmatch(r"\r\n[A-Za-z0-9+/]{342}==\r\n", data)

    def test_it_is_the_same_every_time_and_for_ever(self, ec2, key):
        instance_id = run(ec2)
        first = ec2.get_password_data(InstanceId=instance_id)
        ec2.delete_key_pair(KeyName="deploy")
        ec2.create_key_pair(KeyName="deploy")
        second = ec2.get_password_data(InstanceId=instance_id)
        assert second["PasswordData"] == first["PasswordData"]
        assert second["Timestamp"] == first["Timestamp"]

    @pytest.mark.parametrize(
        "launch",
        [
            pytest.param({"ImageId": IMAGE}, id="no Windows"),
            pytest.param({"KeyName": None}, id="no key pair"),
        ],
    )
    def test_where_there_is_none(self, aws, ec2, key, launch):
        launch = {"ImageId": WINDOWS, "KeyName": "deploy", **launch}
        instance_id = run_with(ec2, {name: each for name, each in launch.items() if each})
        answer = ec2.get_password_data(InstanceId=instance_id)
        assert answer["PasswordData"] == ""
        assert answer["InstanceId"] == instance_id
        with pytest.raises(ValueError, match="launch a Windows AMI with an RSA key pair"):
            aws.windows_password(instance_id)

    def test_a_key_that_nothing_can_be_encrypted_with(self, ec2):
        number = (1 << 2047).to_bytes(257, "big")
        parts = (b"ssh-rsa", b"\x01\x00\x01", number)
        blob = b"".join(len(each).to_bytes(4, "big") + each for each in parts)
        line = b"ssh-rsa " + base64.b64encode(blob)
        ec2.import_key_pair(KeyName="deploy", PublicKeyMaterial=line)
        assert data_of(ec2, run(ec2)) == ""


def run_with(ec2, launch):
    answer = ec2.run_instances(MinCount=1, MaxCount=1, **launch)
    return answer["Instances"][0]["InstanceId"]


class TestAnswers:
    def refusal(self, call, **parameters):
        with pytest.raises(ClientError) as refused:
            call(**parameters)
        answer = refused.value.response
        status = answer["ResponseMetadata"]["HTTPStatusCode"]
        return answer["Error"]["Code"], answer["Error"]["Message"], status

    def test_an_unknown_instance(self, ec2):
        assert self.refusal(ec2.get_password_data, InstanceId=MISSING) == (
            "InvalidInstanceID.NotFound",
            f"The instance ID '{MISSING}' does not exist",
            400,
        )

    def test_an_instance_of_another_region(self, ec2, key):
        instance_id = run(ec2)
        elsewhere = client(region="eu-west-1")
        code, _, _ = self.refusal(elsewhere.get_password_data, InstanceId=instance_id)
        assert code == "InvalidInstanceID.NotFound"

    def test_no_instance(self, ec2):
        assert self.refusal(ec2.get_password_data, InstanceId="") == (
            "MissingParameter",
            "The request must contain the parameter InstanceId",
            400,
        )

    def test_a_dry_run(self, aws, ec2):
        refusal = self.refusal(ec2.get_password_data, InstanceId=MISSING, DryRun=True)
        assert refusal[::2] == ("DryRunOperation", 412)

    def test_calls_are_recorded(self, aws, ec2, key):
        instance_id = run(ec2)
        aws.calls.clear()
        data_of(ec2, instance_id)
        self.refusal(ec2.get_password_data, InstanceId=MISSING)
        region, account = "us-east-1", "123456789012"
        call = Call("GetPasswordData", {"InstanceId": instance_id}, region, account)
        code = "InvalidInstanceID.NotFound"
        missing = Call("GetPasswordData", {"InstanceId": MISSING}, region, account, code)
        assert aws.calls == [call, missing]

    def test_denied(self, aws, ec2, key):
        instance_id = run(ec2)
        aws.deny("ec2:GetPasswordData")
        code, message, status = self.refusal(ec2.get_password_data, InstanceId=instance_id)
        assert (code, status) == ("UnauthorizedOperation", 403)
        arn = f"arn:aws:ec2:us-east-1:123456789012:instance/{instance_id}"
        assert f"is not authorized to perform: ec2:GetPasswordData on resource: {arn} " in message
        aws.allow("ec2:GetPasswordData")
        assert data_of(ec2, instance_id)

    def test_a_denial_of_key_pairs_does_not_touch_instances(self, aws, ec2, key):
        instance_id = run(ec2)
        aws.deny("ec2:*", key_name="*")
        assert data_of(ec2, instance_id)

    def test_failures(self, aws, ec2, key):
        instance_id = run(ec2)
        aws.fail("GetPasswordData", "InvalidInstanceID.NotFound")
        refusal = self.refusal(ec2.get_password_data, InstanceId=instance_id)
        assert refusal[1] == f"The instance ID '{instance_id}' does not exist"
        assert data_of(ec2, instance_id)

    def test_it_may_take_a_while(self, aws, ec2, key):
        aws.delay_visibility(describes=2)
        instance_id = run(ec2)
        password = aws.windows_password(instance_id)
        data = [data_of(ec2, instance_id) for _ in range(3)]
        assert data[:2] == ["", ""]
        loaded = load_pem_private_key(key.encode(), password=None)
        assert decrypt(data[2], loaded) == password

    def test_the_waiter_waits_for_it(self, aws, ec2, key):
        aws.delay_visibility(describes=2)
        instance_id = run(ec2)
        waiter = ec2.get_waiter("password_data_available")
        waiter.wait(InstanceId=instance_id, WaiterConfig={"Delay": 0})
        assert data_of(ec2, instance_id)

    def test_nothing_shows_the_password(self, aws, ec2, key, caplog):
        caplog.set_level(logging.DEBUG, logger="ec2_keypair_mock")
        instance_id = run(ec2)
        data_of(ec2, instance_id)
        backend = aws.backend("us-east-1")
        found = backend.get_password_data(instance_id=instance_id)
        shown = repr((aws, aws.calls, backend, found, vars(backend))) + caplog.text
        assert aws.windows_password(instance_id) not in shown
        assert found.data.strip() not in shown


class TestLaunches:
    """Every way to an instance leads to a password, and Ed25519 leads to none."""

    def test_from_a_template(self, aws, ec2, key):
        data = {"ImageId": WINDOWS, "KeyName": "deploy"}
        ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData=data)
        template = {"LaunchTemplate": {"LaunchTemplateName": "template"}}
        assert aws.windows_password(run_with(ec2, template))

    def test_by_a_spot_request(self, aws, ec2, key):
        specification = {"ImageId": WINDOWS, "KeyName": "deploy"}
        ec2.request_spot_instances(LaunchSpecification=specification)
        [reservation] = ec2.describe_instances()["Reservations"]
        assert aws.windows_password(reservation["Instances"][0]["InstanceId"])

    def test_by_cloudformation(self, aws, ec2, key):
        properties = {"ImageId": WINDOWS, "KeyName": "deploy"}
        instance = {"Type": "AWS::EC2::Instance", "Properties": properties}
        body = json.dumps({"Resources": {"Instance": instance}})
        client("cloudformation").create_stack(StackName="stack", TemplateBody=body)
        [reservation] = ec2.describe_instances()["Reservations"]
        assert aws.windows_password(reservation["Instances"][0]["InstanceId"])

    def test_of_an_image_of_a_windows_instance(self, aws, ec2, key):
        image = ec2.create_image(InstanceId=run(ec2), Name="copy")["ImageId"]
        assert aws.windows_password(run(ec2, ImageId=image))

    @pytest.mark.parametrize("way", ["created", "imported"])
    def test_ed25519(self, ec2, way):
        if way == "created":
            ec2.create_key_pair(KeyName="deploy", KeyType="ed25519")
        else:
            ec2.import_key_pair(KeyName="deploy", PublicKeyMaterial=ED25519)
        with pytest.raises(ClientError) as refused:
            run(ec2)
        assert str(refused.value) == UNSUPPORTED.format("RunInstances")
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert ec2.describe_instances()["Reservations"] == []
        assert data_of(ec2, run(ec2, ImageId=IMAGE)) == ""

    def test_ed25519_from_a_template(self, ec2):
        ec2.create_key_pair(KeyName="deploy", KeyType="ed25519")
        data = {"ImageId": WINDOWS, "KeyName": "deploy"}
        ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData=data)
        with pytest.raises(ClientError, match=r"\(Unsupported\)"):
            run_with(ec2, {"LaunchTemplate": {"LaunchTemplateName": "template"}})


@pytest.fixture
def installed():
    ec2_keypair_mock.moto.install()
    yield
    ec2_keypair_mock.moto.uninstall()


class TestLifetime:
    def test_inside_mock_aws(self):
        with mock_aws(), mock() as aws:
            client().create_key_pair(KeyName="deploy")
            assert aws.windows_password(run(client()))

    def test_under_install(self, installed):
        with mock_aws():
            key = client().create_key_pair(KeyName="deploy")["KeyMaterial"]
            data = data_of(client(), run(client()))
        assert decrypt(data, load_pem_private_key(key.encode(), password=None))

    def test_an_instance_that_stays_keeps_it(self, installed):
        first = mock_aws()
        first.start()
        client().create_key_pair(KeyName="deploy")
        instance_id = run(client())
        data = data_of(client(), instance_id)
        first.stop(remove_data=False)
        second = mock_aws()
        second.start(reset=False)
        found = data_of(client(), instance_id)
        second.stop()
        assert found == data != ""

    def test_without_moto_nobody_mocks_it(self):
        with mock() as aws:
            with pytest.raises(UnmockedCallError, match="GetPasswordData"):
                client().get_password_data(InstanceId=MISSING)
            with pytest.raises(ValueError, match=f"'{MISSING}' was given no password"):
                aws.windows_password(MISSING)
            assert aws.calls == []
            with pytest.raises(EC2Error, match="does not exist"):
                aws.backend().get_password_data(instance_id=MISSING)

    def test_moto_alone_answers_with_its_own(self):
        with mock_aws():
            instance_id = run(client())
            assert len(data_of(client(), instance_id)) == 128

    def test_before_it_was_active(self):
        with pytest.raises(RuntimeError, match="the mock is not active"):
            mock().windows_password(MISSING)

    def test_it_is_forgotten_with_the_state(self):
        with mock() as aws, mock_aws():
            client().create_key_pair(KeyName="deploy")
            instance_id = run(client())
            assert aws.windows_password(instance_id)
        with pytest.raises(ValueError, match="was given no password"):
            aws.windows_password(instance_id)

    def test_a_reset_forgets_it(self, aws, ec2, key):
        instance_id = run(ec2)
        aws.reset()
        assert data_of(ec2, instance_id) == ""

    def test_a_reset_of_moto_forgets_the_instance(self, aws, ec2, key):
        instance_id = run(ec2)
        ec2_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].reset()
        with pytest.raises(ClientError, match="does not exist"):
            data_of(ec2, instance_id)
        with pytest.raises(ValueError, match="was given no password"):
            aws.windows_password(instance_id)

    def test_instances_end_with_motos_mock(self):
        with mock() as outer:
            with mock_aws():
                client().create_key_pair(KeyName="deploy")
                instance_id = run(client())
            with mock_aws(), pytest.raises(ClientError, match="does not exist"):
                outer.client("us-east-1").get_password_data(InstanceId=instance_id)
