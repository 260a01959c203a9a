"""The table: what is in its cells, and how it is cut."""

from __future__ import annotations

import pytest

from ec2_keypair_mock.parity.answer import Answer
from ec2_keypair_mock.parity.behaviour import Behaviour, Call
from ec2_keypair_mock.parity.checks import Difference
from ec2_keypair_mock.parity.report import as_json, table
from ec2_keypair_mock.parity.run import Exchange, Result

KNOWN = Behaviour(
    "K-1", "A sentence that is as long as it has to be, which is quite long", "recorded"
)
GUESSED = Behaviour("C-24", "A guess", "unknown")


def test_a_table():
    difference = Difference(
        "CreateKeyPair", "success", "Bad (400): No,\nnot that, nor anything else"
    )
    results = [
        Result(KNOWN, "same"),
        Result(KNOWN, "different", difference),
        Result(GUESSED, "not run", Difference("", "an answer", "none")),
    ]

    assert table(results, 10) == "\n".join(
        [
            "Id     Result     Expected                    Got",
            "K-1    same       A sentence that is [...]    the same",
            "K-1    different  CreateKeyPair: success      Bad (400): No,\\nnot that,",
            "                                              nor anything else",
            "C-24   not run    an answer                   none",
            "",
            "Evidence           same  different    not run",
            "recorded              1          1          0",
            "unknown               0          0          1",
            "in all                1          1          1",
        ]
    )


@pytest.mark.parametrize(
    ("got", "cell"),
    [("y" * 301, "y" * 300 + "..."), ("a" + "x" * 1000, "axxx..."), ("\x07é", "\\x07é")],
    ids=["long", "key material", "not printable"],
)
def test_a_cell(got, cell):
    result = Result(KNOWN, "different", Difference("Act", "", got))

    assert table([result], 900).splitlines()[1].endswith(f"  {cell}")


def test_json_leaves_out_what_names_the_session():
    answer = Answer(200, {"set-cookie": "a", "date": "210987654321"}, b"\xff")
    (found,) = as_json([Result(KNOWN, "same", None, (Exchange(Call(), answer),))])["behaviours"]

    (exchange,) = found["exchanges"]
    assert exchange["answer"]["headers"] == {"date": "123456789012"}
    assert exchange["answer"]["body"] == "\N{REPLACEMENT CHARACTER}"
