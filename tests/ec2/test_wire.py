"""The bytes of the answers, and whatever text comes through them."""

from __future__ import annotations

import base64
import email.utils
import re
import time
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ec2_keypair_mock import mock
from ec2_keypair_mock.ec2.service import Request, Response, Service

URL = "https://ec2.us-east-1.amazonaws.com/"
NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
FINGERPRINT = "HMXWyhG4gbktWdKgkzX/THR2+GMkRLG8rKsKj1oW86k="


@pytest.fixture
def service() -> Service:
    return Service()


def ask(service: Service, action: str, **flat: str) -> Response:
    form = {"Action": action, "Version": "2016-11-15", **flat}
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    return service.handle(Request("POST", URL, headers, urlencode(form).encode()))


def import_key(service: Service, material: str, key_name: str = "NAME", **flat: str) -> Response:
    wire = base64.b64encode(material.encode()).decode()
    return ask(service, "ImportKeyPair", KeyName=key_name, PublicKeyMaterial=wire, **flat)


def tags(prefix: str, **tags: str) -> dict[str, str]:
    numbered = enumerate(tags.items(), start=1)
    return {
        f"{prefix}Tag.{number}.{part}": text
        for number, pair in numbered
        for part, text in zip(("Key", "Value"), pair, strict=True)
    }


IN_SPECIFICATION = {
    "TagSpecification.1.ResourceType": "key-pair",
    **tags("TagSpecification.1.", Team="red", Empty=""),
}
TAG_SET = (
    "<tagSet><item><key>Team</key><value>red</value></item>"
    "<item><key>Empty</key><value/></item></tagSet>"
)


