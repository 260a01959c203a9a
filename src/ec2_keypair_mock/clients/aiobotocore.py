"""aiobotocore's HTTP calls: ``send`` of its sessions for aiohttp and httpx, on the class.

Every client sends through one of them, as botocore's do through ``URLLib3Session.send``, and so do
its look-ups of credentials on an instance. This is the only module that touches its insides.
"""

from __future__ import annotations

import asyncio
import functools
import io
from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import Any

import aiobotocore
from aiobotocore.awsrequest import AioAWSResponse
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from ..patching.replacement import Replacement, takes
from .botocore import ask

_Sleep = Callable[[float], Awaitable[None]]


def install(module: ModuleType) -> Replacement:
    """Put the gate into a module of aiobotocore; RuntimeError if it has no place for it."""
    return _INSTALL[module.__name__](module)


def _install_aiohttp(module: ModuleType) -> Replacement:
    session = _seam(module, "AIOHTTPSession.send", "self", "request")
    return Replacement(session, "send", functools.partial(_gated, asyncio.sleep))


def _install_httpx(module: ModuleType) -> Replacement:
    session = _seam(module, "HttpxSession.send", "self", "request")
    return Replacement(session, "send", functools.partial(_gated, _sleep_in_any_loop))


def _install_before_send(module: ModuleType) -> Replacement:
    """Let aiobotocore take the answers of botocore's before-send hooks, such as moto's.

    Their content is there, where aiobotocore awaits it.
    """
    _seam(module, "first_non_none_response", "responses", "default")
    return Replacement(module, "first_non_none_response", _awaitable_response)


_INSTALL = {
    "aiobotocore.httpsession": _install_aiohttp,
    "aiobotocore.httpxsession": _install_httpx,
    "aiobotocore.endpoint": _install_before_send,
}


def _seam(module: ModuleType, path: str, *parameters: str) -> Any:
    """What holds the last name of a path in the module, a function of these parameters."""
    owner, _, name = path.rpartition(".")
    holder = getattr(module, owner, None) if owner else module
    if not takes(getattr(holder, name, None), *parameters):
        raise RuntimeError(
            f"ec2_keypair_mock cannot intercept aiobotocore {aiobotocore.__version__}: it has no "
            f"{module.__name__}.{path}({', '.join(parameters)}). Use an older aiobotocore, and "
            "please report this."
        )
    return holder


def _gated(sleep: _Sleep, send: Any) -> Any:
    @functools.wraps(send)
    async def gated_send(self: Any, request: AWSPreparedRequest) -> AWSResponse:
        return await _answer(self, request, sleep) or await send(self, request)

    return gated_send


async def _answer(session: Any, request: AWSPreparedRequest, sleep: _Sleep) -> AWSResponse | None:
    answer = ask(session, request)
    if answer is None:
        return None
    # Even if there is nothing to wait for: a task that polls must let the others run.
    await sleep(answer.delay)
    return _response(request.url, answer.status, answer.headers, answer.body)


async def _sleep_in_any_loop(seconds: float) -> None:
    # httpx brings it along, and runs on trio too.
    import anyio

    await anyio.sleep(seconds)


def _response(url: str, status: int, headers: Mapping[str, str], body: bytes) -> AioAWSResponse:
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
        found = first_non_none_response(responses, default)
        # Exactly that type: subclasses have been made to be awaited.
        if type(found) is not AWSResponse:
            return found
        return _response(found.url, found.status_code, found.headers, found.content)

    return first_awaitable_response
