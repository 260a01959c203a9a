"""unittest's classes of tests."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable
from typing import Any

from .context import Context


def decorate_test_case(mock: Context, cls: Any) -> None:
    """Each test runs inside, its setUp, tearDown and clean-ups too; setUpClass spans the class."""
    import unittest

    if not issubclass(cls, unittest.IsolatedAsyncioTestCase):
        for name in unittest.defaultTestLoader.getTestCaseNames(cls):
            if inspect.iscoroutinefunction(getattr(cls, name)):
                raise TypeError(
                    f"{cls.__name__}.{name} is async, and a TestCase never awaits it: derive the "
                    "class from unittest.IsolatedAsyncioTestCase"
                )
    # No plain function: moto's mock_aws would wrap it, and so make one state of the whole class.
    cls.run = functools.partialmethod(_around_run(mock, cls.run))
    if any(_is_overridden(cls, name) for name in ("setUpClass", "tearDownClass")):
        found = inspect.getattr_static(cls, "setUpClass")
        cls.setUpClass = classmethod(_set_up_class(mock, found))


def _is_overridden(cls: type, name: str) -> bool:
    from unittest import TestCase

    return inspect.getattr_static(cls, name) is not inspect.getattr_static(TestCase, name)


def _around_run(mock: Context, run: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(run)
    def run_inside(self: Any, result: Any = None) -> Any:
        with contextlib.ExitStack() as stack:
            stack.enter_context(mock)
            # The last clean-up: what its end raises is an error of the test, not of the run.
            self.addCleanup(stack.close)
            return run(self, result)

    return run_inside


def _set_up_class(mock: Context, found: Any) -> Callable[[Any], None]:
    @functools.wraps(getattr(found, "__func__", found))
    def set_up_class(cls: Any) -> None:
        mock.__enter__()
        cls.addClassCleanup(mock.__exit__, None, None, None)
        found.__get__(None, cls)()

    return set_up_class