def document(action: str, answer: Response, inside: str) -> bytes:
    """A success as EC2 writes it, on one line behind the prolog."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{action}Response xmlns="{NAMESPACE}">'
        f"<requestId>{answer.headers['x-amzn-requestid']}</requestId>{inside}</{action}Response>"
    ).encode()


def key_pair_id(service: Service, key_name: str = "NAME") -> str:
    return service.backend().key_pairs[key_name].key_pair_id


# Successes


def test_import(service, ed25519_line):
    answer = import_key(service, ed25519_line)
    assert answer.status == 200
    assert answer.body == document(
        "ImportKeyPair",
        answer,
        f"<keyName>NAME</keyName><keyPairId>{key_pair_id(service)}</keyPairId>"
        f"<keyFingerprint>{FINGERPRINT}</keyFingerprint>",
    )


def test_import_with_tags(service, ed25519_line):
    answer = import_key(service, ed25519_line, **IN_SPECIFICATION)
    assert answer.body == document(
        "ImportKeyPair",
        answer,
        f"<keyName>NAME</keyName><keyPairId>{key_pair_id(service)}</keyPairId>"
        f"<keyFingerprint>{FINGERPRINT}</keyFingerprint>{TAG_SET}",
    )


@pytest.mark.parametrize(
    ("given", "tag_set"), [({}, ""), (IN_SPECIFICATION, TAG_SET)], ids=["no tags", "tags"]
)
def test_create(service, given, tag_set):
    answer = ask(service, "CreateKeyPair", KeyName="NAME", KeyType="ed25519", **given)
    material = re.search(
        "-----BEGIN.*-----END OPENSSH PRIVATE KEY-----\n*", answer.body.decode(), re.DOTALL
    )
    key_pair = service.backend().key_pairs["NAME"]
    assert answer.body == document(
        "CreateKeyPair",
        answer,
        f"<keyName>NAME</keyName><keyFingerprint>{key_pair.key_fingerprint}</keyFingerprint>"
        f"<keyMaterial>{material[0]}</keyMaterial>"
        f"<keyPairId>{key_pair.key_pair_id}</keyPairId>{tag_set}",
    )


def test_describe(service, ed25519_line):
    import_key(service, ed25519_line)
    answer = ask(service, "DescribeKeyPairs")
    assert answer.body == document(
        "DescribeKeyPairs", answer, f"<keySet>{item(service, tag_set='<tagSet/>')}</keySet>"
    )


def test_describe_with_public_key_and_tags(service, ed25519_line):
    import_key(service, ed25519_line, **IN_SPECIFICATION)
    import_key(service, ed25519_line, key_name="other")
    answer = ask(service, "DescribeKeyPairs", IncludePublicKey="true")
    items = item(service, f"<publicKey>{ed25519_line} NAME\n</publicKey>", TAG_SET)
    items += item(service, f"<publicKey>{ed25519_line} other\n</publicKey>", key_name="other")
    assert answer.body == document("DescribeKeyPairs", answer, f"<keySet>{items}</keySet>")


def item(service: Service, public_key="", tag_set="<tagSet/>", key_name="NAME") -> str:
    moment = service.backend().key_pairs[key_name].create_time.isoformat(timespec="milliseconds")
    return (
        f"<item><keyName>{key_name}</keyName>"
        f"<keyPairId>{key_pair_id(service, key_name)}</keyPairId>"
        f"<keyFingerprint>{FINGERPRINT}</keyFingerprint><keyType>ed25519</keyType>{public_key}"
        f"<createTime>{moment.removesuffix('+00:00')}Z</createTime>{tag_set}</item>"
    )


def test_create_time_has_milliseconds(service, ed25519_line):
    time_machine = pytest.importorskip("time_machine")
    with time_machine.travel("2026-09-25T11:05:17.400+00:00", tick=False):
        import_key(service, ed25519_line)
    answer = ask(service, "DescribeKeyPairs")
    assert b"<createTime>2026-09-25T11:05:17.400Z</createTime>" in answer.body


def test_describe_nothing(service):
    answer = ask(service, "DescribeKeyPairs")
    assert answer.body == document("DescribeKeyPairs", answer, "<keySet/>")


def test_delete(service, ed25519_line):
    import_key(service, ed25519_line)
    gone = key_pair_id(service)
    answer = ask(service, "DeleteKeyPair", KeyName="NAME")
    inside = f"<return>true</return><keyPairId>{gone}</keyPairId>"
    assert answer.body == document("DeleteKeyPair", answer, inside)


def test_delete_nothing(service):
    answer = ask(service, "DeleteKeyPair", KeyName="NAME")
    assert answer.body == document("DeleteKeyPair", answer, "<return>true</return>")


@pytest.mark.parametrize("action", ["CreateTags", "DeleteTags"])
def test_tag_actions(service, ed25519_line, action):
    import_key(service, ed25519_line)
    resource = {"ResourceId.1": key_pair_id(service)}
    answer = ask(service, action, **resource, **tags("", Team="red"))
    assert answer.body == document(action, answer, "<return>true</return>")


def test_describe_tags(service, ed25519_line):
    import_key(service, ed25519_line, **IN_SPECIFICATION)
    answer = ask(service, "DescribeTags", **{"Filter.1.Name": "key", "Filter.1.Value.1": "Team"})
    inside = (
        f"<tagSet><item><resourceId>{key_pair_id(service)}</resourceId>"
        "<resourceType>key-pair</resourceType><key>Team</key><value>red</value></item></tagSet>"
    )
    assert answer.body == document("DescribeTags", answer, inside)


# Errors


def test_error(service):
    answer = import_key(service, "junk")
    assert answer.status == 400
    assert (
        answer.body
        == (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            "<Response><Errors><Error><Code>InvalidKey.Format</Code>"
            "<Message>Key is not in valid OpenSSH public key format</Message></Error></Errors>"
            f"<RequestID>{answer.headers['x-amzn-requestid']}</RequestID></Response>"
        ).encode()
    )


def test_error_escapes_what_it_echoes(service):
    answer = ask(service, "DescribeKeyPairs", **{"KeyName.1": "<a> & 'b' \"c\" ]]>"})
    assert b"<Message>The key pair '&lt;a&gt; &amp; 'b' \"c\" ]]&gt;' does not exist</Message>" in (
        answer.body
    )


FAILURES = {
    "parameter": ("DescribeKeyPairs", {"Nonsense": "1"}, 400),
    "action": ("Nonsense", {}, 400),
    "dry run": ("DescribeKeyPairs", {"DryRun": "true"}, 412),
}


@pytest.mark.parametrize(("action", "flat", "status"), FAILURES.values(), ids=FAILURES)
def test_every_error_has_the_same_document(service, action, flat, status):
    answer = ask(service, action, **flat)
    root = ElementTree.fromstring(answer.body)
    assert answer.status == status
    assert [element.tag for element in root.iter()] == [
        *("Response", "Errors", "Error", "Code", "Message", "RequestID")
    ]


# Headers


@pytest.mark.parametrize(
    ("flat", "more"),
    [({}, {}), ({"DryRun": "true"}, {"connection": "close", "vary": "accept-encoding"})],
    ids=["success", "error"],
)
def test_headers(service, flat, more):
    before = int(time.time())
    headers = dict(ask(service, "DescribeKeyPairs", **flat).headers)
    request_id, date = headers.pop("x-amzn-requestid"), headers.pop("date")
    assert re.fullmatch("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", request_id)
    assert date.endswith(" GMT")
    assert before <= email.utils.parsedate_to_datetime(date).timestamp() <= time.time()
    assert headers == {
        "cache-control": "no-cache, no-store",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "content-type": "text/xml;charset=UTF-8",
        "server": "AmazonEC2",
        **more,
    }


def test_each_request_has_its_own_id(service):
    answers = [ask(service, "DescribeKeyPairs") for _ in range(3)]
    assert len({answer.headers["x-amzn-requestid"] for answer in answers}) == 3


def test_the_client_sees_id_and_headers(aws, ec2):
    metadata = ec2.describe_key_pairs()["ResponseMetadata"]
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]
    assert metadata["HTTPHeaders"]["server"] == "AmazonEC2"


# Any text

PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=255)
ANY = st.text(st.characters(codec="utf-8"), max_size=256)
# What XML 1.0 can hold (section 2.2, Char); the rest arrives as U+FFFD.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@settings(max_examples=50)
@given(key_name=PRINTABLE.filter(lambda name: name == name.strip(" ")))
@example(key_name="""<a b="c">&amp;<!--'--> ]]> <![CDATA[x]]>""")
@example(key_name="%41+&=;\\")
def test_any_printable_name_comes_back(ec2, ed25519_line, key_name):
    with mock():
        answer = ec2.import_key_pair(KeyName=key_name, PublicKeyMaterial=ed25519_line)
        assert answer["KeyName"] == key_name
        found = ec2.describe_key_pairs(KeyNames=[key_name], IncludePublicKey=True)["KeyPairs"]
        assert [each["KeyName"] for each in found] == [key_name]
        assert found[0]["PublicKey"] == f"{ed25519_line} {key_name}\n"
        assert ec2.delete_key_pair(KeyName=key_name)["KeyPairId"] == answer["KeyPairId"]


