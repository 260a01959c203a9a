"""boto sessions that cost little: new ones, with what is heavy and never changes made once.

A new session of botocore spends most of its time on registering its built-in handlers, and the
first client of each session on reading the service's model from JSON. Both are kept here.
Everything that a test may change, or that depends on the environment and the config files, is as
new as it would be without this module.
"""

from __future__ import annotations

import copy
import functools
import os
import sys
from collections.abc import Hashable, Mapping
from typing import Any

import botocore.handlers
import botocore.session
from botocore.exceptions import ConfigParseError, ProfileNotFound
from botocore.hooks import HierarchicalEmitter
from botocore.loaders import Loader

from ..patching.replacement import Replacement
from . import environment
from .environment import FAKE_CREDENTIALS

_CONFIG_FILES = {
    "AWS_CONFIG_FILE": "~/.aws/config",
    "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials",
}


def install() -> list[Replacement]:
    """Give warm sessions to whoever asks botocore for a session, boto3 and aiobotocore included."""
    replacements = [Replacement(botocore.session, "get_session", _warm)]
    if aiobotocore := sys.modules.get("aiobotocore.session"):
        replacements.append(Replacement(aiobotocore.AioSession, "__init__", _warm_async))
    return replacements


def _warm(get_session: Any) -> Any:
    @functools.wraps(get_session)
    def get_warm_session(env_vars: Mapping[str, Any] | None = None) -> botocore.session.Session:
        return _warm_session(env_vars) or get_session(env_vars)

    return get_warm_session


def _warm_async(init: Any) -> Any:
    # It has handlers of its own, which are not kept warm; to read the models costs it most.
    @functools.wraps(init)
    def warm_init(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        _share_models(self)

    return warm_init


def _share_models(session: Any) -> bool:
    """Let the session find the models that were read before; not if it has some of its own."""
    if session.get_config_variable("data_path"):
        return False
    session.register_component("data_loader", _loader())
    return True


def swap_default_session(session: Any) -> Any:
    """Make ``session`` boto3's default session, if boto3 is in use; returns the one before."""
    boto3: Any = sys.modules.get("boto3")
    before = getattr(boto3, "DEFAULT_SESSION", None)
    if boto3 is not None:
        boto3.DEFAULT_SESSION = session
    return before


def _warm_session(env_vars: Mapping[str, Any] | None) -> botocore.session.Session | None:
    """A new session that shares the warm parts; None where the user has models of their own."""
    session = botocore.session.Session(
        env_vars, event_hooks=_builtin_handlers(), include_builtin_handlers=False
    )
    return session if _share_models(session) else None


def _builtin_handlers() -> HierarchicalEmitter:
    # Other libraries add to the list (moto does, when it is imported).
    return copy.copy(_emitter_with(tuple(botocore.handlers.BUILTIN_HANDLERS)))


@functools.lru_cache(maxsize=1)
def _emitter_with(handlers: tuple[Any, ...]) -> HierarchicalEmitter:
    emitter = HierarchicalEmitter()
    botocore.session.Session(event_hooks=emitter)
    return emitter


class _SearchPaths(list[str]):
    """Search paths in which each is listed once: every boto3 session adds boto3's own."""

    def append(self, path: str) -> None:
        if path not in self:
            super().append(path)


@functools.cache
def _loader() -> Loader:
    return Loader(extra_search_paths=_SearchPaths())


def missing_region(default: str) -> str | None:
    """The Region that clients would not find without the profile of the environment, or None."""
    region = configured_region()
    if region and not environment.names_profile():
        return None
    return region or default


def configured_region() -> str | None:
    """The Region that the environment or the config file names; None if that cannot be told."""
    session = botocore.session.Session(include_builtin_handlers=False)
    try:
        region: str | None = session.get_config_variable("region")
    except (ProfileNotFound, ConfigParseError):
        return None
    return region


def surroundings() -> Hashable:
    """What a client is made from beside its Region: compares equal while a new one would be too."""
    variables = {name: each for name, each in os.environ.items() if name.startswith("AWS_")}
    paths = (variables.get(name, default) for name, default in _CONFIG_FILES.items())
    files = [os.path.expanduser(path) for path in paths]
    return frozenset(variables.items()), tuple((path, _version(path)) for path in files)


def _version(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def client(region_name: str) -> Any:
    """A boto3 EC2 client of a session of its own, with the fake credentials; kept for later."""
    return _client(region_name, surroundings())


@functools.lru_cache(maxsize=64)
def _client(region_name: str, made_from: Hashable) -> Any:
    import boto3

    return boto3.Session(region_name=region_name).client(
        "ec2",
        aws_access_key_id=FAKE_CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=FAKE_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
