"""All the entrances together: opened with the first who holds them, closed with the last.

The libraries are not imported for it: each entrance opens once its library is there.
"""

from __future__ import annotations

import contextlib
import threading
from importlib import import_module
from types import ModuleType
from typing import Protocol

from ..patching.import_hooks import ImportHooks


class _Opened(Protocol):
    def stop(self) -> None: ...


_lock = threading.Lock()
_holders = 0
_open: list[_Opened] = []
_hooks = ImportHooks()


def hold() -> None:
    """Put the gate before every client; each call that does not raise wants one of ``release``."""
    global _holders
    with _lock:
        _holders += 1
        try:
            if _holders == 1:
                _open_all()
        except BaseException:
            _holders -= 1
            _close_all()
            raise


def release() -> None:
    """Take the gate away, if nobody else holds it."""
    global _holders
    with _lock:
        _holders -= 1
        if _holders == 0:
            _close_all()


def _open_all() -> None:
    # Not its HTTP module: others that the entrance needs import that one on their way.
    _hooks.when_imported("botocore.session", _open_botocore)
    _hooks.when_imported("aiobotocore.httpsession", _open_aiobotocore)
    _hooks.when_imported("aiobotocore.httpxsession", _open_aiobotocore)
    _hooks.when_imported("aiobotocore.endpoint", _open_aiobotocore)
    # The later first: what imports `responses` itself has it on the way when requests is there.
    _hooks.when_imported("responses", _open_requests)
    _hooks.when_imported("requests", lambda module: import_module("responses"))


def _open_botocore(module: ModuleType) -> None:
    from . import botocore

    _keep(botocore.install())


def _open_aiobotocore(module: ModuleType) -> None:
    from . import aiobotocore

    _keep(aiobotocore.install(module))


def _open_requests(module: ModuleType) -> None:
    from . import requests

    _keep(*requests.install())


def _keep(*opened: _Opened) -> None:
    _open.extend(opened)
    if not _holders:
        # Another thread was importing the library when the last one released the entrances.
        _close_all()


def _close_all() -> None:
    _hooks.clear()
    with contextlib.suppress(IndexError):
        while True:
            _open.pop().stop()
