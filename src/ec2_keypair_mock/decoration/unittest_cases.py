"""unittest's classes of tests."""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
from collections.abc import Callable
from typing import Any

from .. import refusals
from .mocks import Mock, code_of


def decorate_test_case(mock: Mock, cls: Any) -> None:
    """Each test runs inside, its setUp, tearDown and clean-ups too; setUpClass spans the class."""
    _refuse_async_tests(cls)
    # No plain function: moto's mock_aws would wrap it, and so make one state of the whole class.
    cls.run = functools.partialmethod(_around_run(mock, cls.run))
    if any(_is_overridden(cls, name) for name in ("setUpClass", "tearDownClass")):
        _wrap_set_up_class(mock, cls)
    _wrap_those_of_subclasses(mock, cls)


def _refuse_async_tests(cls: Any) -> None:
    import unittest

    if issubclass(cls, unittest.IsolatedAsyncioTestCase):
        return
    for name in unittest.defaultTestLoader.getTestCaseNames(cls):
        if inspect.iscoroutinefunction(getattr(cls, name)):
            raise TypeError(
                f"{cls.__name__}.{name} is async, and a TestCase never awaits it: derive the "
                "class from unittest.IsolatedAsyncioTestCase"
            )


def _is_overridden(cls: type, name: str) -> bool:
    from unittest import TestCase

    return inspect.getattr_static(cls, name) is not inspect.getattr_static(TestCase, name)


def _around_run(mock: Mock, run: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(run)
    def run_inside(self: Any, result: Any = None) -> Any:
        __tracebackhide__ = True
        method: Any = getattr(type(self), self._testMethodName, None)
        # Under pytest its own test is what is judged.
        scope = None if refusals.is_in_test() else refusals.begin(is_test=True)
        with contextlib.ExitStack() as stack:
            if scope is not None:
                stack.callback(refusals.end, scope)
            stack.enter_context(mock.inside(code_of(inspect.unwrap(method))))
            # The last clean-up: what it raises is an error of the test, not of the run.
            self.addCleanup(_end, stack, scope)
            return run(self, result)

    return run_inside


def _end(stack: contextlib.ExitStack, scope: refusals.Scope | None) -> None:
    __tracebackhide__ = True
    stack.close()
    if scope is not None:
        skipped = refusals.is_test_skipped(sys._getframe())
        refusals.raise_swallowed(scope.judge(skipped=skipped))


def _wrap_set_up_class(mock: Mock, cls: Any) -> None:
    found = inspect.getattr_static(cls, "setUpClass")

    @functools.wraps(getattr(found, "__func__", found))
    def set_up_class(cls: Any) -> None:
        import unittest

        __tracebackhide__ = True
        stack = contextlib.ExitStack()
        stack.enter_context(mock.inside(code_of(set_up_class.__wrapped__)))
        cls.addClassCleanup(stack.close)
        scope = refusals.current()
        try:
            found.__get__(None, cls)()
        except unittest.SkipTest:
            refusals.raise_swallowed(scope.judge(skipped=True) if scope else [])
            raise

    cls.setUpClass = classmethod(set_up_class)


def _wrap_those_of_subclasses(mock: Mock, cls: Any) -> None:
    """A subclass may have a ``setUpClass`` of its own that does not call ours."""
    init_subclass = inspect.getattr_static(cls, "__init_subclass__")

    def wrap_its_own(subclass: Any, /, **kwargs: Any) -> None:
        init_subclass.__get__(None, subclass)(**kwargs)
        if "setUpClass" in vars(subclass):
            _wrap_set_up_class(mock, subclass)

    cls.__init_subclass__ = classmethod(wrap_its_own)
