"""The one way through: ``Service.handle`` takes a request to EC2 and gives EC2's answer."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from functools import cached_property
from urllib.parse import parse_qs, urlsplit

from . import errors, query
from .actions import ACTIONS, Parameters
from .backend import KeyPairBackend
from .calls import Call, kept_form, kept_parameters
from .errors import EC2Error
from .faults import Faults, Outage
from .new_keys import NewKeys
from .permissions import Permissions
from .resources import KEY_PAIR_PREFIX, NoOtherResources, OtherResources
from .visibility import Delay

DEFAULT_ACCOUNT_ID = "123456789012"
DEFAULT_REGION = "us-east-1"

# <access key>/<date>/<Region>/<service>/aws4_request, in the header or a presigned URL.
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d+/([^/,\s]+)/([^/,\s]+)/aws4_request")
# ec2.REGION.…, ec2-fips.REGION.…, vpce-….ec2.REGION.vpce.…, and the old REGION.ec2.….
_HOST = re.compile(r"(?:^|\.)ec2(?:-fips)?\.([a-z]+-[a-z-]+-\d+)\.|^([a-z]+-[a-z-]+-\d+)\.ec2\.")

# Recorded: there in errors and in successes of so many bytes or more, in no others.
_VARY = {"vary": "accept-encoding"}
_VARIES_FROM = 2048


@dataclass(frozen=True)
class Request:
    """An HTTP request, whichever library made it. Header names are in lower case.

    Its ``repr`` shows neither headers nor body nor URL: these hold signatures and key material.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @cached_property
    def scope(self) -> tuple[str, str, str] | None:
        """Access key, Region and service that the request was signed with (SigV4), if it was."""
        found = _CREDENTIAL.search(self.headers.get("authorization") or self._presigned())
        return (found[1], found[2], found[3]) if found else None

    def _presigned(self) -> str:
        values = parse_qs(urlsplit(self.url).query).get("X-Amz-Credential", [""])
        return f"Credential={values[0]}"

    @property
    def region(self) -> str:
        """The Region of the credential scope, else of the host, else us-east-1."""
        if self.scope:
            return self.scope[1]
        host = _HOST.search(urlsplit(self.url).hostname or "")
        return (host[1] or host[2]) if host else DEFAULT_REGION

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The parameters of URL and body; raises ``EC2Error`` where they cannot be read."""
        return query.parse_form(urlsplit(self.url).query, self.body)


@dataclass(frozen=True)
class Response:
    """EC2's answer; ``delay`` is how many seconds after the request it is to arrive."""

    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    delay: float = 0.0


class Accounts:
    """Whose account a request is in: here always the caller's."""

    def default(self) -> str:
        """The account of a caller of whom nothing else is known."""
        return DEFAULT_ACCOUNT_ID

    def of(self, request: Request, access_key: str, account_id: str | None) -> str | None:
        """The account of a request; None for the default one.

        ``account_id`` is the one that the service was given.
        """
        return account_id


