"""Two constant things below every session of botocore, done once a process.

A new session spends most of its time on registering the built-in handlers, and the first client of
each session on listing and reading the models. Sessions, loaders and their configuration are
botocore's own; where some botocore has not the method that is replaced here, that one is left out.
"""

from __future__ import annotations

import copy
import inspect
import os
import sys
from types import ModuleType
from typing import Any

from ..patching.import_hooks import ImportHooks
from ..patching.replacement import Replacement

_files: dict[str, Any] = {}
_services: dict[Any, list[str]] = {}
# The built-in handlers, and an emitter with which botocore has registered just these.
_registered: dict[str, Any] = {}


class Warm:
    """The replacements, as long as somebody wants them."""

    def __init__(self) -> None:
        self._hooks = ImportHooks()
        self._replacements: list[Replacement] = []

    def start(self) -> None:
        """Replace what is there, and the rest once it is imported."""
        self._hooks.when_imported("botocore.loaders", self._warm_loaders)
        self._hooks.when_imported("botocore.session", self._warm_sessions)

    def stop(self) -> None:
        self._hooks.clear()
        while self._replacements:
            self._replacements.pop().stop()

    def _warm_loaders(self, loaders: ModuleType) -> None:
        self._replace(loaders, "JSONFileLoader", "load_file", _read_once)
        self._replace(loaders, "Loader", "list_available_services", _list_once)

    def _warm_sessions(self, session: ModuleType) -> None:
        self._replace(session, "Session", "_register_builtin_handlers", _register_once)

    def _replace(self, module: ModuleType, owner: str, name: str, make: Any) -> None:
        cls = getattr(module, owner, None)
        method = inspect.getattr_static(cls, name, None)
        # What a test has patched is not kept: only of botocore's own function is the result known.
        if isinstance(cls, type) and getattr(method, "__globals__", None) is vars(module):
            self._replacements.append(Replacement(cls, name, make))


def _read_once(load_file: Any) -> Any:
    def load_file_once(self: Any, file_path: str, *args: Any, **kwargs: Any) -> Any:
        if args or kwargs or not _is_constant(file_path):
            return load_file(self, file_path, *args, **kwargs)
        if file_path in _files:
            return _files[file_path]
        found = load_file(self, file_path)
        # A file that is not there may be a matter of a fake file system.
        if found is not None:
            _files[file_path] = found
        return found

    return load_file_once


def _list_once(list_available_services: Any) -> Any:
    # Called just as it was, because a loader caches by the way in which its arguments are given.
    def list_once(self: Any, *args: Any, **kwargs: Any) -> Any:
        paths = tuple(path for path in dict.fromkeys(self.search_paths) if os.path.isdir(path))
        if not all(f"{path}{os.sep}".startswith(_own_folders()) for path in paths):
            return list_available_services(self, *args, **kwargs)
        key = (paths, args, tuple(kwargs.items()))
        found = _services.get(key) or list_available_services(self, *args, **kwargs)
        # Without any service, the file system may be a fake one.
        if found:
            _services[key] = list(found)
        return list(found)

    return list_once


def _is_constant(file_path: str) -> bool:
    """Whether it is a file of botocore's or boto3's own that clients of EC2 read.

    Those of other services are not shared: botocore changes the model of S3 when it is used.
    """
    for folder in _own_folders():
        if file_path.startswith(folder):
            service, _, rest = file_path.removeprefix(folder).partition(os.sep)
            return not rest or service == "ec2"
    return False


def _own_folders() -> tuple[str, ...]:
    """botocore's and boto3's own data folders; nobody changes what is in them."""
    modules = (sys.modules.get(name) for name in ("botocore", "boto3"))
    files = [getattr(module, "__file__", None) for module in modules]
    return tuple(os.path.join(os.path.dirname(file), "data", "") for file in files if file)


def _register_once(register: Any) -> Any:
    def register_builtin_handlers(self: Any, events: Any) -> None:
        emitter = getattr(events, "_emitter", None)
        if not (_is_plain(self) and _is_empty(emitter)):
            register(self, events)
            return
        handlers = _builtin_handlers()
        if _registered.get("handlers") != handlers:
            register(self, events)
            _registered.update(handlers=handlers, emitter=copy.copy(emitter))
            return
        vars(emitter).update(vars(copy.copy(_registered["emitter"])))

    return register_builtin_handlers


def _builtin_handlers() -> list[Any]:
    """The list as it is now: other libraries add to it, as moto does when it is imported."""
    from botocore import handlers

    return list(handlers.BUILTIN_HANDLERS)


def _is_plain(session: Any) -> bool:
    return f"{type(session).__module__}.{type(session).__qualname__}" == "botocore.session.Session"


def _is_empty(emitter: Any) -> bool:
    """Whether it is a plain emitter of botocore's, and nothing is registered with it."""
    from botocore.hooks import HierarchicalEmitter

    if type(emitter) is not HierarchicalEmitter:
        return False
    handlers = [getattr(each, "_handlers", None) for each in (emitter, HierarchicalEmitter())]
    root, empty = (getattr(each, "_root", None) for each in handlers)
    return root is not None and root == empty
