"""moto's gates before every call, for the key pair calls, which moto itself does not see.

These are its service whitelist, its recorder and its authorization by IAM. Where one of this moto
is not as it is known here, it lets key pair calls pass, and one warning says so.
"""

from __future__ import annotations

from typing import Any

from ..clients.target import Target
from ..ec2.service import Response
from .requirements import warn


def refusal(target: Target) -> Response | None:
    """moto's answer to a call that it does not let pass; None where it lets it pass.

    Records the call and counts it, where moto would. Raises moto's ``ServiceNotWhitelisted``.
    """
    for gate in (_check_whitelist, _record, _authorize):
        try:
            if answer := gate(target):
                return answer
        except (AttributeError, ImportError, TypeError) as error:
            warn(f"the gate {gate.__name__.strip('_')}", error)
    return None


def _check_whitelist(target: Target) -> None:
    from moto.core import config

    # Older versions have no whitelist.
    is_whitelisted = getattr(config, "service_whitelisted", None)
    if is_whitelisted and not is_whitelisted("ec2"):
        from moto.core.exceptions import ServiceNotWhitelisted

        raise ServiceNotWhitelisted("ec2")


def _record(target: Target) -> None:
    from moto.moto_api import recorder

    if recorder._user_enabled:
        recorder._record_request(_request(target))


def _authorize(target: Target) -> Response | None:
    from moto import settings
    from moto.core import responses

    counter = responses.ActionAuthenticatorMixin  # type: ignore[attr-defined]  # moves with versions
    if counter.request_count < settings.INITIAL_NO_AUTH_ACTION_COUNT:
        counter.request_count += 1
        return None
    from moto.core import exceptions

    request = _request(target)
    response = responses.BaseResponse("ec2")
    response.setup_class(request, request.url, request.headers)
    try:
        response._authenticate_and_authorize_normal_action()
    # Of werkzeug, which moto imports there.
    except exceptions.HTTPException as error:  # type: ignore[attr-defined]
        headers: Any = {**response.response_headers, "status": error.code}
        headers, body = response._enrich_response(headers, error.description)
        return as_response(int(headers["status"]), headers, body)
    return None


def _request(target: Target) -> Any:
    """A request as moto's own code takes it; older versions take botocore's."""
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.compat import HTTPHeaders
    from moto.core import botocore_stubber

    headers = HTTPHeaders()
    for name, value in target.headers.items():
        # moto looks some of them up in this case only.
        headers[name.title()] = value
    request = AWSPreparedRequest(target.method, target.url, headers, target.body, False)
    normalize = getattr(botocore_stubber, "normalize_request", None)
    return normalize(request) if normalize else request


def as_response(status: int, headers: Any, body: str | bytes) -> Response:
    """What moto answers with, as an answer of ours."""
    texts = {name: str(value) for name, value in dict(headers).items()}
    return Response(status, texts, body.encode() if isinstance(body, str) else body)
