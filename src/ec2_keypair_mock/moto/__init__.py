"""Key pairs for suites that use moto's ``mock_aws`` alone: ``install()`` in a ``conftest.py``.

The pytest option ``ec2_keypair_mock_moto = true`` does the same.
"""

from __future__ import annotations

from .shared_state import shared_state

__all__ = ["install", "uninstall"]


def install() -> None:
    """Let every ``mock_aws`` answer key pair actions as this package does.

    Neither imports moto nor needs it to be imported first or later; a second call does nothing.
    While a ``mock_aws`` is active, it takes effect at once.
    """
    shared_state.install()


def uninstall() -> None:
    """Bring moto's own behaviour back entirely; without ``install()`` it does nothing.

    While a ``mock_aws`` is active, moto goes on with the key pairs that there are.
    """
    shared_state.uninstall()
