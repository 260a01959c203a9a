"""What no mock can save: a real client whose ``before-send`` hook answers with bytes made before.

All clients are of one session, so that the service model is read once a process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse

from . import tags

_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
_REQUEST_ID = "<requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>"
_FINGERPRINT = "1f:51:ae:28:bf:89:e9:d8:1f:25:5d:37:2d:7d:b8:ca:9f:f5:f1:6f"
_PRIVATE_KEY = "\n".join(["-----BEGIN PRIVATE KEY-----", *["A" * 64] * 26])

_session = boto3.Session()
_answers: dict[str, bytes] = {}


class _Raw:
    """The least that botocore reads a body from."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def active() -> AbstractContextManager[None]:
    return nullcontext()


def client() -> Any:
    made = _session.client("ec2")
    made.meta.events.register("before-send.ec2", _answer)
    return made


def fill(client: Any, count: int) -> None:
    items = "".join(map(_item, range(count)))
    _answers["DescribeKeyPairs"] = _document("DescribeKeyPairs", f"<keySet>{items}</keySet>")


def _answer(request: Any, event_name: str, **others: Any) -> AWSResponse:
    body = _answers[event_name.rpartition(".")[2]]
    return AWSResponse(request.url, 200, {}, _Raw(body))


def _document(action: str, result: str) -> bytes:
    root = f"{action}Response"
    return f'{_PROLOG}<{root} xmlns="{_NAMESPACE}">{_REQUEST_ID}{result}</{root}>'.encode()


def _item(number: int) -> str:
    pairs = "".join(
        f"<item><key>{each['Key']}</key><value>{each['Value']}</value></item>"
        for each in tags(number)
    )
    return (
        f"<item><keyPairId>key-0{number:016x}</keyPairId><keyName>test-{number}</keyName>"
        f"<keyType>ed25519</keyType><keyFingerprint>{_FINGERPRINT}</keyFingerprint>"
        f"<createTime>2024-05-06T07:08:09.000Z</createTime><tagSet>{pairs}</tagSet></item>"
    )


_answers["CreateKeyPair"] = _document(
    "CreateKeyPair",
    f"<keyName>test</keyName><keyFingerprint>{_FINGERPRINT}</keyFingerprint>"
    f"<keyMaterial>{_PRIVATE_KEY}</keyMaterial><keyPairId>key-00000000000000000</keyPairId>",
)
fill(None, 0)
