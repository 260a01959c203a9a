"""The client libraries, patched together: with the first who wants it, until the last who does.

The libraries are not imported for it: each is patched once it is there.
"""

from __future__ import annotations

import contextlib
import threading
from importlib import import_module
from types import ModuleType
from typing import Protocol

from ..patching.import_hooks import ImportHooks


class _Patch(Protocol):
    def stop(self) -> None: ...


_lock = threading.Lock()
_users = 0
_patches: list[_Patch] = []
_hooks = ImportHooks()


def install() -> None:
    """Put the gate before every client; each call that does not raise wants one ``uninstall``.

    Raises RuntimeError if botocore is imported, and has no place for it.
    """
    global _users
    with _lock:
        _users += 1
        try:
            if _users == 1:
                _patch_all()
        except BaseException:
            _users -= 1
            _unpatch_all()
            raise


def uninstall() -> None:
    """Take the gate away, if nobody else wants it."""
    global _users
    with _lock:
        _users -= 1
        if _users == 0:
            _unpatch_all()


def _patch_all() -> None:
    _hooks.when_imported("botocore.httpsession", _patch_botocore)
    for name in ("httpsession", "httpxsession", "endpoint"):
        _hooks.when_imported(f"aiobotocore.{name}", _patch_aiobotocore, optional=True)
    # Register `responses` first: importing it imports requests midway, and the hook below would
    # find it half initialised.
    _hooks.when_imported("responses", _patch_responses, optional=True)
    _hooks.when_imported("requests", _patch_requests, optional=True)


def _patch_botocore(module: ModuleType) -> None:
    from . import botocore

    _add(botocore.install(module))


def _patch_aiobotocore(module: ModuleType) -> None:
    from . import aiobotocore

    _add(aiobotocore.install(module))


def _patch_requests(module: ModuleType) -> None:
    from . import requests

    # `responses` keeps the `HTTPAdapter.send` that is there when it is imported. So import it, and
    # let it be patched together with requests, before ours is there.
    responses = _responses()
    if responses is not None and not hasattr(responses, "RequestsMock"):
        # It is importing requests just now, and is patched when it is done.
        return
    if getattr(responses, "HTTPAdapter", None) is not module.adapters.HTTPAdapter:
        _add(requests.AdapterGate(module.adapters))


def _responses() -> ModuleType | None:
    """The module ``responses``; None if it is missing, hidden or mocked."""
    with contextlib.suppress(ImportError):
        module = import_module("responses")
        return module if issubclass(type(module), ModuleType) else None
    return None


def _patch_responses(module: ModuleType) -> None:
    from . import responses

    _add(*responses.install(module))


def _add(*patches: _Patch) -> None:
    _patches.extend(patches)
    if not _users:
        # Another thread was importing the library when the last user went.
        _unpatch_all()


def _unpatch_all() -> None:
    _hooks.clear()
    with contextlib.suppress(IndexError):
        while True:
            _patches.pop().stop()
