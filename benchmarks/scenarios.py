"""What is timed inside a process: each prepares something, and yields the call to be timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from subjects import PUBLIC_KEY, Subject

Call = Callable[[], object]


@contextmanager
def empty_activation(subject: Subject) -> Iterator[Call]:
    def call() -> None:
        with subject.active():
            pass

    yield call


@contextmanager
def describe_test(subject: Subject) -> Iterator[Call]:
    """A test: activation, a client, and one describe."""

    def call() -> None:
        with subject.active():
            subject.client().describe_key_pairs()

    yield call


@contextmanager
def create_test(subject: Subject, key_type: str) -> Iterator[Call]:
    """A test: activation, a client, and one CreateKeyPair."""

    def call() -> None:
        with subject.active():
            subject.client().create_key_pair(KeyName="test", KeyType=key_type)

    yield call


@contextmanager
def describe_one(subject: Subject, among: int) -> Iterator[Call]:
    """One describe by name, with the client at hand."""
    with subject.active():
        client = subject.client()
        subject.fill(client, among)
        name = f"test-{among // 2}"

        def call() -> None:
            found = client.describe_key_pairs(KeyNames=[name])["KeyPairs"]
            assert [each["KeyName"] for each in found] == [name]

        yield call


@contextmanager
def describe_all(subject: Subject, count: int) -> Iterator[Call]:
    """One describe of that many tagged key pairs, with the client at hand."""
    with subject.active():
        client = subject.client()
        subject.fill(client, count)

        def call() -> None:
            found = client.describe_key_pairs()["KeyPairs"]
            assert len(found) == count
            assert len(found[-1]["Tags"]) == 2

        yield call


@contextmanager
def import_many(subject: Subject, count: int) -> Iterator[Call]:
    """That many imports into an empty account of this package's, without a client."""
    from subjects import here

    here.lift_quota(count)

    def call() -> None:
        with here.active() as aws:
            backend = aws.backend()
            for number in range(count):
                backend.import_key_pair(key_name=f"k{number}", public_key_material=PUBLIC_KEY)

    yield call


@contextmanager
def describe_in_threads(subject: Subject, threads: int, calls: int) -> Iterator[Call]:
    """That many describes of one key pair with one client, divided among threads."""
    with subject.active(), ThreadPoolExecutor(threads) as pool:
        client = subject.client()
        subject.fill(client, 1)

        def call() -> None:
            list(pool.map(lambda number: client.describe_key_pairs(), range(calls)))

        yield call
