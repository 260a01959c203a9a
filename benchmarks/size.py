"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass

from subjects import NAMES


@dataclass(frozen=True)
class Size:
    """How often, and of how much."""

    #: Of what takes milliseconds.
    rounds: int
    #: Of what takes seconds.
    few_rounds: int
    #: In a sample of calls that take a millisecond, and of tests that take more.
    calls: int
    test_calls: int
    #: Tests of a suite, and of one without EC2.
    tests: int
    other_tests: int
    #: Key pairs to describe, and to grow to.
    key_pairs: tuple[int, ...]
    growth: tuple[int, ...]
    #: Threads of a client, and clients of the server.
    threads: tuple[int, ...]
    clients: tuple[int, ...]
    #: Of each sample of these.
    requests: int
    #: What is measured in new processes.
    fresh: tuple[str, ...] = NAMES


SIZES = {
    "full": Size(
        rounds=11,
        few_rounds=3,
        calls=100,
        test_calls=3,
        tests=200,
        other_tests=50,
        key_pairs=(1_000, 5_000),
        growth=(1_000, 5_000, 20_000, 50_000),
        threads=(1, 8, 32),
        clients=(1, 8, 32),
        requests=480,
    ),
    "quick": Size(
        rounds=5,
        few_rounds=1,
        calls=30,
        test_calls=1,
        tests=20,
        other_tests=10,
        key_pairs=(1_000,),
        growth=(1_000, 5_000),
        threads=(1, 8, 32),
        clients=(1, 8, 32),
        requests=160,
    ),
    # Shows that everything runs; its figures say nothing.
    "smallest": Size(
        rounds=1,
        few_rounds=1,
        calls=1,
        test_calls=1,
        tests=1,
        other_tests=1,
        key_pairs=(2, 3),
        growth=(2, 3),
        threads=(1, 2),
        clients=(2,),
        requests=2,
        # Each import of moto takes a second.
        fresh=("here", "floor"),
    ),
}
