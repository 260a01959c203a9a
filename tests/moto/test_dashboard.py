"""Key pairs on moto's dashboard."""

import json
from urllib.request import urlopen

import boto3
import requests
from moto import mock_aws

from ec2_keypair_mock import mock

URL = "http://motoapi.amazonaws.com/moto-api/data.json"
TAGS = [{"ResourceType": "key-pair", "Tags": [{"Key": "team", "Value": "core"}]}]


def create(region="us-east-1"):
    ec2 = boto3.client("ec2", region_name=region)
    return ec2.create_key_pair(KeyName="deploy", KeyType="ed25519", TagSpecifications=TAGS)


def check(key_pair, created, region="us-east-1"):
    assert key_pair["id"] == created["KeyPairId"]
    assert key_pair["key_name"] == "deploy"
    assert key_pair["key_type"] == "ed25519"
    assert key_pair["key_fingerprint"] == created["KeyFingerprint"]
    assert key_pair["public_key"].startswith("ssh-ed25519 ")
    assert key_pair["region"] == region
    assert key_pair["tags"] == {"team": "core"}


def test_in_process_beside_motos_own():
    with mock(), mock_aws():
        created = create()
        vpc = boto3.client("ec2", region_name="us-east-1").describe_vpcs()["Vpcs"][0]["VpcId"]
        answer = requests.get(URL)
        data = answer.json()["ec2"]
        check(*data["KeyPair"], created)
        assert vpc in [each["id"] for each in data["VPC"]]
        assert "PRIVATE KEY" not in answer.text


def test_of_every_region_before_anything_of_moto():
    with mock(), mock_aws():
        created = {region: create(region) for region in ("eu-west-1", "us-east-1")}
        found = requests.get(URL).json()["ec2"]["KeyPair"]
        for key_pair in found:
            check(key_pair, created[key_pair["region"]], key_pair["region"])
        assert len(found) == 2


def test_served(ec2_keypair_server):
    created = create()
    with urlopen(f"{ec2_keypair_server.url}/moto-api/data.json") as answer:
        data = json.load(answer)
    check(*data["ec2"]["KeyPair"], created)


def test_without_ours_it_is_motos():
    with mock_aws():
        create()
        assert "PRIVATE KEY" in requests.get(URL).text
