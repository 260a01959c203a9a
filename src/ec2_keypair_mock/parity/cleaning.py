"""Deletes the key pairs of a run, whatever becomes of the endpoint and of the run."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from .answer import Answer
from .behaviour import MARK, Call, Form
from .endpoint import Endpoint, NoAnswerError

_MAKING = ("CreateKeyPair", "ImportKeyPair")
#: The seconds to wait in front of each try of the last cleaning: about a minute in all.
PATIENCE = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


class Cleaner:
    """Knows which key pairs a run may have made, and deletes them.

    A name is in ``known`` from before the call that may make its key pair, until the endpoint has
    refused to make it or has deleted it.
    """

    def __init__(self, endpoint: Endpoint, run: str) -> None:
        self.known: set[str] = set()
        self._new: str | None = None
        self._endpoint = endpoint
        self._run = run

    def expect(self, step: Call | Form) -> None:
        """Remember the name of a key pair that the step may make."""
        name = step.key_name if step.action in _MAKING else None
        self._new = None if name in self.known else name
        if self._new is not None:
            self.known.add(self._new)

    def see(self, answer: Answer) -> None:
        """Forget the new name where its key pair was refused.

        A duplicate is no such refusal: when botocore sends a call again, it may be the call's own.
        """
        refused = 400 <= answer.status < 500 and answer.error[0] != "InvalidKeyPair.Duplicate"
        if refused and self._new is not None:
            self.known.discard(self._new)

    def delete_known(self) -> None:
        """Try once to delete what is known; what could not be deleted stays known.

        Raises ``NoAnswerError`` at the first call that is not answered.
        """
        for name in sorted(self.known):
            if self._delete(name):
                self.known.discard(name)

    def clean(self, patience: Sequence[float] = PATIENCE) -> bool:
        """Delete until the endpoint says that nothing is left, or the patience is at its end.

        Returns whether nothing is left; ``known`` has the names of what may be.
        """
        for seconds in patience:
            self._endpoint.sleep(seconds)
            try:
                if self._clean_once():
                    return True
            except NoAnswerError:
                continue
        return False

    def _clean_once(self) -> bool:
        listed = self._listed()
        self.known.update(listed or ())
        self.delete_known()
        return listed is not None and not self.known

    def _delete(self, name: str) -> bool:
        answer = self._endpoint.send(Call(action="DeleteKeyPair", parameters={"KeyName": name}))
        return answer.texts("return") == ["true"] or answer.error[0] == "InvalidKeyPair.NotFound"

    def _listed(self) -> list[str] | None:
        """The names of the run's key pairs at the endpoint, none where it refuses to list them.

        None where the answer is neither a list nor a refusal.
        """
        only = {"Name": "key-name", "Values": [f"*{self._run}*"]}
        answer = self._endpoint.send(
            Call(action="DescribeKeyPairs", parameters={"Filters": [only]})
        )
        if not answer.elements("keySet") and not 400 <= answer.status < 500:
            return None
        return [name for name in map(self._name_if_ours, answer.elements("keySet/item")) if name]

    def _name_if_ours(self, item: Element) -> str | None:
        """The name of a key pair of the run: it has the run's tag, or no tags at all."""
        name = item.findtext("keyName") or ""
        keys = [key.text for key in item.findall("tagSet/item/key")]
        return name if self._run in name and (MARK in keys or not keys) else None
