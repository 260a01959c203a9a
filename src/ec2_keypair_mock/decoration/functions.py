"""Functions, coroutine functions and generator functions with their bodies inside the mock."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any

from .context import Context


def decorate_function(mock: Context, function: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):
        wrapper = _around_coroutine(mock, function)
    elif inspect.isasyncgenfunction(function):
        wrapper = _around_async_generator(mock, function)
    elif inspect.isgeneratorfunction(function):
        wrapper = _around_generator(mock, function)
    else:
        wrapper = _around_call(mock, function)
    return functools.wraps(function)(wrapper)


def _around_call(mock: Context, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        with mock:
            result = function(*args, **kwargs)
        # A partial or a lambda may hand out a body that has yet to run.
        if inspect.iscoroutine(result):
            return _around_coroutine(mock, lambda: result)()
        if inspect.isgenerator(result):
            return _around_generator(mock, lambda: result)()
        if inspect.isasyncgen(result):
            return _around_async_generator(mock, lambda: result)()
        return result

    return call


def _around_coroutine(mock: Context, function: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        with mock:
            return await function(*args, **kwargs)

    return call


def _around_generator(mock: Context, function: Callable[..., Any]) -> Callable[..., Any]:
    def generate(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with mock:
            return (yield from function(*args, **kwargs))

    return generate


def _around_async_generator(mock: Context, function: Callable[..., Any]) -> Callable[..., Any]:
    async def generate(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        with mock:
            async with contextlib.aclosing(function(*args, **kwargs)) as generator:
                step = generator.__anext__
                arguments: tuple[Any, ...] = ()
                with contextlib.suppress(StopAsyncIteration):
                    while True:
                        value = await step(*arguments)
                        try:
                            step, arguments = generator.asend, ((yield value),)
                        except GeneratorExit:
                            raise
                        except BaseException as error:
                            step, arguments = generator.athrow, (error,)

    return generate
