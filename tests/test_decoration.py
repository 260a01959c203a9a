"""``@mock`` on everything that it decorates: the body runs inside, fresh for each test."""

import asyncio
import contextlib
import functools
import inspect
import subprocess
import sys
import textwrap
import unittest

import boto3
import moto.backends  # noqa: F401 - loaded here once, not by each run of pytest
import pytest

import ec2_keypair_mock.activation
import ec2_keypair_mock.keys.putty  # noqa: F401 - as above, and cryptography loads only once
from ec2_keypair_mock import mock

KEY = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}


@functools.cache
def client():
    return boto3.client("ec2", region_name="us-east-1", **KEY)


def create(name="a"):
    return client().create_key_pair(KeyName=name, KeyType="ed25519")["KeyName"]


def names():
    return [each["KeyName"] for each in client().describe_key_pairs()["KeyPairs"]]


def is_inside():
    """Whether a mock is active, without a call that would fail elsewhere."""
    from ec2_keypair_mock.clients.gate import gate

    return gate.service is not None


class TestFunctions:
    @pytest.mark.parametrize("decorate", [mock, mock(), mock(account_id="210987654321")])
    def test_the_body_runs_inside(self, decorate):
        @decorate
        def body(name, *, suffix=""):
            """Its text."""
            return create(name + suffix), is_inside()

        assert body("a", suffix="b") == ("ab", True)
        assert body("a", suffix="b") == ("ab", True)
        assert not is_inside()

    def test_name_text_and_signature_are_kept(self):
        def body(name: str, *, suffix: str = "") -> str:
            """Its text."""
            return name + suffix

        decorated = mock(body)
        assert decorated.__name__ == "body"
        assert decorated.__doc__ == "Its text."
        assert inspect.signature(decorated) == inspect.signature(body)

    def test_an_exception_passes_and_ends_it(self):
        @mock
        def body():
            raise KeyError("a")

        with pytest.raises(KeyError):
            body()
        assert not is_inside()

    def test_a_coroutine_function_stays_one(self):
        @mock
        async def body():
            await asyncio.sleep(0)
            return create(), is_inside()

        assert inspect.iscoroutinefunction(body)
        assert asyncio.run(body()) == ("a", True)
        assert not is_inside()

    def test_a_generator_is_inside_from_start_to_end(self):
        @mock
        def body():
            received = yield create()
            yield received, is_inside()
            return "end"

        assert inspect.isgeneratorfunction(body)
        generator = body()
        assert not is_inside()
        assert next(generator) == "a"
        assert generator.send("b") == ("b", True)
        assert is_inside()
        with pytest.raises(StopIteration) as stopped:
            next(generator)
        assert stopped.value.value == "end"
        assert not is_inside()

    def test_a_generator_that_is_closed_ends_it(self):
        @mock
        def body():
            yield create()

        generator = body()
        next(generator)
        generator.close()
        assert not is_inside()

    def test_an_async_generator_is_inside_from_start_to_end(self):
        seen = []

        @mock
        async def body():
            received = yield create()
            try:
                yield received, is_inside()
            except KeyError:
                seen.append("thrown")
                yield "caught"

        async def use():
            generator = body()
            assert await generator.__anext__() == "a"
            assert await generator.asend("b") == ("b", True)
            assert await generator.athrow(KeyError()) == "caught"
            assert [each async for each in generator] == []

        assert inspect.isasyncgenfunction(body)
        asyncio.run(use())
        assert seen == ["thrown"]
        assert not is_inside()

    def test_an_async_generator_that_is_closed_runs_its_end(self):
        seen = []

        @mock
        async def body():
            try:
                yield
            finally:
                seen.append(is_inside())

        async def use():
            generator = body()
            await generator.__anext__()
            await generator.aclose()

        asyncio.run(use())
        assert seen == [True]
        assert not is_inside()

    def test_an_error_inside_an_async_generator_comes_out(self):
        @mock
        async def body():
            yield 1
            raise KeyError("a")

        async def use():
            return [each async for each in body()]

        with pytest.raises(KeyError):
            asyncio.run(use())
        assert not is_inside()

    def test_a_body_that_a_function_hands_out_runs_inside(self):
        async def coroutine():
            return is_inside()

        def generator():
            yield is_inside()

        async def async_generator():
            yield is_inside()

        async def first(generator):
            async for each in generator:
                return each

        assert asyncio.run(mock(lambda: coroutine())())
        assert asyncio.run(mock(functools.partial(coroutine))())
        assert list(mock(lambda: generator())()) == [True]
        assert asyncio.run(first(mock(lambda: async_generator())()))
        assert not is_inside()

    def test_a_generator_that_a_function_hands_out_stays_open(self):
        numbers = (number for number in range(9))

        @mock
        def hand_out():
            return numbers

        assert next(hand_out()) == 0
        handed_out = hand_out()
        assert next(handed_out) == 1
        handed_out.close()
        assert next(numbers) == 2

    def test_so_does_an_async_one(self):
        async def count():
            for number in range(9):
                yield number

        @mock
        def hand_out():
            return numbers

        numbers = count()

        async def main():
            handed_out = hand_out()
            first = await anext(handed_out)
            await handed_out.aclose()
            return first, await anext(numbers)

        assert asyncio.run(main()) == (0, 1)

    def test_what_is_sent_and_thrown_reaches_a_generator_that_is_handed_out(self):
        def talk():
            try:
                yield (yield "first")
            except KeyError:
                yield "thrown", is_inside()

        handed_out = mock(lambda: talk())()
        assert next(handed_out) == "first"
        assert handed_out.send("sent") == "sent"
        assert handed_out.throw(KeyError()) == ("thrown", True)

    @pytest.mark.parametrize(
        ("make", "advice"),
        [
            (contextlib.contextmanager, "below @contextmanager"),
            (contextlib.asynccontextmanager, "below @contextmanager"),
            (functools.lru_cache, "below the cache"),
            (functools.cache, "below the cache"),
        ],
    )
    def test_what_would_run_its_body_outside_is_refused_with_advice(self, make, advice):
        with pytest.raises(TypeError, match=advice):
            mock(make(lambda: None))

    def test_below_a_context_manager_the_body_is_inside(self):
        @contextlib.contextmanager
        @mock
        def body():
            yield is_inside()

        with body() as inside:
            assert inside
            assert is_inside()
        assert not is_inside()

    @pytest.mark.parametrize("thing", [3, "a", None], ids=repr)
    def test_what_is_no_function_is_refused(self, thing):
        with pytest.raises(TypeError, match="takes functions and classes"):
            mock()(thing)

    def test_a_fixture_is_refused_with_advice(self):
        with pytest.raises(TypeError, match=r"@pytest\.fixture above @mock"):

            @mock
            @pytest.fixture
            def body():
                yield


