"""The templates from which moto before 5.2 makes its answers; newer versions have none."""

from __future__ import annotations

import functools
from collections.abc import Callable


def adding(text: str, behind: str) -> Callable[[str | None], str | None]:
    """Makes a template that has the text behind each such element; None where there is none."""
    return functools.partial(_with, text, behind)


# moto knows a template by its `id`, so that one that it has seen must never be freed.
@functools.cache
def _with(text: str, behind: str, template: str | None) -> str | None:
    return template and template.replace(behind, behind + text)
