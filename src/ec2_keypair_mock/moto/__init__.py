"""Key pairs for suites that use moto's ``mock_aws`` alone: ``install()`` in a ``conftest.py``.

The pytest option ``ec2_keypair_mock_moto = true`` does the same.
"""

from __future__ import annotations

from typing import Literal

from .shared_state import shared_state

__all__ = ["install", "uninstall"]


def install(*, launches: Literal["strict", "warn"] = "strict") -> None:
    """Let every ``mock_aws`` answer key pair actions as this package does.

    Neither imports moto nor needs it to be imported first or later; a second call changes
    ``launches`` only. While a ``mock_aws`` is active, it takes effect at once.

    :param launches: what becomes of a launch that names a key pair that does not exist: it is
        refused, as on EC2, or launched with one warning for each name
    :raises ValueError: if ``launches`` is something else
    """
    shared_state.set_launches(launches)
    shared_state.install()


def uninstall() -> None:
    """Bring moto's own behaviour back entirely; without ``install()`` it does nothing.

    While a ``mock_aws`` is active, moto goes on with the key pairs that there are. What becomes of
    launches under ``mock()`` is ``strict`` again.
    """
    shared_state.set_launches("strict")
    shared_state.uninstall()
