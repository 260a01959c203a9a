"""What a user of this package can meet beside AWS's own errors."""

from __future__ import annotations


class UnmockedCallError(Exception):
    """A call to AWS that nobody mocks, stopped before it reached the network.

    ``service``, ``action`` and ``region`` say which (the action is None where the request does not
    name it); botocore does not retry it. Where the code under test swallows it, it is raised again
    when the mock ends.
    """

    def __init__(
        self, service: str, action: str | None, region: str | None, where: str, way_out: str
    ) -> None:
        super().__init__(service, action, region, where, way_out)
        self.service = service
        self.action = action
        self.region = region
        self.where = where
        self.way_out = way_out

    def __str__(self) -> str:
        return (
            f"{self.service} {self.action or 'request'} in {self.region or 'no Region'} "
            f"({self.where}): nobody mocks this call, and it may not reach AWS. {self.way_out}"
        )


class SwallowedCallError(UnmockedCallError):
    """An ``UnmockedCallError`` that the code under test swallowed, with the code that did."""

    def __init__(self, first: UnmockedCallError, report: str) -> None:
        super().__init__(first.service, first.action, first.region, first.where, first.way_out)
        # Pickling makes it again from these.
        self.args = (first, report)
        self.report = report

    def __str__(self) -> str:
        return f"the code under test swallowed what must not happen:\n{self.report}"
