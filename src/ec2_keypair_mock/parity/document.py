"""Prints ``docs/fidelity.md``: ``python -m ec2_keypair_mock.parity.document``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .behaviour import Behaviour, Source
from .behaviours import TOPICS

_INTRODUCTION = """\
# Fidelity: what is known of EC2, and what holds it here

Each behaviour of EC2's key pairs that this package reproduces, how well it is known and from where,
and the test that holds it. Where AWS's own documentation and its answers differ, the answers count.

| Evidence | Meaning |
|---|---|
| recorded | seen in raw answers of the real service |
| documented | said by AWS's API reference, user guide or service model |
| community | seen in output of AWS that users made public |
| inferred | not seen; it follows from what is known, or it is what a user would expect |
| unknown | AWS does this somehow, but nothing says how; what is here is a guess |

If you have an answer of the real service that says otherwise, please report it with the raw
response: a recorded answer replaces every other evidence.

What is held by `tests/parity/test_behaviours.py` is written down as data, as requests and what is
expected of their answers, and any endpoint can be compared with it, AWS included:

    python -m ec2_keypair_mock parity --endpoint-url http://127.0.0.1:4566
    python -m ec2_keypair_mock parity --aws --region us-east-1

This file is written by `python -m ec2_keypair_mock.parity.document > docs/fidelity.md`.
"""
_HEAD = "| Id | Behaviour | Evidence | Source | Held by |\n|---|---|---|---|---|"


def document() -> str:
    """The text of ``docs/fidelity.md``."""
    return _INTRODUCTION + "".join(_section(*topic) for topic in TOPICS.items())


def _section(title: str, behaviours: Sequence[Behaviour]) -> str:
    return "\n".join(["", f"## {title}", "", _HEAD, *map(_row, behaviours), ""])


def _row(behaviour: Behaviour) -> str:
    sources = "<br>".join(map(_source, behaviour.sources))
    held = "<br>".join(f"`{test}`" for test in _held_by(behaviour))
    cells = (behaviour.id, behaviour.says, behaviour.evidence, sources, held)
    return f"| {' | '.join(cells)} |"


def _source(source: Source) -> str:
    linked = f"[{source.text}]({source.url})" if source.url else source.text
    return f"{linked}, {source.date}" if source.date else linked


def _held_by(behaviour: Behaviour) -> Iterator[str]:
    if behaviour.steps:
        test = "test_over_http" if behaviour.over_http else "test_in_process"
        yield f"tests/parity/test_behaviours.py::{test}[{behaviour.id}]"
    yield from behaviour.tests


if __name__ == "__main__":
    print(document(), end="")
