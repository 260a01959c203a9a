"""What a request is for, whichever client library made it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ..ec2.errors import EC2Error
from ..ec2.service import Request

# The domains of the partitions' endpoints, from botocore's partitions and endpoints data.
_AWS_DOMAIN = re.compile(
    r"(?:^|\.)(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws|api\.amazonwebservices\.com\.cn|"
    r"amazonaws\.eu|amazonwebservices\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|"
    r"csp\.hci\.ic\.gov|api\.aws\.(?:ic|scloud|adc-e)\.(?:gov|uk))$"
)
_EC2_HOST = re.compile(r"(?:^|\.)ec2(?:-fips)?\.")
_REGION = re.compile(r"(?:^|[.-])([a-z]{2,4}(?:-[a-z]+)+-\d)(?:\.|$)")
_API_VERSION = "2016-11-15"

# Where the SDKs look for credentials on an instance, and in a container.
INSTANCE_METADATA = frozenset(("169.254.169.254", "fd00:ec2::254"))
_CONTAINER_METADATA = frozenset(("169.254.170.2", "169.254.170.23", "fd00:ec2::23"))


@dataclass(frozen=True)
class Target(Request):
    """A request with what can be told of its target; ``original`` is the client library's own."""

    original: Any = field(default=None, compare=False, repr=False)

    @cached_property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").rstrip(".")

    @property
    def any_region(self) -> str | None:
        """The Region that it was signed for, else that in its host, if there is one."""
        if self.scope:
            return self.scope[1]
        found = _REGION.search(self.host)
        return found[1] if found else None

    @property
    def reaches_aws(self) -> bool:
        return self.host in _CONTAINER_METADATA or bool(_AWS_DOMAIN.search(self.host))

    @cached_property
    def service(self) -> str:
        """The service it was signed for, else what its host or body says."""
        if self.scope:
            return self.scope[2]
        if self.host in _CONTAINER_METADATA:
            return "container credentials"
        if _EC2_HOST.search(self.host) or self.parameter("Version") == _API_VERSION:
            return "ec2"
        return self.host.split(".")[0]

    @property
    def action(self) -> str | None:
        target = self.headers.get("x-amz-target", "").rpartition(".")[2]
        return target or self.parameter("Action")

    def parameter(self, name: str) -> str | None:
        """A parameter of the query protocol, None where this is no such request."""
        return self._form.get(name)

    @property
    def resource_ids(self) -> list[str]:
        """What a tag action is about."""
        return [value for name, value in self._form.items() if name.startswith("ResourceId.")]

    @cached_property
    def _form(self) -> Mapping[str, str]:
        is_form = "x-www-form-urlencoded" in self.headers.get("content-type", "").lower()
        # EC2 has no other API, so that a body signed for it is a form without saying so, too.
        is_ec2s = self.scope is not None and self.scope[2] == "ec2"
        if not (is_form or is_ec2s or "Action=" in self.url):
            return {}
        try:
            return self.form
        except EC2Error:
            # EC2 refuses the form, but its action still says whose request it is.
            text = f"{urlsplit(self.url).query}&{self.body.decode('latin-1')}"
            return dict(parse_qsl(text, keep_blank_values=True))
