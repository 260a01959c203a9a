"""Instances that moto launches want a key pair that exists.

For suites that never made the key pairs that they name, ``launches.mode`` lets them launch with a
warning for each name.
"""

from __future__ import annotations

import functools
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Literal, get_args

from ..ec2 import errors
from ..ec2.backend import KeyPairBackend
from ..ec2.parameters import MAX_KEY_NAME_LENGTH
from ..ec2.service import Service
from ..patching.replacement import Replacement
from ..refusals import users_frame
from . import windows
from .errors import is_ours, raised_in_moto
from .exchange import ours
from .requirements import require

Mode = Literal["strict", "warn"]


class Launches:
    """What becomes of launches that name key pairs that do not exist, and which these were."""

    def __init__(self) -> None:
        self.mode: Mode = "strict"
        self._missing: Counter[str] = Counter()

    def set_mode(self, mode: str) -> None:
        """Refuse such launches (``strict``) or warn of them; ValueError for another mode."""
        if mode not in get_args(Mode):
            raise ValueError(f"launches must be 'strict' or 'warn', not {mode!r}")
        self.mode = mode  # type: ignore[assignment]  # checked above

    def name_missing(self, key_name: str) -> None:
        """Count a launch that names a key pair that does not exist, and refuse or warn of it."""
        self._missing[key_name] += 1
        if self.mode == "strict":
            raise errors.KEY_PAIR_NOT_FOUND(key_name)
        if self._missing[key_name] == 1:
            text = (
                f"an instance was launched with the key pair {key_name!r}, which does not exist: "
                "EC2 refuses that"
            )
            frame = users_frame(sys._getframe())
            place = (frame.f_code.co_filename, frame.f_lineno) if frame else (__file__, 1)
            warnings.warn_explicit(text, UserWarning, *place)

    def take_missing(self) -> Counter[str]:
        """The names so far, with the number of launches; the count begins anew."""
        taken, self._missing = self._missing, Counter()
        return taken


launches = Launches()

# moto's Batch launches with this key name where a compute environment names none.
_NO_KEY_PAIR = "AWS_OWNED"


def patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """Check the key name of every launch: by RunInstances, Spot requests, templates and fleets."""
    backend = require(models, "EC2Backend")
    require(backend, "run_instances")
    require(backend, "_get_template_from_args", "self", "launch_template_arg")
    require(backend, "describe_images")
    yield Replacement(backend, "run_instances", lambda original: _launching(service, original))


def _launching(service: Service, original: Any) -> Any:
    original = windows.launching(service, original)

    @functools.wraps(original)
    def run_instances(self: Any, *args: Any, **kwargs: Any) -> Any:
        key_name = kwargs.get("key_name")
        if key_name is None:
            key_name = _key_name_of_template(self, kwargs)
        if key_name not in (None, _NO_KEY_PAIR):
            with raised_in_moto():
                check_launch(ours(service, self), key_name)
            # Older versions of moto do not look for the key name in the template.
            kwargs["key_name"] = key_name
        return original(self, *args, **kwargs)

    return run_instances


def check_launch(backend: KeyPairBackend, key_name: str) -> None:
    """Raise what RunInstances answers to a launch with that key name, if it refuses it."""
    check_form(key_name)
    if key_name not in backend.key_pairs:
        launches.name_missing(key_name)


def check_form(key_name: str) -> None:
    """Raise what RunInstances answers if no key pair can have that name."""
    if not key_name:
        raise errors.BLANK_KEY_NAME()
    if len(key_name) > MAX_KEY_NAME_LENGTH:
        # AWS puts the value where the name of the parameter belongs.
        raise errors.TOO_LONG(key_name, MAX_KEY_NAME_LENGTH)


def _key_name_of_template(backend: Any, launch: dict[str, Any]) -> Any:
    template = launch.get("launch_template")
    return backend._get_template_from_args(template).data.get("KeyName") if template else None


def auto_scaling_patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """Let Auto Scaling refuse, in its own words, what EC2 does not launch for it."""
    from moto.autoscaling.exceptions import ValidationError

    text = "You must use a valid fully-formed launch template. {}"
    group = require(models, "FakeAutoScalingGroup")
    name = "replace_autoscaling_group_instances"
    require(group, name)
    yield Replacement(group, name, lambda original: _refusing(original, ValidationError, text))


def batch_patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """The same for Batch."""
    from moto.batch.exceptions import ClientException

    backend = require(models, "BatchBackend")
    name = "create_compute_environment"
    require(backend, name)

    def make(original: Any) -> Any:
        return _refusing(windows.taking_any_key_type(original), ClientException, "{}")

    yield Replacement(backend, name, make)


def _refusing(original: Any, refusal: type[Exception], text: str) -> Any:
    @functools.wraps(original)
    def launch(*args: Any, **kwargs: Any) -> Any:
        from moto.ec2.exceptions import EC2ClientError

        try:
            return original(*args, **kwargs)
        except EC2ClientError as error:
            if not is_ours(error):
                raise
            raise refusal(text.format(error.message)) from None

    return launch
