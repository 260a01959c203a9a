"""moto's ways in, which leave the key pair actions to us.

moto answers clients of botocore in a ``before-send`` hook, and those of ``requests`` as a mock of
``responses``. Either way it lets key pair actions pass, as if they were none of AWS's; so they come
to the entrance of their own library, with that client's time-outs and retries.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from botocore.awsrequest import AWSPreparedRequest

from ..clients.botocore import target as read
from ..clients.gate import gate
from ..ec2.service import Service
from ..patching.replacement import Replacement
from .requirements import require


def patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """Take the key pair actions out of moto's hands."""
    stubber = require(models, "BotocoreStubber")
    registry = require(require(models, "responses_mock")._registry, "__class__")
    require(stubber, "__call__", "self", "event_name", "request", "kwargs")
    require(registry, "find", "self", "request")
    yield Replacement(stubber, "__call__", _letting_ours_pass)
    finding = functools.partial(_finding_none_for_ours, require(models, "CallbackResponse"))
    yield Replacement(registry, "find", finding)


def _letting_ours_pass(original: Any) -> Any:
    @functools.wraps(original)
    def call(self: Any, event_name: str, request: AWSPreparedRequest, **kwargs: Any) -> Any:
        if self.enabled and gate.is_ours(read(request)):
            return None
        return original(self, event_name, request, **kwargs)

    return call


def _finding_none_for_ours(of_moto: type, original: Any) -> Any:
    @functools.wraps(original)
    def find(self: Any, request: Any) -> Any:
        answer, reasons = original(self, request)
        if isinstance(answer, of_moto) and gate.is_ours(read(request)):
            # moto's mock passes a request on for which its registry finds no answer.
            return None, []
        return answer, reasons

    return find
