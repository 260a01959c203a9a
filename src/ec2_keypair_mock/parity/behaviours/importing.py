"""What ImportKeyPair takes."""

from __future__ import annotations

from ..behaviour import Behaviour, Call
from ..sources import FOG, OPENSTACK, RUBY_SDK, VM_EC2, api, issue, stackd
from .materials import (
    DSA,
    ECDSA,
    ED25519,
    ED25519_FINGERPRINT,
    ED25519_SPKI,
    ED25519_SPKI_DER,
    RSA,
    RSA_FINGERPRINT,
    RSA_PKCS1,
    RSA_PKCS1_DER,
    RSA_SPKI,
    RSA_SPKI_DER,
    RSA_SPKI_FINGERPRINT,
    SECURITY_KEY,
    pem,
    rfc4716,
    rsa,
    wire,
)
from .steps import (
    BAD_FORMAT,
    NOT_ASCII,
    TAG,
    TAGGED,
    TOO_LONG,
    VERSION,
    call,
    describe,
    form,
    import_key,
    missing,
    texts,
)


def _wired(name: str, material: str) -> list[tuple[str, str]]:
    """A tagged import, with its material as it is to be on the wire."""
    specification = "TagSpecification.1."
    return [
        ("Action", "ImportKeyPair"),
        VERSION,
        ("KeyName", "{prefix}" + name),
        ("PublicKeyMaterial", material),
        (f"{specification}ResourceType", "key-pair"),
        (f"{specification}Tag.1.Key", TAG["Key"]),
        (f"{specification}Tag.1.Value", TAG["Value"]),
    ]


def _import_of(bits: int) -> list[Call]:
    """Import an RSA key of a size, and find it unchanged."""
    name = f"{{prefix}}{bits}"
    return [
        import_key(material=rsa(bits), name=name),
        describe(texts("keySet/item/publicKey", f"{rsa(bits)} {name}\n"), name=name),
    ]


