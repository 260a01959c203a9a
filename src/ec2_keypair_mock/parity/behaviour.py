"""The vocabulary of the behaviours: what is known, how it is known, what to do, what to expect.

Texts in steps and checks may name values in braces: ``{prefix}`` is what the key names of this
behaviour begin with, ``{run}`` what those of the whole run begin with, and all others are what a
step of the same behaviour has saved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Evidence = Literal["recorded", "documented", "community", "inferred", "unknown"]

#: What the names of every run begin with, and the key of the tag that its key pairs have.
MARK = "ec2-keypair-mock-parity"
#: What the names of one run begin with: the mark, 12 hexadecimal digits, a hyphen.
RUN = re.compile(rf"{MARK}-[0-9a-f]{{12}}-")
#: How many characters ``{prefix}`` has: those of ``{run}``, three digits, a hyphen.
PREFIX_LENGTH = len(MARK) + 14 + 4


@dataclass(frozen=True)
class Source:
    """Where a fact is from: project and place, the date in ISO 8601 or its year, a link."""

    text: str
    date: str = ""
    url: str = ""


@dataclass(frozen=True)
class Error:
    """The answer is this error, with this HTTP status."""

    code: str
    message: str
    status: int = 400


@dataclass(frozen=True)
class Value:
    """The texts of the elements at ``path`` are ``values``, in any order; none for no element."""

    path: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Matches:
    """There is one element at ``path``, and all of its text matches the regular expression."""

    path: str
    pattern: str


@dataclass(frozen=True)
class Elements:
    """Each element at ``path`` has children of these names, in this order."""

    path: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """All of the header's value matches the regular expression; None: there is no such header."""

    name: str
    pattern: str | None


@dataclass(frozen=True)
class Body:
    """The whole body, decoded as UTF-8, matches the regular expression; ``.`` is any character."""

    pattern: str


Check: TypeAlias = Error | Value | Matches | Elements | Header | Body


@dataclass(frozen=True)
class Step:
    """A request and its checks; it is to succeed, unless one of the checks is an ``Error``.

    ``save`` keeps texts of the answer for later: by name, the path of an element, and behind a
    ``|`` the function of ``derived`` to call with its text.
    """

    checks: tuple[Check, ...] = ()
    save: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call(Step):
    """An action through a boto3 client that does not check the parameters itself."""

    action: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key_name(self) -> str | None:
        name: str | None = self.parameters.get("KeyName")
        return name


@dataclass(frozen=True)
class Form(Step):
    """A signed request with these pairs as its form.

    ``headers`` replace those of the request; a header that is None is left out.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def action(self) -> str:
        return dict(self.pairs).get("Action", "")

    @property
    def key_name(self) -> str | None:
        return dict(self.pairs).get("KeyName")


@dataclass(frozen=True)
class Behaviour:
    """One behaviour of EC2, under the ID that it has in ``docs/fidelity.md``.

    It has either steps, which any endpoint can be compared with, or the names of the tests that
    check what cannot be seen in requests alone. With ``over_http`` it shows over HTTP only: clients
    inside a mock need not sign.
    """

    id: str
    says: str
    evidence: Evidence
    sources: tuple[Source, ...] = ()
    steps: tuple[Call | Form, ...] = ()
    tests: tuple[str, ...] = ()
    over_http: bool = False
