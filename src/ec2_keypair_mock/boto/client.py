"""The EC2 client that ``aws.client()`` gives, made once a process for each Region."""

from __future__ import annotations

import os
from collections.abc import Hashable
from typing import Any

from .environment import FAKE_CREDENTIALS

_CONFIG_FILES = {
    "AWS_CONFIG_FILE": "~/.aws/config",
    "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials",
}
_MOST = 64
_clients: dict[Hashable, Any] = {}


def client(region_name: str) -> Any:
    """A boto3 EC2 client of a session of its own, with the fake credentials.

    The one made before, unless the environment or the config files have changed. What is no client
    of botocore's, because a test has patched boto3, is not kept.
    """
    key = (region_name, _made_from())
    if key not in _clients:
        made = _make(region_name)
        if not _is_botocores(made):
            return made
        if len(_clients) >= _MOST:
            _clients.clear()
        _clients[key] = made
    return _clients[key]


def _make(region_name: str) -> Any:
    import boto3

    return boto3.Session(region_name=region_name).client(
        "ec2",
        aws_access_key_id=FAKE_CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=FAKE_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


def _is_botocores(made: Any) -> bool:
    from botocore.client import BaseClient

    # Not isinstance: a mock may claim to be a client.
    return issubclass(type(made), BaseClient)


def _made_from() -> Hashable:
    """What a client is made from beside its Region: equal while a new one would be the same."""
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
