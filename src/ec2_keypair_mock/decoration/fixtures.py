"""pytest's fixtures, which only pytest may call."""

from __future__ import annotations

import inspect
from typing import Any


def is_fixture(target: Any) -> bool:
    return fixture_marker(target) is not None


def fixture_marker(target: Any) -> Any:
    """What ``@pytest.fixture`` was called with; None where it was not."""
    # The first since pytest 8.4. Read statically, as a mock or a proxy answers to any name.
    for name in ("_fixture_function_marker", "_pytestfixturefunction"):
        marker = inspect.getattr_static(target, name, None)
        if marker is not None:
            return marker
    return None
