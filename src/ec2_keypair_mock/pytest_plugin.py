"""The pytest plugin: fixture, marker, guard and failure report.

Being installed must cost nothing: this module imports pytest and the standard library only, and
everything else when a test uses it.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .activation import KeyPairMock
    from .server import ServedKeyPairMock, Server

NAME = "ec2_keypair_mock"
GUARD = f"{NAME}_guard"
ALLOW_NETWORK = f"{NAME}_allow_network"
_STOPPED = "a call to AWS was stopped, and the exception swallowed"
MOTO = f"{NAME}_moto"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(GUARD, "fail every test that tries to reach AWS", type="bool", default=False)
    parser.addini(MOTO, "exact key pairs under moto's mock_aws alone", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"{NAME}(account_id=None, passthrough=False): mock EC2 key pairs in this test; the "
        f"arguments are those of {NAME}.mock",
    )
    config.addinivalue_line(
        "markers", f"{ALLOW_NETWORK}: let this test reach AWS although {GUARD} is on"
    )
    if config.getini(GUARD):
        from .clients import entrances

        entrances.hold()
        config.add_cleanup(entrances.release)
        _guard(True)
        config.add_cleanup(lambda: _guard(False))
    if config.getini(MOTO):
        from . import moto

        moto.install()
        config.add_cleanup(moto.uninstall)


def _guard(on: bool) -> None:
    from .clients.gate import gate

    gate.guarded = on


@pytest.fixture(name=NAME)
def mocked_key_pairs(request: pytest.FixtureRequest) -> Generator[KeyPairMock]:
    """EC2 key pairs without AWS, for one test; what it gives is what ``with mock()`` gives."""
    from .activation import mock

    marker = request.node.get_closest_marker(NAME)
    arguments: dict[str, Any] = marker.kwargs if marker else {}
    if marker and marker.args:
        raise TypeError(f"the marker {NAME} takes keyword arguments only, not {marker.args!r}")
    with mock(**arguments) as aws:
        yield aws


@pytest.fixture(scope="session")
def _ec2_keypair_running_server() -> Generator[Server]:
    from .server import Server

    with Server() as server:
        yield server


@pytest.fixture
def ec2_keypair_server(_ec2_keypair_running_server: Server) -> Generator[ServedKeyPairMock]:
    """What ``ec2_keypair_mock`` gives, served over HTTP at its ``url``, empty for each test.

    AWS clients in subprocesses find it through ``AWS_ENDPOINT_URL`` and fake credentials in the
    environment; beside key pairs it has every AWS service that moto has.
    """
    from .server import served

    with served(_ec2_keypair_running_server) as aws:
        yield aws


@pytest.fixture(autouse=True)
def _ec2_keypair_mock_marker(request: pytest.FixtureRequest) -> None:
    """Give the fixture to every test that has the marker."""
    if request.node.get_closest_marker(NAME):
        request.getfixturevalue(NAME)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    if switch := sys.modules.get(f"{NAME}.active"):
        switch.switch.turn_page()
    if not (item.config.getini(GUARD) and item.get_closest_marker(ALLOW_NETWORK)):
        return (yield)
    _guard(False)
    try:
        return (yield)
    finally:
        _guard(True)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if text := _refusals(collector):
        report.outcome = "failed"
        report.longrepr = f"{_STOPPED}:\n{text}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _watch(item, "setup"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _watch(item, "call"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _watch(item, "teardown"))


def _watch(item: pytest.Item, when: str) -> Generator[None, object, object]:
    """Fail what swallowed a call that was stopped; explain what failed."""
    try:
        result = yield
    except pytest.skip.Exception:
        # Code that finds AWS out of reach may well skip its test; then nothing has been tested.
        if text := _refusals(item):
            pytest.fail(f"{_STOPPED}:\n{text}", pytrace=False)
        raise
    except BaseException:
        for title, text in (("calls", _calls()), ("calls stopped", _refusals(item))):
            if text:
                item.add_report_section(when, f"{NAME} {title}", text)
        raise
    if text := _refusals(item):
        pytest.fail(f"{_STOPPED}:\n{text}", pytrace=False)
    return result


def _calls() -> str:
    switch = sys.modules.get(f"{NAME}.active")
    if switch is None:
        return ""
    from .report import describe_calls

    return describe_calls(switch.switch.calls())


def _refusals(node: pytest.Item | pytest.Collector) -> str:
    gate = sys.modules.get(f"{NAME}.clients.gate")
    if gate is None:
        return ""
    from .report import describe_refusals

    test = inspect.unwrap(getattr(node, "function", _refusals)).__code__
    return describe_refusals(gate.gate.take_refusals(test=test))
