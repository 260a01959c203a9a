"""Which refused calls fail a test: one rule, the same wherever a mock is entered."""

import contextlib
import json
import subprocess
import sys
import textwrap
import weakref

import boto3  # noqa: F401 - loaded once, not by each run
import pytest

import ec2_keypair_mock.activation
import ec2_keypair_mock.keys.putty  # noqa: F401 - loaded once, not by each run
from ec2_keypair_mock import UnmockedCallError, mock

# The code under test, in a file of its own.
DEPLOY = """
import functools

import boto3


@functools.cache
def client(region):
    key = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    return boto3.client("ec2", region_name=region, **key)


def call(region="eu-west-1"):
    return client(region).describe_vpcs()


def swallow(region="eu-west-1"):
    try:
        call(region)
    except Exception:
        pass


def translate():
    try:
        call()
    except Exception as error:
        raise KeyError("deployment failed") from error


def retry():
    for attempt in range(3):
        try:
            return call()
        except Exception:
            if attempt == 2:
                raise
"""
HEAD = """
import asyncio
import concurrent.futures
import contextlib
import threading
import unittest

import pytest

from deploy import call, retry, swallow, translate
from ec2_keypair_mock import UnmockedCallError, mock

"""

# A test with the given body, wherever a mock may be entered.
PLACES = {
    "fixture": """
        def test_one(ec2_keypair_mock):
            {body}
    """,
    "marker": """
        @pytest.mark.ec2_keypair_mock
        def test_one():
            {body}
    """,
    "decorator": """
        @mock
        def test_one():
            {body}
    """,
    "with": """
        def test_one():
            with mock():
                {body}
    """,
    "with, inside another": """
        def test_one():
            with mock():
                with mock():
                    {body}
    """,
    "ExitStack": """
        def test_one():
            with contextlib.ExitStack() as stack:
                stack.enter_context(mock())
                {body}
    """,
    "coroutine": """
        def test_one():
            @mock
            async def main():
                {body}
            asyncio.run(main())
    """,
    "enterContext of a TestCase": """
        class Test(unittest.TestCase):
            def setUp(self):
                stack = contextlib.ExitStack()
                self.addCleanup(stack.close)
                stack.enter_context(mock())

            def test_one(self):
                {body}
    """,
    "method of a TestCase": """
        class Test(unittest.TestCase):
            @mock
            def test_one(self):
                {body}
    """,
    "TestCase": """
        @mock
        class Test(unittest.TestCase):
            def test_one(self):
                {body}
    """,
    "TestCase with setUpClass": """
        @mock
        class Test(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                pass

            def test_one(self):
                {body}
    """,
    "IsolatedAsyncioTestCase": """
        @mock
        class Test(unittest.IsolatedAsyncioTestCase):
            async def test_one(self):
                {body}
    """,
}
WITHOUT_PYTEST = [name for name in PLACES if "TestCase" in name]

# Bodies of tests whose refused calls are no failure.
EXPECTED = {
    "pytest.raises, by any class": """
        with pytest.raises(Exception):
            call()
    """,
    "pytest.raises, as a function": """
        pytest.raises(Exception, call)
    """,
    "assertRaises": """
        with unittest.TestCase().assertRaises(Exception):
            call()
    """,
    "assertRaises, as a function": """
        unittest.TestCase().assertRaises(Exception, call)
    """,
    "suppress, in the test": """
        with contextlib.suppress(Exception):
            call()
    """,
    "except, in the test": """
        try:
            call()
        except Exception:
            pass
    """,
    "retries, of which the test sees the last": """
        with pytest.raises(Exception):
            retry()
    """,
    "named, caught elsewhere": """
        swallow()
        assert UnmockedCallError
    """,
    "named in a string": """
        with pytest.raises(KeyError) as caught:
            translate()
        assert type(caught.value.__cause__).__name__ == "UnmockedCallError"
    """,
    "named in an inner function": """
        def check(error):
            return isinstance(error, UnmockedCallError)
        swallow()
    """,
    "named among the results of tasks": """
        async def main():
            return await asyncio.gather(
                *(asyncio.to_thread(call) for _ in range(2)), return_exceptions=True
            )
        results = []
        thread = threading.Thread(target=lambda: results.extend(asyncio.run(main())))
        thread.start()
        thread.join()
        assert [type(each) for each in results] == [UnmockedCallError] * 2
    """,
}
# And of tests whose are.
SWALLOWED = {
    "caught in the code under test": """
        swallow()
    """,
    "turned into another error there": """
        with pytest.raises(KeyError):
            translate()
    """,
    "never looked at": """
        with concurrent.futures.ThreadPoolExecutor() as pool:
            pool.submit(call)
    """,
    "in a thread": """
        thread = threading.Thread(target=swallow)
        thread.start()
        thread.join()
    """,
    "one expected, another swallowed": """
        with pytest.raises(Exception):
            call("us-east-1")
        swallow()
    """,
    "before a skip": """
        swallow()
        pytest.skip("no AWS here")
    """,
    "before unittest's skip": """
        swallow()
        raise unittest.SkipTest("no AWS here")
    """,
    "before a skip, though caught in the test": """
        try:
            call()
        except Exception:
            raise unittest.SkipTest("no AWS here")
    """,
}


