"""Async tests under every runner."""

import asyncio
import re
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import aiobotocore.session  # noqa: F401 - loaded here once, not by each run
import pytest

import ec2_keypair_mock.keys.putty  # noqa: F401 - as above, and cryptography loads only once
from ec2_keypair_mock import mock

DOCS = Path(__file__).parents[1] / "docs"

HEAD = """
import asyncio
import unittest

import pytest
from aiobotocore.session import get_session

from ec2_keypair_mock import mock
from ec2_keypair_mock.clients.gate import gate


async def create(name="a"):
    assert gate.service is not None
    async with get_session().create_client("ec2", region_name="us-east-1") as ec2:
        await ec2.create_key_pair(KeyName=name, KeyType="ed25519")
        return sorted(each["KeyName"] for each in (await ec2.describe_key_pairs())["KeyPairs"])


async def step():
    await asyncio.sleep(0)

"""

INSIDE = {
    "pytest-asyncio": """
        @pytest.mark.asyncio
        @pytest.mark.parametrize("number", [1, 2])
        @mock
        async def test_decorated(number):
            assert await create() == ["a"]

        @pytest.mark.asyncio
        async def test_fixture(ec2_keypair_mock):
            assert await create() == ["a"]
            assert len(ec2_keypair_mock.calls) == 2

        @pytest.mark.asyncio
        @pytest.mark.ec2_keypair_mock(account_id="210987654321")
        async def test_marker():
            assert await create() == ["a"]

        @pytest.mark.asyncio
        async def test_with():
            async with mock() as aws:
                assert await create() == ["a"]
            assert gate.service is None
    """,
    "pytest-asyncio, async generator fixtures": """
        import pytest_asyncio

        @pytest_asyncio.fixture
        @mock
        async def inside():
            assert await create("from the fixture") == ["from the fixture"]
            yield
            assert gate.service is not None

        @pytest_asyncio.fixture
        async def first(inside):
            yield await create("b")

        @pytest.mark.asyncio
        @pytest.mark.parametrize("number", [1, 2])
        async def test_fixtures(first, number):
            assert first == ["b", "from the fixture"]
            assert await create() == ["a", *first]

        @mock
        @pytest.mark.asyncio
        async def test_both(first):
            assert await create() == ["a", *first]

        def test_after():
            assert gate.service is None
    """,
    "pytest-asyncio, a class": """
        @mock
        @pytest.mark.asyncio
        class TestClass:
            def setup_method(self):
                assert gate.service is not None

            @pytest.mark.parametrize("number", [1, 2])
            async def test_one(self, number):
                await step()
                assert await create() == ["a"]

            async def test_two(self):
                assert await create() == ["a"]
    """,
    "anyio": """
        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.fixture
        @mock
        async def inside(anyio_backend):
            yield await create("from the fixture")
            assert gate.service is not None

        @pytest.mark.anyio
        @mock
        async def test_decorated():
            assert await create() == ["a"]

        @pytest.mark.anyio
        @pytest.mark.parametrize("number", [1, 2])
        async def test_fixtures(inside, ec2_keypair_mock, number):
            assert await create() == ["a", "from the fixture"]

        @pytest.mark.anyio
        @pytest.mark.ec2_keypair_mock
        async def test_marker():
            assert await create() == ["a"]
    """,
    "IsolatedAsyncioTestCase": """
        @mock
        class TestDecorated(unittest.IsolatedAsyncioTestCase):
            async def asyncSetUp(self):
                assert await create("from asyncSetUp") == ["from asyncSetUp"]
                self.addAsyncCleanup(create, "b")

            async def test_one(self):
                assert await create() == ["a", "from asyncSetUp"]

            async def test_two(self):
                assert await create() == ["a", "from asyncSetUp"]

            async def asyncTearDown(self):
                assert await create("c") == ["a", "c", "from asyncSetUp"]

        class TestMethods(unittest.IsolatedAsyncioTestCase):
            @mock
            async def test_one(self):
                assert await create() == ["a"]

            @mock
            async def test_two(self):
                assert await create() == ["a"]
    """,
}

KEPT = {
    "closed on purpose": """
        def test_one(ec2_keypair_mock):
            create().close()
    """,
    "of a test that uses no mock": """
        def test_one():
            with mock():
                pass

        def test_two():
            create()
    """,
    "cancelled before it started": """
        @mock
        @pytest.mark.asyncio
        async def test_one():
            task = asyncio.ensure_future(create())
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    """,
}


PLUGINS = ("ec2_keypair_mock.pytest_plugin", "pytest_asyncio.plugin", "anyio")


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest on a test module; gives exit status and output."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    # Warnings that have nothing to do with it are to stay warnings.
    options = ["-q", "-oasyncio_default_fixture_loop_scope=function"]

    def run(body, *warnings):
        pytester.makepyfile(HEAD + textwrap.dedent(body))
        result = pytester.runpytest_inprocess(
            *options, *(warnings or ["-Wignore"]), *(f"-p{plugin}" for plugin in PLUGINS)
        )
        return result.ret, str(result.stdout) + str(result.stderr)

    return run


@pytest.fixture
def run_unittest(tmp_path):
    """Run unittest on a test module, in a process of its own; gives exit status and output."""

    def run(body):
        (tmp_path / "test_inner.py").write_text(HEAD + textwrap.dedent(body))
        command = [sys.executable, "-Wignore", "-m", "unittest", "test_inner.py"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("body", INSIDE.values(), ids=INSIDE)
def test_the_body_runs_inside(run, body):
    status, output = run(body)
    assert status == 0, output
    assert "skipped" not in output


def test_isolated_test_cases_without_pytest(run_unittest):
    status, output = run_unittest(INSIDE["IsolatedAsyncioTestCase"])
    assert (status, "Ran 4 tests" in output) == (0, True), output


def test_the_documented_filters_fail_a_test_that_forgets_an_await(run, pytester):
    section = (DOCS / "async.md").read_text("utf-8").partition("## A forgotten await")[2]
    filters = re.search(r"^```ini\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[1]
    pytester.makefile(".ini", pytest=filters)
    status, output = run(
        """
        @mock
        async def forgotten():
            pass

        def test_forgets():
            forgotten()
        """,
        "-q",
    )
    assert status == 1, output
    assert "coroutine 'forgotten' was never awaited" in output


def test_warnings_are_pythons_own():
    before = warnings._warn_unawaited_coroutine
    with mock():
        assert warnings._warn_unawaited_coroutine is before
    assert before.__module__ == "warnings"


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT)
def test_other_coroutines_fail_no_test(run, body):
    status, output = run(body)
    assert status == 0, output


def test_activations_in_many_tasks_end_together():
    async def use():
        async with mock():
            await asyncio.sleep(0)

    async def main():
        await asyncio.gather(*(use() for _ in range(10)))

    asyncio.run(main())
    from ec2_keypair_mock.clients.gate import gate

    assert gate.service is None
