"""What is encrypted here, openssl and cryptography decrypt."""

import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from ec2_keypair_mock.keys.encryption import encrypt
from ec2_keypair_mock.keys.errors import InvalidKeyError
from ec2_keypair_mock.keys.public_key import (
    ed25519_public_key,
    parse_public_key,
    rsa_public_key,
)

KEY = rsa.generate_private_key(65537, 2048)


def public_key(key=KEY):
    return parse_public_key(
        key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    )


@given(st.binary(min_size=1, max_size=2048 // 8 - 11))
def test_cryptography_decrypts_it(message):
    encrypted = encrypt(public_key(), message)
    assert len(encrypted) == 256
    assert KEY.decrypt(encrypted, padding.PKCS1v15()) == message


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl")
def test_openssl_decrypts_it(tmp_path):
    file = tmp_path / "key.pem"
    file.write_bytes(
        KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )
    ran = subprocess.run(
        ["openssl", "pkeyutl", "-decrypt", "-inkey", file],
        input=encrypt(public_key(), b"a password"),
        capture_output=True,
        check=True,
    )
    assert ran.stdout == b"a password"


def test_no_two_are_equal():
    assert encrypt(public_key(), b"a password") != encrypt(public_key(), b"a password")


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(ed25519_public_key(bytes(32)), id="Ed25519"),
        pytest.param(rsa_public_key(1 << 2047, 65537), id="an even modulus"),
    ],
)
def test_keys_that_cannot_encrypt(key):
    with pytest.raises(InvalidKeyError):
        encrypt(key, b"a password")
