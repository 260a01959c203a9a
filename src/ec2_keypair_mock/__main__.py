"""The command line: ``python -m ec2_keypair_mock demo | fingerprint | serve | parity``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

_HELP = """\
begin with:
  %(prog)s demo                      what it does, on a key of yours
  %(prog)s fingerprint ~/.ssh/*.pub  which key pair is this file?
  %(prog)s COMMAND --help            what a command takes
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status."""
    try:
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # The reader (`head`, say) has closed the pipe. Point stdout at the null device, so that the
        # final flush does not raise again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ec2_keypair_mock",
        description="EC2 key pairs for tests: real SSH keys, AWS's own answers, no AWS.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=lambda options: _help(parser))
    parser.add_argument(
        "-V",
        "--version",
        dest="run",
        action="store_const",
        const=_version,
        help="print the version",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    demo = commands.add_parser("demo", help="import, describe and delete a key pair, step by step")
    demo.add_argument(
        "file",
        nargs="?",
        type=Path,
        help="a public key; default ~/.ssh/id_ed25519.pub or id_rsa.pub, else a new one",
    )
    demo.set_defaults(run=_demo)

    _add_fingerprint(
        commands.add_parser("fingerprint", help="print what AWS shows for key files, or find one")
    )

    serve = commands.add_parser("serve", help="serve AWS, as moto has it, with exact key pairs")
    serve.add_argument("--host", default="127.0.0.1", help="default %(default)s")
    serve.add_argument("--port", type=int, default=0, help="default: a free one")
    serve.set_defaults(run=_serve)

    _add_parity(
        commands.add_parser("parity", help="compare an emulator, or AWS, with what is known")
    )
    return parser


def _add_fingerprint(fingerprint: argparse.ArgumentParser) -> None:
    fingerprint.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a public or private key"
    )
    fingerprint.add_argument(
        "--match",
        metavar="FINGERPRINT",
        type=_known_fingerprint,
        help="print only the names of the files that are the key pair with this fingerprint; "
        "the exit status is 0 if there is one, else 1",
    )
    fingerprint.add_argument("--json", action="store_true", help="for programs")
    fingerprint.set_defaults(run=_fingerprint)


def _add_parity(parity: argparse.ArgumentParser) -> None:
    where = parity.add_mutually_exclusive_group(required=True)
    where.add_argument("--endpoint-url", metavar="URL", help="an emulator: LocalStack, moto_server")
    where.add_argument("--aws", action="store_true", help="the real service; makes key pairs there")
    parity.add_argument("--region", help="default us-east-1, with --aws the configured one")
    parity.add_argument("--profile", help="of the AWS config file; with --aws only")
    parity.add_argument("--only", metavar="IDS", help="some behaviours, as K-3,C-*")
    parity.add_argument("--json", type=Path, metavar="FILE", help="write every answer to a file")
    parity.add_argument("--clean", metavar="PREFIX", help="delete what a run has left, and no more")
    parity.set_defaults(run=_parity)


def _known_fingerprint(text: str) -> str:
    from .commands.fingerprint import known_fingerprint

    try:
        return known_fingerprint(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _help(parser: argparse.ArgumentParser) -> int:
    parser.print_help(sys.stderr)
    return 2


def _version(options: argparse.Namespace) -> int:
    from importlib.metadata import version

    print(f"ec2_keypair_mock {version('ec2-keypair-mock')}")
    return 0


def _demo(options: argparse.Namespace) -> int:
    from .commands.demo import demo
    from .commands.terminal import escape_what_cannot_be_encoded

    escape_what_cannot_be_encoded()
    return demo(options.file)


def _fingerprint(options: argparse.Namespace) -> int:
    from .commands.fingerprint import print_fingerprints
    from .commands.terminal import escape_what_cannot_be_encoded

    escape_what_cannot_be_encoded()
    return print_fingerprints(options.files, as_json=options.json, match=options.match)


def _serve(options: argparse.Namespace) -> int:
    # Until it serves there is nothing to clean up. An exception could be lost in somebody's import.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, frame: os._exit(128 + number))
    from .server import serve

    return serve(options.host, options.port)


def _parity(options: argparse.Namespace) -> int:
    from .commands.parity import Options, parity

    arguments = vars(options)
    return parity(Options(**{name: arguments[name] for name in Options.__annotations__}))


if __name__ == "__main__":
    sys.exit(main())