@mock
class TestClass:
    """A plain class of tests; each starts afresh after ``setup_method(self)``."""

    def setup_method(self):
        create("from setup_method")

    def teardown_method(self, method):
        assert "from setup_method" in names()

    @pytest.mark.parametrize("number", [1, 2])
    def test_each_is_fresh(self, number):
        assert names() == ["from setup_method"]
        create()

    @staticmethod
    def test_static():
        assert names() == ["from setup_method"]

    @classmethod
    def test_class(cls):
        assert issubclass(cls, TestClass)
        assert names() == ["from setup_method"]

    @pytest.fixture
    def key_name(self):
        return create("from a fixture")

    def test_fixtures_of_the_class_are_inside(self, key_name):
        assert key_name in names()


@mock
class TestClassWithSetUpOfItsOwn:
    """``setup_class`` spans the class: its tests see what it made, and one another's."""

    @classmethod
    def setup_class(cls):
        create("from setup_class")

    @classmethod
    def teardown_class(cls):
        assert names() == ["from setup_class", "a"]

    def test_first(self):
        assert names() == ["from setup_class"]
        create()

    def test_second(self):
        assert names() == ["from setup_class", "a"]


PRELUDE = """
import boto3, pytest, unittest
from unittest.mock import patch
from moto import mock_aws
from ec2_keypair_mock import mock

KEY = dict(region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
ec2 = boto3.client("ec2", **KEY)

def create(name="a"):
    ec2.create_key_pair(KeyName=name, KeyType="ed25519")

def names():
    return [each["KeyName"] for each in ec2.describe_key_pairs()["KeyPairs"]]

def untraced(function):
    return lambda *args: function(*args)
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest on a file of tests, with this plugin alone; it collects ``*Spec``, too."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(tests):
        pytester.makepyfile(PRELUDE + textwrap.dedent(tests))
        plugin = ("-p", "ec2_keypair_mock.pytest_plugin")
        return pytester.runpytest(*plugin, "-o", "python_classes=Test* *Spec")

    return run


class TestSetUps:
    """Whatever way a set-up is written, it is called once, as pytest calls it, and inside."""

    @pytest.mark.parametrize(
        "set_up",
        [
            pytest.param("def setup_method(self): create()", id="self"),
            pytest.param("def setup_method(self, method): create(method.__name__)", id="method"),
            pytest.param("def setup_method(self, method, b=1): create(str(b))", id="default"),
            pytest.param(
                "setup_method = untraced(lambda self, method: create(method.__name__))",
                id="untraced",
            ),
            pytest.param("@staticmethod\ndef setup_method(): create()", id="static"),
            pytest.param(
                "@staticmethod\ndef setup_method(method): create(method.__name__)",
                id="static method",
            ),
            pytest.param("@classmethod\ndef setup_method(cls): create(cls.__name__)", id="class"),
            pytest.param(
                "@pytest.fixture(autouse=True)\ndef setup_method(self): create()", id="fixture"
            ),
            pytest.param("@classmethod\ndef setup_class(cls): create(cls.__name__)", id="cls"),
            pytest.param("def setup_class(cls): create(cls.__name__)", id="plain cls"),
            pytest.param("def setup_class(cls, b=1): create(str(b))", id="plain default"),
            pytest.param("def setup_class(): create()", id="plain"),
            pytest.param("@staticmethod\ndef setup_class(): create()", id="static class"),
            pytest.param(
                "@staticmethod\ndef setup_class(cls): create(cls.__name__)", id="static cls"
            ),
            pytest.param(
                "@pytest.fixture(autouse=True, scope='class')\n"
                "@classmethod\ndef setup_class(cls): create(cls.__name__)",
                id="fixture cls",
            ),
            pytest.param(
                "@pytest.fixture(autouse=True, scope='class')\n"
                "@classmethod\ndef a_fixture(cls): create(cls.__name__)",
                id="autouse fixture",
            ),
            pytest.param(
                "@pytest.fixture(autouse=True, scope=lambda fixture_name, config: 'class')\n"
                "@classmethod\ndef a_fixture(cls): create(cls.__name__)",
                id="fixture of a dynamic scope",
            ),
        ],
    )
    def test_it_is_called(self, run, set_up):
        body = textwrap.indent(f"{set_up}\ndef test_it(self): assert len(names()) == 1", "    ")
        classes = [f"@mock\nclass {name}:\n{body}\n" for name in ("TestIt", "ItSpec")]
        run("".join(classes)).assert_outcomes(passed=2)

    def test_a_tear_down_is_called_inside_too(self, run):
        run(
            """
