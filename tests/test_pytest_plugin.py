"""The plugin, in runs of pytest of its own."""

import textwrap

import boto3  # noqa: F401 - loaded here once, not by each run
import pytest

import ec2_keypair_mock.activation
import ec2_keypair_mock.keys.putty  # noqa: F401 - as above, and cryptography loads only once

PRELUDE = """
import boto3
import pytest

from ec2_keypair_mock import UnmockedCallError, mock


def ec2(region="us-east-1"):
    key = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    return boto3.client("ec2", region_name=region, **key)


def create(name="a"):
    ec2().create_key_pair(KeyName=name, KeyType="ed25519")


def names():
    return [each["KeyName"] for each in ec2().describe_key_pairs()["KeyPairs"]]


def swallow():
    try:
        ec2("eu-west-1").describe_vpcs()
    except Exception:
        pass
"""
GUARD = ("-o", "ec2_keypair_mock_guard=true")


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest on a file of tests, with this plugin alone; returns the result."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(tests, *options):
        pytester.makepyfile(PRELUDE + tests)
        return pytester.runpytest("-p", "ec2_keypair_mock.pytest_plugin", *options)

    return run


TWO_TESTS = """
def test_first(ec2_keypair_mock):
    create()
    assert names() == ["a"]
    assert [call.action for call in ec2_keypair_mock.calls] == ["CreateKeyPair", "DescribeKeyPairs"]


def test_second(ec2_keypair_mock):
    assert names() == []
    create()
"""


class TestFixture:
    def test_each_test_has_a_fresh_state(self, run):
        run(TWO_TESTS).assert_outcomes(passed=2)

    def test_under_xdist_too(self, run):
        run(TWO_TESTS, "-p", "xdist", "-n", "2").assert_outcomes(passed=2)

    def test_it_can_be_requested_by_a_fixture_of_conftest(self, run, pytester):
        pytester.makeconftest(
            """
            import pytest

            @pytest.fixture
            def deploy_key(ec2_keypair_mock):
                backend = ec2_keypair_mock.backend()
                return backend.create_key_pair(key_name="deploy", key_type="ed25519")
            """
        )
        run(
            """
def test_seeded(deploy_key):
    assert names() == ["deploy"]
"""
        ).assert_outcomes(passed=1)

    @pytest.mark.parametrize("scope", ["class", "module", "session"])
    def test_a_wider_scope_goes_through_the_context_manager(self, run, scope):
        run(
            f"""
@pytest.fixture(scope="{scope}")
def aws():
    with mock() as aws:
        create("shared")
        yield aws


class TestShared:
    def test_first(self, aws):
        assert names() == ["shared"]
        create()

    def test_second(self, aws):
        assert names() == ["shared", "a"]
"""
        ).assert_outcomes(passed=2)

    def test_a_decorated_fixture(self, run):
        run(
            """
@pytest.fixture
@mock
def aws():
    create("from the fixture")
    yield
    assert names() == ["from the fixture", "a"]


def test_inside(aws):
    create()
"""
        ).assert_outcomes(passed=1)

    def test_a_test_may_skip_itself(self, run):
        run("def test_skipped(ec2_keypair_mock): pytest.skip()").assert_outcomes(skipped=1)


class TestMarker:
    def test_its_arguments_are_those_of_mock(self, run):
        run(
            """
@pytest.mark.ec2_keypair_mock(account_id="210987654321")
def test_marked():
    create()


@pytest.mark.ec2_keypair_mock(account_id="210987654321")
def test_with_fixture(ec2_keypair_mock):
    assert ec2_keypair_mock.account_id == "210987654321"


@pytest.mark.ec2_keypair_mock
class TestMarked:
    def test_inside(self):
        assert names() == []
"""
        ).assert_outcomes(passed=3)

    @pytest.mark.parametrize(
        ("arguments", "text"),
        [
            ("account='1'", "*unexpected keyword argument 'account'*"),
            ("'210987654321'", "*takes keyword arguments only, not ('210987654321',)*"),
        ],
        ids=["unknown", "positional"],
    )
    def test_a_wrong_argument_is_a_type_error(self, run, arguments, text):
        result = run(
            f"""
@pytest.mark.ec2_keypair_mock({arguments})
def test_marked(): ...
"""
        )
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines([f"E*TypeError: {text}"])

    def test_it_is_listed(self, run):
        result = run("", "--markers", "--strict-markers")
        result.stdout.fnmatch_lines(
            ["@pytest.mark.ec2_keypair_mock(account_id=None, passthrough=False): *"]
        )


