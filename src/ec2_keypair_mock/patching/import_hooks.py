"""What is to be done once another library has been imported, now or later or never."""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

Callback = Callable[[ModuleType], object]


class ImportHooks(MetaPathFinder):
    """Calls functions when modules are imported.

    It sits first on ``sys.meta_path``, and finds nothing itself.
    """

    def __init__(self) -> None:
        self._callbacks: dict[str, list[Callback]] = {}
        self._finding = threading.local()

    def when_imported(self, name: str, callback: Callback) -> None:
        """Call back with the module each time it is imported; at once if it is there already.

        A module that a test hides or mocks is left alone. If the callback is called at once, what
        it raises reaches the caller. Later it is a warning, because whoever imports the module has
        done nothing wrong.
        """
        self._callbacks.setdefault(name, []).append(callback)
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)
        # Not isinstance: a mock may claim to be a module.
        if issubclass(type(sys.modules.get(name)), ModuleType):
            # Another thread may still be importing it: this waits until it is whole.
            callback(import_module(name))

    def clear(self) -> None:
        """Call nobody back any more."""
        self._callbacks.clear()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module as the other finders find it, with its loader hooked."""
        if name not in self._callbacks or getattr(self._finding, "name", None) == name:
            return None
        before = getattr(self._finding, "name", None)
        self._finding.name = name
        try:
            spec = find_spec(name)
        finally:
            self._finding.name = before
        if spec is not None and spec.loader is not None:
            spec.loader = _HookedLoader(spec, spec.loader, self)
        return spec

    def imported(self, module: ModuleType) -> None:
        """Call back those that wait for the module."""
        for callback in list(self._callbacks.get(module.__name__, ())):
            try:
                callback(module)
            except Exception as error:
                text = f"ec2_keypair_mock leaves {module.__name__} as it is: {error}"
                warnings.warn(text, RuntimeWarning, stacklevel=2)


class _HookedLoader(Loader):
    """A module's own loader, with callbacks after the execution of the module."""

    def __init__(self, spec: ModuleSpec, loader: Loader, hooks: ImportHooks) -> None:
        self._spec = spec
        self._loader = loader
        self._hooks = hooks

    def __getattr__(self, name: str) -> Any:
        # Whoever has only looked for the module asks its loader for sources and data.
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._spec.loader = self._loader
        self._loader.exec_module(module)
        self._hooks.imported(module)
