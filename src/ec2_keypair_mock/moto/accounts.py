"""Whose account a request is in: moto's rule, for both, after what ``mock(account_id=…)`` says.

moto's rule (``BaseResponse.get_current_account``): the environment variable ``MOTO_ACCOUNT_ID``,
the header ``x-moto-account-id``, the account in which IAM or STS issued the access key, and else
123456789012. An ``account_id`` that was given takes the place of the first and the last.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from ..ec2.service import DEFAULT_ACCOUNT_ID, Accounts, Request, Service
from ..patching.replacement import Replacement
from .requirements import require

_VARIABLE = "MOTO_ACCOUNT_ID"
_HEADER = "x-moto-account-id"


class MotoAccounts(Accounts):
    """Finds accounts by moto's rule."""

    def default(self) -> str:
        return os.environ.get(_VARIABLE, DEFAULT_ACCOUNT_ID)

    def of(self, request: Request, access_key: str, account_id: str | None) -> str | None:
        if account_id is None and _VARIABLE in os.environ:
            return None
        return _named(request.headers, access_key) or account_id


def patches(responses: ModuleType, service: Service) -> Iterator[Replacement]:
    """Let moto work in the account that was given to the mock."""
    response = require(responses, "BaseResponse")
    require(response, "get_access_key", "self")
    require(response, "get_current_account", "self")

    def make(original: Any) -> Any:
        @functools.wraps(original)
        def get_current_account(self: Any) -> Any:
            if service.account_id is None:
                return original(self)
            return _named(self.headers, self.get_access_key()) or service.account_id

        return get_current_account

    yield Replacement(response, "get_current_account", make)


def _named(headers: Mapping[str, str], access_key: str) -> str | None:
    return headers.get(_HEADER) or _owner(access_key)


def _owner(access_key: str) -> str | None:
    """The account in which moto's IAM or STS issued the key; without moto's IAM there is none."""
    # While another thread imports it, it has none yet.
    backends = getattr(sys.modules.get("moto.iam.models"), "iam_backends", {})
    return next(
        (
            account_id
            for account_id, account in list(backends.items())
            for backend in list(account.values())
            if access_key in backend.access_keys
        ),
        None,
    )