class TestFailureReport:
    @pytest.mark.parametrize(
        "head",
        ["def test_failing(ec2_keypair_mock):", "@mock\ndef test_failing():"],
        ids=["fixture", "decorator"],
    )
    def test_it_lists_the_calls(self, run, head):
        result = run(
            f"""
def test_before(ec2_keypair_mock):
    create("of another test")


{head}
    create("deploy")
    names()
    ec2("eu-west-1").describe_key_pairs(KeyNames=["absent", "other"])
"""
        )
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines(
            [
                "*ec2_keypair_mock calls*",
                "CreateKeyPair 'deploy' us-east-1 OK",
                "DescribeKeyPairs - us-east-1 OK",
                "DescribeKeyPairs 'absent', 'other' eu-west-1 InvalidKeyPair.NotFound",
            ]
        )
        result.stdout.no_fnmatch_line("*of another test*")

    def test_calls_of_a_wider_scope_are_those_of_the_test(self, run):
        result = run(
            """
@pytest.fixture(scope="module")
def aws():
    with mock() as aws:
        yield aws


def test_before(aws):
    create("of another test")


def test_failing(aws):
    create("deploy")
    assert False
"""
        )
        result.stdout.fnmatch_lines(["CreateKeyPair 'deploy' us-east-1 OK"])
        result.stdout.no_fnmatch_line("CreateKeyPair 'of another test'*")

    def test_without_a_mock_there_is_nothing_to_say(self, pytester):
        pytester.makepyfile("def test_failing(): assert False")
        result = pytester.runpytest_subprocess()
        result.assert_outcomes(failed=1)
        result.stdout.no_fnmatch_line("*ec2_keypair_mock calls*")

    def test_without_calls_there_is_no_section(self, run):
        result = run("def test_failing(ec2_keypair_mock): assert False")
        result.stdout.no_fnmatch_line("*ec2_keypair_mock calls*")

    def test_a_call_that_was_stopped_is_explained(self, run):
        result = run(
            """
def test_failing(ec2_keypair_mock):
    swallow()
    ec2().describe_vpcs()
"""
        )
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(
            [
                "*ec2_keypair_mock calls stopped*",
                "ec2 DescribeVpcs in eu-west-1 (to ec2.eu-west-1.amazonaws.com): nobody mocks *",
                "*in test_failing",
                "*in swallow",
                "ec2 DescribeVpcs in us-east-1 *",
            ]
        )


SWALLOWED = {
    "fixture": "def test_swallowing(ec2_keypair_mock): swallow()",
    "marker": "@pytest.mark.ec2_keypair_mock\ndef test_swallowing(): swallow()",
    "decorator": "@mock\ndef test_swallowing(): swallow()",
    "context manager": "def test_swallowing():\n    with mock(): swallow()",
}