class Service:
    """EC2's key pairs in every account and Region, with permissions, faults and a call log."""

    def __init__(
        self,
        account_id: str | None = None,
        *,
        accounts: Accounts | None = None,
        other_resources: Callable[[str, str], OtherResources] = NoOtherResources,
        random_bits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        #: The caller's account, where it was given.
        self.account_id = account_id
        self._accounts = accounts or Accounts()
        #: Makes the other resources of an account and a Region.
        self._other_resources = other_resources
        self._random_bits = random_bits
        self._delay = Delay()
        #: Where the key pairs of every account and Region get their keys.
        self.new_keys = NewKeys()
        self._lock = threading.RLock()
        self._backends: dict[tuple[str, str], KeyPairBackend] = {}
        #: The calls so far, always the same list.
        self.calls: list[Call] = []
        self._mark = 0
        self.reset()

    def reset(self) -> None:
        """A fresh start: no key pairs, rules, faults or calls. Backends stay the same objects."""
        with self._lock:
            self.calls.clear()
            self._mark = 0
            self.permissions = Permissions()
            self.faults = Faults()
            self._delay.describes = 0
            self.forget_key_pairs()

    def mark_calls(self) -> None:
        """Leave the calls so far out of ``calls_since_mark``."""
        with self._lock:
            self._mark = len(self.calls)

    def calls_since_mark(self) -> list[Call]:
        """The calls since ``mark_calls``, or since a reset if that was later."""
        with self._lock:
            return self.calls[self._mark :]

    def forget_key_pairs(self, account_id: str | None = None) -> None:
        """Empty every backend, or those of one account; the calls stay."""
        with self._lock:
            for backend in self._backends.values():
                if account_id in (None, backend.account_id):
                    backend.reset()

    def backend(
        self, region: str = DEFAULT_REGION, account_id: str | None = None
    ) -> KeyPairBackend:
        """The state of one Region in one account, the caller's where none is given."""
        key = (account_id or self.account_id or self._accounts.default(), region)
        with self._lock:
            if key not in self._backends:
                resources = self._other_resources(*key)
                self._backends[key] = KeyPairBackend(
                    *key, resources, self._delay, self._random_bits, self.new_keys
                )
            return self._backends[key]

    def backends(self) -> list[KeyPairBackend]:
        """The backends that have been asked for."""
        with self._lock:
            return list(self._backends.values())

    def delay_visibility(self, describes: int) -> None:
        """Hide each new key pair from that many of its Region's next describes."""
        self._delay.describes = describes

    def handle(self, request: Request) -> Response:
        """Answer a request of EC2's query API with the bytes that EC2 sends.

        Raises ``Outage`` where the answer is to be none, ``NotMockedError`` where tags of a
        resource are asked for that nobody has.
        """
        try:
            attempt = self._read(request)
        except EC2Error as error:
            return error_response(error)
        delay = 0.0
        try:
            delay = self.faults.meet(attempt.action, attempt.form)
            result = self._run(attempt)
        except Outage as outage:
            self._log(attempt, outage.kind.__name__)
            raise
        except EC2Error as error:
            self._log(attempt, error.code)
            return replace(error_response(error), delay=delay)
        self._log(attempt, None)
        return _success(attempt, result, delay)

    def _read(self, request: Request) -> _Attempt:
        form = request.form
        version = form.get("Version", query.VERSION)
        if version not in query.VERSIONS:
            raise errors.NO_SUCH_VERSION(version)
        action = form.get("Action")
        if not action:
            raise errors.MISSING_ACTION()
        if action not in ACTIONS:
            raise errors.INVALID_ACTION(action)
        access_key = request.scope[0] if request.scope else form.get("AWSAccessKeyId", "")
        account_id = self._accounts.of(request, access_key, self.account_id)
        backend = self.backend(request.region, account_id)
        return _Attempt(action, backend, form, _read_parameters(form, action))

    def _run(self, attempt: _Attempt) -> query.Result:
        backend = attempt.backend
        resources = _resources(attempt)
        self.permissions.check(attempt.action, resources, backend.account_id, backend.region)
        # AWS answers a dry run before it looks at any other parameter (recorded).
        if query.read_boolean(attempt.form.get("DryRun", "false"), "DryRun"):
            raise errors.DRY_RUN()
        if isinstance(attempt.parameters, EC2Error):
            raise attempt.parameters
        return ACTIONS[attempt.action].run(backend, attempt.parameters)

    def _log(self, attempt: _Attempt, code: str | None) -> None:
        if isinstance(attempt.parameters, EC2Error):
            kept = kept_form(attempt.form, _parameters_of(attempt.action))
        else:
            kept = kept_parameters(attempt.parameters)
        backend = attempt.backend
        self.calls.append(Call(attempt.action, kept, backend.region, backend.account_id, code))


@dataclass(frozen=True)
class _Attempt:
    """A request for a mocked action, with its parameters or what is wrong with them."""

    action: str
    backend: KeyPairBackend
    form: Mapping[str, str] = field(repr=False)
    parameters: Parameters | EC2Error = field(repr=False)


def _parameters_of(action: str) -> dict[str, query.Shape]:
    return {**ACTIONS[action].parameters, "DryRun": bool}


def _read_parameters(form: Mapping[str, str], action: str) -> Parameters | EC2Error:
    try:
        return query.read_parameters(form, _parameters_of(action))
    except EC2Error as error:
        return error


def _resources(attempt: _Attempt) -> list[str | None]:
    """What permission is asked for, as in ARNs, which name key pairs by their names."""
    form = attempt.form
    if attempt.action.startswith("Describe"):
        return [None]
    if attempt.action == "GetPasswordData":
        return [f"instance/{form.get('InstanceId', '')}"]
    return [name if name is None else f"key-pair/{name}" for name in _key_names(attempt)]


def _key_names(attempt: _Attempt) -> Iterable[str | None]:
    form = attempt.form
    values = [form[name] for name in form if re.fullmatch(r"KeyPairId|ResourceId\.\d+", name)]
    ids = [value for value in values if value.startswith(KEY_PAIR_PREFIX)]
    found = [(attempt.backend.find(each), each) for each in ids]
    return [pair.key_name if pair else each for pair, each in found] or [form.get("KeyName")]


def _success(attempt: _Attempt, result: query.Result, delay: float) -> Response:
    request_id = str(uuid.uuid4())
    version = attempt.form.get("Version", query.VERSION)
    body = query.render(attempt.action, request_id, result, version)
    more = _VARY if len(body) >= _VARIES_FROM else {}
    return Response(200, _headers(request_id, **more), body, delay)


def error_response(error: EC2Error) -> Response:
    """An error as EC2 answers it."""
    request_id = str(uuid.uuid4())
    body = query.render_error(error, request_id)
    return Response(error.status, _headers(request_id, **_VARY, connection="close"), body)


def _headers(request_id: str, **more: str) -> dict[str, str]:
    """The headers that EC2 sends (recorded)."""
    return {
        "x-amzn-requestid": request_id,
        "cache-control": "no-cache, no-store",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "content-type": "text/xml;charset=UTF-8",
        "date": format_datetime(dt.datetime.now(dt.timezone.utc), usegmt=True),
        "server": "AmazonEC2",
        **more,
    }