def place(name, body):
    text = textwrap.dedent(PLACES[name])
    line = next(line for line in text.splitlines() if "{body}" in line)
    indent = line[: len(line) - len(line.lstrip())]
    return text.replace(line, textwrap.indent(textwrap.dedent(body).strip(), indent))


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest on a file of tests, with this plugin alone; returns the result."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    # Where it is set, pytest repeats each report in its summary.
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(deploy=DEPLOY)

    def run(tests, *options, runpytest=pytester.runpytest):
        pytester.makepyfile(HEAD + textwrap.dedent(tests))
        return runpytest("-p", "ec2_keypair_mock.pytest_plugin", *options)

    return run


@pytest.fixture
def run_unittest(tmp_path):
    """Runs unittest on a file of tests; returns the number of failures and errors, and the text."""

    def run(tests):
        (tmp_path / "deploy.py").write_text(DEPLOY)
        (tmp_path / "test_inner.py").write_text(HEAD + textwrap.dedent(tests))
        command = [sys.executable, "-Wignore", "-m", "unittest", "test_inner"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stderr

    return run


@pytest.fixture
def run_script(tmp_path):
    """Runs a script without a test runner; returns its status, and what it says on stderr."""

    def run(body):
        (tmp_path / "deploy.py").write_text(DEPLOY)
        script = tmp_path / "script.py"
        head = "from deploy import call, swallow\nfrom ec2_keypair_mock import mock\n"
        script.write_text(head + textwrap.dedent(body))
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr

    return run


def many(bodies, names):
    """One file with a test for each of the bodies, in each of the places."""
    return numbered(place(name, body) for name in names for body in bodies.values())


def numbered(tests):
    return "".join(
        test.replace("test_one", f"test_{number}").replace("class Test(", f"class Test{number}(")
        for number, test in enumerate(tests)
    )


@pytest.mark.parametrize("name", PLACES)
class TestWithPytest:
    def test_what_is_expected_is_no_failure(self, run, name):
        run(many(EXPECTED, [name])).assert_outcomes(passed=len(EXPECTED))

    def test_what_is_swallowed_is_one(self, run, name):
        result = run(many(SWALLOWED, [name]))
        result.assert_outcomes(failed=len(SWALLOWED))
        result.stdout.fnmatch_lines(["*swallowed*", "*ec2 DescribeVpcs in eu-west-1 (to ec2.eu*"])


class TestWithoutPytest:
    def test_what_is_expected_is_no_failure(self, run_unittest):
        status, output = run_unittest(many(EXPECTED, WITHOUT_PYTEST))
        ran = f"Ran {len(EXPECTED) * len(WITHOUT_PYTEST)} tests"
        assert (status, ran in output) == (0, True), output

    def test_what_is_swallowed_is_one(self, run_unittest):
        bodies = {name: body for name, body in SWALLOWED.items() if "pytest.skip" not in body}
        status, output = run_unittest(many(bodies, WITHOUT_PYTEST))
        assert status == 1
        assert f"errors={len(bodies) * len(WITHOUT_PYTEST)}" in output, output


SKIPS = {
    "pytest.skip in a fixture": """
        @pytest.fixture
        def aws(ec2_keypair_mock):
            swallow()
            pytest.skip("no AWS")

        def test_one(aws): ...
    """,
    "skipTest": """
        class Test(unittest.TestCase):
            @mock
            def test_one(self):
                swallow()
                self.skipTest("no AWS")
    """,
    "SkipTest in setUp": """
        @mock
        class Test(unittest.TestCase):
            def setUp(self):
                swallow()
                raise unittest.SkipTest("no AWS")

            def test_one(self): ...
    """,
    "SkipTest in setUpClass": """
        @mock
        class Test(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                swallow()
                raise unittest.SkipTest("no AWS")

            def test_one(self): ...
    """,
}


class TestSkips:
    @pytest.mark.parametrize("test", SKIPS.values(), ids=SKIPS)
    def test_a_skip_after_a_refused_call_fails(self, run, test):
        result = run(test)
        outcomes = result.parseoutcomes()
        assert outcomes.get("failed", 0) + outcomes.get("errors", 0) == 1, outcomes
        assert "skipped" not in outcomes

    def test_without_pytest_too(self, run_unittest):
        tests = [SKIPS[name] for name in SKIPS if "pytest" not in name]
        status, output = run_unittest(numbered(tests))
        assert (status, f"errors={len(tests)}" in output) == (1, True), output

    def test_of_a_whole_module(self, run):
        result = run(
            """
            swallow()
            pytest.skip("no AWS", allow_module_level=True)
            """,
            "-oec2_keypair_mock_guard=true",
        )
        result.assert_outcomes(errors=1)

    def test_a_skip_without_one_is_a_skip(self, run):
        result = run(
            """
            def test_one(ec2_keypair_mock): pytest.skip()

            @mock
            class Test(unittest.TestCase):
                @classmethod
                def setUpClass(cls):
                    raise unittest.SkipTest

                def test_one(self): ...
            """
        )
        result.assert_outcomes(skipped=2)


class TestOtherFiles:
    def test_a_conftest_is_the_tests_own(self, run, pytester):
        pytester.makeconftest(
            """
            import pytest
            from deploy import call

            @pytest.fixture
            def is_out_of_reach(ec2_keypair_mock):
                try:
                    call()
                except Exception:
                    return True
            """
        )
        run("def test_one(is_out_of_reach): assert is_out_of_reach").assert_outcomes(passed=1)

    def test_so_is_the_file_that_enters_the_mock(self, run, pytester):
        pytester.makepyfile(
            entering="""
            import contextlib
            from deploy import call
            from ec2_keypair_mock import mock

            @contextlib.contextmanager
            def out_of_reach():
                with mock():
                    try:
                        call()
                    except Exception:
                        yield
            """
        )
        run(
            """
            from entering import out_of_reach

            def test_one():
                with out_of_reach():
                    pass
            """
        ).assert_outcomes(passed=1)


class TestPhases:
    def test_set_up_is_judged_with_the_test_and_tear_down_after_it(self, run):
        result = run(
            """
            @pytest.fixture
            def before(ec2_keypair_mock):
                swallow()


            @pytest.fixture
            def after(ec2_keypair_mock):
                yield
                swallow()


            def test_before(before): ...


            def test_after(after): ...
            """
        )
        result.assert_outcomes(passed=1, failed=1, errors=1)

    def test_an_expected_failure_is_one(self, run):
        result = run(
            """
            @pytest.mark.xfail(strict=True)
            def test_one(ec2_keypair_mock): swallow()
            """
        )
        result.assert_outcomes(xfailed=1)

    def test_an_inner_mock_reports_nothing_so_that_nobody_swallows_the_report(self, run):
        result = run(
            """
            def test_one(ec2_keypair_mock):
                with contextlib.suppress(Exception):
                    with mock():
                        swallow()
            """
        )
        result.assert_outcomes(failed=1)

    def test_the_test_after_is_not_blamed(self, run):
        run(
            """
            def test_one(ec2_keypair_mock): swallow()
            def test_two(ec2_keypair_mock): ...
            """
        ).assert_outcomes(failed=1, passed=1)

    def test_a_thread_that_outlives_its_test_blames_nobody(self, run, pytester):
        result = run(
            """
            go_on = threading.Event()
            thread = threading.Thread(target=lambda: (go_on.wait(9), swallow()))

            def test_one(ec2_keypair_mock): thread.start()

            def test_two(ec2_keypair_mock):
                go_on.set()
                thread.join()
                assert ec2_keypair_mock.refused == []
            """,
            # In this process the thread would be one of this test.
            runpytest=pytester.runpytest_subprocess,
        )
        result.assert_outcomes(passed=2)

    def test_an_inner_run_of_pytest_judges_its_own_tests(self, run):
        result = run(
            """
            pytest_plugins = ["pytester"]

            def test_outer(pytester, ec2_keypair_mock):
                pytester.makepyfile("from deploy import swallow\\ndef test_inner(): swallow()")
                result = pytester.runpytest("-p", "ec2_keypair_mock.pytest_plugin")
                result.assert_outcomes(failed=1)
            """
        )
        result.assert_outcomes(passed=1)


class TestWaysOut:
    @pytest.mark.parametrize(
        "head",
        [
            "@mock(allow_swallowed=True)\ndef test_one():",
            "@pytest.mark.ec2_keypair_mock(allow_swallowed=True)\ndef test_one():",
            "@mock(allow_swallowed=True)\ndef test_one(ec2_keypair_mock):",
        ],
        ids=["decorator", "marker", "the outer one"],
    )
    def test_allow_swallowed(self, run, head):
        run(f"{head}\n    swallow()\n    pytest.skip()\n").assert_outcomes(skipped=1)

    def test_the_innermost_that_says_something_decides(self, run):
        result = run(
            """
            @mock(allow_swallowed=True)
            def test_one():
                with mock(allow_swallowed=False):
                    swallow()
            """
        )
        result.assert_outcomes(failed=1)

    def test_refused_lists_them(self):
        with mock(allow_swallowed=True) as aws:
            with pytest.raises(UnmockedCallError) as caught:
                aws.client().describe_vpcs()
            assert aws.refused == [caught.value]
            assert aws.refused != [UnmockedCallError("ec2", "DescribeVpcs", None, "", "")]
            assert aws.refused != ["DescribeVpcs"]
            assert len({*aws.refused, caught.value}) == 1
            aws.reset()
            assert aws.refused == []


class TestReport:
    def test_it_has_three_lines_a_call_and_counts_repeats(self, run):
        result = run(
            """
            def test_one(ec2_keypair_mock):
                for _ in range(3):
                    swallow()
            """
        )
        result.stdout.fnmatch_lines(
            [
                "*swallowed:",
                "ec2 DescribeVpcs in eu-west-1 (to ec2.eu-west-1.amazonaws.com) (3 times)",
                "  called at *deploy.py:* in call, caught at *deploy.py:* in swallow",
                "  To mock it, add moto's mock_aws*passthrough=True).",
            ],
            consecutive=True,
        )

    def test_it_is_short(self, run):
        result = run(
            """
            def test_one(ec2_keypair_mock):
                for number in range(1, 10):
                    swallow(f"eu-west-{number}")
            """
        )
        lines = [line for line in result.outlines if "DescribeVpcs" in line]
        assert len(lines) == 6
        result.stdout.fnmatch_lines(["and 3 more calls"])

    def test_our_frames_are_hidden_and_no_header_is_shown(self, run):
        result = run("def test_one(ec2_keypair_mock): call()")
        result.assert_outcomes(failed=1)
        for line in ("*Authorization*", "*gated_send*", "*headers=*"):
            result.stdout.no_fnmatch_line(line)

    def test_without_a_test_runner(self, run_script, tmp_path):
        status, output = run_script("with mock():\n    swallow()\n")
        assert status == 1
        assert "ec2_keypair_mock.errors.SwallowedCallError: calls to AWS were refused" in output
        assert f"called at {tmp_path / 'deploy.py'}:14 in call" in output
        assert f"caught at {tmp_path / 'deploy.py'}:19 in swallow" in output

    def test_an_exception_that_is_on_its_way_is_not_replaced(self, run_script):
        status, output = run_script("with mock():\n    swallow()\n    raise KeyError('mine')\n")
        assert (status, "SwallowedCallError" in output) == (1, False)
        assert output.endswith("KeyError: 'mine'\n")


class Local:
    """Something in a frame that can be referred to weakly."""


def swallow_with_a_local(client, found):
    local = Local()
    found.append(weakref.ref(local))
    with contextlib.suppress(UnmockedCallError):
        client.describe_vpcs()


class TestMemory:
    def test_no_frame_is_kept_alive(self, collect_garbage):
        found = []
        with mock(allow_swallowed=True) as aws:
            swallow_with_a_local(aws.client(), found)
            collect_garbage()
            assert found[0]() is None
        assert len(aws.refused) == 1

    def test_outside_a_test_nothing_is_kept_of_what_has_ended(self, tmp_path):
        script = """
            import gc, json
            from ec2_keypair_mock import mock
            from ec2_keypair_mock.ec2.service import Service

            for _ in range(20):
                with mock() as aws:
                    aws.client().describe_key_pairs()
            del aws
            gc.collect()
            print(json.dumps(sum(isinstance(each, Service) for each in gc.get_objects())))
        """
        command = [sys.executable, "-c", textwrap.dedent(script)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == 0


class TestThreads:
    def test_overlapping_mocks_of_two_threads_lose_no_call(self, run_script):
        """The last of them reports what was swallowed in either."""
        status, output = run_script(
            """
            import threading

            entered, swallowed = threading.Barrier(2), threading.Event()

            def use():
                with mock():
                    entered.wait()
                    swallow()
                swallowed.set()

            thread = threading.Thread(target=use)
            with mock():
                thread.start()
                entered.wait()
                swallowed.wait()
                thread.join()
            """
        )
        assert (status, "SwallowedCallError" in output) == (1, True), output

    def test_a_thread_that_enters_a_mock_belongs_to_it(self, run_script):
        status, output = run_script(
            """
            import threading

            go_on = threading.Event()

            def use():
                go_on.wait()
                with mock():
                    swallow()

            thread = threading.Thread(target=use)
            thread.start()
            with mock():
                go_on.set()
                thread.join()
            """
        )
        assert (status, "SwallowedCallError" in output) == (1, True), output
