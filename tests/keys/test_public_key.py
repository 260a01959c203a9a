"""Public keys against recorded answers of EC2, and against OpenSSH, OpenSSL and PuTTY."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import shutil
import struct
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from ec2_keypair_mock.keys.public_key import InvalidKeyError, PublicKey, parse_public_key

needs_ssh_keygen = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs ssh-keygen")
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
needs_puttygen = pytest.mark.skipif(not shutil.which("puttygen"), reason="needs puttygen")

RECORDED = json.loads(
    (Path(__file__).parents[1] / "data" / "key_vectors.json").read_text("utf-8"),
)["cases"]
ACCEPTED = [case for case in RECORDED if case["error"] is None]
REFUSED = [case for case in RECORDED if case["error"]]
RSA = ACCEPTED[0]["material"]
ED25519 = next(c for c in ACCEPTED if c["id"].startswith("ed25519"))["material"]

# 1023 and 1025 bits, and numbers that are no product of two primes, as EC2 takes them.
RSA_BITS = [512, 768, 1023, 1024, 1025, 1536, 2048, 3072, 4096, 8192]


def by_id(case: dict[str, str]) -> str:
    return case["id"]


def run(*command: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


def blob_of(line: str) -> bytes:
    return base64.b64decode(line.split()[1])


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def strings(*values: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(value)) + value for value in values)


def openssh(key) -> str:
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def spki(key, encoding: Encoding = Encoding.DER) -> bytes:
    return key.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


def rfc4716(blob: bytes, *headers: str, width: int = 70, end: str = "\n") -> str:
    text = b64(blob)
    body = [text[at : at + width] for at in range(0, len(text), width)]
    begin, last = "---- BEGIN SSH2 PUBLIC KEY ----", "---- END SSH2 PUBLIC KEY ----"
    return end.join([begin, *headers, *body, last, ""])


def modulus_of(bits: int) -> int:
    return random.Random(bits).getrandbits(bits) | 1 | 1 << bits - 1


def rsa_line(modulus: int, exponent: int = 65537) -> str:
    key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def integer(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def rsa_blob_line(exponent: bytes, modulus: bytes, rest: bytes = b"") -> str:
    return "ssh-rsa " + b64(strings(b"ssh-rsa", exponent, modulus) + rest)


@pytest.mark.parametrize("case", ACCEPTED, ids=by_id)
def test_has_the_fingerprint_that_aws_recorded(case):
    assert parse_public_key(case["material"]).fingerprint == case["fingerprint"]


@pytest.mark.parametrize("case", REFUSED, ids=by_id)
def test_refuses_what_aws_refused(case):
    with pytest.raises(InvalidKeyError):
        parse_public_key(case["material"])


@pytest.mark.parametrize("material", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_writes_the_openssh_line_with_the_comment_replaced(material):
    key_type, text = material.split()
    key = parse_public_key(f"{material} someone@example.com\n")
    assert key.openssh("my key") == f"{key_type} {text} my key\n"
    assert f"ssh-{key.key_type}" == key_type
    assert key.blob == blob_of(material)


@needs_openssl
def test_rsa_fingerprint_is_the_md5_that_openssl_counts(rsa_key):
    der = run("openssl", "pkey", "-pubin", "-outform", "DER", stdin=spki(rsa_key, Encoding.PEM))
    answer = run("openssl", "md5", "-c", stdin=der).decode()
    assert parse_public_key(openssh(rsa_key)).fingerprint == answer.split("= ")[1].strip()


@needs_ssh_keygen
def test_ed25519_fingerprint_is_the_sha256_that_ssh_keygen_shows_padded(ed25519_key, tmp_path):
    (tmp_path / "key.pub").write_text(openssh(ed25519_key))
    shown = run("ssh-keygen", "-l", "-f", str(tmp_path / "key.pub")).decode().split()[1]
    assert "SHA256:" + parse_public_key(openssh(ed25519_key)).fingerprint == shown + "="


# Encodings of one key.

ENCODINGS: dict[str, Callable[[str, bytes], str]] = {
    "openssh": lambda line, der: line,
    "openssh LF": lambda line, der: line + "\n",
    "openssh CRLF": lambda line, der: line + "\r\n",
    "openssh blank lines after": lambda line, der: line + "\n\n",
    "openssh comment": lambda line, der: line + " me@example.com",
    "openssh comment with blanks, LF": lambda line, der: line + " a b  c \n",
    "openssh comment like a key": lambda line, der: f"{line} {line}\n",
    "openssh trailing blank": lambda line, der: line + " ",
    "openssh tabs": lambda line, der: line.replace(" ", "\t") + "\ta\tb\n",
    "openssh two blanks": lambda line, der: line.replace(" ", "  "),
    "spki": lambda line, der: b64(der),
    "spki LF": lambda line, der: b64(der) + "\n",
    "spki wrapped": lambda line, der: base64.encodebytes(der).decode(),
    "spki wrapped CRLF": lambda line, der: base64.encodebytes(der).decode().replace("\n", "\r\n"),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_accepts_every_encoding_as_the_same_key(encode, key):
    parsed = parse_public_key(encode(openssh(key), spki(key)))
    assert parsed.openssh("c") == openssh(key) + " c\n"


RFC4716_HEADERS = {
    "none": [],
    "comment": ['Comment: "2048-bit RSA, me@example.com"'],
    "empty comment": ["Comment: "],
    "subject and comment": ["Subject: me", "Comment: mine"],
    "x-header": ["x-command: /home/me/bin/lock-in-guest.sh"],
    "continued": ["Comment: This is my public key for use on \\", "servers which I don't like."],
    "continued twice": ["Comment: a\\", "b\\", "c"],
    "continued by what looks like base64": ["Comment: AAAA\\", "AAAA"],
    "continued, then another": ["x-a: 1\\", "2: 3", "Comment: c"],
}


@pytest.mark.parametrize("headers", RFC4716_HEADERS.values(), ids=RFC4716_HEADERS.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_accepts_rfc4716_of_rsa(headers, end):
    material = rfc4716(blob_of(RSA), *headers, end=end)
    assert parse_public_key(material) == parse_public_key(RSA)
    assert parse_public_key(material.rstrip()) == parse_public_key(RSA)


@given(width=st.integers(1, 400), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_rfc4716_lines_may_have_any_width(width, end):
    material = rfc4716(blob_of(RSA), "Comment: c", width=width, end=end)
    assert parse_public_key(material) == parse_public_key(RSA)


@needs_ssh_keygen
def test_accepts_the_rfc4716_of_ssh_keygen(rsa_key, tmp_path):
    (tmp_path / "key.pub").write_text(openssh(rsa_key) + " a comment\n")
    material = run("ssh-keygen", "-e", "-m", "RFC4716", "-f", str(tmp_path / "key.pub")).decode()
    assert parse_public_key(material) == parse_public_key(openssh(rsa_key))


@needs_ssh_keygen
def test_refuses_the_rfc4716_of_ssh_keygen_for_ed25519(ed25519_key, tmp_path):
    (tmp_path / "key.pub").write_text(openssh(ed25519_key) + " a comment\n")
    material = run("ssh-keygen", "-e", "-m", "RFC4716", "-f", str(tmp_path / "key.pub")).decode()
    with pytest.raises(InvalidKeyError, match="must be an RSA key"):
        parse_public_key(material)


@needs_puttygen
def test_accepts_the_rfc4716_of_puttygen(rsa_key, tmp_path):
    (tmp_path / "key.pub").write_text(openssh(rsa_key) + ' a "quoted" comment\n')
    material = run("puttygen", str(tmp_path / "key.pub"), "-p").decode()
    assert parse_public_key(material) == parse_public_key(openssh(rsa_key))


@pytest.mark.parametrize("bits", RSA_BITS)
def test_accepts_rsa_of_any_size_and_modulus(bits):
    line = rsa_line(modulus_of(bits))
    numbers = rsa.RSAPublicNumbers(65537, modulus_of(bits))
    der = numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    md5 = hashlib.md5(der, usedforsecurity=False).hexdigest()
    key = parse_public_key(line)
    assert key.fingerprint == ":".join(re.findall("..", md5))
    assert key == parse_public_key(b64(der)) == parse_public_key(rfc4716(blob_of(line)))


@pytest.mark.parametrize("exponent", [3, 17, 257, 65537, 2**64 + 1], ids=str)
def test_accepts_any_odd_exponent(exponent):
    line = rsa_line(modulus_of(1024), exponent)
    assert parse_public_key(line).openssh("") == line + " \n"


@needs_ssh_keygen
def test_superfluous_zeros_change_nothing_as_with_ssh_keygen(tmp_path):
    plain = rsa_line(modulus_of(1024))
    padded = rsa_blob_line(b"\0\0" + integer(65537), b"\0" + integer(modulus_of(1024)))
    assert blob_of(padded) != blob_of(plain)
    assert parse_public_key(padded) == parse_public_key(plain)
    (tmp_path / "key.pub").write_text(f"{plain} x\n{padded} x\n")
    first, second = run("ssh-keygen", "-l", "-f", str(tmp_path / "key.pub")).splitlines()
    assert first == second


# What is refused.


def certificate(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "example.com")])
    now = datetime(2026, 1, 1, tzinfo=timezone.utc)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(9))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def private(key, encoding: Encoding, form: PrivateFormat) -> bytes:
    return key.private_bytes(encoding, form, NoEncryption())


def test_refuses_ecdsa_in_every_encoding():
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(InvalidKeyError, match="not an RSA or Ed25519 key"):
        parse_public_key(openssh(key))
    for material in (rfc4716(blob_of(openssh(key))), b64(spki(key))):
        with pytest.raises(InvalidKeyError):
            parse_public_key(material)


def test_refuses_pem_pkcs1_and_private_keys(key):
    pem, pkcs8 = Encoding.PEM, PrivateFormat.PKCS8
    materials = [
        spki(key, pem).decode(),
        private(key, pem, pkcs8).decode(),
        private(key, pem, PrivateFormat.OpenSSH).decode(),
        b64(private(key, Encoding.DER, pkcs8)),
        b64(openssh(key).encode()),
    ]
    for material in materials:
        with pytest.raises(InvalidKeyError):
            parse_public_key(material)


def test_refuses_pkcs1_and_certificates(rsa_key):
    public = rsa_key.public_key()
    materials = [
        public.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode(),
        b64(public.public_bytes(Encoding.DER, PublicFormat.PKCS1)),
        private(rsa_key, Encoding.PEM, PrivateFormat.TraditionalOpenSSL).decode(),
        certificate(rsa_key),
    ]
    for material in materials:
        with pytest.raises(InvalidKeyError):
            parse_public_key(material)


@needs_ssh_keygen
def test_refuses_an_openssh_certificate(key, tmp_path):
    authority, public = tmp_path / "authority", tmp_path / "key.pub"
    authority.write_bytes(
        private(Ed25519PrivateKey.generate(), Encoding.PEM, PrivateFormat.OpenSSH),
    )
    authority.chmod(0o600)
    public.write_text(openssh(key) + "\n")
    run("ssh-keygen", "-q", "-s", str(authority), "-I", "id", str(public))
    with pytest.raises(InvalidKeyError):
        parse_public_key((tmp_path / "key-cert.pub").read_text())


@needs_openssl
def test_refuses_an_rsa_pss_key():
    pem = run("openssl", "genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:1024")
    der = run("openssl", "pkey", "-pubout", "-outform", "DER", stdin=pem)
    with pytest.raises(InvalidKeyError):
        parse_public_key(b64(der))


RSA_1024 = next(c for c in ACCEPTED if c["id"] == "rsa-1024")["material"]
MODULUS = integer(modulus_of(1024))
E_65537 = integer(65537)
RSA_SPKI = next(c for c in ACCEPTED if "SPKI" in c["id"])["material"]
ED25519_SPKI = b64(bytes.fromhex("302a300506032b6570032100") + bytes(32))

REFUSED_MATERIAL = {
    "empty": "",
    "newline": "\n",
    "blank": " ",
    "word": "junk",
    "several words": "this is not a key",
    "base64 of junk": b64(b"this is not a key"),
    "not ASCII": "ssh-rsa \N{LATIN SMALL LETTER E WITH ACUTE}",
    "lone surrogate": "ssh-rsa \ud800",
    "NUL": "\0",
    "type only": "ssh-rsa",
    "type and blank": "ssh-rsa ",
    "type in capitals": RSA.replace("ssh-rsa", "SSH-RSA"),
    "blob only": RSA.split()[1],
    "key before its type": " ".join(reversed(RSA.split())),
    "leading blank line": "\n" + RSA,
    "leading blank": " " + RSA,
    "byte order mark": "\ufeff" + RSA,
    "no-break space between": RSA.replace(" ", "\u00a0"),
    "options": "no-port-forwarding " + RSA,
    "quoted options": 'command="ls -l" ' + RSA,
    "host name": "example.com " + RSA,
    "two keys": f"{RSA}\n{RSA}\n",
    "two keys of two types": f"{RSA}\n{ED25519}\n",
    "comment line": f"# my key\n{RSA}\n",
    "folded line": RSA[:100] + "\n" + RSA[100:],
    "rsa label, Ed25519 blob": ED25519.replace("ssh-ed25519", "ssh-rsa"),
    "Ed25519 label, rsa blob": RSA.replace("ssh-rsa", "ssh-ed25519"),
    "DSA": "ssh-dss " + b64(strings(b"ssh-dss", *[b"\1"] * 4)),
    "sk label": ED25519.replace("ssh-ed25519", "sk-ssh-ed25519@openssh.com"),
    "sk key": "sk-ssh-ed25519@openssh.com "
    + b64(strings(b"sk-ssh-ed25519@openssh.com", bytes(32), b"ssh:")),
    "rsa signature algorithm as label": RSA.replace("ssh-rsa", "rsa-sha2-256"),
    "empty blob": "ssh-rsa =",
    "type without numbers": "ssh-rsa " + b64(strings(b"ssh-rsa")),
    "exponent without modulus": "ssh-rsa " + b64(strings(b"ssh-rsa", E_65537)),
    "numbers exchanged": rsa_blob_line(MODULUS, E_65537),
    "byte after the key": rsa_blob_line(E_65537, MODULUS, b"\0"),
    "modulus 0": rsa_blob_line(E_65537, b""),
    "modulus 1": rsa_blob_line(E_65537, b"\1"),
    "modulus of 511 bits": rsa_line(modulus_of(511)),
    "modulus negative": rsa_blob_line(E_65537, MODULUS.lstrip(b"\0")),
    "modulus negative, least": rsa_blob_line(E_65537, b"\x80" + bytes(127)),
    "exponent empty": rsa_blob_line(b"", MODULUS),
    "exponent 0": rsa_blob_line(b"\0", MODULUS),
    "exponent 1": rsa_blob_line(b"\1", MODULUS),
    "exponent 2": rsa_blob_line(b"\2", MODULUS),
    "exponent 65536": rsa_blob_line(integer(65536), MODULUS),
    "exponent negative": rsa_blob_line(b"\xff", MODULUS),
    "exponent = modulus": rsa_blob_line(MODULUS, MODULUS),
    "length beyond the blob": "ssh-rsa " + b64(b"\xff\xff\xff\xffssh-rsa"),
    "Ed25519 of 31 bytes": "ssh-ed25519 " + b64(strings(b"ssh-ed25519", bytes(31))),
    "Ed25519 of 33 bytes": "ssh-ed25519 " + b64(strings(b"ssh-ed25519", bytes(33))),
    "Ed25519, byte after": "ssh-ed25519 " + b64(strings(b"ssh-ed25519", bytes(32)) + b"\0"),
    "base64 without padding": ED25519_SPKI.rstrip("="),
    "base64 with too much padding": ED25519 + "==",
    "base64 with a foreign character": RSA[:50] + "*" + RSA[50:],
    "base64 with stray bits": RSA_1024.replace("Q==", "R=="),
    "base64url": RSA.replace("+", "-").replace("/", "_"),
    "base64 cut": RSA[:-1],
    "spki, blank line before": "\n" + RSA_SPKI,
    "spki, blank line within": RSA_SPKI[:64] + "\n\n" + RSA_SPKI[64:],
    "spki, byte after": b64(base64.b64decode(RSA_SPKI) + b"\0"),
    "spki, comment": RSA_SPKI + " me@example.com",
    "spki, Ed25519 of 31 bytes": b64(base64.b64decode(ED25519_SPKI)[:-1]),
    "spki, Ed25519 of 33 bytes": b64(base64.b64decode(ED25519_SPKI) + b"\0"),
    "spki twice": b64(RSA_SPKI.encode()),
    "rfc4716 without end": rfc4716(blob_of(RSA)).rsplit("----", 2)[0],
    "rfc4716 without begin": rfc4716(blob_of(RSA)).split("\n", 1)[1],
    "rfc4716 begin only": "---- BEGIN SSH2 PUBLIC KEY ----",
    "rfc4716 empty": rfc4716(b""),
    "rfc4716 headers only": rfc4716(b"", "Comment: c"),
    "rfc4716 all continued": rfc4716(blob_of(RSA), "Comment: c\\", width=9999),
    "rfc4716 header after the base64": rfc4716(blob_of(RSA)).replace(
        "\n---- END", "\nComment: c\n---- END"
    ),
    "rfc4716 private": rfc4716(blob_of(RSA)).replace("PUBLIC", "ENCRYPTED PRIVATE"),
    "rfc4716 twice": rfc4716(blob_of(RSA)) * 2,
    "rfc4716 after a blank line": "\n" + rfc4716(blob_of(RSA)),
    "rfc4716 Ed25519": rfc4716(blob_of(ED25519)),
    "rfc4716 with the OpenSSH line inside": rfc4716(RSA.encode()),
}


@pytest.mark.parametrize("material", REFUSED_MATERIAL.values(), ids=REFUSED_MATERIAL.keys())
def test_refuses(material):
    with pytest.raises(InvalidKeyError) as refusal:
        parse_public_key(material)
    assert not set(re.findall(r"[\w+/]{20,}", material)) & set(str(refusal.value).split())


# Properties.


def parsed_or_refused(material: str) -> PublicKey | None:
    """Parse; whatever is accepted must say the same key again in its canonical form."""
    try:
        key = parse_public_key(material)
    except InvalidKeyError:
        return None
    assert parse_public_key(key.openssh("again")) == key
    assert key.fingerprint
    return key


@given(st.text())
def test_any_text_is_a_key_or_refused(material):
    assert parsed_or_refused(material) is None


@given(
    st.lists(
        st.sampled_from(
            [
                *RSA.split(),
                *ED25519.split(),
                RSA_SPKI,
                "---- BEGIN SSH2 PUBLIC KEY ----",
                "---- END SSH2 PUBLIC KEY ----",
                "Comment: c\\",
                "=",
                " ",
                "\n",
                "\r",
            ],
        ),
    ),
)
def test_any_pieces_of_keys_are_a_key_or_refused(pieces):
    parsed_or_refused("".join(pieces))


@given(st.sampled_from(RECORDED), st.data())
def test_any_changed_character_gives_a_key_or_a_refusal(case, data):
    material = case["material"]
    at = data.draw(st.integers(0, len(material) - 1))
    parsed_or_refused(material[:at] + data.draw(st.text(max_size=2)) + material[at + 1 :])


BINARY = {
    "rsa blob": (blob_of(RSA), lambda data: "ssh-rsa " + b64(data)),
    "ed25519 blob": (blob_of(ED25519), lambda data: "ssh-ed25519 " + b64(data)),
    "rfc4716": (blob_of(RSA), rfc4716),
    "rsa der": (base64.b64decode(RSA_SPKI), b64),
    "ed25519 der": (base64.b64decode(ED25519_SPKI), b64),
}


@pytest.mark.parametrize(("data", "encode"), BINARY.values(), ids=BINARY.keys())
def test_every_truncation_is_refused(data, encode):
    for length in range(len(data)):
        with pytest.raises(InvalidKeyError):
            parse_public_key(encode(data[:length]))


@pytest.mark.parametrize(("data", "encode"), BINARY.values(), ids=BINARY.keys())
def test_every_flipped_bit_gives_another_key_or_a_refusal(data, encode):
    original = parse_public_key(encode(data))
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        assert parsed_or_refused(encode(bytes(flipped))) != original


@given(st.integers(2**511, 2**8192), st.integers(1, 2**70))
def test_every_rsa_key_is_one_key_in_all_encodings(modulus, half_exponent):
    exponent = 2 * half_exponent + 1
    key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    line = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    materials = [line, b64(der), rfc4716(blob_of(line))]
    assert {parse_public_key(m).openssh("c") for m in materials} == {line + " c\n"}
