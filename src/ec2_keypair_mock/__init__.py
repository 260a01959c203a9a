"""EC2 key pairs for tests: real SSH keys, AWS's own answers, no AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .activation import KeyPairMock, mock
    from .ec2.backend import KeyPairBackend
    from .ec2.calls import Call
    from .ec2.errors import EC2Error
    from .ec2.key_pair import KeyPair
    from .errors import SwallowedCallError, UnmockedCallError

__version__ = "0.1.0"

__all__ = [
    "Call",
    "EC2Error",
    "KeyPair",
    "KeyPairBackend",
    "KeyPairMock",
    "SwallowedCallError",
    "UnmockedCallError",
    "mock",
]

_HOMES = {
    "Call": "ec2.calls",
    "EC2Error": "ec2.errors",
    "KeyPair": "ec2.key_pair",
    "KeyPairBackend": "ec2.backend",
    "KeyPairMock": "activation",
    "SwallowedCallError": "errors",
    "UnmockedCallError": "errors",
    "mock": "activation",
}


if not TYPE_CHECKING:
    # A type checker that sees this takes every name for one of the package.
    def __getattr__(name: str) -> Any:
        # Loaded on first use: the pytest plugin imports this package in every run.
        from importlib import import_module

        if name == "moto":
            return import_module(f"{__name__}.moto")
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
