"""Private keys against OpenSSH and OpenSSL: what is made, what is written, what is read."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from ec2_keypair_mock.keys.errors import InvalidKeyError
from ec2_keypair_mock.keys.private_key import (
    PrivateKey,
    generate_private_key,
    load_private_key,
)
from ec2_keypair_mock.keys.public_key import parse_public_key

needs_ssh_keygen = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs ssh-keygen")
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")

PEM, DER = Encoding.PEM, Encoding.DER
PKCS1, PKCS8, OPENSSH = (
    PrivateFormat.TraditionalOpenSSL,
    PrivateFormat.PKCS8,
    PrivateFormat.OpenSSH,
)


def run(*command: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


def write(directory: Path, data: bytes) -> str:
    path = directory / "key"
    path.write_bytes(data)
    path.chmod(0o600)
    return str(path)


def pem_of(key, form: PrivateFormat = PKCS8) -> bytes:
    return key.private_bytes(PEM, form, NoEncryption())


def public_line(key) -> str:
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


@pytest.fixture(scope="session")
def created_rsa() -> PrivateKey:
    return generate_private_key("rsa")


@pytest.fixture(scope="session")
def created_ed25519() -> PrivateKey:
    return generate_private_key("ed25519")


@pytest.fixture(scope="session", params=["rsa", "ed25519"])
def created(request) -> PrivateKey:
    return request.getfixturevalue(f"created_{request.param}")


# Keys that are made.


@needs_openssl
def test_openssl_finds_a_created_rsa_key_sound_with_2048_bits(created_rsa):
    pem = created_rsa.pem().encode()
    answer = run("openssl", "rsa", "-check", "-noout", "-text", stdin=pem).decode()
    assert "RSA key ok" in answer
    assert "(2048 bit" in answer
    assert "publicExponent: 65537 " in answer


@needs_ssh_keygen
def test_ssh_keygen_reads_the_pem_as_the_same_key(created, tmp_path):
    line = run("ssh-keygen", "-y", "-f", write(tmp_path, created.pem().encode())).decode()
    assert parse_public_key(line) == created.public_key


@pytest.mark.parametrize(
    ("key_type", "label"),
    [("rsa", "RSA PRIVATE KEY"), ("ed25519", "OPENSSH PRIVATE KEY")],
    ids=["rsa", "ed25519"],
)
def test_pem_has_the_label_that_aws_writes(key_type, label, request):
    lines = request.getfixturevalue(f"created_{key_type}").pem().split("\n")
    assert lines[0] == f"-----BEGIN {label}-----"
    assert lines[-2:] == [f"-----END {label}-----", ""]


@needs_openssl
def test_rsa_fingerprint_is_the_sha1_that_openssl_counts(created_rsa, tmp_path):
    key = write(tmp_path, created_rsa.pem().encode())
    pkcs8 = ["-inform", "PEM", "-outform", "DER", "-topk8", "-nocrypt"]
    der = run("openssl", "pkcs8", "-in", key, *pkcs8)
    answer = run("openssl", "sha1", "-c", stdin=der).decode()
    assert created_rsa.created_fingerprint == answer.split("= ")[1].strip()


@needs_ssh_keygen
def test_ed25519_fingerprint_is_the_sha256_that_ssh_keygen_shows_padded(created_ed25519, tmp_path):
    key = write(tmp_path, created_ed25519.pem().encode())
    shown = run("ssh-keygen", "-l", "-f", key).decode().split()[1]
    assert "SHA256:" + created_ed25519.created_fingerprint == shown + "="


def test_created_and_imported_fingerprints_agree_for_ed25519_only(created):
    same = created.created_fingerprint == created.public_key.fingerprint
    assert same == (created.key_type == "ed25519")


def test_every_key_is_a_new_one(created):
    other = generate_private_key(created.key_type)
    assert other != created
    assert other.public_key != created.public_key


def test_repr_shows_the_type_only(created):
    assert repr(created) == f"PrivateKey(key_type={created.key_type!r})"


def test_is_frozen_and_compares_by_its_public_half(created):
    again = load_private_key(created.pem().encode())
    assert again == created
    assert hash(again) == hash(created)
    with pytest.raises(AttributeError):
        created.key_type = "rsa"


# Keys that are read.

FORMS = {"PKCS#8": PKCS8, "OpenSSH": OPENSSH}


def same_key(loaded: PrivateKey, key) -> bool:
    return pem_of(loaded.key) == pem_of(key)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_loads_every_pem(form, end, key):
    loaded = load_private_key(pem_of(key, form).replace(b"\n", end))
    assert same_key(loaded, key)
    assert loaded.public_key == parse_public_key(public_line(key))


def test_loads_pkcs1(rsa_key):
    loaded = load_private_key(pem_of(rsa_key, PKCS1))
    assert same_key(loaded, rsa_key)
    assert loaded.key_type == "rsa"


def test_fingerprint_does_not_depend_on_the_file(rsa_key):
    loaded = [load_private_key(pem_of(rsa_key, form)) for form in (PKCS1, PKCS8, OPENSSH)]
    assert len({key.created_fingerprint for key in loaded}) == 1


@needs_ssh_keygen
@pytest.mark.parametrize("arguments", [["rsa", "-b", "1024"], ["ed25519"]], ids=lambda a: a[0])
def test_loads_the_files_of_ssh_keygen(arguments, tmp_path):
    path = str(tmp_path / "key")
    run("ssh-keygen", "-q", "-N", "", "-C", "me", "-f", path, "-t", *arguments)
    loaded = load_private_key(Path(path).read_bytes())
    assert loaded.public_key.openssh("me") == Path(path + ".pub").read_text()


@needs_openssl
@pytest.mark.parametrize("bits", [512, 1023, 1025])
def test_loads_rsa_of_odd_sizes(bits):
    pem = run("openssl", "genrsa", str(bits))
    loaded = load_private_key(pem)
    der = run("openssl", "pkcs8", "-topk8", "-nocrypt", "-outform", "DER", stdin=pem)
    answer = run("openssl", "sha1", "-c", stdin=der).decode()
    assert loaded.key.key_size == bits
    assert loaded.created_fingerprint == answer.split("= ")[1].strip()


@pytest.mark.parametrize("form", [PKCS1, PKCS8], ids=["PKCS#1", "PKCS#8"])
def test_says_that_a_pem_is_encrypted(form, rsa_key):
    data = rsa_key.private_bytes(PEM, form, BestAvailableEncryption(b"secret"))
    with pytest.raises(InvalidKeyError, match=r"^the private key is encrypted$"):
        load_private_key(data)


@needs_ssh_keygen
@pytest.mark.parametrize("cipher", ["aes256-ctr", "chacha20-poly1305@openssh.com"])
def test_says_that_an_openssh_file_is_encrypted(cipher, tmp_path):
    path = tmp_path / "key"
    options = ["-t", "ed25519", "-Z", cipher, "-a", "1"]
    run("ssh-keygen", "-q", "-N", "secret", "-f", str(path), *options)
    with pytest.raises(InvalidKeyError, match=r"^the private key is encrypted$"):
        load_private_key(path.read_bytes())


OTHER_KEYS = {
    "ECDSA PKCS#8": pem_of(ec.generate_private_key(ec.SECP256R1())),
    "ECDSA SEC 1": pem_of(ec.generate_private_key(ec.SECP256R1()), PKCS1),
    "ECDSA OpenSSH": pem_of(ec.generate_private_key(ec.SECP256R1()), OPENSSH),
    "X25519": pem_of(X25519PrivateKey.generate()),
}


@pytest.mark.parametrize("data", OTHER_KEYS.values(), ids=OTHER_KEYS.keys())
def test_says_that_a_key_is_of_another_type(data):
    with pytest.raises(InvalidKeyError, match=r"^not an RSA or Ed25519 private key$"):
        load_private_key(data)


def test_refuses_rsa_that_ec2_could_not_import():
    p, q, e = 2**61 - 1, 2**89 - 1, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    version_and_numbers = [0, p * q, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)]
    with pytest.raises(InvalidKeyError):
        load_private_key(pkcs1(version_and_numbers))


def pkcs1(integers: list[int]) -> bytes:
    """Write PKCS#1 of numbers so small that every length is below 128."""

    def element(tag: int, contents: bytes) -> bytes:
        assert len(contents) < 128
        return bytes([tag, len(contents)]) + contents

    der = b"".join(element(2, n.to_bytes(n.bit_length() // 8 + 1, "big")) for n in integers)
    body = base64.encodebytes(element(0x30, der))
    return b"-----BEGIN RSA PRIVATE KEY-----\n" + body + b"-----END RSA PRIVATE KEY-----\n"


NO_PRIVATE_KEYS = {
    "empty": b"",
    "junk": b"\x00\xff junk",
    "PEM of junk": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    "OpenSSH begin only": b"-----BEGIN OPENSSH PRIVATE KEY-----",
    "OpenSSH of junk": b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
    b"-----END OPENSSH PRIVATE KEY-----\n",
    "public key line": b"ssh-ed25519 "
    b"AAAAC3NzaC1lZDI1NTE5AAAAIMduvWA7Q35QVLBez30EIH7qXgyHjmUqQgB6+Klj7oM1 me\n",
}


@pytest.mark.parametrize("data", NO_PRIVATE_KEYS.values(), ids=NO_PRIVATE_KEYS.keys())
def test_says_that_a_file_holds_no_private_key(data):
    with pytest.raises(InvalidKeyError, match=r"^not a PEM, OpenSSH or PPK private key$"):
        load_private_key(data)


def test_refuses_public_pem_and_der(rsa_key):
    public = rsa_key.public_key().public_bytes(PEM, PublicFormat.SubjectPublicKeyInfo)
    for data in (public, rsa_key.private_bytes(DER, PKCS8, NoEncryption())):
        with pytest.raises(InvalidKeyError, match=r"^not a PEM, OpenSSH or PPK private key$"):
            load_private_key(data)


def test_refuses_an_unknown_type_in_the_openssh_form(ed25519_key):
    pem = pem_of(ed25519_key, OPENSSH)
    body = b"".join(pem.splitlines()[1:-1])
    other = base64.b64decode(body).replace(b"ssh-ed25519", b"ssh-ed25518")
    data = pem.replace(b"\n".join(pem.splitlines()[1:-1]), base64.b64encode(other))
    with pytest.raises(InvalidKeyError, match=r"^not an RSA or Ed25519 private key$"):
        load_private_key(data)


@given(data=st.data())
@settings(deadline=None)
def test_damaged_files_are_keys_or_refused_without_their_material(data, ed25519_key):
    pem = bytearray(pem_of(ed25519_key, data.draw(st.sampled_from([PKCS8, OPENSSH]))))
    for at in data.draw(st.lists(st.integers(0, len(pem) - 1), min_size=1, max_size=3)):
        pem[at] = data.draw(st.integers(0, 255))
    damaged = bytes(pem[: data.draw(st.integers(0, len(pem)))])
    try:
        load_private_key(damaged)
    except InvalidKeyError as refusal:
        assert re.fullmatch(r"[a-zA-Z0-9 ,]{1,70}", str(refusal))