@settings(max_examples=50)
@given(value=ANY)
@example(value="\r\n \t line\rfeed \x85\u2028\u2029")
@example(value="  blanks  ")
@example(value="\0\x1b[1m\ufffe\uffff")
@example(value="<![CDATA[ & ]]> &#13; &lt;")
@example(value="\N{KEY}" * 256)
def test_any_tag_value_comes_back(ec2, ed25519_line, value):
    with mock():
        tag_specifications = [{"ResourceType": "key-pair", "Tags": [{"Key": "k", "Value": value}]}]
        answer = ec2.import_key_pair(
            KeyName="k", PublicKeyMaterial=ed25519_line, TagSpecifications=tag_specifications
        )
        found = ec2.describe_key_pairs()["KeyPairs"][0]
        listed = ec2.describe_tags()["Tags"][0]
    expected = NO_XML.sub("\N{REPLACEMENT CHARACTER}", value)
    assert answer["Tags"] == found["Tags"] == [{"Key": "k", "Value": expected}]
    assert listed["Value"] == expected


@settings(max_examples=50)
@given(text=st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_name_in_an_error_can_be_read(ec2, error_of, text):
    with mock():
        code, message, _ = error_of(ec2.describe_key_pairs, KeyNames=[text])
    assert code == "InvalidKeyPair.NotFound"
    echoed = NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    assert message == f"The key pair '{echoed}' does not exist"


def test_a_tag_value_that_xml_cannot_hold_is_still_kept(aws, ec2, import_key):
    import_key("k", bell="\a")
    assert aws.backend().key_pairs["k"].tags == {"bell": "\a"}
    found = ec2.describe_key_pairs(Filters=[{"Name": "tag:bell", "Values": ["\a"]}])
    assert len(found["KeyPairs"]) == 1
