"""What a type checker sees of ``mock``; checked by mypy, never run."""

from collections.abc import AsyncGenerator, Generator

from typing_extensions import assert_type

from ec2_keypair_mock import Call, KeyPair, KeyPairMock, mock


@mock
def function(name: str, *, count: int = 1) -> bytes:
    return name.encode() * count


@mock(account_id="210987654321", passthrough=True)
async def coroutine(name: str) -> int:
    return len(name)


@mock
def generator() -> Generator[int, str, bytes]:
    yield 1
    return b""


@mock()
async def async_generator() -> AsyncGenerator[int, None]:
    yield 1


@mock
class Class:
    def method(self, name: str) -> int:
        return len(name)


assert_type(function("a", count=2), bytes)
assert_type(generator(), Generator[int, str, bytes])
assert_type(async_generator(), AsyncGenerator[int, None])
assert_type(Class().method("a"), int)

function(1)  # type: ignore[arg-type]  # pyright: ignore
function("a", counts=2)  # type: ignore[call-arg]  # pyright: ignore
mock(account="210987654321")  # type: ignore[call-overload]  # pyright: ignore

with mock() as aws:
    assert_type(aws, KeyPairMock)
    assert_type(aws.calls, list[Call])
    assert_type(aws.backend("eu-west-1").key_pairs, dict[str, KeyPair])
    aws.fail("ImportKeyPair", ConnectionError, times=2)
    aws.fail("ImportKeyPair", KeyError)  # type: ignore[arg-type]  # pyright: ignore


async def use() -> None:
    assert_type(await coroutine("a"), int)
    async with mock() as aws:
        assert_type(aws, KeyPairMock)
