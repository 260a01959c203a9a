"""What must be there in moto: where it is not, that is said at once and by name."""

from __future__ import annotations

import inspect
from typing import Any


def require(owner: Any, name: str, *parameters: str) -> Any:
    """``owner.name``; a function must have these parameters, in this order.

    Raises RuntimeError where this moto has no such thing.
    """
    found = getattr(owner, name, None)
    if found is None or (parameters and _parameters(found) != parameters):
        what = f"{name}({', '.join(parameters)})" if parameters else name
        raise RuntimeError(
            f"ec2_keypair_mock cannot share its state with moto {_version()}: "
            f"{_name(owner)} has no {what}. Use an older moto, and please report this."
        )
    return found


def _parameters(function: Any) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _name(owner: Any) -> str:
    return owner.__name__ if inspect.ismodule(owner) else f"{owner.__module__}.{owner.__name__}"


def _version() -> str:
    from importlib.metadata import version

    return version("moto")
