"""The house: who may import whom, and what an import costs."""

import ast
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import ec2_keypair_mock

PACKAGE = Path(ec2_keypair_mock.__file__).parent

# From the top down: each imports from what is below it, and from its own.
FLOORS = [
    {"pytest_plugin", "pytest_guard", "__main__"},
    {"commands", "server"},
    {"activation", "parity"},
    {"decoration", "moto"},
    {"active"},
    {"clients"},
    {"ec2", "refusals"},
    {"keys"},
    {"boto"},
    {"patching", "errors", "interrupts"},
    {"__init__"},
]
LEVELS = {place: level for level, places in enumerate(FLOORS) for place in places}

# All but the public names, which come from everywhere.
FILES = sorted(set(PACKAGE.rglob("*.py")) - {PACKAGE / "__init__.py"})


def place_of(module):
    """The folder or file that a module of the package is in: ``ec2.tags`` is in ``ec2``."""
    return module.split(".")[0] or "__init__"


def module_of(file):
    return ".".join(file.relative_to(PACKAGE).with_suffix("").parts)


def imports(file):
    """The absolute names of the modules that a file imports, wherever in the file."""
    here = ["ec2_keypair_mock", *module_of(file).split(".")[:-1]]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield prefix
            if not node.module:
                yield from (f"{prefix}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", FILES, ids=module_of)
def test_each_imports_only_what_is_below_it(file):
    level = LEVELS[place_of(module_of(file))]
    inside = [name for name in imports(file) if name.startswith("ec2_keypair_mock.")]
    above = [
        name for name in inside if LEVELS[place_of(name.removeprefix("ec2_keypair_mock."))] < level
    ]
    assert above == []


@pytest.mark.parametrize(
    ("place", "stranger"),
    [
        ("active", "moto"),
        ("active", "ec2_keypair_mock.moto"),
        ("clients", "moto"),
        ("clients", "ec2_keypair_mock.moto"),
        ("ec2", "botocore"),
        ("ec2", "moto"),
        ("ec2", "pytest"),
        ("ec2", "ec2_keypair_mock.errors"),
    ],
)
def test_what_it_must_not_know(place, stranger):
    files = [each for each in FILES if place_of(module_of(each)) == place]
    known = {name for each in files for name in imports(each)}
    assert {name for name in known if f"{name}.".startswith(f"{stranger}.")} == set()


@pytest.mark.parametrize(
    ("library", "places"),
    [
        ("cryptography", {"keys"}),
        ("xmltodict", {"ec2"}),
        ("botocore", {"clients", "boto", "moto", "commands", "parity"}),
        ("boto3", {"boto", "parity"}),
        ("aiobotocore", {"clients"}),
        ("requests", {"clients"}),
        ("responses", {"clients"}),
        ("pytest", {"pytest_plugin", "pytest_guard"}),
    ],
)
def test_a_library_is_known_in_few_places(library, places):
    found = {
        place_of(module_of(file))
        for file in FILES
        for name in imports(file)
        if name.split(".")[0] == library
    }
    assert found <= places


# The extra that a place needs. ``activation`` imports its stubs for type checkers only, and the
# plugins are imported by pytest.
EXTRAS = {
    "activation": "test",
    "clients": "async",
    "pytest_guard": "test",
    "pytest_plugin": "test",
    "server": "server",
}


def declared(extra):
    """The distributions that an installation with this extra has for certain."""
    requirements = [Requirement(each) for each in requires("ec2-keypair-mock")]
    return {
        canonicalize_name(each.name)
        for each in requirements
        if each.marker is None or each.marker.evaluate({"extra": extra})
    }


@pytest.mark.parametrize("file", FILES, ids=module_of)
def test_what_it_imports_is_declared(file):
    libraries = {name.split(".")[0] for name in imports(file)} - sys.stdlib_module_names
    # Of all that are imported here the module is named as the distribution.
    needed = {canonicalize_name(library) for library in libraries - {"ec2_keypair_mock"}}
    assert needed - declared(EXTRAS.get(place_of(module_of(file)), "")) == set()


def test_parity_knows_nothing_of_what_it_compares():
    found = {
        name
        for file in FILES
        if place_of(module_of(file)) == "parity"
        for name in imports(file)
        if name.startswith("ec2_keypair_mock.") and ".parity" not in name
    }
    assert found == {"ec2_keypair_mock.clients.target"}


def loaded_after(code):
    """The modules that a fresh interpreter has loaded after running the code."""
    script = f"{code}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return set(result.stdout.decode().split())


OF_THE_PLUGIN = [f"ec2_keypair_mock.{name}" for name in ("errors", "pytest_plugin", "refusals")]
HEAVY = {
    *("aiobotocore", "boto3", "botocore", "cryptography", "moto", "requests", "responses"),
    *("werkzeug", "xmltodict"),
}


def test_the_plugin_loads_nothing_heavy():
    assert loaded_after("import ec2_keypair_mock.pytest_plugin") & HEAVY == set()


def test_beside_pytest_the_plugin_loads_its_own_modules_only():
    script = """
import sys, pytest
before = set(sys.modules)
import ec2_keypair_mock.pytest_plugin
print(*set(sys.modules) - before)
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    own = ["ec2_keypair_mock", *OF_THE_PLUGIN]
    assert sorted(result.stdout.decode().split()) == sorted(own)


def test_mock_alone_loads_no_other_mocks():
    loaded = loaded_after("from ec2_keypair_mock import mock\nwith mock(): pass")
    assert loaded & (HEAVY - {"botocore", "xmltodict"}) == set()


def test_a_first_call_loads_no_other_libraries():
    call = "boto3.client('ec2', 'us-east-1').describe_key_pairs()"
    loaded = loaded_after(f"import boto3\nfrom ec2_keypair_mock import mock\nwith mock(): {call}")
    assert loaded & HEAVY == {"boto3", "botocore", "xmltodict"}


def test_the_public_names_are_there():
    for name in ec2_keypair_mock.__all__:
        assert getattr(ec2_keypair_mock, name).__name__ == name
    assert set(ec2_keypair_mock.__all__) <= set(dir(ec2_keypair_mock))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'mocks'"):
        ec2_keypair_mock.mocks  # noqa: B018