BEHAVIOURS = (
    Behaviour(
        "I-1",
        (
            "An OpenSSH line: without comment and newline, or with a comment that has "
            "blanks and a newline"
        ),
        "recorded",
        sources=(stackd("calls 47 to 52"),),
        steps=(
            import_key(texts("keyFingerprint", RSA_FINGERPRINT), material=RSA),
            import_key(
                texts("keyFingerprint", RSA_FINGERPRINT),
                material=f"{RSA} owned comment\n",
                name="{prefix}b",
            ),
            import_key(texts("keyFingerprint", ED25519_FINGERPRINT), name="{prefix}c"),
            import_key(
                texts("keyFingerprint", ED25519_FINGERPRINT),
                material=f"{ED25519} owned comment\n",
                name="{prefix}d",
            ),
        ),
    ),
    Behaviour(
        "I-2",
        (
            "An OpenSSH line of an Ed25519 key without a comment but with a newline, which "
            "EC2 refused in 2022"
        ),
        "community",
        sources=(issue("hashicorp/terraform-provider-aws", 24025, "2022-04"),),
        steps=(import_key(texts("keyFingerprint", ED25519_FINGERPRINT), material=f"{ED25519}\n"),),
    ),
    Behaviour(
        "I-3",
        "RFC 4716 of an RSA key",
        "recorded",
        sources=(stackd("calls 47 to 52"),),
        steps=(
            import_key(
                texts("keyFingerprint", RSA_FINGERPRINT),
                material=rfc4716(RSA, 'Comment: "owned probe"', width=999),
            ),
        ),
    ),
    Behaviour(
        "I-4",
        "RFC 4716 of an Ed25519 key is refused with `InvalidKey.Format`",
        "recorded",
        sources=(stackd("calls 53 to 69"),),
        steps=(
            import_key(BAD_FORMAT, material=rfc4716(ED25519, 'Comment: "owned probe"', width=999)),
        ),
    ),
    Behaviour(
        "I-5",
        "RFC 4716 with lines of 70 columns, CRLF, and headers that go on behind a `\\`",
        "documented",
        sources=(api("ImportKeyPair"),),
        steps=(
            import_key(
                texts("keyFingerprint", RSA_FINGERPRINT),
                material=rfc4716(RSA, "Comment: a key \\", "that goes on", end="\r\n"),
            ),
        ),
    ),
    Behaviour(
        "I-6",
        "Base64 of an RSA key's DER SubjectPublicKeyInfo (which the wire encodes once more)",
        "recorded",
        sources=(stackd("calls 47 to 52"),),
        steps=(import_key(texts("keyFingerprint", RSA_SPKI_FINGERPRINT), material=RSA_SPKI),),
    ),
    Behaviour(
        "I-7",
        "The same of an Ed25519 key",
        "inferred",
        steps=(import_key(texts("keyFingerprint", ED25519_FINGERPRINT), material=ED25519_SPKI),),
    ),
    Behaviour(
        "I-8",
        "Base64 of DER PKCS#1: `InvalidKey.Format`",
        "recorded",
        sources=(stackd("calls 53 to 69"),),
        steps=(import_key(BAD_FORMAT, material=RSA_PKCS1),),
    ),
    Behaviour(
        "I-9",
        "Binary DER: `InvalidParameterValue`, Character sets beyond ASCII are not supported",
        "recorded",
        sources=(stackd("calls 54, 56, 64"),),
        steps=(
            import_key(NOT_ASCII, material=RSA_SPKI_DER),
            import_key(NOT_ASCII, material=RSA_PKCS1_DER),
            import_key(NOT_ASCII, material=ED25519_SPKI_DER),
        ),
    ),
    Behaviour(
        "I-10",
        "The same for a comment beyond ASCII",
        "inferred",
        steps=(import_key(NOT_ASCII, material=f"{ED25519} me@exämple"),),
    ),
    Behaviour(
        "I-11",
        "PEM of a public key: `InvalidKey.Format`",
        "recorded",
        sources=(stackd("calls 53 to 69"),),
        steps=(
            import_key(BAD_FORMAT, material=pem("PUBLIC KEY", RSA_SPKI_DER)),
            import_key(BAD_FORMAT, material=pem("RSA PUBLIC KEY", RSA_PKCS1_DER)),
            import_key(BAD_FORMAT, material=pem("PUBLIC KEY", ED25519_SPKI_DER)),
        ),
    ),
    Behaviour(
        "I-12",
        "Options in front of the type, as in `authorized_keys`: `InvalidKey.Format`",
        "recorded",
        sources=(stackd("calls 53 to 69"),),
        steps=(
            import_key(BAD_FORMAT, material=f"no-port-forwarding {RSA}"),
            import_key(BAD_FORMAT, material=f"no-port-forwarding {ED25519}"),
        ),
    ),
    Behaviour(
        "I-13",
        "An X.509 certificate: `InvalidKey.Format`",
        "inferred",
        tests=("tests/ec2/test_import.py::test_refuses_other_forms_of_rsa",),
    ),
    Behaviour(
        "I-14",
        "A private key of any kind or an OpenSSH certificate: `InvalidKey.Format`",
        "inferred",
        tests=(
            "tests/ec2/test_import.py::test_refuses_other_forms_of_both_types",
            "tests/ec2/test_import.py::test_refuses_other_forms_of_rsa",
        ),
    ),
    Behaviour(
        "I-15",
        "A key of a security key (`sk-ssh-ed25519@openssh.com`): `InvalidKey.Format`",
        "inferred",
        steps=(import_key(BAD_FORMAT, material=SECURITY_KEY),),
    ),
    Behaviour(
        "I-16",
        "Base64 of an OpenSSH line: `InvalidKey.Format`",
        "community",
        sources=(issue("boto/boto3", 4321),),
        steps=(import_key(BAD_FORMAT, material=wire(RSA)),),
    ),
    Behaviour(
        "I-17",
        "ECDSA: `InvalidKey.Format`",
        "recorded",
        sources=(
            stackd("calls 53 to 69"),
            issue("terraform-aws-modules/terraform-aws-key-pair", 16),
        ),
        steps=(import_key(BAD_FORMAT, material=ECDSA),),
    ),
    Behaviour(
        "I-18",
        "DSA: `InvalidKey.Format`",
        "community",
        sources=(
            issue("terraform-aws-modules/terraform-aws-key-pair", 16),
            issue("StreisandEffect/streisand", 1171),
        ),
        steps=(import_key(BAD_FORMAT, material=DSA),),
    ),
    Behaviour(
        "I-19",
        "Junk: `InvalidKey.Format`",
        "recorded",
        sources=(
            stackd("calls 53 to 69"),
            OPENSTACK,
        ),
        steps=(import_key(BAD_FORMAT, material="not a public key"),),
    ),
    Behaviour(
        "I-20",
        (
            "A type that is not that of the blob; a blob that is cut short or goes on: "
            "`InvalidKey.Format`"
        ),
        "inferred",
        steps=(
            import_key(BAD_FORMAT, material=f"ssh-rsa {ED25519.split()[1]}"),
            import_key(BAD_FORMAT, material=RSA[:-4]),
        ),
    ),
    Behaviour(
        "I-21",
        (
            "Empty material: `MissingParameter`, The request must contain the parameter "
            "PublicKeyMaterial"
        ),
        "recorded",
        sources=(
            stackd("call 68"),
            OPENSTACK,
        ),
        steps=(import_key(missing("PublicKeyMaterial"), material=""),),
    ),
    Behaviour(
        "I-22",
        "The same where it is absent",
        "inferred",
        steps=(
            call(
                "ImportKeyPair",
                {"KeyName": "{prefix}a", "TagSpecifications": TAGGED},
                missing("PublicKeyMaterial"),
            ),
        ),
    ),
    Behaviour(
        "I-23",
        (
            "RSA keys of 512 to 8192 bits, 1023 and 1025 among them, whatever the factors "
            "of the modulus; the documented 1024, 2048 and 4096 are no limits"
        ),
        "recorded",
        sources=(stackd("", "key_pairs_import_boundaries"),),
        steps=(
            *(
                step
                for bits in (512, 768, 1023, 1024, 1025, 1536, 2048, 3072, 4096, 8192)
                for step in _import_of(bits)
            ),
        ),
    ),
    Behaviour(
        "I-24",
        "RSA 16384: `InvalidParameterValue`, Length exceeds maximum of 2048",
        "recorded",
        sources=(stackd("calls 14, 15", "key_pairs_import_boundaries"),),
        steps=(import_key(TOO_LONG, material=rsa(16384)),),
    ),
    Behaviour(
        "I-25",
        (
            "The 2048 characters are counted on the base64 text on the wire: 1,536 bytes of"
            " material are imported, one more is too long"
        ),
        "community",
        sources=(
            issue("radical-cybertools/radical.saga", 177, "2013"),
            issue("radical-cybertools/radical.saga", 192, "2013"),
        ),
        steps=(
            import_key(
                texts("keyFingerprint", RSA_FINGERPRINT), material=f"{RSA} ".ljust(1536, "x")
            ),
            import_key(TOO_LONG, material=f"{RSA} ".ljust(1537, "x"), name="{prefix}b"),
        ),
    ),
    Behaviour(
        "I-26",
        (
            "The length is checked before anything else of the material, characters beyond "
            "ASCII included"
        ),
        "inferred",
        steps=(import_key(TOO_LONG, material="é" * 1000),),
    ),
    Behaviour(
        "I-27",
        ("Material that is no base64 on the wire, missing padding included: `InvalidKey.Format`"),
        "inferred",
        steps=(
            form(_wired("a", "no base64!"), BAD_FORMAT),
            form(_wired("a", "c3NoLXJzYQ"), BAD_FORMAT),
        ),
    ),
    Behaviour(
        "I-28",
        "Several keys, or blank lines in front: `InvalidKey.Format`",
        "unknown",
        tests=("tests/ec2/test_import.py::test_refuses_other_forms_of_both_types",),
    ),
    Behaviour(
        "I-29",
        (
            "Base64 with line breaks on the wire, in lines of 60 or 76, with LF or CRLF, or"
            " with one at the end"
        ),
        "community",
        sources=(
            RUBY_SDK,
            FOG,
            VM_EC2,
        ),
        steps=(
            form(_wired("a", wire(RSA, 60)), texts("keyFingerprint", RSA_FINGERPRINT)),
            form(_wired("b", wire(RSA, 76, "\r\n")), texts("keyFingerprint", RSA_FINGERPRINT)),
            form(_wired("c", wire(RSA, 999)), texts("keyFingerprint", RSA_FINGERPRINT)),
        ),
    ),
    Behaviour(
        "I-30",
        (
            "A `\\` inside the base64 of an OpenSSH line, which `ssh-keygen` refuses too: "
            "`InvalidKey.Format`"
        ),
        "inferred",
        steps=(import_key(BAD_FORMAT, material=RSA[:100] + "\\" + RSA[100:]),),
    ),
)