@mock
class TearDownSpec:
    def test_it(self): create()

    def teardown_method(self, method): assert names() == ["a"]

    @classmethod
    def teardown_class(cls): assert names() == ["a"]
            """,
        ).assert_outcomes(passed=1)

    def test_a_fixture_keeps_the_name_of_a_set_up(self, run):
        run(
            """
@mock
class TestFixture:
    @pytest.fixture(params=["a", "b"])
    def setup_method(self, request): create(request.param); return request.param

    @pytest.fixture(name="other")
    def teardown_method(self): return 3

    def test_it(self, setup_method, other): assert (names(), other) == ([setup_method], 3)
            """,
        ).assert_outcomes(passed=2)

    def test_an_error_of_a_set_up_ends_it(self, run):
        run(
            """
@mock
class TestBroken:
    def setup_method(self): raise KeyError

    def test_it(self): ...
            """,
        ).assert_outcomes(errors=1)
        assert not is_inside()


class TestNestedClasses:
    def test_a_set_up_of_a_nested_class_runs_once(self, run):
        run(
            """
            @mock
            class TestOuter:
                def test_it(self): assert names() == []

                class TestInner:
                    def setup_method(self): create()

                    def test_it(self): assert names() == ["a"]

                    def teardown_method(self): assert names() == ["a"]

                class NoTest:
                    def setup(self): assert False
            """
        ).assert_outcomes(passed=2)
        assert not is_inside()

    def test_a_set_up_can_be_called_again(self, run):
        run(
            """
            @mock
            class TestAgain:
                def setup_method(self): create(f"a{len(names())}")

                def teardown_method(self): assert names() == ["a0", "a1"]

                def test_it(self):
                    self.setup_method()
                    self.teardown_method()
            """
        ).assert_outcomes(passed=1)

    def test_a_nested_test_case(self, run):
        run(
            """
            @mock
            class TestOuter:
                def test_it(self): assert names() == []

                class Inner(unittest.TestCase):
                    def setUp(self): create()

                    def test_it(self): assert names() == ["a"]

                class InnerWithSetUpOfItsOwn(unittest.TestCase):
                    def setup_method(self, method): self.seen = names()

                    def test_it(self): assert self.seen == []
            """
        ).assert_outcomes(passed=3)


class TestDerived(TestClass):
    """A subclass that is not decorated is inside by inheritance."""

    def test_inherited(self):
        assert names() == ["from setup_method"]


class TestDerivedWithSetUpOfItsOwn(TestClass):
    """It does not call that of the decorated class, and is inside all the same."""

    def setup_method(self):
        create("from its own setup_method")

    def teardown_method(self, method):
        assert "from its own setup_method" in names()

    test_each_is_fresh = test_static = test_class = None
    test_fixtures_of_the_class_are_inside = None

    def test_own(self):
        assert names() == ["from its own setup_method"]


@mock
class Deployment:
    """A class that holds no tests: each method runs inside."""

    def __init__(self, key_name):
        self.key_name = key_name

    def run(self):
        return create(self.key_name), is_inside()

    def _private(self):
        return is_inside()


def test_a_class_without_tests():
    deployment = Deployment("a")
    assert deployment.run() == ("a", True)
    assert not deployment._private()


class Managed:
    """Members of a class that are no plain functions."""

    @property
    def a_property(self):
        """Its text."""
        return is_inside()

    @a_property.setter
    def a_property(self, seen):
        seen.append(is_inside())

    @functools.cached_property
    def a_cached_property(self):
        return is_inside()

    @contextlib.contextmanager
    def a_context(self):
        yield is_inside()

    @contextlib.asynccontextmanager
    async def an_async_context(self):
        yield is_inside()

    @functools.lru_cache(maxsize=2)  # noqa: B019 - the class is gone with the test
    def cached(self):
        return is_inside()

    def with_an_argument(self, number):
        return number, is_inside()

    a_partial = functools.partialmethod(with_an_argument, 3)

    @staticmethod
    def a_static():
        return is_inside()

    @staticmethod
    @contextlib.contextmanager
    def a_static_context():
        yield is_inside()

    @classmethod
    def a_class_method(cls):
        return is_inside()

    class Inner:
        def method(self):
            return is_inside()

    number = 3


def test_whatever_has_a_body_is_inside():
    decorated = mock(Managed)
    made = decorated()
    assert made.a_property
    seen = []
    made.a_property = seen
    assert seen == [True]
    assert decorated.a_property.__doc__ == "Its text."
    assert made.a_cached_property
    assert vars(made) == {"a_cached_property": True}
    assert made.cached()
    assert decorated.cached.cache_parameters()["maxsize"] == 2
    assert made.a_partial() == (3, True)
    assert made.a_static()
    assert made.a_class_method()
    with made.a_context() as first, made.a_static_context() as second:
        assert (first, second) == (True, True)
    assert decorated.number == 3
    assert not decorated.Inner().method()

    async def enter():
        async with made.an_async_context() as inside:
            return inside

    assert asyncio.run(enter())
    assert not is_inside()


def test_static_and_class_methods_may_be_decorated_themselves():
    class Plain:
        @mock
        @staticmethod
        def a_static():
            return is_inside()

        @mock
        @classmethod
        def a_class_method(cls):
            return is_inside()

    assert (Plain.a_static(), Plain().a_class_method()) == (True, True)


def test_a_descriptor_that_is_not_known_is_refused():
    class Descriptor:
        def __get__(self, instance, owner): ...

    class Strange:
        member = Descriptor()

    with pytest.raises(TypeError, match="decorate its function below it, or use `with mock"):
        mock(Strange)


class TestMarks:
    def test_marks_of_its_own_are_kept_and_those_of_a_base_are_not_changed(self):
        class TestBase:
            pytestmark = pytest.mark.tryfirst

        class TestDerived(TestBase):
            pytestmark = [pytest.mark.trylast]  # noqa: RUF012

        mock(TestDerived)
        mock(account_id="210987654321")(TestBase)
        assert [mark.name for mark in TestDerived.pytestmark] == ["trylast", "ec2_keypair_mock"]
        assert [mark.name for mark in TestBase.pytestmark] == ["tryfirst", "ec2_keypair_mock"]
        assert TestBase.pytestmark[1].kwargs == {"account_id": "210987654321"}

    def test_those_of_a_derived_class_come_before_those_of_its_base(self, run):
        run(
            """
            @mock(account_id="111111111111")
            class TestBase:
                expected = "111111111111"

                def setup_class(cls): create("a")

                def test_account(self, ec2_keypair_mock):
                    create("b")
                    assert ec2_keypair_mock.calls[-1].account_id == self.expected

            @mock(account_id="222222222222")
            class TestDerived(TestBase):
                expected = "222222222222"

                @pytest.mark.ec2_keypair_mock(account_id="333333333333")
                def test_nearest(self, ec2_keypair_mock):
                    create("c")
                    assert ec2_keypair_mock.calls[-1].account_id == "333333333333"
            """.replace("            ", "", 1).replace("\n            ", "\n")
        ).assert_outcomes(passed=3)

    def test_without_the_plugin_its_tests_are_decorated(self, monkeypatch):
        monkeypatch.delitem(sys.modules, "ec2_keypair_mock.pytest_plugin")

        @mock
        class TestIt:
            def test_it(self):
                return is_inside()

            @staticmethod
            def test_static():
                return is_inside()

            def helper(self):
                return is_inside()

        assert (TestIt().test_it(), TestIt.test_static()) == (True, True)
        assert not TestIt().helper()

    def test_without_the_plugin_its_tests_are_inside(self, pytester, monkeypatch):
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        pytester.makepyfile(
            PRELUDE + "@mock\nclass TestIt:\n    def test_it(self): assert names() == []\n"
        )
        pytester.runpytest_subprocess("-Wignore").assert_outcomes(passed=1)


@mock
class PlainTestCase(unittest.TestCase):
    def setUp(self):
        create("from setUp")
        self.addCleanup(lambda: self.assertIn("from setUp", names()))

    def test_one(self):
        self.assertEqual(names(), ["from setUp"])

    def test_two(self):
        self.assertEqual(names(), ["from setUp"])
        create()

    def tearDown(self):
        self.assertTrue(is_inside())


@mock
class SetUpClassTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        create("from setUpClass")

    @classmethod
    def tearDownClass(cls):
        assert names() == ["from setUpClass", "a"]

    def test_one(self):
        self.assertEqual(names(), ["from setUpClass"])
        create()

    def test_two(self):
        self.assertEqual(names(), ["from setUpClass", "a"])


class BaseTestCase(unittest.TestCase):
    made = "from setUpClass"

    @classmethod
    def setUpClass(cls):
        create(cls.made)

    @classmethod
    def tearDownClass(cls):
        assert names() == [cls.made]


@mock
class InheritedSetUpClassTestCase(BaseTestCase):
    made = "from the class itself"

    def test_one(self):
        self.assertEqual(names(), ["from the class itself"])


class DerivedSetUpClassTestCase(InheritedSetUpClassTestCase):
    """Its set-up does not call that of the decorated class."""

    @classmethod
    def setUpClass(cls):
        create("its own")

    @classmethod
    def tearDownClass(cls):
        assert names() == ["its own"]

    def test_one(self):
        self.assertEqual(names(), ["its own"])


class TestDerivedTestCases:
    def test_another_init_subclass_is_called(self):
        told = []

        class Base(unittest.TestCase):
            def __init_subclass__(cls, number=0, **kwargs):
                super().__init_subclass__(**kwargs)
                told.append(number)

        class Derived(mock(Base), number=3): ...

        assert told == [3]


@mock
class StaticSetUpClassTestCase(unittest.TestCase):
    @staticmethod
    def setUpClass():
        create()

    def test_one(self):
        self.assertEqual(names(), ["a"])


@mock
class TearDownClassTestCase(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):
        assert names() == ["a"]

    def test_one(self):
        create()


@mock
class AsyncTestCase(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        create("from asyncSetUp")

    async def test_one(self):
        await asyncio.sleep(0)
        self.assertEqual(names(), ["from asyncSetUp"])
        create()

    async def test_two(self):
        self.assertEqual(names(), ["from asyncSetUp"])


def test_nothing_is_left_of_the_classes():
    assert not is_inside()


def test_a_test_case_that_would_never_await_its_test_is_refused():
    class Wrong(unittest.TestCase):
        async def test_one(self): ...

    with pytest.raises(TypeError, match="IsolatedAsyncioTestCase"):
        mock(Wrong)


def test_unittest_runs_them_too(tmp_path):
    """Without pytest: a swallowed call is the test's error, and the mock always ends."""
    (tmp_path / "code_under_test.py").write_text(
        "import contextlib\n"
        "def swallow(ec2):\n"
        "    with contextlib.suppress(Exception):\n"
        "        ec2.describe_vpcs()\n"
    )
    file = tmp_path / "test_cases.py"
    file.write_text(
        textwrap.dedent(
            """
            import boto3, os, unittest
            from ec2_keypair_mock import mock
            from code_under_test import swallow

            @mock
            class Broken(unittest.TestCase):
                @classmethod
                def setUpClass(cls):
                    raise KeyError

                def test(self): ...

            @mock
            class Swallowing(unittest.TestCase):
                def test(self):
                    swallow(boto3.client("ec2"))

            @mock
            @unittest.skip("to end the mock all the same")
            class Skipped(unittest.TestCase):
                def test(self): ...

            class After(unittest.TestCase):
                def test(self):
                    self.assertNotIn("AKIAIOSFODNN7EXAMPLE", os.environ.values())
            """
        )
    )
    cases = [f"test_cases.{name}" for name in ("Broken", "Swallowing", "Skipped", "After")]
    command = [sys.executable, "-m", "unittest", *cases]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "FAILED (errors=2, skipped=1)" in result.stderr
    assert "calls to AWS were refused, and the exceptions swallowed" in result.stderr
