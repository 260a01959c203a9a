"""Models and handlers are read and registered once; sessions stay botocore's own."""

import contextlib
import os
import unittest.mock

import boto3
import botocore.exceptions
import botocore.handlers
import botocore.hooks
import botocore.loaders
import botocore.session
import pytest
from moto import mock_aws

from ec2_keypair_mock import mock
from ec2_keypair_mock.boto import warm


@pytest.fixture(autouse=True)
def cold(monkeypatch):
    """Nothing was read, listed or registered before."""
    for name in ("_files", "_services", "_registered"):
        monkeypatch.setattr(warm, name, {})


def watch(**kwargs):
    """A handler of the user's own."""


def handlers_of(session):
    return session.get_component("event_emitter")._emitter._handlers._root


def test_get_session_is_botocores_own():
    before = (botocore.session.get_session, botocore.session.Session.__init__)
    with mock():
        assert (botocore.session.get_session, botocore.session.Session.__init__) == before


def test_a_model_is_read_once(monkeypatch):
    read = []
    original = botocore.loaders.JSONFileLoader._load_file

    def load_file(self, path, *arguments):
        read.append(path)
        return original(self, path, *arguments)

    monkeypatch.setattr(botocore.loaders.JSONFileLoader, "_load_file", load_file)
    with mock():
        for _ in range(2):
            boto3.Session(region_name="us-east-1").client("ec2")
    models = [path for path in read if "service-2.json" in path and "ec2" in path]
    assert len(models) == len(set(models)) > 0


def test_a_model_that_botocore_changes_is_not_shared():
    with mock_aws(), mock():
        boto3.Session(region_name="us-east-1").client("s3").create_bucket(Bucket="bucket")
        model = botocore.loaders.Loader().load_service_model("s3", "service-2")
    assert model["operations"]["CreateBucket"]["http"]["requestUri"] == "/{Bucket}"


def test_the_services_are_listed_once(monkeypatch):
    listed = []
    real = os.listdir

    def listdir(path):
        listed.append(path)
        return real(path)

    with mock():
        monkeypatch.setattr(botocore.loaders.os, "listdir", listdir)
        first = botocore.loaders.Loader().list_available_services("service-2")
        before = len(listed)
        second = botocore.loaders.Loader().list_available_services("service-2")
    assert first == second
    assert len(listed) == before > 0


def test_a_list_is_everybodys_own():
    with mock():
        first = botocore.loaders.Loader().list_available_services("service-2")
        first.clear()
        assert "ec2" in botocore.loaders.Loader().list_available_services("service-2")


def test_folders_of_the_users_own_are_read_anew(tmp_path, monkeypatch):
    folder = tmp_path / "myservice" / "2026-01-01"
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    with mock():
        loader = boto3.Session()._session.get_component("data_loader")
        assert "myservice" not in loader.list_available_services("service-2")
        folder.mkdir(parents=True)
        (folder / "service-2.json").write_text('{"metadata": {"number": 1}}')
        for number in (1, 2):
            (folder / "service-2.json").write_text(f'{{"metadata": {{"number": {number}}}}}')
            loader = boto3.Session()._session.get_component("data_loader")
            assert "myservice" in loader.list_available_services("service-2")
            model = loader.load_service_model("myservice", "service-2")
            assert model["metadata"]["number"] == number


def test_the_handlers_are_those_that_botocore_registers():
    expected = handlers_of(botocore.session.Session())
    with mock():
        for _ in range(3):
            assert handlers_of(botocore.session.Session()) == expected


def test_the_handlers_of_one_session_are_not_those_of_another():
    with mock():
        botocore.session.Session()
        first, second = botocore.session.Session(), botocore.session.Session()
        before = repr(handlers_of(second))
        first.register("before-send.ec2", watch)
        assert repr(handlers_of(second)) == before
        assert "function watch" in repr(handlers_of(first))


def test_a_handler_that_is_added_to_the_list_is_registered(monkeypatch):
    with mock():
        botocore.session.Session()
        more = [*botocore.handlers.BUILTIN_HANDLERS, ("before-send.ec2", watch)]
        monkeypatch.setattr(botocore.handlers, "BUILTIN_HANDLERS", more)
        assert "function watch" in repr(handlers_of(botocore.session.Session()))


def test_an_emitter_of_the_users_own_is_filled_by_botocore():
    class Emitter(botocore.hooks.HierarchicalEmitter):
        pass

    used = botocore.hooks.HierarchicalEmitter()
    used.register("before-send.ec2", watch)
    with mock():
        botocore.session.Session()
        of_its_own_type = botocore.session.Session(event_hooks=Emitter())
        assert handlers_of(of_its_own_type) == handlers_of(botocore.session.Session())
        assert "function watch" in repr(handlers_of(botocore.session.Session(event_hooks=used)))


PLACES = [
    (botocore.loaders.JSONFileLoader, "load_file"),
    (botocore.loaders.Loader, "list_available_services"),
    (botocore.session.Session, "_register_builtin_handlers"),
]


@pytest.mark.parametrize(("owner", "name"), PLACES)
def test_what_a_test_has_patched_is_not_kept(owner, name):
    with unittest.mock.patch.object(owner, name, autospec=True):
        with mock(), contextlib.suppress(Exception):
            boto3.Session(region_name="us-east-1").client("ec2")
        assert all(value is not None for value in warm._files.values())
    with mock():
        assert boto3.Session(region_name="us-east-1").client("ec2")


def test_a_fake_file_system_is_not_kept(monkeypatch):
    with mock():
        with monkeypatch.context() as patched:
            patched.setattr(botocore.loaders.os.path, "isfile", lambda path: False)
            loader = botocore.loaders.Loader()
            assert loader.list_available_services("service-2") == []
            with pytest.raises(botocore.exceptions.DataNotFoundError):
                loader.load_data("endpoints")
        loader = botocore.loaders.Loader()
        assert "ec2" in loader.list_available_services("service-2")
        assert loader.load_data("endpoints")


def test_a_botocore_without_these_methods_is_slower_and_nothing_else(monkeypatch):
    monkeypatch.delattr(botocore.session, "Session")
    monkeypatch.delattr(botocore.loaders.Loader, "list_available_services")
    monkeypatch.setattr(botocore.loaders, "JSONFileLoader", unittest.mock.Mock())
    replacing = warm.Warm()
    replacing.start()
    assert replacing._replacements == []
    replacing.stop()


def test_an_emitter_of_another_shape_is_left_to_botocore(monkeypatch):
    monkeypatch.setattr(botocore.hooks.HierarchicalEmitter, "_handlers", None, raising=False)

    class Emitter(botocore.hooks.HierarchicalEmitter):
        pass

    monkeypatch.setattr(botocore.hooks, "HierarchicalEmitter", Emitter)
    emitter = Emitter()
    del emitter._handlers
    assert not warm._is_empty(emitter)


def test_afterwards_all_is_as_before():
    def places():
        return [
            botocore.loaders.JSONFileLoader.load_file,
            botocore.loaders.Loader.list_available_services,
            botocore.session.Session._register_builtin_handlers,
        ]

    before = places()
    with mock():
        assert all(a is not b for a, b in zip(before, places(), strict=True))
    assert before == places()
    assert os.sep in warm._own_folders()[0]
