"""PPK files against PuTTY's own puttygen, both ways."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from ec2_keypair_mock.keys.errors import InvalidKeyError
from ec2_keypair_mock.keys.private_key import PrivateKey, load_private_key
from ec2_keypair_mock.keys.putty import from_ppk, to_ppk

needs_puttygen = pytest.mark.skipif(not shutil.which("puttygen"), reason="needs puttygen")
VERSIONS = pytest.mark.parametrize("version", [2, 3], ids=["v2", "v3"])


def pem_of(key, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(Encoding.PEM, form, NoEncryption())


def loaded(key) -> PrivateKey:
    return load_private_key(pem_of(key))


def puttygen(directory: Path, source: str, *arguments: str) -> Path:
    path, out = directory / "source", directory / "out"
    path.write_text(source, newline="")
    path.chmod(0o600)
    command = ["puttygen", str(path), *arguments, "-o", str(out)]
    subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    return out


def ppk_of_puttygen(directory: Path, key, version: int, *arguments: str) -> bytes:
    """Let puttygen write a key as PPK."""
    source = pem_of(key, PrivateFormat.OpenSSH).decode()
    options = ["-O", "private", "--ppk-param", f"version={version}", *arguments]
    return puttygen(directory, source, *options).read_bytes()


# Written.

COMMENTS = ["my-key", "a b  c", "", "trailing ", "colon: value", "Private-Lines: 1"]


@needs_puttygen
@pytest.mark.parametrize("comment", COMMENTS)
def test_is_byte_for_byte_what_puttygen_writes(comment, key, tmp_path):
    expected = ppk_of_puttygen(tmp_path, key, 2, "-C", comment)
    assert to_ppk(loaded(key), comment).encode() == expected


@needs_puttygen
def test_puttygen_reads_it_as_the_same_key(key, tmp_path):
    ppk = to_ppk(loaded(key), "my key")
    line = puttygen(tmp_path, ppk, "-O", "public-openssh").read_text()
    assert line == loaded(key).public_key.openssh("my key")
    back = puttygen(tmp_path, ppk, "-O", "private-openssh-new").read_bytes()
    assert pem_of(load_private_key(back).key) == pem_of(key)


def test_has_the_head_that_aws_writes(key):
    lines = to_ppk(loaded(key), "my-key").split("\n")
    key_type = "ssh-" + loaded(key).key_type
    assert lines[:3] == [
        f"PuTTY-User-Key-File-2: {key_type}",
        "Encryption: none",
        "Comment: my-key",
    ]


BREAKING_COMMENTS = {
    "LF": "a\nPrivate-Lines: 0",
    "CR": "a\rb",
    "NUL": "\0",
    "escape": "\x1b[2J",
    "line separator": "a\u2028b",
    "lone surrogate": "\ud800",
}


@pytest.mark.parametrize("comment", BREAKING_COMMENTS.values(), ids=BREAKING_COMMENTS.keys())
def test_refuses_comments_that_would_break_the_file(comment, ed25519_key):
    with pytest.raises(ValueError, match="one line of printable characters"):
        to_ppk(loaded(ed25519_key), comment)


@given(comment=st.text(), seed=st.binary(min_size=32, max_size=32))
def test_is_read_as_it_was_written(comment, seed):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    try:
        ppk = to_ppk(loaded(key), comment)
    except ValueError:
        assert not comment.isprintable()
    else:
        assert from_ppk(ppk.encode()).private_bytes_raw() == seed


# Read.


@needs_puttygen
@VERSIONS
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_reads_what_puttygen_writes(version, end, key, tmp_path):
    ppk = ppk_of_puttygen(tmp_path, key, version, "-C", "a comment").replace(b"\n", end)
    assert pem_of(load_private_key(ppk).key) == pem_of(key)
    assert pem_of(load_private_key(ppk + end).key) == pem_of(key)


@needs_puttygen
@VERSIONS
def test_reads_a_comment_in_any_encoding(version, ed25519_key, tmp_path):
    comment = b"caf\xe9 \xff\x0b\x1c"
    ppk = ppk_of_puttygen(tmp_path, ed25519_key, version, "-C", comment)
    assert comment in ppk
    assert pem_of(from_ppk(ppk)) == pem_of(ed25519_key)


@needs_puttygen
@VERSIONS
@pytest.mark.parametrize("zeros", [1, 2, 3, 31])
def test_reads_seeds_that_end_in_zeros(version, zeros, tmp_path):
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33 - zeros)) + bytes(zeros))
    ppk = ppk_of_puttygen(tmp_path, key, version)
    assert pem_of(from_ppk(ppk)) == pem_of(key)


def test_reads_a_mac_in_capitals(ed25519_key, ed25519_ppk):
    head, mac = ed25519_ppk.split("Private-MAC: ")
    assert pem_of(from_ppk(f"{head}Private-MAC: {mac.upper()}".encode())) == pem_of(ed25519_key)


@needs_puttygen
@VERSIONS
def test_says_that_a_file_is_encrypted(version, ed25519_key, tmp_path):
    (tmp_path / "passphrase").write_text("secret\n")
    encryption = ["--new-passphrase", str(tmp_path / "passphrase")]
    ppk = ppk_of_puttygen(tmp_path, ed25519_key, version, *encryption)
    assert b"Encryption: aes256-cbc" in ppk
    with pytest.raises(InvalidKeyError, match=r"^the private key is encrypted$"):
        load_private_key(ppk)


# Refused. A file that is changed gets a right MAC from puttygen or from this function.


def with_mac(ppk: str) -> bytes:
    """Write the MAC of a changed version 2 file anew, from the text alone."""
    head, public, private = re.fullmatch(
        r"((?:.*\n){3})Public-Lines: \d+\n(.*)Private-Lines: \d+\n(.*)Private-MAC: .*\n",
        ppk,
        re.DOTALL,
    ).groups()
    fields = [line.split(": ", 1)[1].encode() for line in head.splitlines()]
    fields += [base64.b64decode(public), base64.b64decode(private)]
    message = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    mac_key = hashlib.sha1(b"putty-private-key-file-mac-key", usedforsecurity=False).digest()
    mac = hmac.new(mac_key, message, "sha1").hexdigest()
    return re.sub(r"Private-MAC: .*", f"Private-MAC: {mac}", ppk).encode()


def with_private(ppk: str, blob: bytes) -> bytes:
    text = base64.b64encode(blob).decode()
    private = f"Private-Lines: 1\n{text}\nPrivate-MAC"
    return with_mac(re.sub(r"Private-Lines.*Private-MAC", private, ppk, flags=re.DOTALL))


def strings(*values: bytes) -> bytes:
    return b"".join(len(value).to_bytes(4, "big") + value for value in values)


@pytest.fixture(scope="session")
def rsa_ppk(rsa_key) -> str:
    return to_ppk(loaded(rsa_key), "my-key")


@pytest.fixture(scope="session")
def ed25519_ppk(ed25519_key) -> str:
    return to_ppk(loaded(ed25519_key), "my-key")


def test_the_mac_of_these_tests_is_right(rsa_ppk, ed25519_ppk):
    assert with_mac(rsa_ppk).decode() == rsa_ppk
    assert with_mac(ed25519_ppk).decode() == ed25519_ppk


def changed_digit(ppk: str) -> str:
    return ppk[:-2] + ("1" if ppk[-2] == "0" else "0") + ppk[-1]


DAMAGE = {
    "comment": (lambda ppk: ppk.replace("my-key", "my-kez"), "MAC of the PPK file is wrong"),
    "MAC": (changed_digit, "MAC of the PPK file is wrong"),
    "MAC not hex": (lambda ppk: re.sub("MAC: .*", "MAC: \u00e9", ppk), "MAC .* is wrong"),
    "version as 3": (lambda ppk: ppk.replace("File-2", "File-3"), "MAC of the PPK file is wrong"),
    "version 1": (lambda ppk: ppk.replace("File-2", "File-1"), "another version than 2 and 3"),
    "no MAC": (lambda ppk: ppk.split("Private-MAC")[0], "has no Private-MAC"),
    "no comment": (lambda ppk: ppk.replace("Comment: my-key\n", ""), "has no Comment"),
    "no private key": (lambda ppk: ppk.split("Private-Lines")[0], "has no Private-Lines"),
    "blank line": (lambda ppk: ppk.replace("\nPublic", "\n\nPublic"), "a line that is no field"),
    "count no number": (lambda ppk: re.sub(r"Lines: \d+", "Lines: x", ppk), "number of lines"),
    "count negative": (lambda ppk: re.sub(r"Lines: \d+", "Lines: -1", ppk), "number of lines"),
    "count endless": (lambda ppk: re.sub(r"Lines: \d+", "Lines: 1" + "0" * 5000, ppk), "number"),
    "count too high": (lambda ppk: ppk.replace("Public-Lines: ", "Public-Lines: 9"), "not base64"),
    "count too low": (lambda ppk: re.sub(r"Public-Lines: \d+", "Public-Lines: 1", ppk), "no field"),
    "foreign character": (lambda ppk: ppk.replace("AAAA", "AA*A", 1), "not base64"),
    "not ASCII": (lambda ppk: ppk.replace("AAAA", "AA\u00e9A", 1), "not base64"),
}


@pytest.mark.parametrize(("damage", "reason"), DAMAGE.values(), ids=DAMAGE.keys())
def test_refuses_damaged_files(damage, reason, rsa_ppk):
    with pytest.raises(InvalidKeyError, match=reason):
        load_private_key(damage(rsa_ppk).encode())


@needs_puttygen
def test_says_that_a_key_is_of_another_type(tmp_path):
    ppk = ppk_of_puttygen(tmp_path, ec.generate_private_key(ec.SECP256R1()), 3)
    with pytest.raises(InvalidKeyError, match="not an RSA or Ed25519 key"):
        load_private_key(ppk)


def test_refuses_a_file_that_names_another_type(ed25519_ppk):
    with pytest.raises(InvalidKeyError, match="names another type"):
        load_private_key(with_mac(ed25519_ppk.replace("ssh-ed25519", "ssh-rsa")))


ED25519_BLOBS = {
    "another seed": (strings(bytes(32)), "does not fit"),
    "seed of 33 bytes": (strings(bytes(33)), "too long"),
    "bytes after": (strings(bytes(32)) + b"\0", "after its end"),
    "truncated": (strings(bytes(32))[:-1], "truncated"),
}


@pytest.mark.parametrize(("blob", "reason"), ED25519_BLOBS.values(), ids=ED25519_BLOBS.keys())
def test_refuses_ed25519_halves_that_do_not_fit(blob, reason, ed25519_ppk):
    with pytest.raises(InvalidKeyError, match=reason):
        load_private_key(with_private(ed25519_ppk, blob))


RSA_CHANGES = {
    "another d": {"d": lambda d: d + 2},
    "another p": {"p": lambda p: p + 2},
    "p = 1": {"p": lambda p: 1},
    "p = 0": {"p": lambda p: 0},
    "q = 1": {"q": lambda q: 1},
    "all 0": dict.fromkeys(("d", "p", "q", "iqmp"), lambda n: 0),
    "another iqmp": {"iqmp": lambda i: i + 1},
}


@pytest.mark.parametrize("changes", RSA_CHANGES.values(), ids=RSA_CHANGES.keys())
def test_refuses_rsa_numbers_that_do_not_fit(changes, rsa_key, rsa_ppk):
    numbers = rsa_key.private_numbers()
    values = {name: getattr(numbers, name) for name in ("d", "p", "q", "iqmp")}
    values |= {name: change(values[name]) for name, change in changes.items()}
    blob = strings(*(n.to_bytes(n.bit_length() // 8 + 1, "big") for n in values.values()))
    with pytest.raises(InvalidKeyError, match="numbers of the RSA private key do not fit"):
        load_private_key(with_private(rsa_ppk, blob))


def test_refuses_bytes_after_the_rsa_numbers(rsa_ppk):
    text = re.search(r"Private-Lines: \d+\n(.*)Private-MAC", rsa_ppk, re.DOTALL)[1]
    with pytest.raises(InvalidKeyError, match="after its end"):
        load_private_key(with_private(rsa_ppk, base64.b64decode(text) + b"\0"))


@given(data=st.data())
@settings(deadline=None)
def test_damaged_files_are_the_same_key_or_refused(data, ed25519_key, ed25519_ppk):
    ppk = bytearray(ed25519_ppk.encode())
    for at in data.draw(st.lists(st.integers(0, len(ppk) - 1), min_size=1, max_size=3)):
        ppk[at] = data.draw(st.integers(0, 255))
    try:
        read = from_ppk(bytes(ppk))
    except InvalidKeyError as refusal:
        assert re.fullmatch(r"[a-zA-Z0-9 -]{1,70}", str(refusal))
    else:
        assert pem_of(read) == pem_of(ed25519_key)
