"""What must be there in moto: where it is not, the part that needs it is left to moto."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

_warned: set[str] = set()


def require(owner: Any, name: str, *parameters: str) -> Any:
    """``owner.name``; a function must have these parameters, in this order.

    Raises RuntimeError where this moto has no such thing.
    """
    found = getattr(owner, name, None)
    if found is None or (parameters and _parameters(found) != parameters):
        what = f"{name}({', '.join(parameters)})" if parameters else name
        raise RuntimeError(f"{_name(owner)} has no {what}")
    return found


def warn(part: str, error: Exception) -> None:
    """Warn, once in a process, that a part of this moto keeps moto's own behaviour."""
    if part not in _warned:
        _warned.add(part)
        text = (
            f"ec2_keypair_mock does not know {part} of moto {_version()}, which keeps moto's own "
            f"behaviour: {error}. Please report this."
        )
        warnings.warn(text, RuntimeWarning, stacklevel=2)


def _parameters(function: Any) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _name(owner: Any) -> str:
    return owner.__name__ if inspect.ismodule(owner) else f"{owner.__module__}.{owner.__name__}"


def _version() -> str:
    from importlib.metadata import version

    return version("moto")
