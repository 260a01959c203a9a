"""Async tests under every runner, and coroutines that nobody awaited."""

import asyncio
import gc
import subprocess
import sys
import textwrap
import warnings

import aiobotocore.session  # noqa: F401 - loaded here once, not by each run
import pytest

import ec2_keypair_mock.keys.putty  # noqa: F401 - as above, and cryptography loads only once
from ec2_keypair_mock import mock, unawaited
from ec2_keypair_mock.errors import NeverAwaitedError

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

# What fails, with what the failure says.
FORGOTTEN = {
    "a client's call, in the fixture": (
        """
        def test_one(ec2_keypair_mock):
            async def main():
                async with get_session().create_client("ec2", region_name="us-east-1") as ec2:
                    ec2.create_key_pair(KeyName="a")
            asyncio.run(main())
        """,
        "never awaited, so that it never ran: AioBaseClient._make_api_call",
    ),
    "a coroutine, with the decorator": (
        """
        @mock
        def test_one():
            create()
        """,
        "never ran: create",
    ),
    "a coroutine, with the marker": (
        """
        @pytest.mark.ec2_keypair_mock
        def test_one():
            create()
        """,
        "never ran: create",
    ),
    "a coroutine, inside `with`": (
        """
        def test_one():
            with mock():
                create()
        """,
        "never ran: create",
    ),
    "a coroutine, inside `async with`": (
        """
        @pytest.mark.asyncio
        async def test_one():
            async with mock():
                create()
        """,
        "never ran: create",
    ),
    "a coroutine that outlives the mock": (
        """
        def test_one():
            with mock():
                forgotten = create()
        """,
        "never ran: create",
    ),
    "a decorated coroutine function, outside": (
        """
        @mock
        async def deploy():
            await create()

        def test_one():
            deploy()
        """,
        "never ran: deploy",
    ),
    "a decorated lambda": (
        """
        def test_one():
            mock(lambda: create())()
        """,
        "never ran: ",
    ),
    "an async method of a plain TestCase": (
        """
        class TestOne(unittest.TestCase):
            @mock
            async def test_one(self):
                assert False
        """,
        "never ran: TestOne.test_one",
    ),
    "in a decorated TestCase": (
        """
        @mock
        class TestOne(unittest.TestCase):
            def test_one(self):
                create()
        """,
        "never ran: create",
    ),
    "in a decorated IsolatedAsyncioTestCase": (
        """
        @mock
        class TestOne(unittest.IsolatedAsyncioTestCase):
            async def test_one(self):
                create()
        """,
        "never ran: create",
    ),
    "an async test without a runner": (
        """
        @mock
        async def test_one():
            assert False
        """,
        "async def functions are not natively supported",
    ),
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
    options = ["-q", "-Wignore", "-oasyncio_default_fixture_loop_scope=function"]

    def run(body):
        pytester.makepyfile(HEAD + textwrap.dedent(body))
        result = pytester.runpytest_inprocess(*options, *(f"-p{plugin}" for plugin in PLUGINS))
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


@pytest.mark.parametrize(("body", "text"), FORGOTTEN.values(), ids=FORGOTTEN)
def test_a_coroutine_that_nobody_awaited_fails_the_test(run, body, text):
    status, output = run(body)
    assert status == 1, output
    assert text in output
    assert "1 failed" in output
    assert "error" not in output.splitlines()[-1]


@pytest.mark.parametrize("name", [name for name in FORGOTTEN if "TestCase" in name])
def test_it_fails_without_pytest_too(run_unittest, name):
    body, text = FORGOTTEN[name]
    status, output = run_unittest(body)
    assert (status, text in output) == (1, True), output
    assert "Ran 1 test" in output


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT)
def test_other_coroutines_fail_no_test(run, body):
    status, output = run(body)
    assert status == 0, output


async def forgotten():
    pass


@mock
def forget(error=None):
    forgotten()
    if error:
        raise error


@pytest.mark.filterwarnings("ignore:coroutine 'forgotten' was never awaited")
def test_the_failure_is_an_exception_of_the_mock():
    with pytest.raises(NeverAwaitedError, match=r"never ran: forgotten$") as caught:
        forget()
    assert caught.value.names == ["forgotten"]


@pytest.mark.filterwarnings("ignore:coroutine 'forgotten' was never awaited")
def test_it_does_not_hide_an_exception():
    with pytest.raises(KeyError):
        forget(KeyError())
    assert unawaited.take() == ["forgotten"]


@pytest.mark.parametrize("depth", [0, 2])
def test_python_warns_as_it_does_without(depth):
    before = sys.get_coroutine_origin_tracking_depth()
    sys.set_coroutine_origin_tracking_depth(depth)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with mock():
                forgotten()
                assert unawaited.take() == ["forgotten"]
    finally:
        sys.set_coroutine_origin_tracking_depth(before)
    (warning,) = caught
    assert ("created at" in str(warning.message)) == bool(depth)
    assert depth or warning.filename == __file__


@pytest.mark.filterwarnings("ignore:coroutine 'forgotten' was never awaited")
def test_what_is_collected_late_is_noted():
    with mock():
        loop = [forgotten()]
        loop.append(loop)
        del loop
        gc.collect()
        assert unawaited.take() == ["forgotten"]


def test_no_test_framework_is_needed():
    script = """
        import sys
        from ec2_keypair_mock import mock

        async def forgotten():
            pass

        with mock():
            assert "unittest" not in sys.modules
            forgotten()
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.endswith(
        "NeverAwaitedError: never awaited, so that it never ran: forgotten\n"
    )


def test_activations_in_many_tasks_end_together():
    async def use():
        async with mock():
            await asyncio.sleep(0)

    async def main():
        await asyncio.gather(*(use() for _ in range(10)))

    asyncio.run(main())
    from ec2_keypair_mock.clients.gate import gate

    assert gate.service is None
