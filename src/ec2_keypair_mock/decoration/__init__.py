"""``@mock`` on whatever can be decorated: the body runs inside, and the type is kept.

Either the body runs inside or decoration raises TypeError and says what to do.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from .classes import decorate_class, is_fixture
from .functions import decorate_function, refusal
from .mocks import Mock
from .pytest_classes import is_pytest_class, mark_class
from .unittest_cases import decorate_test_case

Target = TypeVar("Target", bound=Callable[..., Any])


def decorate(mock: Mock, target: Target) -> Target:
    """The same function or class, its body inside the mock.

    Raises TypeError for what cannot be put inside, and for an ``async def`` test that its class
    would never await.
    """
    decorated: Any
    if inspect.isclass(target):
        decorated = _decorate_class(mock, target)
    elif isinstance(target, staticmethod | classmethod):
        decorated = type(target)(decorate_function(mock, target.__func__))
    elif is_fixture(target) or not callable(target):
        raise TypeError(
            f"mock cannot decorate {target!r}: it takes functions and classes, called with "
            "keyword arguments only. On a fixture, write @pytest.fixture above @mock."
        )
    elif advice := refusal(target):
        raise TypeError(f"mock cannot decorate {target!r}: {advice}")
    else:
        decorated = decorate_function(mock, target)
    return decorated  # type: ignore[no-any-return]  # of the type of the target


def _decorate_class(mock: Mock, cls: type) -> type:
    unittest = sys.modules.get("unittest")
    if unittest is not None and issubclass(cls, unittest.TestCase):
        decorate_test_case(mock, cls)
    elif is_pytest_class(cls):
        mark_class(mock, cls)
    else:
        decorate_class(mock, cls)
    return cls