# Bodies of tests that expect the exception.
EXPECTED = [
    """
with pytest.raises(UnmockedCallError):
    call()
""",
    """
with pytest.raises(Exception, match="DescribeVpcs"):
    call()
""",
    "pytest.raises(UnmockedCallError, call)",
    """
with mock(), pytest.raises(UnmockedCallError):
    call()
""",
    """
expectation = pytest.raises(UnmockedCallError)
with expectation:
    call()
""",
    """
with contextlib.ExitStack() as stack:
    stack.enter_context(pytest.raises(UnmockedCallError))
    call()
""",
    """
try:
    call()
except (KeyError, UnmockedCallError) as error:
    assert error.action == "DescribeVpcs"
""",
    """
try:
    call()
except ValueError:
    raise
except Unmocked:
    pass
""",
    """
try:
    call()
except ERRORS:
    pass
""",
    """
try:
    call()
except Exception as error:
    assert isinstance(error, UnmockedCallError)
""",
    """
try:
    call()
except Exception as error:
    if not isinstance(error, UnmockedCallError):
        raise
""",
    """
try:
    call()
except Exception as error:
    kept = error
assert type(kept).__name__ == "UnmockedCallError"
""",
    """
with contextlib.suppress(UnmockedCallError):
    call()
""",
    """
with pytest.raises(UnmockedCallError):
    try:
        call()
    except Exception:
        raise
""",
    """
with pytest.raises(UnmockedCallError):
    for attempt in range(3):
        try:
            call()
        except Exception:
            if attempt == 2:
                raise
""",
    """
with pytest.raises(UnmockedCallError):
    with contextlib.nullcontext():
        try:
            call()
        except ValueError:
            pass
""",
    r"""
exec("with pytest.raises(UnmockedCallError):\n    call()\n")
""",
    """
with concurrent.futures.ThreadPoolExecutor() as pool:
    future = pool.submit(call)
assert isinstance(future.exception(), UnmockedCallError)
""",
    """
async def main():
    return await asyncio.gather(task(), task(), return_exceptions=True)

async def task():
    call()

assert [type(each) for each in asyncio.run(main())] == [UnmockedCallError] * 2
""",
]
EXPECTING = """
import asyncio
import concurrent.futures
import contextlib
import unittest

from ec2_keypair_mock import UnmockedCallError as Unmocked

ERRORS = (KeyError, UnmockedCallError)


def call():
    ec2().describe_vpcs()


@pytest.mark.parametrize("expectation", [pytest.raises(UnmockedCallError)])
def test_parameter(ec2_keypair_mock, expectation):
    with expectation:
        call()


class Test(unittest.TestCase):
    @mock
    def test_assert_raises(self):
        with self.assertRaises(UnmockedCallError):
            call()

    @mock
    def test_assert_raises_as_a_function(self):
        self.assertRaises(UnmockedCallError, call)


@mock
def test_decorated():
    with pytest.raises(UnmockedCallError):
        call()
"""
# And of tests that do not.
UNEXPECTED = [
    """
with contextlib.suppress(Exception):
    call()
""",
    """
with pytest.raises(ValueError):
    try:
        call()
    except Exception:
        pass
    raise ValueError
""",
    """
with concurrent.futures.ThreadPoolExecutor() as pool:
    pool.submit(call)
""",
    """
try:
    call()
except Exception:
    pytest.skip("no AWS here")
""",
]


class TestSwallowedCalls:
    @pytest.mark.parametrize("test", SWALLOWED.values(), ids=SWALLOWED)
    def test_the_test_fails(self, run, test):
        result = run(test)
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(
            [
                "*swallowed*",
                "*ec2 DescribeVpcs in eu-west-1 (to ec2.eu-west-1.amazonaws.com): nobody mocks *",
                "*in test_swallowing",
                "*in swallow",
            ]
        )

    def test_in_set_up_and_tear_down_it_is_an_error(self, run):
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
        result.assert_outcomes(passed=1, errors=2)

    def test_one_that_is_turned_into_another_error_is_not_lost(self, run):
        result = run(
            """
def deploy():
    try:
        ec2().describe_vpcs()
    except Exception as error:
        print(error)
    raise KeyError("deployment failed")


def test_expecting(ec2_keypair_mock):
    with pytest.raises(KeyError):
        deploy()


def test_after(ec2_keypair_mock): ...
"""
        )
        result.assert_outcomes(failed=1, passed=1)

    def test_one_that_the_test_expects_is_no_failure(self, run):
        tests = "".join(
            f"\n\ndef test_{number}(ec2_keypair_mock):\n{textwrap.indent(body, '    ')}"
            for number, body in enumerate(EXPECTED)
        )
        run(EXPECTING + tests).assert_outcomes(passed=len(EXPECTED) + 4)

    @pytest.mark.parametrize("body", UNEXPECTED)
    def test_one_that_it_does_not_expect_is_one(self, run, body):
        tests = f"def test_one(ec2_keypair_mock):\n{textwrap.indent(body, '    ')}"
        run(EXPECTING.partition("@pytest.mark")[0] + tests).assert_outcomes(failed=1)

    def test_an_assertion_around_the_mock_sees_it_at_the_end(self, run):
        run(
            """
def test_around():
    with pytest.raises(UnmockedCallError, match="(?s)swallowed.*DescribeVpcs"), mock():
        swallow()
    with pytest.raises(UnmockedCallError), mock():
        try:
            ec2().describe_vpcs()
        except Exception:
            pass
    with pytest.raises(UnmockedCallError), mock():
        exec('''
try:
    ec2().describe_vpcs()
except Exception:
    pass
''')
"""
        ).assert_outcomes(passed=1)


