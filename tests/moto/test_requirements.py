"""Parts of moto that are not as they are known here keep moto's behaviour, with one warning."""

import functools
import importlib
import sys

import boto3
import moto
import moto.moto_api
import pytest
from moto import mock_aws
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.batch.models import BatchBackend
from moto.core import responses
from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import MockAWS, botocore_stubber
from moto.core.responses import BaseResponse
from moto.ec2.models import EC2Backend
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

import ec2_keypair_mock
from ec2_keypair_mock import mock
from ec2_keypair_mock.clients.gate import gate
from ec2_keypair_mock.moto import requirements
from ec2_keypair_mock.moto.requirements import require

PARTS = [
    (BaseResponse, "get_current_account"),
    (EC2Backend, "import_key_pair"),
    (EC2Backend, "describe_tags"),
    (EC2Backend, "run_instances"),
    (FakeAutoScalingGroup, "replace_autoscaling_group_instances"),
    (BatchBackend, "create_compute_environment"),
    (ResourceGroupsTaggingAPIBackend, "_get_tag_keys_generator"),
]
PATCHED = [
    (BotocoreStubber, "__call__"),
    (MockAWS, "stop"),
    (BackendDict, "reset"),
    (AccountSpecificBackend, "reset"),
    *PARTS,
]
IDS = [f"{owner.__name__}.{name}" for owner, name in PARTS]


@functools.cache
def client(service="ec2"):
    return boto3.client(service, region_name="us-east-1")


def attributes():
    return [vars(owner).get(name) for owner, name in PATCHED]


@pytest.fixture(autouse=True)
def nothing_warned_of(monkeypatch):
    monkeypatch.setattr(requirements, "_warned", set())


def test_nothing_is_patched_until_moto_starts():
    before = attributes()
    with mock():
        assert attributes() == before
        with mock_aws():
            assert not any(map(lambda one, other: one is other, attributes(), before))
    assert attributes() == before


def test_install_patches_nothing_until_moto_starts():
    before = attributes()
    ec2_keypair_mock.moto.install()
    assert attributes() == before
    ec2_keypair_mock.moto.uninstall()


class TestParts:
    @pytest.fixture(params=PARTS, ids=IDS)
    def part(self, request):
        return request.param

    @pytest.fixture
    def renamed(self, part, monkeypatch):
        """The part as a later version may have it: under another name."""
        owner, name = part
        defining = next(each for each in owner.__mro__ if name in vars(each))
        monkeypatch.delattr(defining, name)

    def test_the_others_work_with_one_warning(self, part, renamed):
        before = attributes()
        with pytest.warns(RuntimeWarning, match=f"{part[1]}.*Please report this") as warned:
            self.use_both()
        assert len(warned) == 1
        assert f"of moto {moto.__version__}" in str(warned[0].message)
        self.use_both()
        assert attributes() == before

    def use_both(self):
        with mock(), mock_aws():
            client().create_key_pair(KeyName="deploy", KeyType="ed25519")
            found = client().describe_key_pairs(KeyNames=["deploy"])["KeyPairs"]
            assert found[0]["KeyFingerprint"].endswith("=")
            for service in ("autoscaling", "batch", "resourcegroupstaggingapi"):
                importlib.import_module(f"moto.{service}.models")

    def test_mock_alone_says_nothing(self, renamed):
        with mock():
            client().create_key_pair(KeyName="deploy", KeyType="ed25519")


MISSING = [(BotocoreStubber, "process_request"), (MockAWS, "stop"), (BackendDict, "reset")]


@pytest.mark.parametrize(
    ("owner", "name"), MISSING, ids=lambda each: getattr(each, "__name__", each)
)
class TestTheMock:
    """Where its end cannot be told, moto goes on alone."""

    @pytest.fixture(autouse=True)
    def missing(self, owner, name, monkeypatch):
        def start(self, reset=True):
            botocore_stubber.enabled = True

        # As it would start in such a version.
        monkeypatch.setattr(MockAWS, "start", start)
        monkeypatch.delattr(owner, name)
        yield
        botocore_stubber.enabled = False
        ec2_keypair_mock.moto.uninstall()
        assert vars(MockAWS)["start"] is start
        assert gate.service is None

    def test_mock_alone_says_nothing(self):
        with mock():
            client().create_key_pair(KeyName="deploy", KeyType="ed25519")

    def test_it_starts_with_a_warning(self, name):
        ec2_keypair_mock.moto.install()
        with pytest.warns(RuntimeWarning, match=f"the mock of moto .* has no {name}"):
            mock_aws().start()
        assert gate.service is None

    def test_it_has_started_before(self, name):
        botocore_stubber.enabled = True
        with pytest.warns(RuntimeWarning, match=f"the mock of moto .* has no {name}"):
            mock().__enter__().__exit__(None, None, None)


def test_a_moto_that_cannot_start(monkeypatch):
    monkeypatch.delattr("moto.core.models.MockAWS")
    with mock():
        client().create_key_pair(KeyName="deploy", KeyType="ed25519")


def test_a_module_is_named():
    with pytest.raises(RuntimeError, match=r"moto\.core has no Missing"):
        require(importlib.import_module("moto.core"), "Missing")


def test_a_part_that_is_imported_later_keeps_its_own_behaviour(monkeypatch):
    monkeypatch.delitem(sys.modules, "moto.resourcegroupstaggingapi.models")
    monkeypatch.setattr(
        "ec2_keypair_mock.moto.tagging_api.require",
        lambda owner, name, *parameters: require(owner, "Missing"),
    )
    with mock(), mock_aws(), pytest.warns(RuntimeWarning, match="has no Missing"):
        importlib.import_module("moto.resourcegroupstaggingapi.models")


GATES = [
    (responses, "ActionAuthenticatorMixin", "authorize"),
    (moto.moto_api, "recorder", "record"),
]


@pytest.mark.parametrize(("owner", "name", "gate_name"), GATES, ids=lambda each: str(each))
def test_a_gate_that_is_not_known_lets_calls_pass(owner, name, gate_name, monkeypatch):
    with mock(), mock_aws():
        client().describe_key_pairs()
        monkeypatch.delattr(owner, name)
        with pytest.warns(RuntimeWarning, match=f"the gate {gate_name} of moto"):
            client().describe_key_pairs()
        client().describe_key_pairs()
