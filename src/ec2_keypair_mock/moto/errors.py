"""EC2's errors, as this package and as moto raise them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ..ec2.errors import EC2Error


@contextlib.contextmanager
def raised_in_moto() -> Iterator[None]:
    """Raise our errors as moto's, which answers its clients with them."""
    from moto.ec2.exceptions import EC2ClientError

    try:
        yield
    except EC2Error as error:
        raise EC2ClientError(error.code, error.message) from error


def is_ours(error: Any) -> bool:
    """Whether an error of moto's is one of ours that ``raised_in_moto`` has raised."""
    return isinstance(error.__cause__, EC2Error)


@contextlib.contextmanager
def raised_from_moto() -> Iterator[None]:
    """Raise moto's errors as ours."""
    from moto.ec2.exceptions import EC2ClientError

    try:
        yield
    except EC2ClientError as error:
        raise EC2Error(code_of(error), str(error.message)) from None


def code_of(error: Any) -> str:
    """The error code of an error of moto's; before 5.2 its ``code`` is the HTTP status."""
    return str(getattr(error, "error_type", error.code))


class StackFailure(EC2Error):
    """Why a stack fails over key pairs, in CloudFormation's words; EC2 has not been asked."""

    def __init__(self, reason: str) -> None:
        super().__init__("ValidationError", reason)
