"""Every environment that the tests run in: ``nox`` for what must pass, ``nox -l`` for the list."""

from __future__ import annotations

import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"

PYTHONS = ["3.10", "3.11", "3.12", "3.13"]
PARALLEL = ("-n", "auto", "--dist", "loadscope", "--no-loadscope-reorder")
DIST = Path("dist")
CLIENTS = Path(".venv-clients").absolute()


def run_tests(session: nox.Session, *arguments: str) -> None:
    session.run("python", "-m", "pytest", "-q", *PARALLEL, *arguments)


@nox.session(python=PYTHONS, default=False)
def tests(session: nox.Session) -> None:
    """The newest libraries. What follows ``--`` is for pytest."""
    session.install("-e", ".[test]")
    run_tests(session, *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Every branch of src, by the tests that are not slow."""
    session.install("-e", ".[test]")
    run_tests(session, "-m", "not slow", "--cov", "--cov-report=term", *session.posargs)


@nox.session(python=PYTHONS[0] if shutil.which(f"python{PYTHONS[0]}") else None)
def oldest(session: nox.Session) -> None:
    """The oldest supported libraries, on the oldest supported Python where it is installed."""
    session.install("-e", ".[test]", "-c", "tests/oldest.txt")
    run_tests(session, *session.posargs)


@nox.session(default=False)
def nightly(session: nox.Session) -> None:
    """What comes next: pre-releases of moto, and botocore before aiobotocore knows it."""
    session.install("-e", ".[test]")
    session.install("--upgrade", "boto3", "moto[server]>=5.0.0.dev0")
    run_tests(session, *session.posargs)


@nox.session
def aioboto3(session: nox.Session) -> None:
    """aioboto3, which pins a version of aiobotocore between the oldest and the newest."""
    session.install("-e", ".", "aioboto3", "httpx", "hypothesis", "pytest", "pytest-asyncio")
    session.run("python", "-m", "pytest", "-q", "tests/clients/test_aiobotocore.py")


# Both ends of each minor version, and both sides of each change in what is shared with moto.
MOTO_VERSIONS = [
    "5.0.0",
    "5.0.8",  # the last with one attribute for private and public keys
    "5.0.18",  # the last whose fingerprints are all MD5
    "5.0.28",
    "5.1.0",
    "5.1.9",  # the last whose Auto Scaling does not say which key pair a template names
    "5.1.10",
    "5.1.16",  # the last whose answers about key pairs are templates
    "5.1.17",
    "5.1.22",
    "5.2.0",
    "5.2.1",  # the last whose tagging API knows the resources of each service itself
    "5.2.2",
    "newest",
]
MOTO_TESTS = ["tests/moto", "tests/test_server.py", "tests/test_fidelity.py"]
MOTO_TESTS += ["tests/parity/test_moto.py"]


@nox.session(default=False)
@nox.parametrize("moto", MOTO_VERSIONS)
def moto(session: nox.Session, moto: str) -> None:
    """What is shared with moto, on one version of it."""
    # A specifier with a pre-release lets installers choose pre-releases of moto, and of moto only.
    version = ">=5.0.0.dev0" if moto == "newest" else f"=={moto}"
    session.install("-e", ".[test]", f"moto[server]{version}")
    run_tests(session, *MOTO_TESTS, *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Each benchmark runs once; no time is checked."""
    session.install("-e", ".[test,benchmarks]")
    session.run("python", "-m", "pytest", "-q", "benchmarks/test_benchmarks.py")


@nox.session
def lint(session: nox.Session) -> None:
    """Style and types; pyright where there is Node, which it runs on."""
    session.install("-e", ".[test,benchmarks]", "pyright")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    if shutil.which("node"):
        session.run("pyright", "src", "tests/typing")


@nox.session
def docs(session: nox.Session) -> None:
    """The site, without a warning, in site/."""
    session.install("-e", ".[docs]")
    session.run("mkdocs", "build", "--strict", env={"NO_MKDOCS_2_WARNING": "1"})


# What GitHub reads, by the schemas that come with check-jsonschema.
SCHEMAS = {
    "github-workflows": ".github/workflows/*.yml",
    "github-actions": ".github/actions/*/action.yml",
    "github-issue-forms": ".github/ISSUE_TEMPLATE/*_*.yml",
    "github-issue-config": ".github/ISSUE_TEMPLATE/config.yml",
    "dependabot": ".github/dependabot.yml",
}


@nox.session
def workflows(session: nox.Session) -> None:
    """The files in .github are what GitHub expects."""
    session.install("check-jsonschema>=0.37")
    for schema, pattern in SCHEMAS.items():
        files = map(str, sorted(Path().glob(pattern)))
        session.run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)


@nox.session
def build(session: nox.Session) -> None:
    """Make dist/ anew: the sdist, and the wheel from it."""
    session.install("build", "twine>=6.1")
    shutil.rmtree(DIST, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(DIST))
    session.run("twine", "check", "--strict", *map(str, DIST.iterdir()))


@nox.session(requires=["build"])
def sdist(session: nox.Session) -> None:
    """The sdist can be installed."""
    [archive] = DIST.glob("*.tar.gz")
    session.install(str(archive))
    session.run("python", "-m", "ec2_keypair_mock", "demo", silent=True)


@nox.session(requires=["build"])
def wheel(session: nox.Session) -> None:
    """The tests and the types, as they are in the sdist, against the wheel: there is no source."""
    [archive] = DIST.glob("*.whl")
    session.install(f"ec2-keypair-mock[test] @ {archive.absolute().as_uri()}")
    session.env["EC2_KEYPAIR_MOCK_CLIENTS"] = str(CLIENTS / "bin")
    # Not below this folder, whose pyproject.toml would count for the runs of pytest in the tests.
    with tempfile.TemporaryDirectory() as folder, session.chdir(unpacked_tests(folder)):
        session.run("python", "-m", "mypy", "tests/typing")
        run_tests(session, *session.posargs)


def unpacked_tests(folder: str) -> Path:
    [archive] = DIST.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    [unpacked] = Path(folder).iterdir()
    shutil.rmtree(unpacked / "src")
    return unpacked


@nox.session(default=False, venv_backend="none")
def clients(session: nox.Session) -> None:
    """Make .venv-clients: the AWS CLI and others, which pin versions of their own."""
    session.run(sys.executable, "-m", "venv", str(CLIENTS))
    python = str(CLIENTS / "bin" / "python")
    session.run(python, "-m", "pip", "install", "-q", "-r", "tests/end_to_end/requirements.txt")
    if shutil.which("npm"):
        node = CLIENTS / "node"
        node.mkdir(exist_ok=True)
        shutil.copy("tests/end_to_end/package.json", node)
        quiet = ("--no-package-lock", "--no-audit", "--no-fund", "--silent")
        session.run("npm", "install", "--prefix", str(node), *quiet)
