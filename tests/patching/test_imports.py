"""Hooks on the import of other libraries, and attributes that are replaced for a while."""

import importlib.util
import sys

import pytest

from ec2_keypair_mock.patching.import_hooks import ImportHooks
from ec2_keypair_mock.patching.replacement import Replacement


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
    assert hooks not in sys.meta_path


def test_a_module_that_comes_later_is_called_back_once_it_has_run(hooks, library):
    seen = []
    hooks.when_imported("a_library.part", lambda module: seen.append(module.VALUE))
    hooks.when_imported("a_library.part", lambda module: seen.append(module.__name__))
    assert seen == []
    import a_library.part

    assert seen == [1, "a_library.part"]
    assert type(a_library.part.__spec__.loader).__name__ == "SourceFileLoader"
    importlib.reload(a_library.part)
    assert len(seen) == 2


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


class Base:
    value = 1

    @classmethod
    def name(cls):
        return cls.__name__


class Derived(Base):
    pass


def test_a_replacement_is_taken_back():
    replacement = Replacement(Base, "value", lambda original: original + 1)
    assert Base.value == 2
    replacement.stop()
    assert Base.value == 1


def test_an_inherited_attribute_is_inherited_again():
    replacement = Replacement(Derived, "name", lambda original: lambda: "replaced")
    assert Derived.name() == "replaced"
    replacement.stop()
    assert "name" not in vars(Derived)
    assert Derived.name() == "Derived"


def test_what_was_put_over_it_goes_too():
    replacement = Replacement(Base, "value", lambda original: 2)
    Base.value = 3
    replacement.stop()
    assert Base.value == 1
