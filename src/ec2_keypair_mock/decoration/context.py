"""What a body is put into."""

from __future__ import annotations

import contextlib
from typing import Any

Context = contextlib.AbstractContextManager[Any]
