"""moto as it is seen from the gate."""

from __future__ import annotations

import sys
from typing import Any

from ..clients.target import Target
from ..ec2.service import Response
from .lifetime import lifetime


class Moto:
    """Answers what is not ours, for clients, too, that were made before moto was imported."""

    def is_on(self) -> bool:
        return lifetime.is_on()

    def answer(self, target: Target) -> Response | None:
        if not (self.is_on() and _is_botocore(target.original)):
            return None
        stubber = sys.modules["moto.core.models"].botocore_stubber
        answer = stubber.process_request(target.original)
        return answer and _response(*answer)


def _is_botocore(request: Any) -> bool:
    from botocore.awsrequest import AWSPreparedRequest

    return isinstance(request, AWSPreparedRequest)


def _response(status: int, headers: Any, body: str | bytes) -> Response:
    texts = {name: str(value) for name, value in dict(headers).items()}
    return Response(status, texts, body.encode() if isinstance(body, str) else body)
