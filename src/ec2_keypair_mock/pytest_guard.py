"""The guard: a plugin that is registered where the ini option ``ec2_keypair_mock_guard`` is on.

No call of the run reaches AWS, whether a mock is active or not, but those of the tests that are
marked for it, and of the fixtures that these set up.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from .clients import entrances
from .clients.gate import gate
from .pytest_plugin import ALLOW_NETWORK


class Guard:
    """Guards from ``start`` to ``stop``; its hooks open the gate for marked tests."""

    def __init__(self) -> None:
        self._is_open = False

    def start(self) -> None:
        entrances.install()
        gate.guard()

    def stop(self) -> None:
        gate.unguard()
        entrances.uninstall()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, None]:
        before = self._is_open
        self._is_open = item.get_closest_marker(ALLOW_NETWORK) is not None
        if self._is_open:
            gate.unguard()
        yield
        if self._is_open:
            gate.guard()
        self._is_open = before

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, request: pytest.FixtureRequest) -> Generator[None, Any, None]:
        is_open = self._is_open
        # What such a test sets up may be torn down, too, whenever that is. Finalizers run in
        # reverse.
        if is_open:
            request.addfinalizer(gate.guard)
        yield
        if is_open:
            request.addfinalizer(gate.unguard)
