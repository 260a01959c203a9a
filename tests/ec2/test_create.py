"""CreateKeyPair: the key that it makes; and the names that it and ImportKeyPair refuse."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import re
import shutil
import struct
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from ec2_keypair_mock import mock

KINDS = list(itertools.product(["rsa", "ed25519"], ["pem", "ppk"]))
SSH_NAMES = {"rsa": "ssh-rsa", "ed25519": "ssh-ed25519"}
INVALID = "InvalidParameterValue"


@pytest.fixture(scope="module")
def created(ec2):
    """An answer, and what a describe says afterwards, for each type and format."""
    with mock():
        answers = {
            (key_type, key_format): ec2.create_key_pair(
                KeyName=f"{key_type} as {key_format}", KeyType=key_type, KeyFormat=key_format
            )
            for key_type, key_format in KINDS
        }
        described = ec2.describe_key_pairs(IncludePublicKey=True)["KeyPairs"]
    found = {each["KeyName"]: each for each in described}
    return {kind: (answer, found[answer["KeyName"]]) for kind, answer in answers.items()}


@pytest.fixture(params=KINDS, ids=" ".join)
def kind(request):
    return request.param


def run(*command: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


# The key


def test_default_is_rsa_as_pem(aws, ec2):
    material = ec2.create_key_pair(KeyName="k")["KeyMaterial"]
    assert material.startswith("-----BEGIN RSA PRIVATE KEY-----\n")
    assert ec2.describe_key_pairs()["KeyPairs"][0]["KeyType"] == "rsa"


def test_rsa_pem_is_pkcs1_of_2048_bits(created):
    material = created["rsa", "pem"][0]["KeyMaterial"].encode()
    key = load_pem_private_key(material, None)
    assert (key.key_size, key.public_key().public_numbers().e) == (2048, 65537)
    pkcs1 = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    assert material.strip() == pkcs1.strip()


def test_ed25519_pem_is_an_openssh_private_key(created):
    answer, found = created["ed25519", "pem"]
    assert answer["KeyMaterial"].startswith("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    key = load_ssh_private_key(answer["KeyMaterial"].encode(), None)
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    assert found["PublicKey"] == f"{line} {answer['KeyName']}\n"


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs ssh-keygen")
@pytest.mark.parametrize("key_type", ["rsa", "ed25519"])
def test_openssh_reads_the_public_half_from_the_pem(created, key_type, tmp_path):
    answer, found = created[key_type, "pem"]
    # With the newline of `aws ec2 create-key-pair --output text`, which OpenSSH wants.
    (tmp_path / "key").write_text(answer["KeyMaterial"] + "\n")
    (tmp_path / "key").chmod(0o600)
    line = run("ssh-keygen", "-y", "-f", str(tmp_path / "key")).decode().split()
    assert line[:2] == found["PublicKey"].split()[:2]


@pytest.mark.skipif(not shutil.which("puttygen"), reason="needs puttygen")
@pytest.mark.parametrize("key_type", ["rsa", "ed25519"])
def test_putty_reads_the_public_half_from_the_ppk(created, key_type, tmp_path):
    answer, found = created[key_type, "ppk"]
    (tmp_path / "key.ppk").write_text(answer["KeyMaterial"])
    line = run("puttygen", str(tmp_path / "key.ppk"), "-L").decode()
    assert line.strip() == found["PublicKey"].strip()


def ppk_of(answer) -> tuple[dict[str, str], dict[str, bytes]]:
    """The headers and the binary parts of a PPK file."""
    lines = answer["KeyMaterial"].splitlines()
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    parts = {
        name: base64.b64decode("".join(lines[at + 1 : at + 1 + int(headers[name])]))
        for at, line in enumerate(lines)
        for name in [line.split(":")[0]]
        if name in ("Public-Lines", "Private-Lines")
    }
    return headers, parts


@pytest.mark.parametrize("key_type", ["rsa", "ed25519"])
def test_ppk_is_version_2_without_encryption_and_names_the_key_pair(created, key_type):
    answer, found = created[key_type, "ppk"]
    headers, parts = ppk_of(answer)
    assert answer["KeyMaterial"].startswith(f"PuTTY-User-Key-File-2: {SSH_NAMES[key_type]}")
    assert headers["Encryption"] == "none"
    assert headers["Comment"] == answer["KeyName"] == f"{key_type} as ppk"
    assert base64.b64encode(parts["Public-Lines"]).decode() == found["PublicKey"].split()[1]


@pytest.mark.parametrize("key_type", ["rsa", "ed25519"])
def test_ppk_has_a_valid_mac(created, key_type):
    headers, parts = ppk_of(created[key_type, "ppk"][0])
    signed = [
        headers["PuTTY-User-Key-File-2"].encode(),
        b"none",
        headers["Comment"].encode(),
        parts["Public-Lines"],
        parts["Private-Lines"],
    ]
    data = b"".join(struct.pack(">I", len(each)) + each for each in signed)
    key = hashlib.sha1(b"putty-private-key-file-mac-key", usedforsecurity=False).digest()
    assert headers["Private-MAC"] == hmac.new(key, data, "sha1").hexdigest()


# The fingerprint


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_rsa_fingerprint_is_what_openssl_shows(created):
    answer = created["rsa", "pem"][0]
    pem = answer["KeyMaterial"].encode()
    pkcs8 = "openssl pkcs8 -inform PEM -outform DER -topk8 -nocrypt".split()
    shown = run("openssl", "sha1", "-c", stdin=run(*pkcs8, stdin=pem)).decode()
    assert answer["KeyFingerprint"] == shown.split("= ")[1].strip()
    assert re.fullmatch("([0-9a-f]{2}:){19}[0-9a-f]{2}", answer["KeyFingerprint"])


def test_rsa_fingerprint_does_not_depend_on_the_format(created):
    answer, found = created["rsa", "ppk"]
    _, parts = ppk_of(answer)
    key = rsa_key(mpints(parts["Public-Lines"][11:]), mpints(parts["Private-Lines"]))
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    sha1 = hashlib.sha1(der, usedforsecurity=False).digest().hex(":")
    assert answer["KeyFingerprint"] == found["KeyFingerprint"] == sha1


def mpints(data: bytes) -> list[int]:
    numbers = []
    while data:
        (size,) = struct.unpack(">I", data[:4])
        numbers.append(int.from_bytes(data[4 : 4 + size], "big"))
        data = data[4 + size :]
    return numbers


def rsa_key(public: list[int], private: list[int]) -> rsa.RSAPrivateKey:
    (e, n), (d, p, q, iqmp) = public, private
    numbers = rsa.RSAPublicNumbers(e, n)
    return rsa.RSAPrivateNumbers(
        p=p, q=q, d=d, dmp1=d % (p - 1), dmq1=d % (q - 1), iqmp=iqmp, public_numbers=numbers
    ).private_key()


@pytest.mark.parametrize("key_format", ["pem", "ppk"])
def test_ed25519_fingerprint_is_sha256_of_the_blob_in_base64(created, key_format):
    answer, found = created["ed25519", key_format]
    blob = base64.b64decode(found["PublicKey"].split()[1])
    assert answer["KeyFingerprint"] == base64.b64encode(hashlib.sha256(blob).digest()).decode()


# The answer and the describe


def test_describe_shows_what_create_answered(created, kind):
    answer, found = created[kind]
    same = ("KeyName", "KeyPairId", "KeyFingerprint")
    assert [found[name] for name in same] == [answer[name] for name in same]
    assert found["KeyType"] == kind[0]
    assert found["PublicKey"].startswith(SSH_NAMES[kind[0]] + " ")
    assert found["PublicKey"].endswith(f" {answer['KeyName']}\n")


def test_each_key_is_new(aws, ec2):
    answers = [ec2.create_key_pair(KeyName=name, KeyType="ed25519") for name in "ab"]
    assert answers[0]["KeyMaterial"] != answers[1]["KeyMaterial"]
    assert answers[0]["KeyFingerprint"] != answers[1]["KeyFingerprint"]


def test_the_private_key_is_in_the_answer_only(aws, ec2):
    ec2.create_key_pair(KeyName="k", KeyType="ed25519")
    (kept,) = aws.backend().key_pairs.values()
    assert not hasattr(kept, "key_material")
    assert all("PRIVATE KEY" not in str(value) for value in vars(kept).values())


# What it refuses

TYPES = {
    "ecdsa": "ecdsa",
    "capitals": "RSA",
    "empty": "",
}


@pytest.mark.parametrize("key_type", TYPES.values(), ids=TYPES)
def test_refuses_other_types(aws, ec2, error_of, key_type):
    assert error_of(ec2.create_key_pair, KeyName="k", KeyType=key_type) == (
        INVALID,
        f"1 validation error detected: Value '{key_type}' at 'keyType' failed to satisfy "
        "constraint: Member must satisfy enum value set: [rsa, ed25519]",
        400,
    )


@pytest.mark.parametrize("key_format", ["der", "PEM"])
def test_refuses_other_formats(aws, ec2, error_of, key_format):
    assert error_of(ec2.create_key_pair, KeyName="k", KeyFormat=key_format) == (
        INVALID,
        f"1 validation error detected: Value '{key_format}' at 'keyFormat' failed to satisfy "
        "constraint: Member must satisfy enum value set: [ppk, pem]",
        400,
    )


# Names, in both actions


@pytest.fixture(params=["create", "import"])
def make(request, aws, lax, ed25519_line):
    """CreateKeyPair or ImportKeyPair, with everything given but the name."""
    actions = {
        "create": lambda **given: lax.create_key_pair(KeyType="ed25519", **given),
        "import": lambda **given: lax.import_key_pair(PublicKeyMaterial=ed25519_line, **given),
    }
    return actions[request.param]


TOO_LONG = "Value for parameter KeyName is invalid. Length exceeds maximum of 255."
NOT_ASCII = "Value for parameter KeyName is invalid. Character sets beyond ASCII are not supported."
BAD_NAMES = {
    "256 characters": ("x" * 256, TOO_LONG),
    "256 characters beyond ASCII": ("é" * 256, TOO_LONG),
    "beyond ASCII": ("schlüssel", NOT_ASCII),
    "emoji": ("\N{KEY}", NOT_ASCII),
    "beyond ASCII, blank, line feed": (" é\n", NOT_ASCII),
    "256 blanks": (" " * 256, TOO_LONG),
    "leading blank": (" NAME", "Invalid value ' NAME' for keyName. It should be trimmed"),
    "trailing blank": ("NAME ", "Invalid value 'NAME ' for keyName. It should be trimmed"),
    "leading blank, line feed": (
        " a\nb",
        "Invalid value ' a\nb' for keyName. It should be trimmed",
    ),
    "blank only": (" ", "Invalid value ' ' for keyName. It should be trimmed"),
    "line feed": ("a\nb", "Value for parameter a\nb is invalid. KeyName"),
    "line feed last": ("a\n", "Value for parameter a\n is invalid. KeyName"),
    "carriage return": ("a\rb", "Value for parameter a\rb is invalid. KeyName"),
    "tab": ("a\tb", "Value for parameter a\tb is invalid. KeyName"),
    "DEL": ("a\x7fb", "Value for parameter a\x7fb is invalid. KeyName"),
    "NUL": ("a\0b", "Value for parameter a\N{REPLACEMENT CHARACTER}b is invalid. KeyName"),
    "braces and leading blank": (" {0}", "Invalid value ' {0}' for keyName. It should be trimmed"),
}


@pytest.mark.parametrize(("key_name", "message"), BAD_NAMES.values(), ids=BAD_NAMES)
def test_refuses_names(make, error_of, key_name, message):
    assert error_of(make, KeyName=key_name) == (INVALID, message, 400)


@pytest.mark.parametrize("given", [{}, {"KeyName": ""}], ids=["absent", "empty"])
def test_refuses_no_name(make, error_of, given):
    missing = ("MissingParameter", "The request must contain the parameter KeyName", 400)
    assert error_of(make, **given) == missing


GOOD_NAMES = {
    "255 characters": "x" * 255,
    "inner blanks": "my deploy  key",
    "slashes": "/team/deploy",
    "wildcards": "a*b?",
    "markup": """<b a="1">&amp;'</b>""",
    "end of CDATA": "<![CDATA[x]]>",
    "percent and plus": "100%+%41",
    "braces": "{0} {}",
}


