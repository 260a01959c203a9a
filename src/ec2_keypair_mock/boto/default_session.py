"""boto3's default session: while a mock is active there is another one."""

from __future__ import annotations

import sys
from typing import Any


def swap(session: Any) -> Any:
    """Make ``session`` boto3's default session, if boto3 is in use; returns the one before."""
    boto3: Any = sys.modules.get("boto3")
    before = getattr(boto3, "DEFAULT_SESSION", None)
    if boto3 is not None:
        boto3.DEFAULT_SESSION = session
    return before
