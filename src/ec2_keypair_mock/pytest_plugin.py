"""The pytest plugin: fixture, marker, options and failure report.

Being installed must cost nothing: this module imports pytest and the standard library only, and
everything else when a test uses it. Its hook wrappers are of the old kind, which every pluggy
knows.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections import Counter
from collections.abc import Generator
from contextlib import nullcontext
from types import CodeType
from typing import TYPE_CHECKING, Any

import pytest

from . import refusals
from .errors import SwallowedCallError
from .refusals import Refusal, Scope

if TYPE_CHECKING:
    from .activation import KeyPairMock
    from .server import ServedKeyPairMock, Server

NAME = "ec2_keypair_mock"
GUARD = f"{NAME}_guard"
ALLOW_NETWORK = f"{NAME}_allow_network"
MOTO = f"{NAME}_moto"
LAUNCHES = f"{NAME}_launches"

_SCOPE = pytest.StashKey[Scope]()
_MISSING = pytest.StashKey[Counter[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(GUARD, "fail every test that tries to reach AWS", type="bool", default=False)
    parser.addini(MOTO, "exact key pairs under moto's mock_aws alone", type="bool", default=False)
    parser.addini(
        LAUNCHES,
        "moto's launches with key pairs that do not exist: strict (refused, as on EC2) or warn",
        default="strict",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"{NAME}(account_id=None, passthrough=None, allow_swallowed=None, fresh_keys=None): mock "
        f"EC2 key pairs in this test; the arguments are those of {NAME}.mock",
    )
    config.addinivalue_line(
        "markers", f"{ALLOW_NETWORK}: let this test reach AWS although {GUARD} is on"
    )
    if config.getini(GUARD):
        from .pytest_guard import Guard

        guard = Guard()
        guard.start()
        config.add_cleanup(guard.stop)
        config.pluginmanager.register(guard, GUARD)
    config.stash[_MISSING] = Counter()
    launches = config.getini(LAUNCHES)
    if launches not in ("strict", "warn"):
        raise pytest.UsageError(f"{LAUNCHES} must be strict or warn, not {launches!r}")
    if config.getini(MOTO):
        from . import moto

        moto.install(launches=launches)
        config.add_cleanup(moto.uninstall)
    elif launches == "warn":
        from .moto.shared_state import shared_state

        shared_state.set_launches(launches)
        config.add_cleanup(functools.partial(shared_state.set_launches, "strict"))


# Key pairs that launches named and nobody made. Each process of pytest-xdist has its own.


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config: Any = session.config
    missing: Counter[str] = config.stash[_MISSING]
    if launches := sys.modules.get(f"{NAME}.moto.launches"):
        missing.update(launches.launches.take_missing())
    if hasattr(config, "workeroutput"):
        config.workeroutput[LAUNCHES] = dict(missing)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    output = getattr(node, "workeroutput", None) or {}
    node.config.stash[_MISSING].update(output.get(LAUNCHES, {}))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if missing := config.stash[_MISSING].most_common():
        names = ", ".join(f"{name} ({number})" for name, number in missing)
        terminalreporter.write_line(f"launches named key pairs that do not exist: {names}")


def _marker(node: pytest.Item | pytest.Collector) -> pytest.Mark | None:
    """The marker that decides: the nearest, and of a class its own before those of its bases."""
    for each in reversed(node.listchain()):
        # pytest lists the marks of the bases first.
        if marks := [mark for mark in each.own_markers if mark.name == NAME]:
            return marks[-1]
    return None


@pytest.fixture(name=NAME)
def mocked_key_pairs(request: pytest.FixtureRequest) -> Generator[KeyPairMock]:
    """EC2 key pairs without AWS, for one test; what it gives is what ``with mock()`` gives."""
    from .activation import mock

    marker = _marker(request.node)
    arguments = dict(marker.kwargs) if marker else {}
    if marker and marker.args:
        raise TypeError(f"the marker {NAME} takes keyword arguments only, not {marker.args!r}")
    with mock(**arguments).inside(None) as aws:
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


@pytest.fixture(scope="class", autouse=True)
def _ec2_keypair_mock_class(request: pytest.FixtureRequest) -> Generator[None]:
    """One mock for the tests of a marked class, where something of it outlives a test."""
    marker = _marker(request.node) if request.cls else None
    if marker is None:
        yield
        return
    from .activation import mock
    from .decoration.pytest_classes import outlives_a_test

    with mock(**marker.kwargs).inside(None) if outlives_a_test(request.cls) else nullcontext():
        yield


@pytest.fixture(autouse=True)
def _ec2_keypair_mock_marker(request: pytest.FixtureRequest) -> None:
    """Give the fixture to every test that has the marker."""
    if request.node.get_closest_marker(NAME):
        request.getfixturevalue(NAME)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, None]:
    scope = item.stash[_SCOPE] = _begin()
    yield
    refusals.end(scope)
    if environment := sys.modules.get(f"{NAME}.boto.environment"):
        environment.environment.sweep()


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, None]:
    scope = _begin()
    outcome = yield
    refusals.end(scope)
    report: pytest.CollectReport = outcome.get_result()
    scope.add(file=str(collector.path))
    if failing := scope.judge(skipped=report.skipped):
        report.outcome = "failed"
        report.longrepr = _text(failing)


# The innermost wrapper, so that pytest's own treatment of xfail comes after it.
@pytest.hookimpl(hookwrapper=True, trylast=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, None]:
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    scope = item.stash.get(_SCOPE, None)
    if scope is None or (report.when == "setup" and report.passed):
        return
    if scope.has_refusals:
        scope.add(file=str(item.path), code=_code_of(item))
    if report.failed:
        _explain(report, scope)
    elif failing := scope.judge(skipped=report.skipped):
        call.excinfo = _failure(_text(failing))
        outcome.force_result(pytest.TestReport.from_item_and_call(item, call))


def _begin() -> Scope:
    scope = refusals.begin(is_test=True)
    if active := sys.modules.get(f"{NAME}.active"):
        active.active.join(scope)
    return scope


def _explain(report: pytest.TestReport, scope: Scope) -> None:
    """Add to the report of a failure the calls, and those that were refused."""
    from .ec2.calls import describe

    calls = [call for service in scope.services for call in service.calls_since_mark()]
    if calls:
        report.sections.append((f"{NAME} calls", describe(calls)))
    if refused := scope.judge(skipped=True):
        report.sections.append((f"{NAME} refused calls", refusals.describe(refused)))


def _failure(text: str) -> pytest.ExceptionInfo[BaseException]:
    try:
        pytest.fail(text, pytrace=False)
    except pytest.fail.Exception:
        return pytest.ExceptionInfo.from_current()


def _text(failing: list[Refusal]) -> str:
    return str(SwallowedCallError(failing[0].error, refusals.describe(failing)))


def _code_of(item: pytest.Item) -> CodeType | None:
    """The code of a test function; None where the test is something else that can be called."""
    function: Any = getattr(item, "function", None)
    function = inspect.unwrap(function)
    while isinstance(function, functools.partial):
        function = inspect.unwrap(function.func)
    return getattr(function, "__code__", None)
