"""Where new private keys come from: RSA keys are dealt again in each state, Ed25519 keys are made.

Making an RSA key takes some 60 ms. So a process keeps those that it has made, in memory only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..keys.public_key import KeyType

if TYPE_CHECKING:
    from ..keys.private_key import PrivateKey

# By the base64 of their public keys.
_made: dict[str, PrivateKey] = {}


class NewKeys:
    """The new keys of one state, which gets no key twice; safe to use from threads."""

    def __init__(self) -> None:
        #: Whether to make each key anew, and to keep it from other states.
        self.fresh = False
        # Each of them is taken out by a single operation, so that no two threads get the same.
        self._left = dict(_made)

    def deal(self, key_type: KeyType) -> PrivateKey:
        """A key that no key pair of this state has had."""
        # Imported here, because a test that only imports keys need not wait for cryptography.
        from ..keys.private_key import generate_private_key

        if key_type != "rsa" or self.fresh:
            return generate_private_key(key_type)
        try:
            return self._left.popitem()[1]
        except KeyError:
            key = generate_private_key(key_type)
            _made[_base64(key.public_key.openssh(""))] = key
            return key

    def exclude(self, public_key: str) -> None:
        """Never deal the key of an OpenSSH line, because a key pair of this state has it."""
        self._left.pop(_base64(public_key), None)


def _base64(public_key: str) -> str:
    return public_key.split(" ")[1]