class TestGuard:
    def test_without_a_mock_the_test_fails(self, run):
        result = run("def test_swallowing(): swallow()", *GUARD)
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(
            ["*ec2 DescribeVpcs in eu-west-1 *", "*in test_swallowing", "*in swallow"]
        )

    def test_in_a_process_of_its_own(self, pytester):
        pytester.makepyfile(PRELUDE + "def test_swallowing(): swallow()")
        result = pytester.runpytest_subprocess(*GUARD)
        result.assert_outcomes(failed=1)

    def test_key_pair_actions_are_stopped_too(self, run):
        result = run("def test_calling(): create()", *GUARD)
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["E*UnmockedCallError: ec2 CreateKeyPair in us-east-1 *"])

    def test_with_a_mock_key_pairs_are_answered(self, run):
        run("def test_inside(ec2_keypair_mock): create()", *GUARD).assert_outcomes(passed=1)

    def test_a_call_while_a_file_is_imported_is_an_error(self, run):
        result = run("swallow()\ndef test_nothing(): ...", *GUARD)
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["*ec2 DescribeVpcs in eu-west-1 *", "*in swallow"])

    def test_it_says_what_to_do(self, run):
        result = run("def test_calling(): create()", *GUARD)
        result.stdout.fnmatch_lines(
            ["E*Key pairs are mocked inside ec2_keypair_mock's mock*mark the test ec2_keypair_*"]
        )

    def test_passthrough_does_not_open_it(self, run):
        result = run(
            """
@mock(passthrough=True)
def test_swallowing(): swallow()
""",
            *GUARD,
        )
        result.assert_outcomes(failed=1)

    def test_a_marker_lets_a_test_out(self, run):
        result = run(
            """
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError, ConnectionClosedError
from botocore.httpsession import URLLib3Session


@pytest.mark.ec2_keypair_mock_allow_network
def test_out(monkeypatch):
    client = ec2()
    client.meta.events.register("before-send", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.describe_vpcs()
    from ec2_keypair_mock.clients.gate import gate
    assert not gate.guarded


def test_in():
    from ec2_keypair_mock.clients.gate import gate
    assert gate.guarded
""",
            *GUARD,
        )
        result.assert_outcomes(passed=2)

    def test_local_endpoints_pass(self, run):
        run(
            """
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError


def test_local():
    key = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    config = Config(retries={"max_attempts": 0})
    client = boto3.client(
        "s3", region_name="us-east-1", endpoint_url="http://127.0.0.1:1", config=config, **key
    )
    with pytest.raises(EndpointConnectionError):
        client.list_buckets()
""",
            *GUARD,
        ).assert_outcomes(passed=1)

    def test_it_ends_with_the_run(self, run):
        run("def test_nothing(): ...", *GUARD).assert_outcomes(passed=1)
        run("def test_nothing(): ...").assert_outcomes(passed=1)
        from ec2_keypair_mock.clients.gate import gate

        assert not gate.guarded
