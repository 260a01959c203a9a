"""The key pairs of one account in one Region."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from ..keys.public_key import KeyType, PublicKey, parse_public_key
from . import errors
from .filters import read_filters
from .key_pair import FILTERS, CreatedKeyPair, KeyPair
from .new_keys import NewKeys
from .parameters import (
    check_key_format,
    check_key_name,
    check_key_type,
    check_public_key_material,
    is_key_pair_id,
)
from .passwords import Password, PasswordData, Passwords
from .resources import KEY_PAIR_PREFIX, NoOtherResources, OtherResources, TagDescription
from .tags import (
    RESOURCE_TYPE,
    check_limit,
    read_new_tags,
    read_tag_specifications,
    read_tags_to_delete,
    without,
)
from .visibility import Delay, Visibility

KeyFormat = Literal["pem", "ppk"]

MAX_KEY_PAIRS = 5000

TAG_FILTERS = frozenset(("key", "value", "resource-id", "resource-type"))

TagList = Sequence[Mapping[str, str]]


class KeyPairBackend:
    """The API's verbs on the key pairs of one account in one Region; safe to use from threads.

    Every verb checks its arguments and raises ``EC2Error`` exactly where the API answers with an
    error; then nothing has changed.
    """

    def __init__(
        self,
        account_id: str,
        region: str,
        other_resources: OtherResources | None = None,
        delay: Delay | None = None,
        random_bits: Callable[[int], int] = secrets.randbits,
        new_keys: NewKeys | None = None,
    ) -> None:
        self.account_id = account_id
        self.region = region
        self._lock = threading.RLock()
        self._key_pairs: dict[str, KeyPair] = {}
        # Every ID that was ever issued, with the name of its key pair: AWS remembers them.
        self._issued: dict[str, str] = {}
        self._other_resources = other_resources or NoOtherResources(account_id, region)
        delay = delay or Delay()
        self._visibility = Visibility(delay)
        self._passwords = Passwords(delay)
        # What the IDs are made of: a function like ``random.getrandbits``.
        self._random_bits = random_bits
        self._new_keys = new_keys or NewKeys()

    def __repr__(self) -> str:
        return f"KeyPairBackend({self.account_id!r}, {self.region!r})"

    @property
    def key_pairs(self) -> dict[str, KeyPair]:
        """The key pairs by name, in the order of their creation; a copy."""
        with self._lock:
            return dict(self._key_pairs)

    def reset(self) -> None:
        """Forget every key pair, every ID that was issued and every password."""
        with self._lock:
            self._key_pairs.clear()
            self._issued.clear()
            self._visibility.clear()
            self._passwords.clear()

    def create_key_pair(
        self,
        *,
        key_name: str | None,
        key_type: KeyType = "rsa",
        key_format: KeyFormat = "pem",
        tag_specifications: Sequence[Mapping[str, Any]] = (),
    ) -> CreatedKeyPair:
        """Make a new key pair.

        :param key_name: 1 to 255 ASCII characters, without a blank at its ends
        :param tag_specifications: as in the API, ``ResourceType`` and ``Tags``
        :return: the key pair, whose ``key_material`` has the only copy of the private key, as PEM
            or PPK
        :raises EC2Error: where the API answers with an error
        """
        name = check_key_name(key_name)
        checked_type = check_key_type(key_type)
        check_key_format(key_format)
        tags = read_tag_specifications(tag_specifications)
        self._check_free(name)
        # Imported here, because a test that only imports keys need not wait for cryptography.
        from ..keys.putty import to_ppk

        key = self._new_keys.deal(checked_type)
        material = key.pem() if key_format == "pem" else to_ppk(key, name)
        # Recorded for RSA as PEM: there is no newline behind the last line.
        material = material.removesuffix("\n")
        key_pair = self._add(name, key.public_key, key.created_fingerprint, tags)
        return CreatedKeyPair(**vars(key_pair), key_material=material)

    def import_key_pair(
        self,
        *,
        key_name: str | None,
        public_key_material: bytes | str | None,
        tag_specifications: Sequence[Mapping[str, Any]] = (),
    ) -> KeyPair:
        """Import a public key.

        :param key_name: as for ``create_key_pair``
        :param public_key_material: an OpenSSH line, RFC 4716, or base64 of a SubjectPublicKeyInfo
        :param tag_specifications: as for ``create_key_pair``
        :raises EC2Error: where the API answers with an error
        """
        name = check_key_name(key_name)
        tags = read_tag_specifications(tag_specifications)
        # AWS answers a duplicate before it looks at the material (recorded).
        self._check_free(name)
        key = check_public_key_material(public_key_material)
        return self._add(name, key, key.fingerprint, tags)

    def add_as_is(self, key_pair: KeyPair) -> None:
        """Take a key pair as it is, its ID included, unless its name is in use."""
        with self._lock:
            if self._key_pairs.setdefault(key_pair.key_name, key_pair) is key_pair:
                self._issued[key_pair.key_pair_id] = key_pair.key_name
                self._new_keys.exclude(key_pair.public_key)

    def _check_free(self, key_name: str) -> None:
        with self._lock:
            if key_name in self._key_pairs:
                raise errors.DUPLICATE_KEY_PAIR()

    def _add(
        self, key_name: str, key: PublicKey, fingerprint: str, tags: Mapping[str, str]
    ) -> KeyPair:
        with self._lock:
            self._check_free(key_name)
            if len(self._key_pairs) >= MAX_KEY_PAIRS:
                raise errors.KEY_PAIR_LIMIT_EXCEEDED(MAX_KEY_PAIRS)
            key_pair = KeyPair(
                key_name=key_name,
                key_pair_id=self._issue_id(key_name),
                key_type=key.key_type,
                key_fingerprint=fingerprint,
                public_key=key.openssh(key_name),
                create_time=_now(),
                tags=tags,
            )
            self._key_pairs[key_name] = key_pair
            self._new_keys.exclude(key_pair.public_key)
            self._visibility.created(key_name)
            return key_pair

    def _issue_id(self, key_name: str) -> str:
        # The first of the 17 digits was 0 in every recorded ID.
        key_pair_id = f"key-0{self._random_bits(64):016x}"
        if key_pair_id in self._issued:
            # Where somebody seeds the source of the bits, they come again.
            return self._issue_id(key_name)
        self._issued[key_pair_id] = key_name
        return key_pair_id

    def describe_key_pairs(
        self,
        *,
        key_names: Sequence[str] = (),
        key_pair_ids: Sequence[str] = (),
        filters: Sequence[Mapping[str, Any]] = (),
    ) -> list[KeyPair]:
        """The key pairs with these names or IDs, all if none is given, that pass the filters.

        :param filters: as in the API, ``Name`` and ``Values``
        :return: the key pairs in the order of their creation, or of the names or IDs
        :raises EC2Error: where the API answers with an error, such as for an unknown name
        """
        if key_names and key_pair_ids:
            raise errors.NAMES_WITH_IDS()
        if "" in key_names:
            raise errors.BLANK_KEY_NAME()
        passes = read_filters(filters, FILTERS)
        with self._lock:
            hidden = self._visibility.describe()
            for key_pair_id in key_pair_ids:
                if key_pair_id not in self._issued:
                    raise errors.UNKNOWN_KEY_PAIR_ID(key_pair_id)
            if key_names:
                found = _found(key_names, self._key_pairs.get, hidden)
            elif key_pair_ids:
                found = _found(key_pair_ids, self.find, hidden)
            else:
                found = [each for name, each in self._key_pairs.items() if name not in hidden]
        return [each for each in found if passes(each.filter_values)] if filters else found

    def _existing(self, key_pair_id: str) -> KeyPair:
        key_pair = self.find(key_pair_id)
        if key_pair is None:
            raise errors.KEY_PAIR_NOT_FOUND(key_pair_id)
        return key_pair

    def find(self, key_pair_id: str) -> KeyPair | None:
        """The key pair with that ID, or None."""
        with self._lock:
            key_pair = self._key_pairs.get(self._issued.get(key_pair_id, ""))
        return key_pair if key_pair and key_pair.key_pair_id == key_pair_id else None

    def delete_key_pair(
        self, *, key_name: str | None = None, key_pair_id: str | None = None
    ) -> KeyPair | None:
        """Delete by ID or else by name.

        :return: the key pair that is gone; None where there was none, which is no error
        :raises EC2Error: where the API answers with an error, such as for an ID never issued
        """
        with self._lock:
            if key_pair_id:
                self._check_issued(key_pair_id)
                gone = self.find(key_pair_id)
            elif key_name:
                gone = self._key_pairs.get(key_name)
            else:
                raise errors.NO_SELECTOR()
            if gone:
                del self._key_pairs[gone.key_name]
                self._visibility.deleted(gone.key_name)
            return gone

    def _check_issued(self, key_pair_id: str) -> None:
        if not is_key_pair_id(key_pair_id):
            raise errors.MALFORMED_KEY_PAIR_ID()
        if key_pair_id not in self._issued:
            raise errors.UNKNOWN_KEY_PAIR_ID(key_pair_id)

    def instance_launched(self, instance_id: str, windows_key_name: str | None) -> None:
        """Told of a new instance, which gets a password if it can be encrypted.

        :param windows_key_name: the key pair of a Windows instance; None where it has none, and for
            all other instances
        """
        with self._lock:
            self._passwords.forget(instance_id)
            key_pair = self._key_pairs.get(windows_key_name or "")
            if key_pair and key_pair.key_type == "rsa":
                key = parse_public_key(key_pair.public_key)
                self._passwords.make(instance_id, key, _now())

    def get_password_data(self, *, instance_id: str | None) -> PasswordData:
        """The encrypted administrator password of an instance; empty where it has none.

        :raises EC2Error: where the API answers with an error, such as for an unknown instance
        """
        if not instance_id:
            raise errors.MISSING_PARAMETER("InstanceId")
        if not self._other_resources.has_instance(instance_id):
            raise errors.INSTANCE_NOT_FOUND(instance_id)
        with self._lock:
            return self._passwords.shown(instance_id) or PasswordData(_now())

    @property
    def passwords(self) -> dict[str, Password]:
        """The passwords of Windows instances by instance ID; a copy."""
        with self._lock:
            return self._passwords.all()

    def add_passwords_as_they_are(self, passwords: Mapping[str, Password]) -> None:
        """Take passwords that another backend of this account and Region has made."""
        with self._lock:
            self._passwords.add_as_is(passwords)

    def windows_password(self, instance_id: str) -> str | None:
        """The administrator password that an instance was given; None where it was given none."""
        with self._lock:
            return self._passwords.plain(instance_id)

    def create_tags(self, *, resources: Sequence[str], tags: TagList) -> None:
        """Add tags to resources, or change the tags that they have.

        :param resources: their IDs
        :param tags: as in the API, ``Key`` and ``Value``
        :raises EC2Error: where the API answers with an error; then no resource has changed
        """
        if not resources:
            raise errors.MISSING_PARAMETER("resourceIdSet")
        new = read_new_tags(tags)
        with self._lock:
            key_pairs, others = self._resources("CreateTags", resources)
            tagged = [replace(each, tags=check_limit({**each.tags, **new})) for each in key_pairs]
            self._other_resources.create_tags(others, new)
            self._key_pairs.update({each.key_name: each for each in tagged})

    def delete_tags(self, *, resources: Sequence[str], tags: TagList = ()) -> None:
        """Take tags off resources.

        :param resources: their IDs
        :param tags: as in the API, ``Key`` and perhaps the ``Value`` that the tag must have; all
            tags where there are none
        :raises EC2Error: where the API answers with an error; then no resource has changed
        """
        if not resources:
            raise errors.MISSING_PARAMETER("resourceIdSet")
        doomed = read_tags_to_delete(tags)
        with self._lock:
            key_pairs, others = self._resources("DeleteTags", resources)
            self._other_resources.delete_tags(others, doomed)
            for each in key_pairs:
                self._key_pairs[each.key_name] = replace(each, tags=without(each.tags, doomed))

    def describe_tags(self, *, filters: Sequence[Mapping[str, Any]] = ()) -> list[TagDescription]:
        """The tags of all resources that pass the filters.

        :param filters: as in the API, ``Name`` and ``Values``
        :raises EC2Error: where the API answers with an error
        """
        passes = read_filters(filters, TAG_FILTERS)
        tags = [*self.key_pair_tags(), *self._other_resources.describe_tags()]
        return [tag for tag in tags if passes(tag.filter_values)]

    def key_pair_tags(self) -> list[TagDescription]:
        """The tags of the key pairs alone."""
        return [
            TagDescription(each.key_pair_id, RESOURCE_TYPE, key, value)
            for each in self.key_pairs.values()
            for key, value in each.tags.items()
        ]

    def _resources(
        self, action: str, resource_ids: Sequence[str]
    ) -> tuple[list[KeyPair], list[str]]:
        others = [each for each in resource_ids if not each.startswith(KEY_PAIR_PREFIX)]
        self._other_resources.check(action, others)
        ours = [each for each in resource_ids if each.startswith(KEY_PAIR_PREFIX)]
        return [self._existing(each) for each in ours], others


def _found(
    wanted: Iterable[str], find: Callable[[str], KeyPair | None], hidden: Container[str]
) -> list[KeyPair]:
    found = []
    for each in dict.fromkeys(wanted):
        key_pair = find(each)
        if key_pair is None or key_pair.key_name in hidden:
            raise errors.KEY_PAIR_NOT_FOUND(each)
        found.append(key_pair)
    return found


def _now() -> dt.datetime:
    now = dt.datetime.now(dt.timezone.utc)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
