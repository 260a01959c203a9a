"""Where moto's insides differ, activation says so and what it missed."""

import importlib
import sys

import moto
import pytest
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import MockAWS
from moto.core.responses import BaseResponse
from moto.ec2.models import EC2Backend
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

import ec2_keypair_mock
from ec2_keypair_mock import mock
from ec2_keypair_mock.clients import entrances
from ec2_keypair_mock.clients.gate import gate
from ec2_keypair_mock.moto.requirements import require

MISSING = [
    (BotocoreStubber, "process_request"),
    (MockAWS, "start"),
    (MockAWS, "stop"),
    (BackendDict, "reset"),
    (BaseResponse, "get_current_account"),
    (EC2Backend, "create_key_pair"),
    (EC2Backend, "describe_tags"),
    (EC2Backend, "run_instances"),
    (ResourceGroupsTaggingAPIBackend, "_get_resources_generator"),
]


def originals():
    return [getattr(owner, name) for owner, name in MISSING]


@pytest.mark.parametrize(
    ("owner", "name"), MISSING, ids=lambda each: getattr(each, "__name__", each)
)
class TestMissing:
    @pytest.fixture(autouse=True)
    def missing(self, owner, name, monkeypatch):
        monkeypatch.setattr(owner, name, None)
        before = originals()
        yield
        # Nothing stays patched, and the next activation finds everything closed.
        assert originals() == before
        assert gate.service is None
        assert entrances._users == 0

    def test_mock_fails(self, owner, name):
        with pytest.raises(RuntimeError, match=f"has no {name}") as caught:
            mock().__enter__()
        assert f"moto {moto.__version__}: {owner.__module__}.{owner.__name__}" in str(caught.value)

    def install_and_start(self):
        ec2_keypair_mock.moto.install()
        mock_aws().start()

    def test_mock_aws_fails_where_it_is_installed(self, owner, name):
        with pytest.raises(RuntimeError, match=f"has no {name}"):
            self.install_and_start()
        ec2_keypair_mock.moto.uninstall()
        assert MockAWS._nested_count == 0


def test_other_parameters(monkeypatch):
    monkeypatch.setattr(EC2Backend, "create_tags", lambda self, ids, tags: None)
    with pytest.raises(RuntimeError, match=r"has no create_tags\(self, resource_ids, tags\)"):
        mock().__enter__()


def test_a_module_is_named():
    with pytest.raises(RuntimeError, match=r"moto\.core has no Missing\. Use an older moto"):
        require(importlib.import_module("moto.core"), "Missing")


def test_moto_imported_later_keeps_its_own_behaviour(monkeypatch):
    monkeypatch.delitem(sys.modules, "moto.resourcegroupstaggingapi.models")
    with mock():
        monkeypatch.setattr(
            "ec2_keypair_mock.moto.tagging_api.require",
            lambda owner, name, *parameters: require(owner, "Missing"),
        )
        with pytest.warns(RuntimeWarning, match="has no Missing"):
            importlib.import_module("moto.resourcegroupstaggingapi.models")
