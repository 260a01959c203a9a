"""Functions, coroutine functions and generator functions with their bodies inside the mock."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from typing import Any

from .mocks import Mock, code_of

_NO_FUNCTION: Any = None
# What contextlib makes of any function has one code.
_CONTEXT_MANAGERS = (
    code_of(contextlib.contextmanager(_NO_FUNCTION)),
    code_of(contextlib.asynccontextmanager(_NO_FUNCTION)),
)
_CACHED = type(functools.lru_cache(lambda: None))


def refusal(function: Any) -> str | None:
    """What to do instead of decorating the function; None where it can be decorated.

    The body of a context manager's function runs after the function has returned, and a cached
    function does not run its body at each call.
    """
    if code_of(function) in _CONTEXT_MANAGERS:
        return "write @mock below @contextmanager"
    if isinstance(function, _CACHED):
        return "write @mock below the cache"
    return None


def decorate_function(mock: Mock, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function inside the mock; what can be told of it stays as it is."""
    if inspect.iscoroutinefunction(function):
        wrapper = _around_coroutine(mock, function)
    elif inspect.isasyncgenfunction(function):
        wrapper = _around_async_generator(mock, function)
    elif inspect.isgeneratorfunction(function):
        wrapper = _around_generator(mock, function)
    else:
        wrapper = _around_call(mock, function)
    return functools.wraps(function)(wrapper)


def _around_call(mock: Mock, function: Callable[..., Any]) -> Callable[..., Any]:
    code = code_of(function)

    def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        with mock.inside(code):
            result = function(*args, **kwargs)
        # The function may hand out a body that has yet to run.
        if inspect.iscoroutine(result):
            return _around_coroutine(mock, lambda: result)()
        if inspect.isgenerator(result):
            return _around_generator(mock, lambda: _KeptOpen(result))()
        if inspect.isasyncgen(result):
            return _around_async_generator(mock, lambda: result, is_own=False)()
        return result

    return call


def _around_coroutine(mock: Mock, function: Callable[..., Any]) -> Callable[..., Any]:
    code = code_of(function)

    async def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        with mock.inside(code):
            return await function(*args, **kwargs)

    return call


def _around_generator(mock: Mock, function: Callable[..., Any]) -> Callable[..., Any]:
    code = code_of(function)

    def generate(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        __tracebackhide__ = True
        with mock.inside(code):
            return (yield from function(*args, **kwargs))

    return generate


class _KeptOpen:
    """A generator of somebody else, which is not closed when ours is: it has no ``close``."""

    def __init__(self, generator: Generator[Any, Any, Any]) -> None:
        self.send = generator.send
        self.throw = generator.throw
        self._generator = generator

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._generator)


def _around_async_generator(
    mock: Mock, function: Callable[..., Any], *, is_own: bool = True
) -> Callable[..., Any]:
    code = code_of(function)
    closing: Any = contextlib.aclosing if is_own else contextlib.nullcontext

    async def generate(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        __tracebackhide__ = True
        with mock.inside(code):
            async with closing(function(*args, **kwargs)) as generator:
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
