"""The environment that AWS clients see while a mock is active."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

# The example key of AWS's documentation: scanners for leaked secrets know it.
FAKE_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}
# Tokens of real credentials, which do not belong to the fake key.
_TOKENS = ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
# A profile may not exist where the tests run, may ask for real credentials, and comes before those
# of the environment in Node's SDK.
_PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
_NAMES = (*FAKE_CREDENTIALS, *_TOKENS, *_PROFILES, "AWS_DEFAULT_REGION")
# What would lead a client elsewhere, or make it refuse an endpoint that is not AWS's.
_ELSEWHERE = (
    *_PROFILES,
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
)


def enter(region: str | None) -> dict[str, str | None]:
    """Set fake credentials, without a profile, and a Region if given; returns what was before."""
    before = _values(_NAMES)
    put(dict.fromkeys((*_TOKENS, *_PROFILES)) | FAKE_CREDENTIALS)
    if region:
        os.environ["AWS_DEFAULT_REGION"] = region
    return before


def names_profile() -> bool:
    """Whether the environment names a profile of the config file."""
    return any(os.environ.get(name) for name in _PROFILES)


def lead_to(url: str, region: str) -> dict[str, str | None]:
    """Lead the AWS clients of new processes to a server; returns what was there before."""
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    direct = ",".join(filter(None, (no_proxy, urlsplit(url).hostname)))
    new = {
        **FAKE_CREDENTIALS,
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": region,
        # The same for SDKs other than Python's.
        "AWS_REGION": os.environ.get("AWS_REGION") or region,
        "no_proxy": direct,
        "NO_PROXY": direct,
    }
    services = [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL_")]
    before = _values((*_ELSEWHERE, *services, *new))
    put(dict.fromkeys(before) | new)
    return before


def _values(names: Iterable[str]) -> dict[str, str | None]:
    return {name: os.environ.get(name) for name in names}


def put(values: Mapping[str, str | None]) -> None:
    """Set variables, an empty value included, and unset those whose value is None."""
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def sweep() -> None:
    """Placeholder."""
