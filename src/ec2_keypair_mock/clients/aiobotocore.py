"""aiobotocore's HTTP calls: ``send`` of its sessions for aiohttp and httpx, on the class.

Every client sends through one of them, as botocore's do through ``URLLib3Session.send``, and so do
its look-ups of credentials on an instance. As there, the library is imported where it is needed.
"""

from __future__ import annotations

import asyncio
import functools
import io
import types
from collections.abc import Awaitable, Callable, Generator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..patching.replacement import Replacement
from .botocore import ask, require

if TYPE_CHECKING:
    from aiobotocore.awsrequest import AioAWSResponse
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

_Wait = Callable[[float], Awaitable[None]]


def install(module: ModuleType) -> Replacement:
    """Put the gate into a module of aiobotocore; RuntimeError if it has no place for it."""
    return _INSTALL[module.__name__](module)


def _install_aiohttp(module: ModuleType) -> Replacement:
    session = require(module, "AIOHTTPSession")
    require(session, "send")
    return Replacement(session, "send", functools.partial(_gated, _wait_in_asyncio))


def _install_httpx(module: ModuleType) -> Replacement:
    session = require(module, "HttpxSession")
    require(session, "send")
    return Replacement(session, "send", functools.partial(_gated, _wait_in_any_loop))


def _install_before_send(module: ModuleType) -> Replacement:
    """Let aiobotocore take the answers of botocore's before-send hooks, such as moto's.

    Their content is there, where aiobotocore awaits it.
    """
    require(module, "first_non_none_response")
    return Replacement(module, "first_non_none_response", _awaitable_response)


_INSTALL = {
    "aiobotocore.httpsession": _install_aiohttp,
    "aiobotocore.httpxsession": _install_httpx,
    "aiobotocore.endpoint": _install_before_send,
}


def _gated(wait: _Wait, send: Any) -> Any:
    @functools.wraps(send)
    async def gated_send(
        self: Any, request: AWSPreparedRequest, *args: Any, **kwargs: Any
    ) -> AWSResponse:
        __tracebackhide__ = True
        answer = ask(self, request)
        if answer is None:
            passed: AWSResponse = await send(self, request, *args, **kwargs)
            return passed
        await wait(answer.delay)
        return _response(request.url, answer.status, answer.headers, answer.body)

    return gated_send


# Even without a delay: a task that polls must let the others run.
async def _wait_in_asyncio(seconds: float) -> None:
    await (asyncio.sleep(seconds) if seconds else _next_turn())


@types.coroutine
def _next_turn() -> Generator[None, None, None]:
    """What asyncio takes for "go on in the next round"; a test may have patched its ``sleep``."""
    yield


async def _wait_in_any_loop(seconds: float) -> None:
    # httpx brings it along, and runs on trio too.
    import anyio.lowlevel

    await (anyio.sleep(seconds) if seconds else anyio.lowlevel.checkpoint())


def _response(url: str, status: int, headers: Mapping[str, str], body: bytes) -> AioAWSResponse:
    from aiobotocore.awsrequest import AioAWSResponse

    return AioAWSResponse(url, status, headers, _Raw(headers, body))


class _Raw:
    """What aiobotocore reads of an HTTP response of aiohttp."""

    def __init__(self, headers: Mapping[str, str], body: bytes) -> None:
        # Some versions take the headers from here, others from the response around it.
        self.raw_headers = [
            (name.encode("latin-1"), str(value).encode("latin-1"))
            for name, value in headers.items()
        ]
        self._body = io.BytesIO(body)

    @property
    def content(self) -> _Raw:
        """The stream of the body."""
        return self

    async def read(self, amount: int = -1) -> bytes:
        return self._body.read(amount)


def _awaitable_response(first_non_none_response: Any) -> Any:
    @functools.wraps(first_non_none_response)
    def first_awaitable_response(responses: Any, default: Any = None) -> Any:
        from botocore.awsrequest import AWSResponse

        found = first_non_none_response(responses, default)
        # Exactly that type: subclasses have been made to be awaited.
        if type(found) is not AWSResponse:
            return found
        return _response(found.url, found.status_code, found.headers, found.content)

    return first_awaitable_response
