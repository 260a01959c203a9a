"""The environment that AWS clients see while a mock is active.

After the last activation no fake credential is left, even where a ``monkeypatch`` that was set up
inside undoes itself later: what still holds one after the test is put back.
"""

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
# With these a client would go to another endpoint, or refuse one that is not AWS's.
_ELSEWHERE = (
    *_PROFILES,
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
)

_NAMES = (*FAKE_CREDENTIALS, *_TOKENS, *_PROFILES, "AWS_DEFAULT_REGION")

Values = dict[str, str | None]


class Environment:
    """What was there before the current activation, or before the last one in the same test."""

    def __init__(self) -> None:
        self._is_active = False
        self._before: Values = {}

    def enter(self, region: str | None) -> None:
        """Set fake credentials, without a profile, and a Region if given, until ``leave``."""
        self.sweep()
        self._before = values(_NAMES)
        put(dict.fromkeys((*_TOKENS, *_PROFILES)) | FAKE_CREDENTIALS)
        if region:
            os.environ["AWS_DEFAULT_REGION"] = region
        self._is_active = True

    def leave(self) -> None:
        """Put back what was there before ``enter``."""
        self._is_active = False
        put(self._before)

    def others_left(self) -> None:
        """Take over what another mock, which had set credentials, has put back.

        While a mock is active, these are what ``leave`` puts back, and the fake ones are set again.
        """
        if not self._is_active:
            self.sweep()
            return
        found = values(FAKE_CREDENTIALS)
        changed = {name for name, fake in FAKE_CREDENTIALS.items() if found[name] != fake}
        self._before |= {name: found[name] for name in changed}
        put({name: FAKE_CREDENTIALS[name] for name in changed})

    def sweep(self) -> None:
        """When a test is over, put back what holds a fake credential again, and forget the rest.

        A patch that was made while a mock was active brings it back when it is undone later.
        """
        if not self._is_active:
            # Found without such a memory, the example key of AWS's documentation is the user's own.
            found = {
                name for name, fake in FAKE_CREDENTIALS.items() if os.environ.get(name) == fake
            }
            put({name: each for name, each in self._before.items() if name in found})
            self._before = {}


environment = Environment()


def names_profile() -> bool:
    """Whether the environment names a profile of the config file."""
    return any(os.environ.get(name) for name in _PROFILES)


def point_to(url: str, region: str) -> Values:
    """Point the AWS clients of new processes to a server; returns what was there before."""
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
    before = values((*_ELSEWHERE, *services, *new))
    put(dict.fromkeys(before) | new)
    return before


def values(names: Iterable[str]) -> Values:
    """The values of variables, None for those that are not set."""
    return {name: os.environ.get(name) for name in names}


def put(new: Mapping[str, str | None]) -> None:
    """Set variables, an empty value included, and unset those whose value is None."""
    for name, value in new.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
