"""``python -m ec2_keypair_mock parity``: is this emulator right, and is AWS as we say?"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.metadata import version
from pathlib import Path
from shlex import join

from botocore.exceptions import BotoCoreError

from ..interrupts import interrupted_by_signals
from ..parity import endpoint as endpoints
from ..parity.behaviour import MARK, RUN, Behaviour, Call
from ..parity.behaviours import BEHAVIOURS
from ..parity.checks import summary
from ..parity.cleaning import PATIENCE, Cleaner
from ..parity.endpoint import Endpoint, NoAnswerError
from ..parity.report import as_json, table
from ..parity.run import REFUSALS, Result, Run, new_run

_ACTIONS = (
    *("CreateKeyPair", "ImportKeyPair", "DescribeKeyPairs", "DeleteKeyPair"),
    *("CreateTags", "DeleteTags", "DescribeTags"),
)
_NOTICE = """\
This compares EC2 in {region} with {count} behaviours. It makes key pairs whose names have
{run} in them, most with the tag {mark}, and deletes all of them,
also after Ctrl-C. It touches nothing else, launches nothing, costs nothing, and takes some minutes.
The policy that it needs:
{policy}
"""


class CannotRunError(Exception):
    """Why a run, or what comes behind it, is not possible, in a line."""


@dataclass(frozen=True)
class Options:
    """The arguments of the command; one of ``endpoint_url`` and ``aws`` is given."""

    endpoint_url: str | None = None
    aws: bool = False
    region: str | None = None
    profile: str | None = None
    only: str | None = None
    json: Path | None = None
    clean: str | None = None


def parity(options: Options, patience: Sequence[float] = PATIENCE) -> int:
    """Compare an endpoint with what is known of EC2, or clean up; returns the exit status.

    It is 0 where nothing differs, 1 where something does, and 2, after a line on standard error,
    where the run or a part of it was not possible or key pairs are left. ``patience`` has the
    seconds to wait in front of each try to clean up.
    """
    try:
        return _parity(options, patience)
    except CannotRunError as error:
        print(f"ec2_keypair_mock: {error}", file=sys.stderr)
        return 2


def _parity(options: Options, patience: Sequence[float]) -> int:
    endpoint = _endpoint(options)
    chosen = _chosen(options.only)
    run = _checked_run(options.clean) if options.clean is not None else new_run()
    if options.json:
        # Before anything is made; what the file has stays until there is something new.
        _write(options.json, "", mode="a")
    _check_answers(endpoint, run)
    if options.clean is not None:
        return 0 if _clean(Cleaner(endpoint, run), options, run, patience) else 2
    return _compare(endpoint, run, chosen, options, patience)


def _endpoint(options: Options) -> Endpoint:
    if options.profile and not options.aws:
        raise CannotRunError("--profile goes with --aws only")
    try:
        if options.endpoint_url is None:
            endpoint = endpoints.aws(options.region, options.profile)
        else:
            endpoint = endpoints.emulator(options.endpoint_url, options.region)
    except (BotoCoreError, ValueError) as error:
        raise CannotRunError(str(error)) from None
    if endpoint.is_aws and not options.aws:
        raise CannotRunError(f"{endpoint.url} is AWS itself: use --aws instead of --endpoint-url")
    return endpoint


def _chosen(only: str | None) -> list[Behaviour]:
    """The behaviours that have steps, and whose IDs match one of the patterns."""
    patterns = (only or "*").split(",")
    chosen = [
        behaviour
        for behaviour in BEHAVIOURS
        if behaviour.steps and any(fnmatchcase(behaviour.id, each) for each in patterns)
    ]
    if not chosen:
        raise CannotRunError(f"no behaviour that can be run is named {only}")
    return chosen


def _checked_run(prefix: str) -> str:
    if not RUN.fullmatch(prefix):
        raise CannotRunError(f"{prefix} is no prefix of a run: {MARK}-, 12 hexadecimal digits, -")
    return prefix


def _check_answers(endpoint: Endpoint, run: str) -> None:
    """Ask for key pairs that are not there: the endpoint has to answer in EC2's way."""
    only = {"Name": "key-name", "Values": [f"{run}*"]}
    try:
        answer = endpoint.send(Call(action="DescribeKeyPairs", parameters={"Filters": [only]}))
    except NoAnswerError as error:
        raise CannotRunError(str(error)) from None
    code = answer.error[0]
    if code in REFUSALS or not (code or answer.succeeded):
        said = " ".join(summary(answer).split())
        raise CannotRunError(f"{endpoint.url} does not answer as EC2 does: {said}")


def _compare(
    endpoint: Endpoint,
    run: str,
    chosen: Sequence[Behaviour],
    options: Options,
    patience: Sequence[float],
) -> int:
    if options.aws:
        print(_notice(endpoint, run, len(chosen)), file=sys.stderr)
    running = Run(endpoint, run)
    done = False
    with interrupted_by_signals():
        try:
            running.compare(chosen, _Progress(len(chosen)))
            done = True
        except KeyboardInterrupt:
            print("\nInterrupted: deleting what was made", file=sys.stderr)
        finally:
            clean = _clean(running.cleaner, options, run, patience)
    _report(running.results, endpoint, options)
    outcomes = {result.outcome for result in running.results}
    if not (clean and done):
        return 2
    return 1 if "different" in outcomes else 2 if "not run" in outcomes else 0


def _notice(endpoint: Endpoint, run: str, count: int) -> str:
    statement = {
        "Effect": "Allow",
        "Action": [f"ec2:{action}" for action in _ACTIONS],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": endpoint.region}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
    return _NOTICE.format(region=endpoint.region, count=count, run=run, mark=MARK, policy=policy)


class _Progress:
    """Writes how far the run is, on one line of standard error."""

    def __init__(self, total: int) -> None:
        self._done = 0
        self._total = total

    def __call__(self, behaviour: Behaviour) -> None:
        self._done += 1
        end = "\n" if self._done == self._total else ""
        line = f"\r{self._done}/{self._total} {behaviour.id:5}"
        print(line, end=end, file=sys.stderr, flush=True)


def _clean(cleaner: Cleaner, options: Options, run: str, patience: Sequence[float]) -> bool:
    """Delete what the run has made, or say what may be left; returns whether nothing is."""
    try:
        done = cleaner.clean(patience)
    except KeyboardInterrupt:
        done = False
    if not done:
        names = ", ".join(map(repr, sorted(cleaner.known))) or "key pairs of the run"
        again = ["python", "-m", "ec2_keypair_mock", "parity", *_target(options), "--clean", run]
        print(f"\nPerhaps left: {names}\nTo delete: {join(again)}", file=sys.stderr)
    return done


def _target(options: Options) -> Iterator[str]:
    """The arguments that name the endpoint."""
    if options.aws:
        yield "--aws"
    for name in ("endpoint_url", "region", "profile"):
        if value := getattr(options, name):
            yield from (f"--{name.replace('_', '-')}", value)


def _report(results: Sequence[Result], endpoint: Endpoint, options: Options) -> None:
    if options.json:
        about = {"endpoint": endpoint.url, "region": endpoint.region}
        found = as_json(results, **about, version=version("ec2-keypair-mock"))
        _write(options.json, json.dumps(found, indent=1) + "\n")
    print(table(results, shutil.get_terminal_size((120, 24)).columns))


def _write(file: Path, text: str, mode: str = "w") -> None:
    try:
        with file.open(mode, encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise CannotRunError(f"{file}: {error.strerror}") from None
