"""The patterns in the values of a filter, against a matcher of another kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_keypair_mock.ec2.filters import read_filters


def matches(pattern: str, *values: str) -> bool:
    """Whether the filter takes a resource that has these values."""
    passes = read_filters([{"Name": "n", "Values": [pattern]}], {"n"})
    return passes(lambda name: values)


TABLE = [
    ("", "", True),
    ("", "a", False),
    ("a", "a", True),
    ("a", "A", False),
    ("a", "ab", False),
    ("b", "ab", False),
    ("*", "", True),
    ("*", "any\nthing", True),
    ("a*", "a", True),
    ("a*", "abc", True),
    ("*c", "abc", True),
    ("a*c", "abcb", False),
    ("a**c", "abc", True),
    ("?", "", True),
    ("?", "a", True),
    ("?", "\n", True),
    ("?", "ab", False),
    ("??", "a", True),
    ("??", "abc", False),
    ("a?c", "ac", True),
    ("a?c", "abc", True),
    ("a?c", "abbc", False),
    ("?a?", "a", True),
    ("?*", "", True),
    ("*?", "abc", True),
    (r"\*", "*", True),
    (r"\*", "a", False),
    (r"\?", "?", True),
    (r"\?", "", False),
    (r"\?", "a", False),
    (r"\\", "\\", True),
    (r"\\", r"\\", False),
    (r"\\*", r"\abc", True),
    (r"\\*", "abc", False),
    (r"\\\*", r"\*", True),
    (r"a\*?", "a*b", True),
    (r"a\*?", "aab", False),
    (r"\a", "a", True),
    ("a\\", "a\\", True),
    ("[ab]", "a", False),
    ("[ab]", "[ab]", True),
    ("a.c", "abc", False),
    ("a.c", "a.c", True),
    ("(a|b)+$", "(a|b)+$", True),
    ("{a,b}", "a", False),
    ("^a", "a", False),
    ("a\n", "a", False),
    ("a", "a\n", False),
]


@pytest.mark.parametrize(("pattern", "value", "expected"), TABLE, ids=map(str, range(len(TABLE))))
def test_table(pattern, value, expected):
    assert matches(pattern, value) is expected


def reachable(pattern: str, value: str) -> bool:
    """Walk the pattern once, with the set of the places in the value that it may have reached."""
    places, characters = {0}, iter(pattern)
    for character in characters:
        if character == "*":
            places = {place for start in places for place in range(start, len(value) + 1)}
        elif character == "?":
            places |= {place + 1 for place in places if place < len(value)}
        else:
            literal = next(characters, "\\") if character == "\\" else character
            places = {place + 1 for place in places if value[place : place + 1] == literal}
    return len(value) in places


FEW = st.text(r"ab*?\.[", max_size=10)


@given(pattern=FEW, value=FEW)
def test_matches_what_the_other_matcher_matches(pattern, value):
    assert matches(pattern, value) is reachable(pattern, value)


@given(pattern=FEW, data=st.data())
def test_matches_what_the_pattern_was_made_into(pattern, data):
    value = "".join(data.draw(expansion(token)) for token in tokens(pattern))
    assert matches(pattern, value)


def tokens(pattern: str) -> list[str]:
    characters = iter(pattern)
    return [c + next(characters, "") if c == "\\" else c for c in characters]


def expansion(token: str) -> st.SearchStrategy[str]:
    sizes = {"*": st.text(r"ab*?\.[", max_size=3), "?": st.text(r"ab*?\.[", max_size=1)}
    return sizes.get(token, st.just(token[1:] if len(token) > 1 else token))


@given(value=st.text(max_size=255))
def test_an_escaped_value_matches_itself_only(value):
    escaped = "".join("\\" + c if c in "*?\\" else c for c in value)[:255]
    if not escaped.endswith("\\"):
        literal = "".join(token[-1] for token in tokens(escaped))
        assert matches(escaped, literal)
        assert not matches(escaped, literal + "x")


SLOW = {
    "stars": ("*a" * 100 + "b", "a" * 255),
    "question marks": ("?a" * 100 + "b", "a" * 180),
    "stars in a row": ("*" * 200 + "b", "a" * 255),
    "question marks in a row": ("?" * 200 + "b", "a" * 255),
}


@pytest.mark.parametrize(("pattern", "value"), SLOW.values(), ids=SLOW)
def test_no_pattern_takes_long(pattern, value):
    # A matcher that backtracks takes years for them.
    assert not matches(pattern, value)


# Several filters, several values

RESOURCES = [
    {"colour": ["red"], "size": ["1", "2"]},
    {"colour": ["blue"], "size": ["2"]},
    {"colour": [], "size": ["3"]},
]
VALUES = st.lists(st.sampled_from(["red", "blue", "1", "2", "3", "*", "?", "r*"]), max_size=3)
FILTERS = st.lists(
    st.fixed_dictionaries({"Name": st.sampled_from(["colour", "size"]), "Values": VALUES}),
    max_size=3,
)


@given(filters=FILTERS, resource=st.sampled_from(RESOURCES))
def test_filters_are_joined_by_and_and_values_by_or(filters, resource):
    passes = read_filters(filters, {"colour", "size"})
    expected = True
    for each in filters:
        hits = [v for v in resource[each["Name"]] for p in each["Values"] if reachable(p, v)]
        expected = expected and bool(hits)
    assert passes(resource.__getitem__) is expected
