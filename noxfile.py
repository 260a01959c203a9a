"""Every environment that the tests run in: ``nox -l`` lists them."""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"

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
    command = ["python", "-m", "pytest", "-q", "-n", "auto", "--dist", "loadscope"]
    session.run(*command, *MOTO_TESTS, *session.posargs)
