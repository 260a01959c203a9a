"""What a user of this package can meet beside AWS's own errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class UnmockedCallError(Exception):
    """A call to AWS that nobody mocks, refused before it reached the network.

    Botocore does not retry it. A refused call fails the test, unless this exception was caught in
    the test's own file (or a ``conftest.py``), or the test names ``UnmockedCallError``.

    :ivar service: the service, such as ``ec2``
    :ivar action: the action, such as ``DescribeVpcs``; None where the request does not name it
    :ivar region: the Region of the request; None where it names none
    :ivar where: the host or the resource that the call was for
    :ivar way_out: what to do about it
    """

    #: Called with the exception before it is gone.
    when_dropped: Callable[[UnmockedCallError], None] | None = None

    def __init__(
        self, service: str, action: str | None, region: str | None, where: str, way_out: str
    ) -> None:
        super().__init__(service, action, region, where, way_out)
        self.service = service
        self.action = action
        self.region = region
        self.where = where
        self.way_out = way_out

    @property
    def what(self) -> str:
        """What was called, as the reports say it."""
        return (
            f"{self.service} {self.action or 'request'} in {self.region or 'no Region'} "
            f"({self.where})"
        )

    def without_traceback(self) -> UnmockedCallError:
        """An equal exception that was not raised, so that it keeps no frame alive."""
        return UnmockedCallError(self.service, self.action, self.region, self.where, self.way_out)

    def __str__(self) -> str:
        return f"{self.what}: nobody mocks this call, and it may not reach AWS. {self.way_out}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UnmockedCallError):
            return False
        return (type(self), self.args) == (type(other), other.args)

    def __hash__(self) -> int:
        return hash(self.args)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.args

    def __del__(self) -> None:
        if self.when_dropped is not None:
            self.when_dropped(self)


class SwallowedCallError(UnmockedCallError):
    """Refused calls whose exceptions the code under test swallowed.

    It is raised when the mock, or the test, ends; ``report`` says which calls, from where, and what
    to do.
    """

    def __init__(self, first: UnmockedCallError, report: str) -> None:
        super().__init__(first.service, first.action, first.region, first.where, first.way_out)
        # Pickling makes it again from these.
        self.args = (first, report)
        self.report = report

    def __str__(self) -> str:
        return f"calls to AWS were refused, and the exceptions swallowed:\n{self.report}"
