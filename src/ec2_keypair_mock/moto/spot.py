"""Spot requests, which EC2 takes whatever their key pair is, and which fail over it afterwards."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ..ec2.service import Service
from ..patching.replacement import Replacement
from .errors import code_of, is_ours
from .requirements import require
from .templates import adding

_STATUS = "bad-parameters"
_MESSAGE = "Your Spot request failed due to bad parameters."
_FAULT = """{% if request.fault %}<fault>
    <code>{{ request.fault.Code }}</code><message>{{ request.fault.Message }}</message>
</fault>{% endif %}"""


def patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """Let a Spot request fail where its launch is refused over its key pair."""
    request = require(models, "SpotInstanceRequest")
    require(request, "launch_instance", "self")
    yield Replacement(request, "launch_instance", _launching)
    yield Replacement(request, "__init__", _making)


def response_patches(responses: ModuleType, service: Service) -> Iterator[Replacement]:
    """Show the fault, where moto answers with templates; newer versions find it themselves."""
    for name in ("REQUEST_SPOT_INSTANCES_TEMPLATE", "DESCRIBE_SPOT_INSTANCES_TEMPLATE"):
        yield Replacement(responses, name, adding(_FAULT, "</status>"))


def _launching(original: Any) -> Any:
    @functools.wraps(original)
    def launch_instance(self: Any) -> Any:
        from moto.ec2.exceptions import EC2ClientError

        try:
            return original(self)
        except EC2ClientError as error:
            if not is_ours(error):
                raise
            self.fault = {"Code": code_of(error), "Message": error.message}
            return None

    return launch_instance


def _making(original: Any) -> Any:
    @functools.wraps(original)
    def make(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if "fault" in vars(self):
            # With the attributes of every version of moto.
            vars(self).update(
                state="failed", status=_STATUS, _status_code=_STATUS, status_message=_MESSAGE
            )

    return make
