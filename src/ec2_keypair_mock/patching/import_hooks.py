"""What is to be done once another library has been imported, now or later or never."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

Callback = Callable[[ModuleType], object]


class _Hooked(Loader):
    """A module's own loader, with callbacks behind the execution of the module."""

    def __init__(self, spec: ModuleSpec, loader: Loader, callbacks: Sequence[Callback]) -> None:
        self._spec = spec
        self._loader = loader
        self._callbacks = callbacks

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._spec.loader = self._loader
        self._loader.exec_module(module)
        for callback in self._callbacks:
            callback(module)


class ImportHooks(MetaPathFinder):
    """Callbacks by module name; a finder of no modules, in front of the others."""

    def __init__(self) -> None:
        self._callbacks: dict[str, list[Callback]] = {}
        self._finding: set[str] = set()

    def when_imported(self, name: str, callback: Callback) -> None:
        """Call back with the module: at once if it is there already, else when it is imported."""
        if name in sys.modules:
            # Another thread may still be at it.
            callback(import_module(name))
            return
        self._callbacks.setdefault(name, []).append(callback)
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def clear(self) -> None:
        """Forget the callbacks that have not been called."""
        self._callbacks.clear()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module as the other finders find it, with its loader hooked."""
        if name not in self._callbacks or name in self._finding:
            return None
        self._finding.add(name)
        try:
            spec = find_spec(name)
        finally:
            self._finding.discard(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _Hooked(spec, spec.loader, self._callbacks.pop(name))
        return spec
