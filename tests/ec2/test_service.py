"""Which account and Region a request is for, and requests that no client of AWS's would send."""

from __future__ import annotations

import re
from typing import get_args
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_keypair_mock.clients.target import Target
from ec2_keypair_mock.ec2.actions import ACTIONS, ActionName
from ec2_keypair_mock.ec2.resources import NoOtherResources, NotMockedError
from ec2_keypair_mock.ec2.service import Accounts, Request, Service

FORM = {"content-type": "application/x-www-form-urlencoded"}
DESCRIBE = b"Action=DescribeKeyPairs&Version=2016-11-15"


def signed(region: str, access_key: str = "AKIDEXAMPLE") -> dict[str, str]:
    scope = f"{access_key}/20260925/{region}/ec2/aws4_request"
    return {
        **FORM,
        "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }


def error(service: Service, request: Request) -> tuple[str, str]:
    body = service.handle(request).body.decode()
    found = re.search("<Code>(.*)</Code><Message>(.*)</Message>", body)
    return (found[1], found[2]) if found else ("", "")


@pytest.fixture
def service() -> Service:
    return Service()


PRESIGNED = urlencode({"X-Amz-Credential": "AKIDEXAMPLE/20260925/eu-west-3/ec2/aws4_request"})

REGIONS = {
    "signature": ("https://ec2.amazonaws.com/", signed("eu-west-1"), "eu-west-1"),
    "signature, not host": (
        "https://ec2.us-west-2.amazonaws.com",
        signed("eu-west-1"),
        "eu-west-1",
    ),
    "presigned": (f"https://ec2.amazonaws.com/?{PRESIGNED}", {}, "eu-west-3"),
    "host": ("https://ec2.ap-southeast-2.amazonaws.com/", {}, "ap-southeast-2"),
    "host, api.aws": ("https://ec2.eu-west-1.api.aws/", {}, "eu-west-1"),
    "host, FIPS": ("https://ec2-fips.us-east-2.amazonaws.com/", {}, "us-east-2"),
    "host, China": ("https://ec2.cn-north-1.amazonaws.com.cn/", {}, "cn-north-1"),
    "host, GovCloud": ("https://ec2.us-gov-west-1.amazonaws.com/", {}, "us-gov-west-1"),
    "host, VPC endpoint": (
        "https://vpce-0a-1b.ec2.us-west-1.vpce.amazonaws.com/",
        {},
        "us-west-1",
    ),
    "host, old": ("https://eu-west-2.ec2.amazonaws.com/", {}, "eu-west-2"),
    "host without Region": ("https://ec2.amazonaws.com/", {}, "us-east-1"),
    "other host": ("http://localhost:5000/", {}, "us-east-1"),
    "old signature": (
        "https://ec2.eu-west-1.amazonaws.com/",
        {"authorization": "AWS x:y"},
        "eu-west-1",
    ),
}


@pytest.mark.parametrize(("url", "headers", "region"), REGIONS.values(), ids=REGIONS)
def test_region(service, url, headers, region):
    service.handle(Request("POST", url, {**FORM, **headers}, DESCRIBE))
    assert [call.region for call in service.calls] == [region]


def test_a_get_has_its_parameters_in_the_url(service):
    url = "https://ec2.us-east-1.amazonaws.com/?Action=DescribeKeyPairs&KeyName.1=a%20b"
    assert error(service, Request("GET", url))[1] == "The key pair 'a b' does not exist"


def test_url_and_body_are_one_form(service):
    url = "https://ec2.us-east-1.amazonaws.com/?Action=DescribeKeyPairs&KeyName.1=x"
    request = Request("POST", url, FORM, b"IncludePublicKey=true")
    assert error(service, request)[1] == "The key pair 'x' does not exist"
    assert service.calls[0].parameters == {"KeyNames": ["x"], "IncludePublicKey": True}


PROTOCOL = {
    "AWSAccessKeyId": "AKIDEXAMPLE",
    "SecurityToken": "t",
    "Signature": "s",
    "SignatureMethod": "HmacSHA256",
    "SignatureVersion": "2",
    "Timestamp": "2026-09-25T11:05:17",
    "Expires": "2026-09-25T11:05:17",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "AKIDEXAMPLE/20260925/us-east-1/ec2/aws4_request",
    "X-Amz-Date": "20260925T110517Z",
    "X-Amz-Expires": "60",
    "X-Amz-Security-Token": "t",
    "X-Amz-Signature": "s",
    "X-Amz-SignedHeaders": "host",
}


def test_parameters_of_the_signature_belong_to_no_action(service):
    body = urlencode({"Action": "DescribeKeyPairs", "Version": "2016-11-15", **PROTOCOL})
    answer = service.handle(Request("POST", "https://ec2.amazonaws.com", FORM, body.encode()))
    assert answer.status == 200
    assert service.calls[0].parameters == {}


# Accounts, by access key


@pytest.mark.parametrize(
    "request_of",
    [
        lambda key: Request(
            "POST", "https://ec2.amazonaws.com", signed("us-east-1", key), DESCRIBE
        ),
        lambda key: Request(
            "POST", "https://ec2.amazonaws.com", FORM, DESCRIBE + f"&AWSAccessKeyId={key}".encode()
        ),
    ],
    ids=["version 4", "version 2"],
)
def test_account_of_the_access_key(request_of):
    class Owners(Accounts):
        def of(self, request, access_key, account_id):
            return {"AKIDOTHER": "210987654321"}.get(access_key)

    service = Service(accounts=Owners())
    service.handle(request_of("AKIDOTHER"))
    service.handle(request_of("AKIDEXAMPLE"))
    assert [call.account_id for call in service.calls] == ["210987654321", "123456789012"]


def test_each_backend_has_its_other_resources():
    made = []

    class Resources(NoOtherResources):
        def __init__(self, account_id, region):
            super().__init__(account_id, region)
            made.append((account_id, region))

    service = Service(other_resources=Resources)
    for region in ("us-east-1", "eu-west-1", "us-east-1"):
        service.backend(region)
    assert made == [("123456789012", "us-east-1"), ("123456789012", "eu-west-1")]


# Forms that are none

MALFORMED = {
    "no UTF-8, encoded": b"Action=DescribeKeyPairs&KeyName.1=%ff",
    "no UTF-8": b"Action=DescribeKeyPairs&KeyName.1=\xff",
    "a surrogate": b"Action=DescribeKeyPairs&KeyName.1=%ed%a0%80",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_malformed_forms(service, body):
    assert error(service, Request("POST", "https://ec2.amazonaws.com/", FORM, body)) == (
        "InvalidHttpRequest",
        "The HTTP request is invalid. Reason: Unable to parse request",
    )


REPEATED = {
    "in the body": ("", b"Action=DeleteKeyPair&KeyName=a&KeyName=b"),
    "in URL and body": ("?KeyName=a", b"Action=DeleteKeyPair&KeyName=a"),
}


@pytest.mark.parametrize(("query", "body"), REPEATED.values(), ids=REPEATED)
def test_a_parameter_given_twice(service, query, body):
    assert error(service, Request("POST", f"https://ec2.amazonaws.com/{query}", FORM, body)) == (
        "InvalidParameterCombination",
        "The parameter 'KeyName' may only be specified once.",
    )


@pytest.mark.parametrize("body", [b"", b"Action=", b"Version=2016-11-15"], ids=repr)
def test_no_action(service, body):
    code, _ = error(service, Request("POST", "https://ec2.amazonaws.com/", FORM, body))
    assert code == "MissingAction"


def test_a_parameter_without_a_value_is_empty(service):
    request = Request("POST", "https://ec2.amazonaws.com/", FORM, b"Action=CreateKeyPair&KeyName")
    assert error(service, request)[1] == "The request must contain the parameter KeyName"


# Any form at all

PARTS = st.sampled_from(
    "KeyName KeyPairId PublicKeyMaterial KeyType Filter Name Value Tag Key ResourceId MaxResults "
    "NextToken DryRun TagSpecification ResourceType IncludePublicKey 1 2 0 x".split()
)
NAMES = st.lists(PARTS, min_size=1, max_size=5).map(".".join)
VALUES = st.one_of(
    st.sampled_from(["", "true", "k", "key-pair", "key-0123456789abcdef0", "5", "tag:a", "i-1"]),
    st.text(max_size=20),
)


@given(action=st.sampled_from(sorted(ACTIONS)), flat=st.dictionaries(NAMES, VALUES, max_size=6))
def test_any_form_gets_an_answer(action, flat):
    body = urlencode({"Action": action, **flat}, errors="surrogatepass").encode()
    try:
        answer = Service().handle(Request("POST", "https://ec2.amazonaws.com/", FORM, body))
    except NotMockedError:
        return
    root = ElementTree.fromstring(answer.body)
    assert answer.status in (200, 400, 412)
    assert root.tag.endswith("Response")


def test_a_key_pair_is_added_as_it_is_unless_its_name_is_in_use(service, ed25519_line):
    made = Service().backend().import_key_pair(key_name="k", public_key_material=ed25519_line)
    other = Service().backend().import_key_pair(key_name="k", public_key_material=ed25519_line)
    backend = service.backend()
    backend.add_as_is(made)
    backend.add_as_is(other)
    assert backend.key_pairs == {"k": made}
    assert backend.find(made.key_pair_id) == made
    assert backend.find(other.key_pair_id) is None


def test_the_names_of_the_actions_are_those_that_type_checkers_know():
    assert get_args(ActionName) == tuple(ACTIONS)


def test_what_is_not_mocked_says_so(service):
    tags = [{"Key": "a", "Value": "b"}]
    with pytest.raises(NotMockedError, match="CreateTags on i-12345678 in us-east-1"):
        service.backend().create_tags(resources=["i-12345678"], tags=tags)


SECRET = "s3cret"


def test_no_header_body_or_query_shows_in_a_repr(service):
    url = f"https://ec2.amazonaws.com/?X-Amz-Signature={SECRET}"
    request = Request("POST", url, {"authorization": SECRET}, DESCRIBE + SECRET.encode())
    shown = [request, Target(*vars(request).values()), service.handle(request), service]
    assert [SECRET in repr(each) for each in shown] == [False] * 4
    assert repr(service.handle(request)) == "Response(status=400, delay=0.0)"


@pytest.mark.parametrize("version", ["2014-10-01", "2016-11-15"])
def test_the_namespace_follows_the_version(service, version):
    body = f"Action=DescribeKeyPairs&Version={version}".encode()
    answer = service.handle(Request("POST", "https://ec2.amazonaws.com/", FORM, body))
    assert f'xmlns="http://ec2.amazonaws.com/doc/{version}/"'.encode() in answer.body


@pytest.mark.parametrize("version", ["2010-03-31", "", "latest"])
def test_a_version_that_never_was(service, version):
    body = f"Action=DescribeKeyPairs&Version={version}".encode()
    assert error(service, Request("POST", "https://ec2.amazonaws.com/", FORM, body)) == (
        "NoSuchVersion",
        f"The requested version ({version}) of service AmazonEC2 does not exist",
    )
