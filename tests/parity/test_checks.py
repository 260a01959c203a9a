"""What counts as the same, what is derived from key material, and what is taken out of texts."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ec2_keypair_mock.keys.private_key import generate_private_key
from ec2_keypair_mock.keys.putty import to_ppk
from ec2_keypair_mock.parity.answer import Answer
from ec2_keypair_mock.parity.behaviour import (
    Body,
    Call,
    Elements,
    Error,
    Header,
    Matches,
    Value,
)
from ec2_keypair_mock.parity.checks import compare, fill, saved, summary
from ec2_keypair_mock.parity.derived import mac_of_ppk, sha1_of_pkcs8, sha256_of_blob
from ec2_keypair_mock.parity.redact import redact

SUCCESS = Answer(
    200,
    {"server": "AmazonEC2"},
    b'<R xmlns="x"><requestId>1</requestId><set><item><a>x</a><b/></item>'
    b"<item><a>y</a><b>z</b></item></set></R>",
)
REFUSED = Answer(
    400,
    {},
    b"<Response><Errors><Error><Code>Bad</Code><Message>No, a.</Message></Error></Errors>"
    b"<RequestID>1</RequestID></Response>",
)
GARBAGE = Answer(200, {}, b"\xff<html")
CASES = {
    "success": (SUCCESS, (), None),
    "an error instead of a success": (REFUSED, (), ("success", "Bad (400): No, a.")),
    "garbage instead of a success": (GARBAGE, (), ("success", "HTTP 200: \ufffd<html")),
    "error": (REFUSED, (Error("Bad", "No, {x}."),), None),
    "another status": (
        REFUSED,
        (Error("Bad", "No, {x}.", 412),),
        ("Bad (412): No, a.", "Bad (400): No, a."),
    ),
    "a success instead of an error": (SUCCESS, (Error("Bad", ""),), ("Bad (400): ", "success")),
    "values in any order": (SUCCESS, (Value("set/item/a", ("y", "x")),), None),
    "other values": (
        SUCCESS,
        (Value("set/item/a", ("{x}",)),),
        ("set/item/a: 'a'", "'x', 'y'"),
    ),
    "no values": (SUCCESS, (Value("set/item/c", ()),), None),
    "values of garbage": (
        GARBAGE,
        (Error("", "", 200), Value("a", ("b",))),
        ("a: 'b'", "none"),
    ),
    "a match": (SUCCESS, (Matches("requestId", r"\d"),), None),
    "no match": (SUCCESS, (Matches("requestId", "{x}.*"),), ("requestId like a.*", "'1'")),
    "several": (SUCCESS, (Matches("set/item/a", "."),), ("set/item/a like .", "'x', 'y'")),
    "elements": (SUCCESS, (Elements("set/item", ("a", "b")), Elements("set", ("item",) * 2)), None),
    "elements in another order": (
        SUCCESS,
        (Elements("", ("set", "requestId")),),
        ("set requestId", "requestId set"),
    ),
    "elements of one that is not there": (
        SUCCESS,
        (Elements("none", ("a",)),),
        ("in none: a", "none"),
    ),
    "header": (SUCCESS, (Header("server", "Amazon.*"),), None),
    "another header": (
        SUCCESS,
        (Header("server", "{x}"),),
        ("server like a", "AmazonEC2"),
    ),
    "no header": (SUCCESS, (Header("vary", None),), None),
    "a header that is missing": (
        SUCCESS,
        (Header("vary", "x"),),
        ("vary like x", "no such header"),
    ),
    "a header too many": (
        SUCCESS,
        (Header("server", None),),
        ("no header server", "AmazonEC2"),
    ),
    "body": (SUCCESS, (Body("<R .*</R>"),), None),
    "another body": (
        REFUSED,
        (Error("Bad", "No, {x}."), Body("{x}")),
        ("a body like a", REFUSED.body.decode()),
    ),
}


@pytest.mark.parametrize(("answer", "checks", "expected"), CASES.values(), ids=CASES)
def test_compare(answer, checks, expected):
    found = compare(Call(checks, action="Act"), answer, {"x": "a"})

    assert expected == (found and (found.expected, found.got))


def test_texts_are_filled_wherever_they_are():
    value = {"a": ["{x}", ("{x}{y}", b"{x}")], "{x}": {"b": True}}

    assert fill(value, {"x": "1", "y": "."}) == {"a": ["1", ("1.", b"{x}")], "{x}": {"b": True}}


def test_what_is_saved_is_there_or_says_why_not():
    step = Call(
        save={"first": "set/item/a", "none": "c", "sum": "requestId | sha1_of_pkcs8"},
        action="Act",
    )

    assert saved(step, SUCCESS) == {
        "first": "x",
        "none": "(no c)",
        "sum": "(no PKCS#1 PEM)",
    }


def test_garbage_is_shown_from_its_beginning():
    assert summary(Answer(502, {}, b"x" * 999)) == "HTTP 502: " + "x" * 200


@given(body=st.binary())
@example(body=b'<?xml version="1.0" encoding="nothing"?><a/>')
@example(body=b'<?xml version="1.0" encoding="utf-7"?><a/>')
@example(body=b'<?xml version="1.0" encoding="gb18030"?><a/>')
@example(body=b"<a>\xff</a>")
@example(body=b"<Response><Errors/></Response>")
def test_any_body_is_compared(body):
    answer = Answer(200, {}, body)
    for check in (Error("a", "b"), Value("a", ("b",)), Matches("a", "b"), Elements("", ("b",))):
        assert compare(Call((check,), action="Act"), answer, {})


# Derived


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_sha1_of_pkcs8_is_what_openssl_shows():
    pem = generate_private_key("rsa").pem()

    assert sha1_of_pkcs8(pem) == openssl_sha1(pem)


def openssl_sha1(pem: str) -> str:
    convert = ["openssl", "pkcs8", "-topk8", "-nocrypt", "-outform", "DER"]
    der = subprocess.run(convert, input=pem.encode(), capture_output=True, check=True).stdout
    shown = subprocess.run(["openssl", "sha1", "-c"], input=der, capture_output=True, check=True)
    return shown.stdout.decode().split("= ")[1].strip()


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs ssh-keygen")
def test_sha256_of_blob_is_what_ssh_keygen_shows(tmp_path):
    (tmp_path / "k.pub").write_text(generate_private_key("ed25519").public_key.openssh("k"))
    command = ["ssh-keygen", "-l", "-f", str(tmp_path / "k.pub")]
    shown = subprocess.run(command, capture_output=True, check=True).stdout.decode().split()[1]

    assert f"SHA256:{sha256_of_blob((tmp_path / 'k.pub').read_text())}" == shown + "="


@pytest.mark.skipif(not shutil.which("puttygen"), reason="needs puttygen")
@pytest.mark.parametrize("key_type", ["rsa", "ed25519"])
def test_mac_of_ppk_is_what_putty_wants(key_type, tmp_path):
    file = tmp_path / "k.ppk"
    file.write_text(to_ppk(generate_private_key(key_type), "a comment"))
    mac = mac_of_ppk(file.read_text())

    assert loads(file)
    assert f"Private-MAC: {mac}" in file.read_text()
    file.write_text(file.read_text().replace(mac, "0" * 40))
    assert not loads(file)
    assert mac_of_ppk(file.read_text()) == mac


def loads(file) -> bool:
    command = ["puttygen", str(file), "-O", "private-openssh", "-o", f"{file}.out"]
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0


@given(text=st.text())
@pytest.mark.parametrize("function", [sha1_of_pkcs8, mac_of_ppk])
def test_what_is_no_key_is_a_value_error(function, text):
    with pytest.raises(ValueError, match=r"no PKCS#1 PEM|no PPK of version 2"):
        function(text)


@pytest.mark.parametrize("text", ["", "ssh-ed25519", "ssh-ed25519 AAA"])
def test_what_is_no_line_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"unpack|padding"):
        sha256_of_blob(text)


# Redacted

RSA = generate_private_key("rsa")
ED25519 = generate_private_key("ed25519")
NAME = "ec2-keypair-mock-parity-0123456789ab-007-a"
MATERIALS = {
    "RSA": RSA.pem(),
    "RSA on one line": RSA.pem().replace("\n", ""),
    "RSA as JSON": RSA.pem().replace("\n", "\\n"),
    "RSA cut short": RSA.pem()[:800],
    "Ed25519": ED25519.pem(),
    "RSA, PPK": to_ppk(RSA, NAME),
    "Ed25519, PPK": to_ppk(ED25519, NAME),
    "Ed25519, PPK cut short": to_ppk(ED25519, NAME)[:250],
    "base64 in its element": "".join(RSA.pem().splitlines()[1:-1]),
}
WRAPPED = {
    "in the answer": "<r><keyMaterial>{}</keyMaterial><keyPairId>key-0</keyPairId></r>",
    "in an answer that is cut short": "<r><keyMaterial>{}",
}


@pytest.mark.parametrize("around", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("material", MATERIALS.values(), ids=MATERIALS)
def test_key_material_is_taken_out(material, around):
    shown = redact(around.format(material))

    assert secrets_in(material) & pieces(shown) == set()
    assert len(shown) == len(around.format(material))
    assert ("key-0" in shown) == ("key-0" in around)


@pytest.mark.parametrize("material", list(MATERIALS.values())[:-1], ids=list(MATERIALS)[:-1])
def test_key_material_is_taken_out_wherever_it_is(material):
    assert secrets_in(material) & pieces(redact(f"b'{material}'")) == set()


def secrets_in(text: str) -> set[str]:
    """Every run of 12 characters of its base64 lines."""
    lines = text.replace("\\n", "\n").splitlines()
    kept = [line for line in lines if "-----" not in line and ":" not in line]
    return {piece for line in kept for piece in pieces(line)}


def pieces(text: str) -> set[str]:
    return {text[start : start + 12] for start in range(len(text) - 11)} - {"x" * 12}


def test_what_shows_how_a_key_is_written_stays():
    assert redact(RSA.pem()).splitlines()[0] == "-----BEGIN RSA PRIVATE KEY-----"
    assert [len(line) for line in redact(RSA.pem()).splitlines()] == [
        len(line) for line in RSA.pem().splitlines()
    ]
    kept = redact(to_ppk(ED25519, NAME)).splitlines()
    assert kept[:4] == [
        "PuTTY-User-Key-File-2: ssh-ed25519",
        "Encryption: none",
        f"Comment: {NAME}",
        "Public-Lines: 2",
    ]


OTHERS = {
    "account": ("arn:aws:ec2:us-east-1:210987654321:key-pair/a", "210987654321"),
    "caller": ("User: arn:aws:iam::210987654321:user/alice is not", "alice"),
    "assumed role": ("User: arn:aws-cn:sts::210987654321:assumed-role/a/bob is", "bob"),
    "encoded message": ("Encoded authorization failure message: AJW84x_-y</Message>", "AJW84"),
    "access key": ("Credential=ASIAIOSFODNN7EXAMPLE/2026", "ASIAIOSFODNN7EXAMPLE"),
    "signature": (f"Signature={'0a' * 32}, more", "0a0a"),
}


@pytest.mark.parametrize(("text", "secret"), OTHERS.values(), ids=OTHERS)
def test_callers_are_taken_out(text, secret):
    assert secret in text
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "<requestId>c66d771c-cee7-4a1e-b875-123456789012</requestId>",
        "75:8e:d7:eb:24:31:1f:b6:64:71:2f:3f:12:a5:e2:86",
        "key-01234567890123456",
        "2026-09-25T11:05:17.469Z",
        "HMXWyhG4gbktWdKgkzX/THR2+GMkRLG8rKsKj1oW86k=",
    ],
)
def test_everything_else_stays(text):
    assert redact(text) == text
