"""Compares an endpoint with the behaviours, and leaves nothing behind."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from .answer import Answer
from .behaviour import MARK, PREFIX_LENGTH, Behaviour, Call, Error, Form
from .checks import Difference, compare, fill, saved
from .cleaning import Cleaner
from .endpoint import Endpoint, NoAnswerError

Outcome = Literal["same", "different", "not run"]
# After that many behaviours in a row without an answer, the endpoint is taken for gone.
_PATIENCE = 3
# These say something of the caller or of the moment, and nothing of the behaviour.
REFUSALS = frozenset(
    "AuthFailure Blocked ExpiredToken InternalError InvalidClientTokenId OptInRequired "
    "PendingVerification RequestExpired RequestLimitExceeded ServiceUnavailable "
    "SignatureDoesNotMatch Unavailable UnauthorizedOperation".split()
)


@dataclass(frozen=True)
class Exchange:
    """A step as it was sent, and its answer; None where none came."""

    step: Call | Form
    answer: Answer | None


@dataclass(frozen=True)
class Result:
    """What became of a behaviour; ``difference`` says what was not as expected, and why."""

    behaviour: Behaviour
    outcome: Outcome
    difference: Difference | None = None
    exchanges: tuple[Exchange, ...] = field(default=(), repr=False)


def new_run() -> str:
    """What the key names of a new run begin with."""
    return f"{MARK}-{secrets.token_hex(6)}-"


class Run:
    """One run over some behaviours; ``results`` has those that are done, also after an error."""

    def __init__(self, endpoint: Endpoint, run: str) -> None:
        self.run = run
        self.cleaner = Cleaner(endpoint, run)
        self.results: list[Result] = []
        self._endpoint = endpoint

    def compare(self, behaviours: Sequence[Behaviour], tell: Callable[[Behaviour], object]) -> None:
        """Run the behaviours one after the other, with ``tell`` in front of each."""
        silent = 0
        for number, behaviour in enumerate(behaviours):
            if silent == _PATIENCE:
                gone = Difference("", "an answer", "none: the endpoint stopped answering")
                self.results.append(Result(behaviour, "not run", gone))
                continue
            tell(behaviour)
            result = self.run_one(behaviour, number)
            self.results.append(result)
            silent = 0 if self._delete_after(result) else silent + 1

    def _delete_after(self, result: Result) -> bool:
        """Delete what a behaviour has made; whether the endpoint has answered all the time.

        Where it has not, the last cleaning deletes the rest.
        """
        if any(exchange.answer is None for exchange in result.exchanges):
            return False
        try:
            self.cleaner.delete_known()
        except NoAnswerError:
            return False
        return True

    def run_one(self, behaviour: Behaviour, number: int) -> Result:
        """Send the steps up to the first that is not answered as expected."""
        values = {"run": self.run, "prefix": f"{self.run}{number:03}-"}
        assert len(values["prefix"]) == PREFIX_LENGTH
        exchanges: list[Exchange] = []
        for step in behaviour.steps:
            outcome, difference = self._run_step(step, values, exchanges)
            if difference:
                return Result(behaviour, outcome, difference, tuple(exchanges))
        return Result(behaviour, "same", None, tuple(exchanges))

    def _run_step(
        self, step: Call | Form, values: dict[str, str], exchanges: list[Exchange]
    ) -> tuple[Outcome, Difference | None]:
        sent = filled(step, values)
        self.cleaner.expect(sent)
        try:
            answer = self._endpoint.send(sent)
        except NoAnswerError as error:
            exchanges.append(Exchange(sent, None))
            return "not run", Difference(step.action, "an answer", str(error))
        exchanges.append(Exchange(sent, answer))
        self.cleaner.see(answer)
        values.update(saved(step, answer))
        difference = compare(step, answer, values)
        return "not run" if _refused(step, answer) else "different", difference


def _refused(step: Call | Form, answer: Answer) -> bool:
    expected = {check.code for check in step.checks if isinstance(check, Error)}
    return answer.error[0] in REFUSALS - expected


def filled(step: Call | Form, values: dict[str, str]) -> Call | Form:
    """A step with its values filled in."""
    if isinstance(step, Form):
        return replace(step, pairs=fill(step.pairs, values))
    return replace(step, parameters=fill(step.parameters, values))
