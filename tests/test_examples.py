"""The Python in README and docs runs as it stands."""

import re
import runpy
from pathlib import Path

# Loaded here once, not by each run; cryptography cannot be loaded twice.
import aiobotocore.session  # noqa: F401
import asyncssh  # noqa: F401
import boto3  # noqa: F401
import libcloud.compute.drivers.ec2  # noqa: F401
import moto.ec2.models  # noqa: F401
import paramiko  # noqa: F401
import pytest

import ec2_keypair_mock.activation
import ec2_keypair_mock.keys.putty

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def examples():
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        for found in re.finditer(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
            line = text.count("\n", 0, found.start()) + 2
            yield pytest.param(found[1], id=f"{document.name}:{line}")


@pytest.fixture(autouse=True)
def nothing_stays():
    """One of the examples is for a conftest.py, whose effect lasts as long as the run."""
    yield
    ec2_keypair_mock.moto.uninstall()


@pytest.mark.parametrize("example", list(examples()))
def test_example(example, pytester, monkeypatch):
    file = pytester.makepyfile(example)
    if "def test_" not in example:
        runpy.run_path(str(file))
        return
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    plugins = ("ec2_keypair_mock.pytest_plugin", "anyio", "pytest_asyncio.plugin")
    options = ["-o", "asyncio_default_fixture_loop_scope=function"]
    result = pytester.runpytest(*options, *(f"-p{plugin}" for plugin in plugins))
    passed = re.findall(r"def test_\w+", example)
    result.assert_outcomes(passed=len(passed))


def test_the_first_code_comes_early():
    assert (ROOT / "README.md").read_text("utf-8").splitlines().index("```python") < 20