@pytest.mark.parametrize("key_name", GOOD_NAMES.values(), ids=GOOD_NAMES)
def test_takes_names(make, names, key_name):
    assert make(KeyName=key_name)["KeyName"] == key_name
    assert names() == names(KeyNames=[key_name]) == [key_name]


def test_a_name_is_taken_once(make, error_of):
    make(KeyName="k")
    taken = ("InvalidKeyPair.Duplicate", "The keypair already exists", 400)
    assert error_of(make, KeyName="k") == taken


def test_case_of_names_counts(make, names):
    make(KeyName="k")
    make(KeyName="K")
    assert names() == ["K", "k"]
    assert names(KeyNames=["K"]) == ["K"]


def test_a_name_is_free_again_after_the_delete(make, ec2):
    first = make(KeyName="k")
    ec2.delete_key_pair(KeyName="k")
    assert make(KeyName="k")["KeyPairId"] != first["KeyPairId"]


def test_ids_are_key_0_and_16_hexadecimal_digits(make):
    ids = {make(KeyName=name)["KeyPairId"] for name in "abcdefgh"}
    assert len(ids) == 8
    assert all(re.fullmatch("key-0[0-9a-f]{16}", each) for each in ids)


@pytest.mark.parametrize("key_format", ["pem", "ppk"])
@pytest.mark.parametrize("key_type", ["rsa", "ed25519"])
def test_no_newline_is_behind_the_last_line(created, key_type, key_format):
    answer, _ = created[key_type, key_format]
    assert answer["KeyMaterial"] == answer["KeyMaterial"].strip()
    assert "\r" not in answer["KeyMaterial"]


@pytest.mark.parametrize("key_type", ["rsa", "ed25519"])
def test_pem_has_64_columns(created, key_type):
    lines = created[key_type, "pem"][0]["KeyMaterial"].split("\n")[1:-1]
    assert {len(line) for line in lines[:-1]} == {64}
