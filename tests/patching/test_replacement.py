"""Attributes that are replaced for a while, among patches of others."""

import asyncio
import functools
import inspect
import unittest.mock

import pytest

from ec2_keypair_mock.patching.replacement import Replacement


@pytest.fixture
def place():
    """A class whose method and attributes are replaced."""

    class Base:
        value = 1

        def method(self, text):
            return f"original {text}"

        @classmethod
        def name(cls):
            return cls.__name__

    return Base


def shouting(original):
    def method(self, text):
        return original(self, text).upper()

    return method


def wrapping(original, word):
    @functools.wraps(original)
    def method(self, text):
        return f"{word} {original(self, text)}"

    return method


def test_a_replacement_is_taken_back(place):
    original = place.method
    replacement = Replacement(place, "method", shouting)
    assert place().method("a") == "ORIGINAL A"
    replacement.stop()
    assert place.method is original


def test_what_is_no_function_too(place):
    replacement = Replacement(place, "value", lambda original: original + 1)
    assert place.value == 2
    replacement.stop()
    assert place.value == 1


def test_a_classmethod_comes_back_as_one(place):
    before = inspect.getattr_static(place, "name")
    replacement = Replacement(place, "name", lambda original: classmethod(lambda cls: "replaced"))
    assert place.name() == "replaced"
    replacement.stop()
    assert inspect.getattr_static(place, "name") is before


def test_an_inherited_attribute_is_inherited_again(place):
    class Derived(place):
        pass

    replacement = Replacement(Derived, "method", shouting)
    assert Derived().method("a") == "ORIGINAL A"
    replacement.stop()
    assert "method" not in vars(Derived)


def test_what_was_put_over_it_stays(place):
    replacement = Replacement(place, "method", shouting)
    place.method = wrapping(place.method, "theirs")
    assert place().method("a") == "theirs ORIGINAL A"
    replacement.stop()
    assert place().method("a") == "theirs original a"


BEFORE = {
    "a function": lambda original: wrapping(original, "theirs"),
    "a mock": lambda original: unittest.mock.MagicMock(return_value="theirs original a"),
    "a mock with a signature": lambda original: unittest.mock.create_autospec(
        original, return_value="theirs original a"
    ),
    "a static method": lambda original: staticmethod(lambda text: f"theirs original {text}"),
    "a partial": lambda original: functools.partial(
        lambda word, text: f"{word} {text}", "theirs original"
    ),
}


@pytest.mark.parametrize("make", BEFORE.values(), ids=BEFORE)
def test_what_was_there_before_is_called(place, make):
    place.method = make(place.method)
    theirs = inspect.getattr_static(place, "method")
    replacement = Replacement(place, "method", shouting)
    assert place().method("a") == "THEIRS ORIGINAL A"
    replacement.stop()
    assert inspect.getattr_static(place, "method") is theirs


def test_one_that_was_left_below_a_patch_does_not_pile_up(place):
    original = place.method
    for _ in range(3):
        replacement = Replacement(place, "method", shouting)
        patch = unittest.mock.patch.object(place, "method", wrapping(place.method, "theirs"))
        patch.start()
        replacement.stop()
        # It puts back what it found: our replacement, which is off.
        patch.stop()
        assert place().method("a") == "original a"
    Replacement(place, "method", shouting).stop()
    assert place.method is original


def test_a_coroutine_function_stays_one(place):
    async def wait(self, text):
        return f"awaited {text}"

    def make(original):
        async def method(self, text):
            return (await original(self, text)).upper()

        return method

    place.method = wait
    replacement = Replacement(place, "method", make)
    assert inspect.iscoroutinefunction(place.method)
    assert asyncio.run(place().method("a")) == "AWAITED A"
    kept = place.method
    replacement.stop()
    assert asyncio.run(kept(place(), "a")) == "awaited a"


def test_an_inherited_one_that_was_left_behind_is_inherited_again(place):
    class Derived(place):
        pass

    replacement = Replacement(Derived, "method", shouting)
    patch = unittest.mock.patch.object(Derived, "method", wrapping(Derived.method, "theirs"))
    patch.start()
    replacement.stop()
    patch.stop()
    assert "method" in vars(Derived)
    Replacement(Derived, "method", shouting).stop()
    assert "method" not in vars(Derived)
