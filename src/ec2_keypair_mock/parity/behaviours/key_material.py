"""Key material and fingerprints."""

from __future__ import annotations

from ..behaviour import Behaviour, Matches
from ..sources import (
    CANNED_RESPONSES,
    CDK_REAL_DRIFT,
    CHEFFISH,
    JENKINS,
    LOCALSTACK,
    VERIFY_KEYS,
    api,
    issue,
    stackd,
)
from .materials import (
    ED25519_FINGERPRINT,
    RSA,
    RSA_1024,
    RSA_1024_FINGERPRINT,
    RSA_FINGERPRINT,
    RSA_SPKI,
    rfc4716,
)
from .steps import TAGGED, call, create_key, describe, filtered, import_key, texts

_PPK = (
    r"PuTTY-User-Key-File-2: ssh-{}\r?\nEncryption: none\r?\nComment: {{prefix}}[ab]\r?\n"
    r"(?s:.*)Private-MAC: [0-9a-f]{{40}}\s*"
)

BEHAVIOURS = (
    Behaviour(
        "K-1",
        (
            "The fingerprint of an imported RSA key is the MD5 of its DER "
            "SubjectPublicKeyInfo, as 16 pairs of lower-case hex digits with colons: what "
            "`openssl rsa -pubout -outform DER` and `openssl md5 -c` show"
        ),
        "recorded",
        sources=(
            stackd("calls 47 to 52"),
            stackd("", "key_pairs_import_boundaries"),
            VERIFY_KEYS,
        ),
        steps=(import_key(texts("keyFingerprint", RSA_FINGERPRINT), material=RSA),),
    ),
    Behaviour(
        "K-2",
        (
            "It is not the MD5 of the SSH blob (RFC 4716, section 4), though the API "
            "reference says so"
        ),
        "recorded",
        sources=(
            stackd("calls 47 to 52"),
            api("ImportKeyPair"),
        ),
        steps=(import_key(texts("keyFingerprint", RSA_1024_FINGERPRINT), material=RSA_1024),),
    ),
    Behaviour(
        "K-3",
        (
            "The fingerprint of an Ed25519 key, imported or created, is the base64 of the "
            "SHA-256 of its SSH blob, with the `=` at the end and without `SHA256:` (44 "
            "characters)"
        ),
        "recorded",
        sources=(
            stackd("create-ed25519-pem"),
            LOCALSTACK,
            issue("kubernetes/kops", 13304),
        ),
        steps=(
            import_key(texts("keyFingerprint", ED25519_FINGERPRINT)),
            create_key(name="{prefix}b", fingerprint="keyFingerprint"),
            describe(
                texts("keySet/item/keyFingerprint", "{fingerprint}"),
                name="{prefix}b",
                computed="keySet/item/publicKey | sha256_of_blob",
            ),
            describe(texts("keySet/item/keyFingerprint", "{computed}"), name="{prefix}b"),
        ),
    ),
    Behaviour(
        "K-4",
        (
            "The fingerprint of a created RSA key is the SHA-1 of its unencrypted PKCS#8 "
            "DER, as 20 pairs: what `openssl pkcs8 -topk8 -nocrypt -outform DER` and "
            "`openssl sha1 -c` show"
        ),
        "recorded",
        sources=(
            stackd("call 1"),
            JENKINS,
            CHEFFISH,
            VERIFY_KEYS,
        ),
        steps=(
            create_key(
                texts("keyFingerprint", "{computed}"),
                more={"KeyType": "rsa"},
                computed="keyMaterial | sha1_of_pkcs8",
            ),
        ),
    ),
    Behaviour(
        "K-5",
        "It is the same for `pem` and `ppk`",
        "recorded",
        sources=(stackd("create-rsa-ppk"),),
        tests=("tests/ec2/test_create.py::test_rsa_fingerprint_does_not_depend_on_the_format",),
    ),
    Behaviour(
        "K-6",
        "The fingerprint does not depend on the encoding that was imported",
        "recorded",
        sources=(
            stackd("calls 47, 49, 51"),
            stackd("calls 3, 6", "key_pairs_supplement"),
        ),
        steps=(
            import_key(texts("keyFingerprint", RSA_FINGERPRINT), material=f"{RSA} owned comment\n"),
            import_key(
                texts("keyFingerprint", RSA_FINGERPRINT),
                material=rfc4716(RSA, 'Comment: "owned probe"', width=999),
                name="{prefix}b",
            ),
        ),
    ),
    Behaviour(
        "K-7",
        "One key may be imported under many names",
        "recorded",
        sources=(stackd("calls 47 to 52"),),
        steps=(
            import_key(texts("keyFingerprint", ED25519_FINGERPRINT)),
            import_key(texts("keyFingerprint", ED25519_FINGERPRINT), name="{prefix}b"),
        ),
    ),
    Behaviour(
        "K-8",
        (
            "A created RSA key has 2048 bits and the exponent 65537; as `pem` it is PKCS#1 "
            "(`BEGIN RSA PRIVATE KEY`)"
        ),
        "recorded",
        sources=(stackd("call 1"),),
        steps=(
            create_key(
                Matches(
                    "keyMaterial",
                    r"-----BEGIN RSA PRIVATE KEY-----\n(?s:.*)-----END RSA PRIVATE KEY-----\s*",
                ),
                more={"KeyType": "rsa"},
            ),
            describe(
                Matches("keySet/item/publicKey", r"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ(?s:.*)")
            ),
        ),
    ),
    Behaviour(
        "K-9",
        ("A created Ed25519 key as `pem` is an OpenSSH private key (`BEGIN OPENSSH PRIVATE KEY`)"),
        "recorded",
        sources=(stackd("create-ed25519-pem"),),
        steps=(
            create_key(
                Matches(
                    "keyMaterial",
                    r"-----BEGIN OPENSSH PRIVATE KEY-----\n(?s:.*)"
                    r"-----END OPENSSH PRIVATE KEY-----\s*",
                )
            ),
        ),
    ),
    Behaviour(
        "K-10",
        "`ppk` is PuTTY's version 2, without encryption, with the key pair's name as comment",
        "recorded",
        sources=(stackd("create-rsa-ppk, create-ed25519-ppk"),),
        steps=(
            create_key(
                Matches("keyMaterial", _PPK.format("rsa")),
                more={"KeyType": "rsa", "KeyFormat": "ppk"},
            ),
            create_key(
                Matches("keyMaterial", _PPK.format("ed25519")),
                name="{prefix}b",
                more={"KeyFormat": "ppk"},
            ),
        ),
    ),
    Behaviour(
        "K-11",
        (
            "Its MAC is valid: HMAC-SHA-1 under the SHA-1 of "
            "`putty-private-key-file-mac-key` and an empty passphrase"
        ),
        "recorded",
        sources=(stackd("create-rsa-ppk, create-ed25519-ppk"),),
        steps=(
            create_key(
                Matches("keyMaterial", r"(?s:.*)Private-MAC: {mac}\s*"),
                more={"KeyFormat": "ppk"},
                mac="keyMaterial | mac_of_ppk",
            ),
        ),
    ),
    Behaviour(
        "K-12",
        "KeyType is `rsa` and KeyFormat `pem` where they are not given",
        "documented",
        sources=(api("CreateKeyPair"),),
        steps=(
            call(
                "CreateKeyPair",
                {"KeyName": "{prefix}a", "TagSpecifications": TAGGED},
                Matches("keyMaterial", r"-----BEGIN RSA PRIVATE KEY-----(?s:.*)"),
            ),
            describe(texts("keySet/item/keyType", "rsa")),
        ),
    ),
    Behaviour(
        "K-13",
        (
            "Line width, line ends and the inner comment of an OpenSSH private key, and "
            "line ends of a PPK: OpenSSH, OpenSSL and PuTTY load it"
        ),
        "unknown",
        tests=(
            "tests/ec2/test_create.py::test_openssh_reads_the_public_half_from_the_pem",
            "tests/ec2/test_create.py::test_putty_reads_the_public_half_from_the_ppk",
        ),
    ),
    Behaviour(
        "K-14",
        (
            "PublicKey of DescribeKeyPairs is always the type, the base64 and the key "
            "pair's name, and one newline; the comment that was imported is gone, and so is"
            " the encoding"
        ),
        "recorded",
        sources=(
            stackd("calls 52"),
            stackd("calls 4", "key_pairs_supplement"),
            CDK_REAL_DRIFT,
            issue("hashicorp/terraform-provider-aws", 40075),
        ),
        steps=(
            import_key(material=f"{RSA} owned comment\n"),
            describe(texts("keySet/item/publicKey", RSA + " {prefix}a\n")),
            import_key(material=RSA_SPKI, name="{prefix}b"),
            describe(
                Matches("keySet/item/publicKey", r"ssh-rsa [\w+/]+=* {prefix}b\n"), name="{prefix}b"
            ),
        ),
    ),
    Behaviour(
        "K-15",
        "So it is for created key pairs",
        "recorded",
        sources=(stackd("create-ed25519-pem"),),
        steps=(
            create_key(fingerprint="keyFingerprint"),
            describe(
                Matches("keySet/item/publicKey", r"ssh-ed25519 [\w+/]+=* {prefix}a\n"),
                texts("keySet/item/keyFingerprint", "{fingerprint}"),
            ),
        ),
    ),
    Behaviour(
        "K-16",
        "Only the answer of CreateKeyPair has the private key",
        "documented",
        sources=(api("DescribeKeyPairs"),),
        tests=("tests/ec2/test_create.py::test_the_private_key_is_in_the_answer_only",),
    ),
    Behaviour(
        "K-17",
        "Each CreateKeyPair makes a new key",
        "documented",
        sources=(api("CreateKeyPair"),),
        steps=(
            create_key(),
            create_key(name="{prefix}b", fingerprint="keyFingerprint"),
            call(
                "DescribeKeyPairs",
                {
                    "Filters": filtered(
                        {"key-name": ["{prefix}*"], "fingerprint": ["{fingerprint}"]}
                    )
                },
                texts("keySet/item/keyName", "{prefix}b"),
            ),
        ),
    ),
    Behaviour(
        "K-18",
        "A key pair ID is `key-0` and 16 lower-case hex digits",
        "recorded",
        sources=(stackd("call 1"),),
        steps=(import_key(Matches("keyPairId", "key-0[0-9a-f]{16}")),),
    ),
    Behaviour(
        "K-19",
        (
            "The material of a created RSA key as `pem` has lines of 64 columns that end "
            "with a line feed, and no newline behind the last"
        ),
        "recorded",
        sources=(CANNED_RESPONSES,),
        steps=(
            create_key(
                Matches(
                    "keyMaterial",
                    r"-----BEGIN RSA PRIVATE KEY-----\n([\w+/]{64}\n)+[\w+/]+=*\n"
                    r"-----END RSA PRIVATE KEY-----",
                ),
                more={"KeyType": "rsa"},
            ),
        ),
    ),
    Behaviour(
        "K-20",
        "Nor is there one behind the material of an Ed25519 key, or of a `ppk`",
        "inferred",
        steps=(
            create_key(
                Matches("keyMaterial", r"-----BEGIN(?s:.*)-----END OPENSSH PRIVATE KEY-----")
            ),
            create_key(
                Matches("keyMaterial", r"PuTTY(?s:.*)Private-MAC: [0-9a-f]{40}"),
                name="{prefix}b",
                more={"KeyFormat": "ppk"},
            ),
        ),
    ),
)
