"""Functions that are called when another library is imported: now, later or never."""

from __future__ import annotations

import contextlib
import itertools
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

Callback = Callable[[ModuleType], object]


class _Hook:
    """A callback, and the last module that it was called with."""

    def __init__(self, name: str, callback: Callback) -> None:
        self.name = name
        self.module: ModuleType | None = None
        self._callback = callback

    def call(self, module: ModuleType) -> None:
        self.module = module
        self._callback(module)

    def call_or_warn(self, module: ModuleType) -> None:
        """Call back; a failure is a warning, because somebody else is importing the module."""
        try:
            self.call(module)
        except Exception as error:
            package = sys.modules.get(self.name.partition(".")[0])
            version = getattr(package, "__version__", "of an unknown version")
            text = f"{self.name} ({version}) is not mocked by ec2_keypair_mock: {error}"
            warnings.warn(text, RuntimeWarning, stacklevel=2)


class _HookedLoader(Loader):
    """A module's own loader, which calls back when the module has been executed."""

    def __init__(self, hooks: ImportHooks, spec: ModuleSpec, loader: Loader) -> None:
        self._hooks = hooks
        self._spec = spec
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        # Whoever finds a module without importing it may ask its loader for source or data.
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._spec.loader = self._loader
        self._loader.exec_module(module)
        self._hooks.imported(module)


class ImportHooks(MetaPathFinder):
    """Calls functions when modules are imported.

    It sits first on ``sys.meta_path``, and finds what the finders behind it find. Safe to use from
    several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._hooks: tuple[_Hook, ...] = ()

    def when_imported(self, name: str, callback: Callback, *, optional: bool = False) -> None:
        """Call back with the module: at once if it is there already, and whenever it is imported.

        At once, the callback's exceptions reach the caller, or with ``optional`` are a
        ``RuntimeWarning``; later they are always a warning. A module that a test has hidden or
        mocked counts as one that is not there.
        """
        hook = _Hook(name, callback)
        with self._lock:
            self._hooks += (hook,)
            if self not in sys.meta_path:
                sys.meta_path.insert(0, self)
        # Not isinstance: a mock may claim to be a module.
        if not issubclass(type(sys.modules.get(name)), ModuleType):
            return
        # Another thread may still be importing it: this waits until that is done.
        module = import_module(name)
        if hook.module is not module:
            (hook.call_or_warn if optional else hook.call)(module)

    def clear(self) -> None:
        """Call back no more."""
        with self._lock:
            self._hooks = ()
            with contextlib.suppress(ValueError):
                sys.meta_path.remove(self)

    def imported(self, module: ModuleType) -> None:
        """Call those back that wait for the module."""
        for hook in self._hooks:
            if hook.name == module.__name__:
                hook.call_or_warn(module)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module as the other finders find it, with its loader hooked."""
        if all(hook.name != name for hook in self._hooks):
            return None
        behind = itertools.dropwhile(lambda finder: finder is not self, list(sys.meta_path))
        # Old finders have no `find_spec`, and the import system passes them over.
        finders = [each for each in behind if each is not self and hasattr(each, "find_spec")]
        found = (finder.find_spec(name, path, target) for finder in finders)
        spec = next((each for each in found if each is not None), None)
        if spec is not None and spec.loader is not None:
            spec.loader = _HookedLoader(self, spec, spec.loader)
        return spec
