"""The resource type ``AWS::EC2::KeyPair`` in the stacks of moto's CloudFormation.

Its properties, attributes and parameter are those of the resource's schema and of its page in the
CloudFormation template reference.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from ..ec2.backend import KeyPairBackend
from ..ec2.key_pair import CreatedKeyPair, KeyPair
from ..ec2.service import Service
from ..patching.replacement import Replacement
from .errors import StackFailure, raised_in_moto
from .exchange import ATTRIBUTES
from .requirements import require

TYPE = "AWS::EC2::KeyPair"

_PROPERTIES = ("KeyName", "KeyType", "KeyFormat", "PublicKeyMaterial", "Tags")
_ATTRIBUTES = ("KeyPairId", "KeyFingerprint")
_VALUES = {"KeyType": ("rsa", "ed25519"), "KeyFormat": ("pem", "ppk")}


def patches(parsing: ModuleType, service: Service) -> Iterator[Replacement]:
    """Add the resource type to those that moto knows."""
    require(parsing, "get_model_map")
    models = {TYPE: KeyPairModel(service)}

    def make(original: Any) -> Any:
        @functools.wraps(original)
        def get_model_map() -> dict[str, Any]:
            return {**original(), **models}

        return get_model_map

    yield Replacement(parsing, "get_model_map", make)


class KeyPairModel:
    """What moto asks a class of resources for, its ``CloudFormationModel``, with those names.

    It is no subclass of that, because Python remembers subclasses: moto would still find this one
    when our state has ended.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    @staticmethod
    def has_cfn_attr(attr: str) -> bool:
        return attr in _ATTRIBUTES

    def create_from_cloudformation_json(
        self,
        resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> StackKeyPair:
        """Create or import a key pair; raises moto's ``EC2ClientError`` where that fails."""
        properties = cloudformation_json["Properties"]
        with raised_in_moto():
            _check(properties, kwargs["LogicalId"])
            return StackKeyPair(self._service, account_id, region_name, properties)

    def update_from_cloudformation_json(
        self,
        original_resource: StackKeyPair,
        new_resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
    ) -> StackKeyPair:
        """Replace the key pair if a property has changed; if that fails, the old one stays."""
        if cloudformation_json["Properties"] == original_resource.properties:
            return original_resource
        if cloudformation_json.get("UpdateReplacePolicy") != "Retain":
            original_resource.delete(account_id, region_name)
        logical_id = original_resource.logical_resource_id
        try:
            return self.create_from_cloudformation_json(
                new_resource_name,
                cloudformation_json,
                account_id,
                region_name,
                LogicalId=logical_id,
            )
        except Exception:
            original_resource.restore()
            raise


def _check(properties: Mapping[str, Any], logical_id: str) -> None:
    """Raise StackFailure where a property is not as the schema has it."""
    for name in properties:
        if name not in _PROPERTIES:
            raise _violation(logical_id, f"#: extraneous key [{name}] is not permitted")
    if "KeyName" not in properties:
        raise _violation(logical_id, "#: required key [KeyName] not found")
    for name, values in _VALUES.items():
        if properties.get(name, values[0]) not in values:
            raise _violation(
                logical_id, f"#/{name}: failed validation constraint for keyword [enum]"
            )


def _violation(logical_id: str, text: str) -> StackFailure:
    return StackFailure(
        f"Properties validation failed for resource {logical_id} with message: {text}"
    )


class StackKeyPair:
    """A key pair that a stack has made, and the parameter with its private key."""

    #: Set by moto.
    logical_resource_id: str

    def __init__(
        self, service: Service, account_id: str, region: str, properties: Mapping[str, Any]
    ) -> None:
        self.properties = properties
        self._service = service
        self._place = account_id, region
        made = _make(self._backend, properties)
        self.physical_resource_id = made.key_name
        self._attributes = {"KeyPairId": made.key_pair_id, "KeyFingerprint": made.key_fingerprint}
        self._private_key = made.key_material if isinstance(made, CreatedKeyPair) else None
        self._deleted: KeyPair | None = None
        self._put_parameter()

    @property
    def _backend(self) -> KeyPairBackend:
        account_id, region = self._place
        return self._service.backend(region, account_id)

    def is_created(self) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """What ``Fn::GetAtt`` gives."""
        from moto.cloudformation.exceptions import UnformattedGetAttTemplateException

        if attribute_name not in _ATTRIBUTES:
            raise UnformattedGetAttTemplateException
        return self._attributes[attribute_name]

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the key pair, if it is still there, and its parameter."""
        from moto.ec2.models import ec2_backends

        self._deleted = self._backend.find(self._attributes["KeyPairId"])
        # Through moto, which goes on with the stack and the key pairs when our state ends first.
        key_pairs = _key_pairs(ec2_backends[account_id][region_name])
        found = key_pairs.get(self.physical_resource_id)
        if found is not None and found.id == self._attributes["KeyPairId"]:
            del key_pairs[self.physical_resource_id]
        self._parameters.delete_parameters([self._parameter_name])

    def restore(self) -> None:
        """Undo ``delete``."""
        if self._deleted is not None:
            self._backend.add_as_is(self._deleted)
            self._put_parameter()

    def _put_parameter(self) -> None:
        if self._private_key is None:
            return
        self._parameters.put_parameter(
            name=self._parameter_name,
            description=None,
            value=self._private_key,
            parameter_type="SecureString",
            allowed_pattern=None,
            keyid="alias/aws/ssm",
            overwrite=False,
            tags=[],
            data_type="text",
            tier="Standard",
            policies=None,
        )

    @property
    def _parameter_name(self) -> str:
        return f"/ec2/keypair/{self._attributes['KeyPairId']}"

    @property
    def _parameters(self) -> Any:
        from moto.ssm.models import ssm_backends

        account_id, region = self._place
        return ssm_backends[account_id][region]


def _make(backend: KeyPairBackend, properties: Mapping[str, Any]) -> KeyPair:
    tags = properties.get("Tags")
    specifications = [{"ResourceType": "key-pair", "Tags": tags}] if tags else []
    name = str(properties["KeyName"])
    if "PublicKeyMaterial" in properties:
        return backend.import_key_pair(
            key_name=name,
            public_key_material=properties["PublicKeyMaterial"],
            tag_specifications=specifications,
        )
    return backend.create_key_pair(
        key_name=name,
        key_type=properties.get("KeyType", "rsa"),
        key_format=properties.get("KeyFormat", "pem"),
        tag_specifications=specifications,
    )


def _key_pairs(backend: Any) -> Any:
    return next(getattr(backend, name) for name in ATTRIBUTES if hasattr(backend, name))
