"""Key pairs from moto's backends to ours and back."""

from __future__ import annotations

import base64
import datetime as dt
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from ..ec2.backend import KeyPairBackend
from ..ec2.key_pair import KeyPair
from ..ec2.service import Service
from ..keys.errors import InvalidKeyError
from ..keys.public_key import PublicKey, parse_public_key

# The attribute of moto's backend that holds them, in newer and in older versions.
ATTRIBUTES = ("key_pairs", "keypairs")


def ours(service: Service, backend: Any) -> KeyPairBackend:
    """Our backend of the same account and Region as moto's."""
    return service.backend(backend.region_name, backend.account_id)


def as_moto(key_pair: KeyPair, backend: Any, private_key: str = "") -> Any:
    """A key pair as an object of moto's, with the attributes of every version of it."""
    from moto.ec2.models.key_pairs import KeyPair as MotoKeyPair

    made = object.__new__(MotoKeyPair)
    vars(made).update(
        id=key_pair.key_pair_id,
        name=key_pair.key_name,
        key_name=key_pair.key_name,
        key_type=key_pair.key_type,
        fingerprint=key_pair.key_fingerprint,
        key_fingerprint=key_pair.key_fingerprint,
        material=_Material(private_key),
        material_public=_Material(key_pair.public_key),
        create_time=key_pair.create_time.replace(tzinfo=None),
        ec2_backend=backend,
    )
    return made


class _Material(str):
    """Text which newer versions of moto hold as bytes, and decode before each use."""

    def decode(self, encoding: str = "utf-8") -> str:
        return str(self)


def as_ours(key_pair: Any, tags: Mapping[str, str]) -> KeyPair:
    """A key pair that moto made, with its ID, fingerprint and time."""
    name = getattr(key_pair, "key_name", None) or key_pair.name
    public_key = _public_key(key_pair)
    moment: dt.datetime = key_pair.create_time
    return KeyPair(
        key_name=name,
        key_pair_id=key_pair.id,
        key_type=public_key.key_type,
        key_fingerprint=getattr(key_pair, "key_fingerprint", None) or key_pair.fingerprint,
        public_key=public_key.openssh(name),
        create_time=moment.replace(
            tzinfo=dt.timezone.utc, microsecond=moment.microsecond // 1000 * 1000
        ),
        tags=tags,
    )


def _public_key(key_pair: Any) -> PublicKey:
    material = getattr(key_pair, "material_public", None) or key_pair.material
    if "PRIVATE KEY" in _text(material):
        from ..keys.private_key import load_private_key

        return load_private_key(_text(material).encode()).public_key
    return parse_public_key(_text(decoded(material)))


def _text(material: str | bytes) -> str:
    return material if isinstance(material, str) else material.decode("latin-1")


def import_key_pairs(service: Service) -> None:
    """Take over the key pairs that moto made itself."""
    for backend in _backends():
        stored = _stored(backend)
        for key_pair in stored.values():
            tags = backend.tags.pop(key_pair.id, {})
            ours(service, backend).add_as_is(as_ours(key_pair, tags))
        stored.clear()


def export_key_pairs(service: Service) -> None:
    """Give moto the key pairs, as if it had made them."""
    for backend in [each for each in service.backends() if each.key_pairs]:
        from moto.ec2.models import ec2_backends

        moto_backend = ec2_backends[backend.account_id][backend.region]
        for name, key_pair in backend.key_pairs.items():
            _stored(moto_backend)[name] = as_moto(key_pair, moto_backend)
            moto_backend.tags[key_pair.key_pair_id] = dict(key_pair.tags)


def _backends() -> Iterable[Any]:
    # While another thread imports it, it has none yet.
    accounts = getattr(sys.modules.get("moto.ec2.models"), "ec2_backends", {})
    return [backend for account in list(accounts.values()) for backend in list(account.values())]


def _stored(backend: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(
        vars(backend)[name] for name in ATTRIBUTES if name in vars(backend)
    )
    return found


def decoded(material: str | bytes) -> str | bytes:
    """Material as clients give it; older versions of moto hold it as it is on the wire."""
    try:
        parse_public_key(_text(material))
    except InvalidKeyError:
        try:
            return base64.b64decode(material, validate=True)
        except ValueError:
            return material
    return material
