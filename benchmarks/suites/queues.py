"""Tests with another service of moto's, without EC2; TESTS says how many there are."""

import os

import boto3
import pytest
from moto import mock_aws


@pytest.mark.parametrize("number", range(int(os.environ["TESTS"])))
def test_a_queue(number: int) -> None:
    with mock_aws():
        sqs = boto3.client("sqs")
        sqs.create_queue(QueueName="test")
        assert len(sqs.list_queues()["QueueUrls"]) == 1
