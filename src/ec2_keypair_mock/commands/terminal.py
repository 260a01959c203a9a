"""What a terminal can show: colour where it has it, and any file name."""

from __future__ import annotations

import io
import os
import sys

BOLD, DIM, RED, GREEN, CYAN = "1", "2", "31", "32", "36"
"""The parameters of the escape sequence Select Graphic Rendition (ECMA-48, section 8.3.117)."""


def styled(text: str, style: str) -> str:
    """The text in that style, where standard output has colour; else the text as it is."""
    return f"\x1b[{style}m{text}\x1b[0m" if _has_colour() else text


def printable(name: object) -> str:
    """A file's name, with escapes in place of what would not be shown, or would move the cursor."""
    text = str(name)
    return text if text.isprintable() else repr(text)[1:-1]


def escape_what_cannot_be_encoded() -> None:
    """Let standard output write escapes for characters that its encoding does not have."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _has_colour() -> bool:
    """Whether standard output is a terminal, and nobody has said no (https://no-color.org)."""
    refused = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    # The older console of Windows shows the sequences as text.
    understood = os.name != "nt" or "WT_SESSION" in os.environ
    return sys.stdout.isatty() and understood and not refused
