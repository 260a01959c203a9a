"""When moto's own mock starts, stops and is reset.

Until it starts, its start is all that is patched. Where this moto has no such things as are known
here, nothing is told, and one warning says so.
"""

from __future__ import annotations

import contextlib
import functools
import sys
import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from ..patching.import_hooks import ImportHooks
from ..patching.replacement import Replacement
from .requirements import require, warn


class Lifetime:
    """Watches moto's mock while somebody wants it to; moto may be imported at any time or never."""

    def __init__(self) -> None:
        #: Told when it starts, with the argument ``reset`` of its start.
        self.started: Callable[..., None] = lambda reset=True: None
        #: Told when it stops, and whether it removed its data.
        self.stopped: Callable[[bool], None] = lambda removed: None
        #: Told when all of its data is reset otherwise.
        self.reset: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._watchers = 0
        self._hooks = ImportHooks()
        self._open: list[Replacement] = []
        self._is_known = True
        self._quiet = threading.local()

    def watch(self) -> None:
        """Begin to watch; each call wants one of ``unwatch``."""
        with self._lock:
            if self._watchers == 0:
                self._hooks.when_imported("moto.core.models", self._patch)
            self._watchers += 1

    def unwatch(self) -> None:
        """Watch no more, if nobody else does."""
        with self._lock:
            self._watchers -= 1
            if self._watchers == 0:
                self._hooks.clear()
                self._is_known = True
                while self._open:
                    self._open.pop().stop()

    def is_on(self) -> bool:
        """Whether moto mocks in this process at the moment; not so where it runs as a server."""
        return self._is_known and _is_enabled()

    @property
    def is_resetting(self) -> bool:
        """Whether all of moto is being reset, and whoever must know has been or will be told."""
        return getattr(self._quiet, "on", False)

    def _patch(self, models: ModuleType) -> None:
        begin = functools.cache(functools.partial(self._begin, models))
        if hasattr(getattr(models, "MockAWS", None), "start"):
            make = functools.partial(self._start, begin)
            self._open.append(Replacement(models.MockAWS, "start", make))
        if _is_enabled():
            begin()

    def _begin(self, models: ModuleType) -> None:
        """Patch the end of the mock that starts, or leave all of it to moto."""
        try:
            mock, backends = _known(models)
        except Exception as error:
            self._is_known = False
            warn("the mock", error)
        else:
            self._open.append(Replacement(mock, "stop", self._stop))
            self._open.append(Replacement(backends, "reset", self._reset))

    def _start(self, begin: Callable[[], None], original: Any) -> Any:
        @functools.wraps(original)
        def start(mock: Any, *args: Any, **kwargs: Any) -> None:
            was_enabled = _is_enabled()
            with self._in_silence():
                original(mock, *args, **kwargs)
            if was_enabled or not _is_enabled():
                return
            begin()
            if self._is_known:
                with contextlib.ExitStack() as stack:
                    stack.callback(mock.stop)
                    self.started(*args, **kwargs)
                    stack.pop_all()

        return start

    def _stop(self, original: Any) -> Any:
        @functools.wraps(original)
        def stop(mock: Any, remove_data: bool = True) -> None:
            was_on = self.is_on()
            with self._in_silence():
                original(mock, remove_data)
            if was_on and not self.is_on():
                self.stopped(remove_data)

        return stop

    def _reset(self, original: Any) -> Any:
        @functools.wraps(original.__func__)
        def reset(cls: Any) -> None:
            is_own = self.is_resetting
            with self._in_silence():
                original.__func__(cls)
            if not is_own:
                self.reset()

        return classmethod(reset)

    @contextlib.contextmanager
    def _in_silence(self) -> Iterator[None]:
        before, self._quiet.on = self.is_resetting, True
        try:
            yield
        finally:
            self._quiet.on = before


def _is_enabled() -> bool:
    stubber = getattr(sys.modules.get("moto.core.models"), "botocore_stubber", None)
    return getattr(stubber, "enabled", False)


def _known(models: ModuleType) -> tuple[Any, Any]:
    """moto's mock and its backends; raises where they are not as they are known here."""
    require(require(models, "botocore_stubber").__class__, "process_request")
    mock = require(models, "MockAWS")
    backends = require(models, "BackendDict")
    require(mock, "start", "self", "reset")
    require(mock, "stop", "self", "remove_data")
    require(backends, "reset")
    return mock, backends


lifetime = Lifetime()
