"""ImportKeyPair: which material it takes, and what it makes of it."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import random
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_public_key,
)

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "key_vectors.json").read_text("utf-8"))

FORMAT = ("InvalidKey.Format", "Key is not in valid OpenSSH public key format", 400)
ASCII = (
    "InvalidParameterValue",
    "Value for parameter PublicKeyMaterial is invalid. "
    "Character sets beyond ASCII are not supported.",
    400,
)
LENGTH = (
    "InvalidParameterValue",
    "Value for parameter PublicKeyMaterial is invalid. Length exceeds maximum of 2048.",
    400,
)
MISSING = (
    "MissingParameter",
    "The request must contain the parameter PublicKeyMaterial",
    400,
)

PEM, DER, SPKI = Encoding.PEM, Encoding.DER, PublicFormat.SubjectPublicKeyInfo
PKCS1 = PublicFormat.PKCS1


@pytest.fixture(params=["rsa", "ed25519"])
def key(request):
    """A private key; its public half is what is imported."""
    return request.getfixturevalue(f"{request.param}_key")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def public(key, encoding: Encoding, form: PublicFormat) -> bytes:
    return key.public_key().public_bytes(encoding, form)


def private(key, encoding: Encoding, form: PrivateFormat) -> bytes:
    return key.private_bytes(encoding, form, NoEncryption())


def openssh(key) -> str:
    return public(key, Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def strings(*values: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(value)) + value for value in values)


def line_of(*values: bytes) -> str:
    """An OpenSSH line of a blob whose first string is the type."""
    return f"{values[0].decode()} {b64(strings(*values))}"


def rsa_line_of(bits: int) -> str:
    """A key whose modulus is any odd number of so many bits."""
    modulus = random.Random(bits).getrandbits(bits) | 1 | 1 << (bits - 1)
    return line_of(b"ssh-rsa", b"\1\0\1", modulus.to_bytes(bits // 8 + 1, "big"))


def rfc4716(line: str, *headers: str, width: int = 70, end: str = "\n") -> str:
    blob = line.split()[1]
    body = [blob[at : at + width] for at in range(0, len(blob), width)]
    begin, last = "---- BEGIN SSH2 PUBLIC KEY ----", "---- END SSH2 PUBLIC KEY ----"
    return end.join([begin, *headers, *body, last, ""])


# What is recorded


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: case["id"])
def test_answers_as_recorded(aws, ec2, error_of, case):
    if case["error"]:
        error = error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=case["material"])
        assert error == (*case["error"], 400)
    else:
        answer = ec2.import_key_pair(KeyName="k", PublicKeyMaterial=case["material"])
        assert answer["KeyFingerprint"] == case["fingerprint"]


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_rsa_fingerprint_is_what_openssl_shows(aws, ec2, rsa_key, tmp_path):
    (tmp_path / "k").write_bytes(private(rsa_key, PEM, PrivateFormat.TraditionalOpenSSL))
    der = run("openssl", "rsa", "-in", str(tmp_path / "k"), "-pubout", "-outform", "DER")
    shown = run("openssl", "md5", "-c", stdin=der).decode().split("= ")[1].strip()
    answer = ec2.import_key_pair(KeyName="k", PublicKeyMaterial=openssh(rsa_key))
    assert answer["KeyFingerprint"] == shown
    assert re.fullmatch("([0-9a-f]{2}:){15}[0-9a-f]{2}", shown)


def run(*command: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


def test_rsa_fingerprint_is_not_the_one_of_rfc_4716(aws, ec2, rsa_key):
    blob = base64.b64decode(openssh(rsa_key).split()[1])
    documented = hashlib.md5(blob, usedforsecurity=False).digest().hex(":")
    answer = ec2.import_key_pair(KeyName="k", PublicKeyMaterial=openssh(rsa_key))
    assert answer["KeyFingerprint"] != documented


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs ssh-keygen")
def test_ed25519_fingerprint_is_what_ssh_keygen_shows_with_padding(
    aws, ec2, ed25519_line, tmp_path
):
    (tmp_path / "k.pub").write_text(ed25519_line)
    shown = run("ssh-keygen", "-l", "-f", str(tmp_path / "k.pub")).decode().split()[1]
    fingerprint = ec2.import_key_pair(KeyName="k", PublicKeyMaterial=ed25519_line)["KeyFingerprint"]
    assert "SHA256:" + fingerprint == shown + "="
    assert len(fingerprint) == 44


# What is accepted

ANY_TYPE = {
    "openssh": openssh,
    "openssh, comment with spaces, LF": lambda key: openssh(key) + " me at example.com\n",
    "openssh, no comment, LF": lambda key: openssh(key) + "\n",
    "base64 of DER SubjectPublicKeyInfo": lambda key: b64(public(key, DER, SPKI)),
}


@pytest.mark.parametrize("encode", ANY_TYPE.values(), ids=ANY_TYPE)
def test_encodings_of_both_types_are_one_key(aws, ec2, key, encode):
    plain = ec2.import_key_pair(KeyName="plain", PublicKeyMaterial=openssh(key))
    encoded = ec2.import_key_pair(KeyName="encoded", PublicKeyMaterial=encode(key))
    assert encoded["KeyFingerprint"] == plain["KeyFingerprint"]
    assert public_key(ec2, "encoded") == f"{openssh(key)} encoded\n"


RSA_ONLY = {
    "rfc4716, comment": lambda line: rfc4716(line, 'Comment: "a b"'),
    "rfc4716, on one line": lambda line: rfc4716(line, 'Comment: "a b"', width=9999),
    "rfc4716, CRLF": lambda line: rfc4716(line, "Comment: a", end="\r\n"),
    "rfc4716, continued headers": lambda line: rfc4716(
        line, "Comment: This is a key \\", "that goes on \\", "and on", "x-more: b", end="\r\n"
    ),
}


@pytest.mark.parametrize("encode", RSA_ONLY.values(), ids=RSA_ONLY)
def test_rfc4716_is_for_rsa_only(aws, ec2, error_of, rsa_line, ed25519_line, encode):
    ec2.import_key_pair(KeyName="k", PublicKeyMaterial=encode(rsa_line))
    assert public_key(ec2, "k") == f"{rsa_line} k\n"
    refused = error_of(ec2.import_key_pair, KeyName="x", PublicKeyMaterial=encode(ed25519_line))
    assert refused == FORMAT


def public_key(ec2, key_name: str) -> str:
    found = ec2.describe_key_pairs(KeyNames=[key_name], IncludePublicKey=True)
    return found["KeyPairs"][0]["PublicKey"]


@pytest.mark.parametrize("bits", [512, 768, 1023, 1024, 1025, 1536, 2048, 3072, 4096, 8192])
def test_rsa_may_have_any_size(aws, ec2, bits):
    line = rsa_line_of(bits)
    ec2.import_key_pair(KeyName="k", PublicKeyMaterial=line)
    assert public_key(ec2, "k") == f"{line} k\n"


def test_rsa_8192_is_shorter_than_the_limit_and_16384_longer(aws, ec2, error_of):
    assert (len(rsa_line_of(8192)), len(rsa_line_of(16384))) == (1404, 2772)
    ec2.import_key_pair(KeyName="8192", PublicKeyMaterial=rsa_line_of(8192))
    error = error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=rsa_line_of(16384))
    assert error == LENGTH


def test_2048_characters_are_counted_on_the_base64_text(aws, ec2, error_of, rsa_line):
    padded = (rsa_line + " ").ljust(1536, "x")
    ec2.import_key_pair(KeyName="k", PublicKeyMaterial=padded)
    error = error_of(ec2.import_key_pair, KeyName="long", PublicKeyMaterial=padded + "x")
    assert error == LENGTH


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=ascii)
@pytest.mark.parametrize("width", [60, 76, 4096])
def test_base64_may_have_line_breaks(aws, send, rsa_line, width, end):
    """As Ruby's aws-sdk 1 and fog-aws (60 columns) and Perl's VM::EC2 (76) send it."""
    text = base64.b64encode(rsa_line.encode()).decode()
    broken = "".join(f"{text[start : start + width]}{end}" for start in range(0, len(text), width))
    send("ImportKeyPair", KeyName="k", PublicKeyMaterial=broken)
    assert aws.backend().key_pairs["k"].public_key.split()[1] == rsa_line.split()[1]


def test_one_key_may_have_many_names(aws, ec2, rsa_line):
    answers = [ec2.import_key_pair(KeyName=name, PublicKeyMaterial=rsa_line) for name in "abc"]
    assert len({answer["KeyFingerprint"] for answer in answers}) == 1
    assert len({answer["KeyPairId"] for answer in answers}) == 3


# What is refused


def certificate(rsa_key) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "example.com")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
    subject = rsa_key.public_key()
    builder = x509.CertificateBuilder(name, name, subject, 1, start, start + dt.timedelta(9))
    return builder.sign(Ed25519PrivateKey.generate(), None).public_bytes(PEM).decode()


def openssh_certificate(key) -> str:
    name = openssh(key).split()[0].encode() + b"-cert-v01@openssh.com"
    return line_of(name, b"nonce" * 6, b"\1\0\1", b"n" * 65, bytes(64))


OF_A_KEY = {
    "PEM of SubjectPublicKeyInfo": lambda key: public(key, PEM, SPKI).decode(),
    "private, PKCS#8": lambda key: private(key, PEM, PrivateFormat.PKCS8).decode(),
    "private, OpenSSH": lambda key: private(key, PEM, PrivateFormat.OpenSSH).decode(),
    "private, encrypted": lambda key: key.private_bytes(
        PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
    ).decode(),
    "private, base64 of DER": lambda key: b64(private(key, DER, PrivateFormat.PKCS8)),
    "OpenSSH certificate": openssh_certificate,
    "authorized_keys options": lambda key: f"no-port-forwarding {openssh(key)}",
    "base64 of an OpenSSH line": lambda key: b64(openssh(key).encode()),
    "two keys": lambda key: f"{openssh(key)}\n{openssh(key)}\n",
    "leading blank line": lambda key: f"\n{openssh(key)}",
    "blob cut short": lambda key: line_cut(key, slice(-1)),
    "blob too long": lambda key: f"{openssh(key).split()[0]} {b64(blob_of(key) + bytes(3))}",
    "type without a blob": lambda key: openssh(key).split()[0],
    "blob without a type": lambda key: openssh(key).split()[1],
    "another type's name": lambda key: other_type(openssh(key)),
}


def blob_of(key) -> bytes:
    return base64.b64decode(openssh(key).split()[1])


def line_cut(key, part: slice) -> str:
    return f"{openssh(key).split()[0]} {b64(blob_of(key)[part])}"


def other_type(line: str) -> str:
    swapped = {"ssh-rsa": "ssh-ed25519", "ssh-ed25519": "ssh-rsa"}
    return " ".join([swapped[line.split()[0]], line.split()[1]])


@pytest.mark.parametrize("encode", OF_A_KEY.values(), ids=OF_A_KEY)
def test_refuses_other_forms_of_both_types(aws, ec2, error_of, key, encode):
    assert error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=encode(key)) == (
        LENGTH if len(encode(key)) > 1536 else FORMAT
    )


OF_RSA = {
    "PEM of PKCS#1": lambda key: public(key, PEM, PKCS1).decode(),
    "base64 of DER PKCS#1": lambda key: b64(public(key, DER, PKCS1)),
    "X.509 certificate": certificate,
    "private, PKCS#1": lambda key: private(key, PEM, PrivateFormat.TraditionalOpenSSL).decode(),
}


@pytest.mark.parametrize("encode", OF_RSA.values(), ids=OF_RSA)
def test_refuses_other_forms_of_rsa(aws, ec2, error_of, rsa_key, encode):
    assert error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=encode(rsa_key)) == (
        LENGTH if len(encode(rsa_key)) > 1536 else FORMAT
    )


ECDSA = ec.derive_private_key(7, ec.SECP256R1())
OTHERS = {
    "junk": "this is no key",
    "blanks": "  \n",
    "ECDSA": openssh(ECDSA),
    "ECDSA, base64 of DER": b64(public(ECDSA, DER, SPKI)),
    "DSA": line_of(b"ssh-dss", b"p" * 128, b"q" * 20, b"g" * 128, b"y" * 128),
    "security key": line_of(b"sk-ssh-ed25519@openssh.com", bytes(32), b"ssh:"),
    "base64 of junk": b64(b"this is no key"),
}


@pytest.mark.parametrize("material", OTHERS.values(), ids=OTHERS)
def test_refuses_what_is_no_rsa_or_ed25519_key(aws, ec2, error_of, material):
    error = error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=material)
    assert error == FORMAT


@pytest.mark.parametrize("form", [SPKI, PKCS1], ids=["SubjectPublicKeyInfo", "PKCS#1"])
def test_refuses_binary_der_of_rsa_as_not_ascii(aws, ec2, error_of, rsa_key, form):
    material = public(rsa_key, DER, form)
    assert error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=material) == ASCII


def test_refuses_binary_der_of_ed25519_as_not_ascii(aws, ec2, error_of, ed25519_line):
    material = load_ssh_public_key(ed25519_line.encode()).public_bytes(DER, SPKI)
    assert error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=material) == ASCII


def test_refuses_a_comment_beyond_ascii(aws, ec2, error_of, rsa_line):
    material = f"{rsa_line} me@exämple"
    assert error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=material) == ASCII


def test_the_length_comes_before_everything_else(aws, ec2, send, error_of):
    material = "é" * 2049
    assert error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=material) == LENGTH
    wire = "no base64!" * 300
    assert error_of(send, action="ImportKeyPair", KeyName="k", PublicKeyMaterial=wire) == LENGTH


@pytest.mark.parametrize("given", [{}, {"PublicKeyMaterial": b""}], ids=["absent", "empty"])
def test_refuses_no_material(aws, lax, error_of, given):
    assert error_of(lax.import_key_pair, KeyName="k", **given) == MISSING


@pytest.mark.parametrize("wire", ["no base64!", "c3NoLXJzYQ", "c3No LXJzYQ==", "é"], ids=ascii)
def test_refuses_what_is_not_base64_on_the_wire(aws, send, error_of, wire):
    assert error_of(send, action="ImportKeyPair", KeyName="k", PublicKeyMaterial=wire) == FORMAT


# What comes of it


def test_answers_with_name_id_and_fingerprint_and_keeps_them(aws, ec2, ed25519_line):
    answer = ec2.import_key_pair(KeyName="k", PublicKeyMaterial=ed25519_line)
    answer.pop("ResponseMetadata")
    (found,) = ec2.describe_key_pairs()["KeyPairs"]
    assert set(answer) == {"KeyName", "KeyPairId", "KeyFingerprint"}
    assert found.items() >= answer.items()
    assert found["KeyType"] == "ed25519"


def test_the_quota_is_5000_key_pairs_in_a_region(aws, make_client, ec2, error_of, ed25519_line):
    seed(aws.backend(), 4999, ed25519_line)
    ec2.import_key_pair(KeyName="last", PublicKeyMaterial=ed25519_line)
    full = ("KeyPairLimitExceeded", "Maximum of 5000 keypairs reached.", 400)
    assert error_of(ec2.import_key_pair, KeyName="k", PublicKeyMaterial=ed25519_line) == full
    assert error_of(ec2.create_key_pair, KeyName="k", KeyType="ed25519") == full
    make_client("eu-west-1").import_key_pair(KeyName="k", PublicKeyMaterial=ed25519_line)
    ec2.delete_key_pair(KeyName="last")
    ec2.import_key_pair(KeyName="k", PublicKeyMaterial=ed25519_line)


def seed(backend, count: int, material: str) -> None:
    for number in range(count):
        backend.import_key_pair(key_name=f"seed-{number}", public_key_material=material)
