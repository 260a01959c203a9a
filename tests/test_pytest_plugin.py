"""The plugin, in runs of pytest of its own."""

import boto3  # noqa: F401 - loaded here once, not by each run
import pytest

import ec2_keypair_mock.activation
import ec2_keypair_mock.keys.putty  # noqa: F401 - as above, and cryptography loads only once
from ec2_keypair_mock import pytest_plugin

PRELUDE = """
import boto3
import pytest

from deploy import swallow
from ec2_keypair_mock import UnmockedCallError, mock


def ec2(region="us-east-1"):
    key = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    return boto3.client("ec2", region_name=region, **key)


def create(name="a"):
    ec2().create_key_pair(KeyName=name, KeyType="ed25519")


def names():
    return [each["KeyName"] for each in ec2().describe_key_pairs()["KeyPairs"]]
"""
# The code under test, in a file of its own.
DEPLOY = """
import boto3


def swallow():
    key = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    try:
        boto3.client("ec2", region_name="eu-west-1", **key).describe_vpcs()
    except Exception:
        pass
"""
GUARD = ("-o", "ec2_keypair_mock_guard=true")


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest on a file of tests, with this plugin alone; returns the result."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(deploy=DEPLOY)

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
            ["@pytest.mark.ec2_keypair_mock(account_id=None, passthrough=None, allow_swal*"]
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

    def test_without_a_mock_there_is_nothing_to_say(self, run):
        result = run("def test_failing(): assert False")
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
                "*ec2_keypair_mock refused calls*",
                "ec2 DescribeVpcs in eu-west-1 (to ec2.eu-west-1.amazonaws.com)",
                "  called at *in swallow*",
                "ec2 DescribeVpcs in us-east-1 *",
                "  called at *in test_failing",
            ]
        )


def test_a_run_without_a_mock_loads_no_library(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        """
import sys


def test_nothing(): ...


def test_modules():
    assert not {"boto3", "botocore", "moto"} & set(sys.modules)
"""
    )
    result = pytester.runpytest_subprocess("-p", "ec2_keypair_mock.pytest_plugin")
    result.assert_outcomes(passed=2)


class TestOddItems:
    def test_a_test_may_be_any_callable(self, run):
        result = run(
            """
import functools


def check(number):
    assert number == 1


test_partial = functools.partial(check, 1)


class Callable:
    def __call__(self):
        assert True


@pytest.fixture
def aws(ec2_keypair_mock):
    swallow()


class TestStatic:
    test_partial = staticmethod(functools.partial(check, 1))
    test_swallowing = staticmethod(functools.partial(lambda aws: None))
"""
        )
        result.assert_outcomes(passed=2, failed=1)

    def test_without_pluggys_new_wrappers(self):
        # pluggy before 1.2 knows only `hookwrapper`.
        names = [name for name in dir(pytest_plugin) if name.startswith("pytest_")]
        options = [getattr(getattr(pytest_plugin, name), "pytest_impl", {}) for name in names]
        assert not any(each.get("wrapper") for each in options)


class TestGuard:
    def test_without_a_mock_the_test_fails(self, run):
        result = run("def test_swallowing(): swallow()", *GUARD)
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["*ec2 DescribeVpcs in eu-west-1 *", "*called at *in swallow*"])

    def test_in_a_process_of_its_own(self, pytester):
        pytester.makepyfile(deploy=DEPLOY)
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
        result.stdout.fnmatch_lines(["*ec2 DescribeVpcs in eu-west-1 *", "*in swallow*"])

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
    assert not gate.is_guarded


def test_in():
    from ec2_keypair_mock.clients.gate import gate
    assert gate.is_guarded
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

        assert not gate.is_guarded

    def test_a_run_inside_a_run_changes_nothing_outside(self, run):
        result = run(
            """
pytest_plugins = ["pytester"]


def test_inner_run(pytester):
    pytester.makepyfile("def test_nothing(): ...")
    options = ["-p", "ec2_keypair_mock.pytest_plugin", "-oec2_keypair_mock_guard=true"]
    pytester.runpytest_inprocess(*options).assert_outcomes(passed=1)


def test_still_guarded():
    swallow()
""",
            *GUARD,
        )
        result.assert_outcomes(passed=1, failed=1)

    def test_a_session_fixture_of_an_allowed_test_may_tear_down(self, run):
        result = run(
            """
from ec2_keypair_mock.clients.gate import gate


@pytest.fixture(scope="session")
def account():
    yield
    assert not gate.is_guarded


@pytest.fixture(scope="session")
def broken():
    assert not gate.is_guarded
    raise KeyError


@pytest.mark.ec2_keypair_mock_allow_network
def test_out(account):
    assert not gate.is_guarded


@pytest.mark.ec2_keypair_mock_allow_network
def test_broken(broken): ...


def test_in():
    assert gate.is_guarded
""",
            *GUARD,
        )
        result.assert_outcomes(passed=2, errors=1)
