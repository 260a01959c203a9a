"""What a test costs here, beside moto and beside the floor, measured in one run.

    python benchmarks/compare.py [--quick] [--only NAME]… [--json FILE]

README.md says what is measured.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection
from pathlib import Path

from benchmark import measure
from measures import benchmarks
from processes import Processes
from result import Run, run_of, write
from size import SIZES
from table import table


def main() -> None:
    options = _parser().parse_args()
    run = compare(options.size, options.only)
    print(table(run), end="")
    if options.json:
        write(run, options.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure this package beside moto and the floor.")
    size = parser.add_mutually_exclusive_group()
    for name, text in (
        ("quick", "fewer rounds, smaller suites"),
        ("smallest", "once, to see that all of it runs"),
    ):
        size.add_argument(f"--{name}", dest="size", action="store_const", const=name, help=text)
    parser.set_defaults(size="full")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="a benchmark; repeatable"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    return parser


def compare(size: str, only: Collection[str] = ()) -> Run:
    """Measure all benchmarks, or only those with these names."""
    known = benchmarks(SIZES[size])
    names = [each.name for each in known]
    if unknown := set(only) - set(names):
        sys.exit(f"no benchmark is named {', '.join(unknown)}; there are {', '.join(names)}")
    chosen = [each for each in known if not only or each.name in only]
    rows = []
    with Processes() as processes:
        for number, each in enumerate(chosen, start=1):
            print(f"{number} of {len(chosen)}: {each.name}", file=sys.stderr)
            rows.append(measure(each, processes))
    return run_of(size, rows)


if __name__ == "__main__":
    main()
