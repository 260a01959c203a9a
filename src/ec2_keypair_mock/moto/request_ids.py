"""One request ID in the body and in the header of EC2's errors, as at AWS (recorded)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ..ec2.service import Service
from ..patching.replacement import Replacement
from .requirements import require

# Only EC2's error documents name it so.
_REQUEST_ID = re.compile("(?<=<RequestID>).*(?=</RequestID>)")


def patches(responses: ModuleType, service: Service) -> Iterator[Replacement]:
    """Replace the two IDs that moto makes up, where a launch fails over its key name, say."""
    response = require(responses, "BaseResponse")
    require(response, "_enrich_response", "headers", "body")
    yield Replacement(response, "_enrich_response", _with_one_id)


def _with_one_id(original: Any) -> Any:
    def enrich_response(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
        headers, body = original(None, headers, body)
        if isinstance(body, str) and _REQUEST_ID.search(body):
            request_id = str(uuid.uuid4())
            body = _REQUEST_ID.sub(request_id, body)
            headers["x-amzn-requestid"] = request_id
        return headers, body

    return staticmethod(enrich_response)
