"""What is left in the environment after a mock, whoever else changes it."""

import os

import pytest
from moto import mock_aws

from ec2_keypair_mock import mock
from ec2_keypair_mock.boto.environment import FAKE_CREDENTIALS, environment

KEY = "AWS_ACCESS_KEY_ID"
FAKE = FAKE_CREDENTIALS[KEY]


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    for name in (*FAKE_CREDENTIALS, "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    yield
    environment.sweep()


def undone_too_late(monkeypatch, name, value):
    """A patch that is made while a mock is active and undone when it is over."""
    with monkeypatch.context() as patch, mock():
        patch.setenv(name, value)


@pytest.mark.parametrize("before", [None, "real"])
@pytest.mark.parametrize("name", FAKE_CREDENTIALS)
def test_what_a_late_undo_brings_back_is_swept(monkeypatch, name, before):
    if before:
        monkeypatch.setenv(name, before)
    undone_too_late(monkeypatch, name, "changed")
    environment.sweep()
    assert os.environ.get(name) == before


def test_what_was_set_afterwards_stays(monkeypatch):
    with mock():
        pass
    monkeypatch.setenv(KEY, "mine")
    environment.sweep()
    assert os.environ[KEY] == "mine"


def test_while_a_mock_is_active_nothing_is_swept():
    with mock():
        environment.sweep()
        assert os.environ[KEY] == FAKE


@pytest.mark.parametrize("before", [None, "real"])
def test_fake_credentials_that_are_found_are_not_the_users(monkeypatch, before):
    if before:
        monkeypatch.setenv(KEY, before)
    undone_too_late(monkeypatch, KEY, "changed")
    assert os.environ[KEY] == FAKE
    with mock():
        pass
    assert os.environ.get(KEY) == before


def test_the_example_key_may_be_the_users_own(monkeypatch):
    monkeypatch.setenv(KEY, FAKE)
    for _ in range(2):
        with mock():
            pass
        environment.sweep()
        assert os.environ[KEY] == FAKE


def test_the_plugin_sweeps_when_a_test_is_over(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        f"""
        import os

        def test_one(ec2_keypair_mock, monkeypatch):
            monkeypatch.setenv("{KEY}", "changed")

        def test_two(monkeypatch):
            from ec2_keypair_mock import mock
            with mock():
                monkeypatch.setenv("{KEY}", "changed")

        def test_three():
            assert "{KEY}" not in os.environ
        """
    )
    pytester.runpytest("-p", "ec2_keypair_mock.pytest_plugin").assert_outcomes(passed=3)


class TestBesideMoto:
    """Each of the two mocks puts back what it found, in whichever order they end."""

    @pytest.fixture(params=[None, "real"], autouse=True)
    def before(self, request, monkeypatch):
        for name in FAKE_CREDENTIALS if request.param else ():
            monkeypatch.setenv(name, request.param)
        yield
        assert {os.environ.get(name) for name in FAKE_CREDENTIALS} == {request.param}

    def test_moto_ends_before(self):
        moto, ours = mock_aws(), mock()
        moto.start()
        ours.__enter__()
        moto.stop()
        assert os.environ[KEY] == FAKE
        ours.__exit__(None, None, None)

    def test_ours_ends_before(self):
        moto, ours = mock_aws(), mock()
        ours.__enter__()
        moto.start()
        ours.__exit__(None, None, None)
        moto.stop()

    def test_nested(self):
        with mock(), mock_aws():
            assert os.environ[KEY] == "FOOBARKEY"
        with mock_aws(), mock():
            assert os.environ[KEY] == FAKE

    def test_moto_starts_twice(self):
        first, second, ours = mock_aws(), mock_aws(), mock()
        first.start()
        second.start()
        ours.__enter__()
        second.stop()
        first.stop()
        ours.__exit__(None, None, None)
