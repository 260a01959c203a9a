"""Launch configurations of Auto Scaling want a key pair that exists."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ..ec2.errors import EC2Error
from ..ec2.service import Service
from ..patching.replacement import Replacement
from .exchange import ours
from .launches import check_launch
from .requirements import require


def patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """Let CreateLaunchConfiguration refuse, with Auto Scaling's error, what EC2 would not launch.

    AWS's answer to an unknown key pair is known from what users pasted.
    """
    backend = require(models, "AutoScalingBackend")
    name = "create_launch_configuration"
    require(backend, name)
    yield Replacement(backend, name, functools.partial(_creating, service))


def _creating(service: Service, original: Any) -> Any:
    @functools.wraps(original)
    def create_launch_configuration(self: Any, *args: Any, **kwargs: Any) -> Any:
        from moto.autoscaling.exceptions import ValidationError

        key_name = kwargs.get("key_name")
        try:
            if key_name is not None:
                check_launch(ours(service, self), key_name)
        except EC2Error as error:
            raise ValidationError(error.message) from None
        return original(self, *args, **kwargs)

    return create_launch_configuration
