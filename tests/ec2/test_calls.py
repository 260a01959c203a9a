"""What a test can look at afterwards: the calls, the key pairs, and never a private key."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import pickle

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from ec2_keypair_mock import Call, EC2Error, KeyPair, mock

HERE = {"region": "us-east-1", "account_id": "123456789012"}


# Calls


def test_calls_are_records_in_order(aws, ec2, ed25519_line):
    ec2.import_key_pair(KeyName="k", PublicKeyMaterial=ed25519_line)
    ec2.describe_key_pairs(
        KeyNames=["k"], Filters=[{"Name": "tag:a", "Values": ["b", "c"]}], IncludePublicKey=True
    )
    key_pair_id = aws.backend().key_pairs["k"].key_pair_id
    ec2.create_tags(Resources=[key_pair_id], Tags=[{"Key": "a", "Value": "b"}])
    ec2.describe_tags(MaxResults=5)
    material = ed25519_line.encode()
    assert aws.calls == [
        Call("ImportKeyPair", {"KeyName": "k", "PublicKeyMaterial": material}, **HERE),
        Call(
            "DescribeKeyPairs",
            {
                "KeyNames": ["k"],
                "Filters": [{"Name": "tag:a", "Values": ["b", "c"]}],
                "IncludePublicKey": True,
            },
            **HERE,
        ),
        Call(
            "CreateTags",
            {"Resources": [key_pair_id], "Tags": [{"Key": "a", "Value": "b"}]},
            **HERE,
        ),
        Call("DescribeTags", {"MaxResults": 5}, **HERE),
    ]


def test_a_calls_repr_shows_no_key_material(aws, ec2, error_of, ed25519_line):
    ec2.import_key_pair(KeyName="k", PublicKeyMaterial=ed25519_line)
    error_of(ec2.import_key_pair, KeyName="j", PublicKeyMaterial="secret")
    assert [repr(call) for call in aws.calls] == [
        "Call(action='ImportKeyPair', parameters={'KeyName': 'k', "
        f"'PublicKeyMaterial': <{len(ed25519_line)} bytes>}}, region='us-east-1', "
        "account_id='123456789012', code=None)",
        "Call(action='ImportKeyPair', parameters={'KeyName': 'j', "
        "'PublicKeyMaterial': b'(6 characters that are no public key)'}, region='us-east-1', "
        "account_id='123456789012', code='InvalidKey.Format')",
    ]
    assert aws.calls[0] != Call("ImportKeyPair", {"KeyName": "k"}, **HERE)


def test_material_under_a_wrong_name_is_not_kept_either(aws, send, error_of):
    error_of(send, action="ImportKeyPair", **{"KeyName": "k", "PublicKeyMaterial.1": "secret"})
    assert "secret" not in str(aws.calls[0].parameters)


def test_failed_calls_have_their_code(aws, ec2, error_of):
    error_of(ec2.delete_key_pair, KeyPairId="bad")
    error_of(ec2.describe_key_pairs, DryRun=True)
    aws.deny("ec2:DescribeKeyPairs")
    error_of(ec2.describe_key_pairs)
    assert aws.calls == [
        Call("DeleteKeyPair", {"KeyPairId": "bad"}, code="InvalidParameterValue", **HERE),
        Call("DescribeKeyPairs", {"DryRun": True}, code="DryRunOperation", **HERE),
        Call("DescribeKeyPairs", {}, code="UnauthorizedOperation", **HERE),
    ]


def test_a_call_that_cannot_be_read_has_its_flat_parameters(aws, send, error_of):
    error_of(send, action="DescribeKeyPairs", **{"KeyName.1": "k", "Nonsense": "(not recognized)"})
    assert aws.calls == [
        Call(
            "DescribeKeyPairs",
            {"KeyName.1": "k", "Nonsense": "(not recognized)"},
            code="UnknownParameter",
            **HERE,
        )
    ]


def test_unknown_actions_are_no_calls(aws, send, error_of):
    error_of(send, action="Nonsense")
    assert aws.calls == []


def test_seeding_the_backend_is_no_call(aws, ed25519_line):
    aws.backend().import_key_pair(key_name="k", public_key_material=ed25519_line)
    assert aws.calls == []


def test_calls_can_be_read_when_the_mock_has_ended(ec2):
    with mock() as aws:
        ec2.describe_key_pairs()
    assert [call.action for call in aws.calls] == ["DescribeKeyPairs"]
    assert aws.backend().key_pairs == {}


def test_calls_are_frozen(aws, ec2):
    ec2.describe_key_pairs()
    with pytest.raises(dataclasses.FrozenInstanceError):
        aws.calls[0].action = "x"


# Private keys, imported by mistake

FORMS = {
    "pem": lambda key: private(key, Encoding.PEM, PrivateFormat.PKCS8),
    "openssh": lambda key: private(key, Encoding.PEM, PrivateFormat.OpenSSH),
    "base64 of der": lambda key: base64.b64encode(private(key, Encoding.DER, PrivateFormat.PKCS8)),
    "der": lambda key: private(key, Encoding.DER, PrivateFormat.PKCS8),
    "behind a comment": lambda key: b"# my key\n" + private(key, Encoding.PEM, PrivateFormat.PKCS8),
}


def private(key, encoding, form) -> bytes:
    return key.private_bytes(encoding, form, NoEncryption())


def pieces(material: bytes) -> list[str]:
    """What would give the key away in a text: its longer lines, plain and as base64."""
    lines = [line for line in material.splitlines() if len(line) > 30 and b"--" not in line]
    encoded = base64.b64encode(material).decode()
    return [repr(line)[2:-1] for line in lines] + [encoded[:40], encoded[-40:], str(material)[2:40]]


@pytest.fixture(params=["rsa", "ed25519"])
def key(request):
    return request.getfixturevalue(f"{request.param}_key")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_private_key_leaves_no_trace(aws, ec2, key, form):
    material = form(key)
    with pytest.raises(ClientError) as caught:
        ec2.import_key_pair(KeyName="k", PublicKeyMaterial=material)
    (call,) = aws.calls
    seen = "".join(map(str, [aws.calls, call.parameters, caught.value, caught.value.response, aws]))
    assert not [piece for piece in pieces(material) if piece in seen]
    assert b"no public key" in call.parameters["PublicKeyMaterial"]


ENDINGS = {
    "dry run": {"DryRun": "true"},
    "unknown parameter": {"Nonsense": "(not recognized)"},
    "bad name": {"KeyName": ""},
    "denied": {"KeyName": "denied"},
    "fails": {},
}


@pytest.mark.parametrize("flat", ENDINGS.values(), ids=ENDINGS)
@pytest.mark.parametrize("padding", [0, 4096], ids=["", "too long"])
def test_a_private_key_leaves_no_trace_however_the_call_ends(aws, send, ed25519_key, flat, padding):
    material = private(ed25519_key, Encoding.PEM, PrivateFormat.OpenSSH) + b" " * padding
    wire = {"KeyName": "k", "PublicKeyMaterial": base64.b64encode(material).decode(), **flat}
    aws.deny("ec2:ImportKeyPair", key_name="denied")
    if not flat:
        aws.fail("ImportKeyPair", "InternalError")
    with pytest.raises(ClientError) as caught:
        send("ImportKeyPair", **wire)
    seen = f"{aws.calls} {caught.value} {caught.value.response}"
    assert not [piece for piece in pieces(material) if piece in seen]


def test_the_error_of_the_backend_has_no_private_key_behind_it(aws, ed25519_key):
    material = private(ed25519_key, Encoding.PEM, PrivateFormat.OpenSSH)
    with pytest.raises(EC2Error) as caught:
        aws.backend().import_key_pair(key_name="k", public_key_material=material)
    seen = f"{caught.value!r} {caught.value} {caught.value.__cause__}"
    assert caught.value.__suppress_context__
    assert not [piece for piece in pieces(material) if piece in seen]


def test_a_created_key_shows_no_private_key(aws, ec2):
    created = aws.backend().create_key_pair(key_name="k", key_type="ed25519")
    ec2.create_key_pair(KeyName="l", KeyType="ed25519")
    assert "PRIVATE KEY" in created.key_material
    assert "PRIVATE KEY" not in f"{created!r} {created} {aws.backend().key_pairs} {aws.calls}"


# Key pairs


@pytest.fixture
def key_pair(aws, import_key) -> KeyPair:
    import_key("k", Team="red")
    return aws.backend().key_pairs["k"]


def test_a_key_pair_is_what_a_describe_shows(ec2, key_pair):
    (found,) = ec2.describe_key_pairs(IncludePublicKey=True)["KeyPairs"]
    assert found == {
        "KeyName": key_pair.key_name,
        "KeyPairId": key_pair.key_pair_id,
        "KeyFingerprint": key_pair.key_fingerprint,
        "KeyType": key_pair.key_type,
        "PublicKey": key_pair.public_key,
        "CreateTime": key_pair.create_time,
        "Tags": [{"Key": key, "Value": value} for key, value in key_pair.tags.items()],
    }


def test_its_repr_names_it_without_key_material(key_pair):
    text = repr(key_pair)
    assert "'k'" in text
    assert key_pair.key_pair_id in text
    assert key_pair.public_key.split()[1] not in text
    assert "Team" in text


def test_it_cannot_be_changed(aws, key_pair):
    with pytest.raises(dataclasses.FrozenInstanceError):
        key_pair.key_name = "x"
    with pytest.raises(TypeError):
        key_pair.tags["Team"] = "blue"
    aws.backend().key_pairs.clear()
    assert list(aws.backend().key_pairs) == ["k"]


def test_a_change_of_tags_makes_a_new_object(aws, ec2, key_pair):
    ec2.delete_tags(Resources=[key_pair.key_pair_id])
    assert dict(key_pair.tags) == {"Team": "red"}
    assert dict(aws.backend().key_pairs["k"].tags) == {}


def test_it_is_hashable_and_compares_by_value(aws, ec2, key_pair):
    assert key_pair == aws.backend().key_pairs["k"]
    assert len({key_pair, aws.backend().key_pairs["k"]}) == 1
    ec2.delete_tags(Resources=[key_pair.key_pair_id])
    assert key_pair != aws.backend().key_pairs["k"]


def test_it_can_be_copied_and_taken_apart(key_pair):
    assert dataclasses.replace(key_pair) == key_pair
    assert dataclasses.asdict(key_pair)["tags"] == {"Team": "red"}
    assert pickle.loads(pickle.dumps(key_pair)) == key_pair


@pytest.mark.parametrize("freezer", ["freezegun", "time_machine"])
def test_create_time_follows_a_frozen_clock(aws, freezer):
    moment = dt.datetime(2020, 2, 29, 23, 59, 59, 999999, tzinfo=dt.timezone.utc)
    module = pytest.importorskip(freezer)
    frozen = getattr(module, "freeze_time", None) or (lambda to: module.travel(to, tick=False))
    with frozen(moment):
        created = aws.backend().create_key_pair(key_name="k", key_type="ed25519")
    assert created.create_time == moment.replace(microsecond=999000)
    assert created.create_time.utcoffset() == dt.timedelta()


def test_the_state_of_a_backend_is_not_in_its_repr(aws):
    assert repr(aws.backend("eu-west-1")) == "KeyPairBackend('123456789012', 'eu-west-1')"


# The backend, which takes what the API takes


def test_the_backend_raises_what_the_api_answers(aws, ec2, error_of):
    with pytest.raises(EC2Error) as caught:
        aws.backend().delete_key_pair()
    error = caught.value
    assert (error.code, error.message, error.status) == (
        "MissingParameter",
        "KeyName or KeyPairId must be provided",
        400,
    )
    assert str(error) == "MissingParameter: KeyName or KeyPairId must be provided"


def test_the_backend_wants_tags_as_the_api_does(aws, ec2, import_key, error_of):
    key_pair_id = import_key("k")
    code, message, _ = error_of(ec2.create_tags, Resources=[key_pair_id], Tags=[])
    with pytest.raises(EC2Error) as caught:
        aws.backend().create_tags(resources=[key_pair_id], tags=[])
    assert (caught.value.code, caught.value.message) == (code, message)


def test_the_backend_takes_material_as_text_or_bytes(aws, ed25519_line):
    backend = aws.backend()
    one = backend.import_key_pair(key_name="a", public_key_material=ed25519_line)
    two = backend.import_key_pair(key_name="b", public_key_material=ed25519_line.encode())
    assert one.key_fingerprint == two.key_fingerprint


def test_the_backend_takes_tags_and_tells_them(aws, ed25519_line):
    backend = aws.backend()
    specification = {"ResourceType": "key-pair", "Tags": [{"Key": "a", "Value": "b"}]}
    key_pair = backend.import_key_pair(
        key_name="k", public_key_material=ed25519_line, tag_specifications=[specification]
    )
    backend.create_tags(resources=[key_pair.key_pair_id], tags=[{"Key": "c", "Value": "d"}])
    backend.delete_tags(resources=[key_pair.key_pair_id], tags=[{"Key": "a"}])
    (tag,) = backend.describe_tags()
    assert (tag.resource_id, tag.resource_type) == (key_pair.key_pair_id, "key-pair")
    assert (tag.key, tag.value) == ("c", "d")
