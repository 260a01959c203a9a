"""The templates from which moto before 5.2 makes its answers; newer versions have none."""

from __future__ import annotations

from collections.abc import Callable


def adding(text: str, behind: str) -> Callable[[str | None], str | None]:
    """Makes a template that has the text behind each such element; None where there is none."""
    return lambda template: template and template.replace(behind, behind + text)
