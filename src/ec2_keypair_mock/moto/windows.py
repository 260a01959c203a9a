"""Windows instances of moto: which key pairs they take, and the passwords that they are given."""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import Any

from ..ec2 import errors
from ..ec2.backend import KeyPairBackend
from ..ec2.service import Service
from .errors import raised_in_moto
from .exchange import ours

# What moto calls the platform of images and instances; others have another text or None.
_WINDOWS = "windows"

# Whether moto launches an image that nobody named: that of its Batch is Windows.
_is_motos_choice = ContextVar("is_motos_choice", default=False)


def launching(service: Service, original: Any) -> Any:
    """``run_instances`` of moto's backend, which tells ours of every instance.

    It refuses Ed25519 key pairs with Windows AMIs.
    """

    @functools.wraps(original)
    def run_instances(self: Any, image_id: Any, *args: Any, **kwargs: Any) -> Any:
        key_pairs = ours(service, self)
        key_name = kwargs.get("key_name")
        with raised_in_moto():
            check_key_type(key_pairs, key_name, self, _image_id(self, image_id, kwargs))
        reservation = original(self, image_id, *args, **kwargs)
        for each in reservation.instances:
            is_windows = getattr(each, "platform", None) == _WINDOWS
            key_pairs.instance_launched(each.id, key_name if is_windows else None)
        return reservation

    return run_instances


def _image_id(backend: Any, image_id: Any, launch: dict[str, Any]) -> Any:
    template = launch.get("launch_template")
    if image_id or not template:
        return image_id
    return backend._get_template_from_args(template).data.get("ImageId")


def check_key_type(
    key_pairs: KeyPairBackend, key_name: str | None, moto_backend: Any, image_id: Any
) -> None:
    """Raise ``EC2Error`` for an Ed25519 key pair and an image of moto's that is Windows."""
    key_pair = key_pairs.key_pairs.get(key_name or "")
    if key_pair is None or key_pair.key_type != "ed25519" or _is_motos_choice.get():
        return
    images = moto_backend.describe_images(filters={"image-id": image_id})
    if any(image.platform == _WINDOWS for image in images):
        raise errors.ED25519_WITH_WINDOWS()


def taking_any_key_type(original: Any) -> Any:
    """A function of moto's that launches an image of its own choice."""

    @functools.wraps(original)
    def launch(*args: Any, **kwargs: Any) -> Any:
        before = _is_motos_choice.set(True)
        try:
            return original(*args, **kwargs)
        finally:
            _is_motos_choice.reset(before)

    return launch
