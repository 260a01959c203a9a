"""An endpoint's answer, and where its XML says what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree import ElementTree


@dataclass(frozen=True)
class Answer:
    """Status, headers (by names in lower case) and body of a response.

    The status is 0 where botocore could not read the response; the body is then botocore's error.
    """

    status: int
    headers: Mapping[str, str]
    # It may have key material, which is not to be seen where an answer is printed.
    body: bytes = field(repr=False)

    @cached_property
    def root(self) -> ElementTree.Element | None:
        """The document without its namespaces; None where the body is no XML."""
        try:
            root = ElementTree.fromstring(self.body)
        except (ElementTree.ParseError, LookupError, ValueError):
            return None
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        return root

    def elements(self, path: str) -> list[ElementTree.Element]:
        """The elements at a path as ``keySet/item``; an empty path is the root."""
        if self.root is None:
            return []
        return self.root.findall(path) if path else [self.root]

    def texts(self, path: str) -> list[str]:
        return [element.text or "" for element in self.elements(path)]

    @property
    def error(self) -> tuple[str, str]:
        """Code and message; empty where there is none."""
        found = [self.texts(f"Errors/Error/{name}") for name in ("Code", "Message")]
        code, message = ("".join(texts[:1]) for texts in found)
        return code, message

    @property
    def succeeded(self) -> bool:
        return self.status == 200 and self.root is not None and not self.error[0]
