"""Hooks on the import of other libraries."""

import importlib.util
import pkgutil
import sys
import threading
import types
import unittest.mock

import pytest

from ec2_keypair_mock.patching.import_hooks import ImportHooks


@pytest.fixture
def hooks():
    hooks = ImportHooks()
    yield hooks
    hooks.clear()
    assert hooks not in sys.meta_path


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A package that can be imported, and is forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "a_library"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "part.py").write_text("VALUE = 1")
    (package / "broken.py").write_text("1 / 0")
    yield "a_library"
    for name in [name for name in sys.modules if name.startswith("a_library")]:
        del sys.modules[name]


def test_a_module_that_is_there_is_called_back_at_once(hooks):
    seen = []
    hooks.when_imported("sys", seen.append)
    assert seen == [sys]


def test_a_module_that_comes_later_is_called_back_once_it_has_run(hooks, library):
    seen = []
    hooks.when_imported("a_library.part", lambda module: seen.append(module.VALUE))
    hooks.when_imported("a_library.part", lambda module: seen.append(module.__name__))
    assert seen == []
    import a_library.part

    assert seen == [1, "a_library.part"]
    assert type(a_library.part.__spec__.loader).__name__ == "SourceFileLoader"


def test_one_that_is_imported_anew_is_called_back_again(hooks, library):
    seen = []
    hooks.when_imported("a_library.part", seen.append)
    import a_library.part as first

    del sys.modules["a_library.part"]
    import a_library.part as second

    assert [first, second] == seen
    assert first is not second


def test_whoever_looks_for_a_module_disarms_nobody(hooks, library):
    seen = []
    hooks.when_imported("a_library.part", seen.append)
    spec = importlib.util.find_spec("a_library.part")
    assert spec.loader.get_source("a_library.part") == "VALUE = 1"
    assert pkgutil.get_data("a_library", "part.py") == b"VALUE = 1"
    import a_library.part

    assert seen == [a_library.part]


@pytest.mark.parametrize("module", [None, unittest.mock.Mock(spec=types.ModuleType)])
def test_one_that_a_test_hides_or_mocks_is_left_alone(hooks, monkeypatch, module):
    monkeypatch.setitem(sys.modules, "a_library", module)
    hooks.when_imported("a_library", pytest.fail)


def test_one_that_another_thread_is_importing_is_waited_for(hooks, library, tmp_path):
    (tmp_path / "a_library" / "slow.py").write_text(
        "import a_library\na_library.begun.set()\na_library.go_on.wait(9)\nVALUE = 1"
    )
    import a_library

    a_library.begun, a_library.go_on = threading.Event(), threading.Event()
    importing = threading.Thread(target=importlib.import_module, args=("a_library.slow",))
    importing.start()
    a_library.begun.wait(9)
    seen = []
    hooked = threading.Thread(
        target=hooks.when_imported,
        args=("a_library.slow", lambda module: seen.append(module.VALUE)),
    )
    hooked.start()
    a_library.go_on.set()
    importing.join()
    hooked.join()
    assert seen == [1]


def test_what_a_callback_raises_reaches_the_caller_at_once_and_is_a_warning_later(hooks, library):
    def fail(module):
        raise RuntimeError("no such place")

    with pytest.raises(RuntimeError, match="no such place"):
        hooks.when_imported("sys", fail)
    hooks.when_imported("a_library.part", fail)
    with pytest.warns(RuntimeWarning, match=r"leaves a_library\.part as it is: no such place"):
        import a_library.part
    assert a_library.part.VALUE == 1


def test_other_modules_are_left_alone(hooks, library):
    hooks.when_imported("a_library.part", pytest.fail)
    import a_library  # noqa: F401


def test_a_module_that_is_not_there_stays_so(hooks):
    hooks.when_imported("no_such_library", pytest.fail)
    with pytest.raises(ModuleNotFoundError):
        import no_such_library  # noqa: F401


def test_a_module_that_fails_is_not_called_back(hooks, library):
    hooks.when_imported("a_library.broken", pytest.fail)
    with pytest.raises(ZeroDivisionError):
        import a_library.broken  # noqa: F401


def test_after_clear_nothing_is_called_back(hooks, library):
    hooks.when_imported("a_library.part", pytest.fail)
    hooks.clear()
    import a_library.part  # noqa: F401
