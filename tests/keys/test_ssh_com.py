"""ssh.com's private key files, as PuTTY exports them."""

import base64
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_keypair_mock.keys.private_key import generate_private_key, load_private_key
from ec2_keypair_mock.keys.public_key import InvalidKeyError

pytestmark = pytest.mark.skipif(shutil.which("puttygen") is None, reason="puttygen is missing")

NONE, CIPHER = b"\0\0\0\4none", b"\0\0\0\4des!"


@pytest.fixture(scope="module")
def key():
    return generate_private_key("rsa")


@pytest.fixture(scope="module")
def exported(key, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ssh_com")
    (folder / "key.pem").write_text(key.pem())
    command = ["puttygen", "key.pem", "-O", "private-sshcom", "-o", "key"]
    subprocess.run(command, cwd=folder, check=True, stdin=subprocess.DEVNULL)
    return (folder / "key").read_bytes()


def armour(blob):
    text = base64.b64encode(blob).decode()
    lines = [
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
        'Comment: "changed"',
        *(text[start : start + 70] for start in range(0, len(text), 70)),
        "---- END SSH2 ENCRYPTED PRIVATE KEY ----",
    ]
    return "\n".join(lines).encode()


@pytest.fixture(scope="module")
def blob(exported):
    lines = exported.decode().splitlines()
    return base64.b64decode("".join(line for line in lines if ":" not in line and "-" not in line))


def test_it_is_the_same_key(key, exported):
    assert load_private_key(exported) == key
    assert load_private_key(exported).created_fingerprint == key.created_fingerprint


def test_other_lines_make_no_difference(key, blob):
    assert load_private_key(armour(blob)) == key


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda blob: b"\0" + blob[1:], "not an ssh.com private key"),
        (lambda blob: blob.replace(NONE, CIPHER), "the private key is encrypted"),
        (lambda blob: blob.replace(b"if-modn", b"dl-modp"), "not an RSA or Ed25519 private key"),
        (lambda blob: blob[:-1], "the key is truncated"),
        (lambda blob: blob + b"\0", "the key has bytes after its end"),
        (
            lambda blob: blob.replace(b"\0\0\0\x11\1\0\1", b"\0\0\xff\x11\1\0\1"),
            "the key is truncated",
        ),
        (
            lambda blob: blob.replace(b"\0\0\0\x11\1\0\1", b"\0\0\0\x11\1\0\3"),
            "the numbers of the RSA private key do not fit",
        ),
    ],
    ids=["magic", "cipher", "DSA", "cut", "long", "number too long", "another exponent"],
)
def test_a_damaged_file_is_refused(blob, change, reason):
    with pytest.raises(InvalidKeyError, match=reason):
        load_private_key(armour(change(blob)))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data):
    with pytest.raises(InvalidKeyError):
        load_private_key(armour(b"\x3f\x6f\xf9\xeb" + data))
