"""Sends steps to an endpoint through a boto3 client, and gives the answers as they came."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from ..clients.target import Target
from .answer import Answer
from .behaviour import Call, Form

# The example key of AWS's documentation: an emulator needs no other.
_EXAMPLE_KEY = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
_PAUSE = 0.5
_TIMEOUTS = {"connect_timeout": 10, "read_timeout": 20}


class NoAnswerError(Exception):
    """No answer came: the connection failed, or the time was up."""


class Endpoint:
    """EC2, or what stands for it, as a boto3 client reaches it."""

    def __init__(self, client: Any, *, pause: float = 0.0) -> None:
        #: Called with the seconds to wait in front of each call.
        self.sleep: Callable[[float], object] = time.sleep
        self._client = client
        self._pause = pause
        self._form: Form | None = None
        self._answer: Answer | None = None
        events = client.meta.events
        events.register("before-call.ec2", self._replace_form)
        events.register_last("request-created.ec2", self._replace_headers)
        # Older versions of botocore have no such event, and show only what they could parse.
        events.register("before-parse.ec2", self._keep)
        events.register("response-received.ec2", self._keep)

    @property
    def url(self) -> str:
        url: str = self._client.meta.endpoint_url
        return url

    @property
    def region(self) -> str:
        region: str = self._client.meta.region_name
        return region

    @property
    def is_aws(self) -> bool:
        return reaches_aws(self.url)

    def send(self, step: Call | Form) -> Answer:
        """The answer to a step whose texts are filled in; raises ``NoAnswerError``."""
        if self._pause:
            self.sleep(self._pause)
        self._form, self._answer = (step if isinstance(step, Form) else None), None
        operation = "describe_key_pairs" if self._form else xform_name(step.action)
        parameters = step.parameters if isinstance(step, Call) else {}
        try:
            getattr(self._client, operation)(**parameters)
        except ClientError:
            pass
        except ResponseParserError as error:
            return _whole(self._answer or Answer(0, {}, str(error).encode()))
        except BotoCoreError as error:
            raise NoAnswerError(str(error)) from None
        return _whole(self._answer)

    def _replace_form(self, params: dict[str, Any], **_: Any) -> None:
        if self._form is not None:
            params["body"] = urlencode(self._form.pairs)

    def _replace_headers(self, request: Any, **_: Any) -> None:
        # The request is signed already: botocore's own handler was registered before.
        headers = self._form.headers if self._form else {}
        for name, value in headers.items():
            del request.headers[name]
            if value is not None:
                request.headers[name] = value

    def _keep(self, response_dict: Mapping[str, Any] | None, **_: Any) -> None:
        if response_dict is not None:
            headers = {name.lower(): value for name, value in response_dict["headers"].items()}
            self._answer = Answer(response_dict["status_code"], headers, response_dict["body"])


def _whole(answer: Answer | None) -> Answer:
    """The answer; raises ``NoAnswerError`` where its body broke off, which urllib3 may not tell."""
    assert answer is not None
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and len(answer.body) < int(length):
        raise NoAnswerError("the answer broke off")
    return answer


def reaches_aws(url: str) -> bool:
    """Whether the host of a URL is one of AWS's, in any partition."""
    return Target("POST", url).reaches_aws


def emulator(url: str, region: str | None) -> Endpoint:
    """An endpoint that is not AWS's: no credentials of the user's are sent, nothing is retried."""
    key, secret = _EXAMPLE_KEY
    session = boto3.Session(key, secret, region_name=region or "us-east-1")
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1}, **_TIMEOUTS)
    return Endpoint(session.client("ec2", endpoint_url=url, config=config))


def aws(region: str | None, profile: str | None) -> Endpoint:
    """The real service, with the user's credentials and botocore's retries.

    Endpoints that the environment or the config file name do not count. Raises ``BotoCoreError``
    where a client cannot be made of what is configured.
    """
    session = boto3.Session(profile_name=profile, region_name=region)
    retries = {"mode": "standard", "total_max_attempts": 5}
    config = Config(
        parameter_validation=False,
        retries=retries,
        ignore_configured_endpoint_urls=True,
        **_TIMEOUTS,
    )
    return Endpoint(session.client("ec2", config=config), pause=_PAUSE)
