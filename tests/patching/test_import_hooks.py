"""Functions that are called when other libraries are imported."""

import importlib.util
import sys
import threading

import pytest

from ec2_keypair_mock.patching import import_hooks
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
    (package / "slow.py").write_text("import builtins\nbuiltins.a_gate()\nVALUE = 2")
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
    assert a_library.part.__loader__ is a_library.part.__spec__.loader


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


@pytest.mark.parametrize("again", ["reload", "import"])
def test_a_module_that_is_imported_anew_is_called_back_anew(hooks, library, again):
    seen = []
    hooks.when_imported("a_library.part", seen.append)
    first = importlib.import_module("a_library.part")
    if again == "reload":
        second = importlib.reload(first)
    else:
        del sys.modules["a_library.part"]
        second = importlib.import_module("a_library.part")
    assert seen == [first, second]


def test_looking_for_a_module_does_not_use_the_hook_up(hooks, library):
    seen = []
    hooks.when_imported("a_library.part", seen.append)
    spec = importlib.util.find_spec("a_library.part")
    assert spec.loader.get_source("a_library.part") == "VALUE = 1"
    assert seen == []
    assert [importlib.import_module("a_library.part")] == seen


def test_two_hooks_on_one_module(hooks, library):
    others, seen = ImportHooks(), []
    hooks.when_imported("a_library.part", lambda module: seen.append("one"))
    others.when_imported("a_library.part", lambda module: seen.append("other"))
    importlib.import_module("a_library.part")
    others.clear()
    assert sorted(seen) == ["one", "other"]


@pytest.mark.parametrize("stub", [None, object()], ids=["hidden", "mocked"])
def test_a_module_that_a_test_replaces_is_left_alone(hooks, monkeypatch, stub):
    monkeypatch.setitem(sys.modules, "a_library", stub)
    hooks.when_imported("a_library", pytest.fail)


def test_a_module_that_another_thread_is_importing_is_waited_for(hooks, library, monkeypatch):
    started, go_on, seen = threading.Event(), threading.Event(), []

    def gate():
        started.set()
        assert go_on.wait(60)

    monkeypatch.setattr("builtins.a_gate", gate, raising=False)
    thread = threading.Thread(target=importlib.import_module, args=("a_library.slow",))
    thread.start()
    assert started.wait(60)
    threading.Timer(0, go_on.set).start()
    hooks.when_imported("a_library.slow", lambda module: seen.append(module.VALUE))
    thread.join()
    assert seen == [2]


def fail(module):
    raise LookupError("no such place")


def test_a_callback_that_fails_does_not_break_the_import_of_somebody_else(hooks, library):
    hooks.when_imported("a_library.part", fail)
    with pytest.warns(RuntimeWarning, match=r"a_library\.part .*: no such place") as warned:
        assert importlib.import_module("a_library.part").VALUE == 1
    assert len(warned) == 1


def test_at_once_a_callback_that_fails_raises_unless_it_is_optional(hooks):
    with pytest.raises(LookupError):
        hooks.when_imported("sys", fail)
    with pytest.warns(RuntimeWarning, match="no such place"):
        hooks.when_imported("sys", fail, optional=True)


def test_a_module_that_is_imported_while_it_is_waited_for_is_called_back_once(
    hooks, library, monkeypatch
):
    part, seen = importlib.import_module("a_library.part"), []
    # As if the other thread's import had failed: to wait for it is then to import it oneself.
    monkeypatch.setattr(import_hooks, "import_module", lambda name: importlib.reload(part))
    hooks.when_imported("a_library.part", seen.append)
    assert seen == [part]
