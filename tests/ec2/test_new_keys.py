"""Which keys CreateKeyPair makes: an RSA key is dealt again, but never twice in one state."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

import ec2_keypair_mock.moto
from ec2_keypair_mock import mock

_names = map("{}".format, itertools.count())


@pytest.fixture(scope="module")
def create(ec2):
    """Create a key pair of RSA; gives its fingerprint, which is that of the private key."""
    return lambda client=ec2: client.create_key_pair(KeyName=next(_names))["KeyFingerprint"]


@pytest.fixture
def made(monkeypatch):
    """How many bits each RSA key has that is made from now on."""
    bits = []
    generate = rsa.generate_private_key

    def counted(exponent, size, *args, **kwargs):
        bits.append(size)
        return generate(exponent, size, *args, **kwargs)

    monkeypatch.setattr(rsa, "generate_private_key", counted)
    return bits


def several(create):
    return {create() for _ in range(3)}


STEPS = st.sampled_from(["create", "create", "create", "elsewhere", "reset", "other", "fresh"])


@pytest.fixture(scope="module")
def take(create, make_client):
    """Take a step inside a mock; gives the fingerprint of the key that it made, if it did."""

    def take(step, aws):
        if step == "reset":
            return aws.reset()
        if step == "elsewhere":
            return create(make_client("eu-west-1"))
        others = {"other": {"account_id": "210987654321"}, "fresh": {"fresh_keys": True}}
        with mock(**others.get(step, {})):
            return create()

    return take


@settings(max_examples=20)
@given(activations=st.lists(st.lists(STEPS, max_size=6), min_size=2, max_size=3))
def test_no_activation_gets_a_key_twice(take, activations):
    for steps in activations:
        with mock() as aws:
            fingerprints = list(filter(None, [take(each, aws) for each in steps]))
        assert len(set(fingerprints)) == len(fingerprints)


def test_the_next_activation_makes_none(create, made):
    with mock():
        first = several(create)
    made.clear()
    with mock():
        several(create)
    assert made == []
    with mock(), mock(fresh_keys=True), mock():
        assert several(create).isdisjoint(first)
    assert made == [2048] * 3


def test_fresh_ones_are_of_no_other_activation(create):
    with mock(fresh_keys=True):
        fresh = create()
    with mock():
        assert fresh not in {create() for _ in range(10)}


def test_the_innermost_activation_says_whether_they_are_fresh(create, made):
    with mock():
        create()
    made.clear()
    with mock(fresh_keys=True), mock(fresh_keys=False):
        create()
    assert made == []


def test_threads_get_different_ones(create):
    with mock():
        several(create)
    with mock(), ThreadPoolExecutor(8) as pool:
        fingerprints = list(pool.map(lambda _: create(), range(8)))
    assert len(set(fingerprints)) == 8


def test_ed25519_keys_are_always_new(ec2):
    made = set()
    for _ in range(2):
        with mock():
            made.add(ec2.create_key_pair(KeyName="k", KeyType="ed25519")["KeyFingerprint"])
    assert len(made) == 2


def public_key(ec2, key_name):
    found = ec2.describe_key_pairs(KeyNames=[key_name], IncludePublicKey=True)
    return found["KeyPairs"][0]["PublicKey"].split()[1]


def test_the_key_of_an_imported_key_pair_is_dealt_no_more(ec2, create):
    with mock(fresh_keys=False):
        several(create)
        ec2.create_key_pair(KeyName="mine")
        mine = public_key(ec2, "mine")
    with mock() as aws:
        ec2.import_key_pair(KeyName="imported", PublicKeyMaterial=f"ssh-rsa {mine}")
        for _ in range(5):
            create()
        lines = [each.public_key for each in aws.backend().key_pairs.values()]
    assert sum(mine in line for line in lines) == 1


@pytest.fixture
def installed():
    ec2_keypair_mock.moto.install()
    yield
    ec2_keypair_mock.moto.uninstall()


def test_neither_is_that_of_a_key_pair_which_moto_goes_on_with(ec2, create, installed):
    moto = mock_aws()
    moto.start()
    several(create)
    moto.stop(remove_data=False)
    moto.start(reset=False)
    try:
        several(create)
        found = ec2.describe_key_pairs(IncludePublicKey=True)["KeyPairs"]
    finally:
        moto.stop()
    assert len({each["PublicKey"].split()[1] for each in found}) == len(found) == 6
