"""The Region that is configured, as botocore finds it."""

from __future__ import annotations

import os

from . import environment


def configured_region() -> str | None:
    """The Region that the environment or the config file names; None if that cannot be told."""
    if not environment.names_profile() and (region := os.environ.get("AWS_DEFAULT_REGION")):
        return region
    from botocore.exceptions import ConfigParseError, ProfileNotFound
    from botocore.session import Session

    try:
        found = Session(include_builtin_handlers=False).get_config_variable("region")
    except (ProfileNotFound, ConfigParseError):
        return None
    # A test may have patched the class.
    return found if isinstance(found, str) else None


def missing_region(default: str) -> str | None:
    """The Region that clients would not find without the profile of the environment, or None."""
    region = configured_region()
    if region and not environment.names_profile():
        return None
    return region or default
