"""When moto's own mock starts, stops and is reset."""

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
from .requirements import require


class Lifetime:
    """Watches moto's mock while somebody wants it to; moto may be imported at any time or never."""

    def __init__(self) -> None:
        #: Told when it starts, and whether with nothing of what an earlier one left.
        self.started: Callable[[bool], None] = lambda fresh: None
        #: Told when it stops, and whether it removed its data.
        self.stopped: Callable[[bool], None] = lambda removed: None
        #: Told when all of its data is reset otherwise.
        self.reset: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._watchers = 0
        self._hooks = ImportHooks()
        self._open: list[Replacement] = []
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
                while self._open:
                    self._open.pop().stop()

    def is_on(self) -> bool:
        """Whether moto mocks in this process at the moment; not so where it runs as a server."""
        stubber = getattr(sys.modules.get("moto.core.models"), "botocore_stubber", None)
        return getattr(stubber, "enabled", False)

    @property
    def is_resetting(self) -> bool:
        """Whether all of moto is being reset, and whoever must know has been or will be told."""
        return getattr(self._quiet, "on", False)

    def _patch(self, models: ModuleType) -> None:
        require(require(models, "botocore_stubber").__class__, "process_request")
        mock = require(models, "MockAWS")
        backends = require(models, "BackendDict")
        require(mock, "start", "self", "reset")
        require(mock, "stop", "self", "remove_data")
        require(backends, "reset")
        self._open.append(Replacement(mock, "start", self._start))
        self._open.append(Replacement(mock, "stop", self._stop))
        self._open.append(Replacement(backends, "reset", self._reset))

    def _start(self, original: Any) -> Any:
        @functools.wraps(original)
        def start(mock: Any, reset: bool = True) -> None:
            was_on = self.is_on()
            with self._in_silence():
                original(mock, reset)
            if self.is_on() and not was_on:
                with contextlib.ExitStack() as stack:
                    stack.callback(mock.stop)
                    self.started(reset)
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


lifetime = Lifetime()
