"""Measure everything, and put the figures where they are shown.

    python benchmarks/publish.py [run.json]

It writes docs/cost.json, docs/cost.svg, and the table in benchmarks/README.md. With a run that
``compare.py --json`` has written it measures nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from chart import chart
from compare import compare
from result import read, write
from table import table

_HERE = Path(__file__).parent
_DOCS = _HERE.parent / "docs"
_README = _HERE / "README.md"
# The last thing of the README.
_HEADING = "## The last run\n\n"


def main(arguments: list[str]) -> None:
    run = read(Path(arguments[0])) if arguments else compare("full")
    write(run, _DOCS / "cost.json")
    # Made of the file, whose figures are rounded.
    run = read(_DOCS / "cost.json")
    (_DOCS / "cost.svg").write_text(chart(run), encoding="utf-8")
    above = _README.read_text(encoding="utf-8").partition(_HEADING)[0]
    _README.write_text(f"{above}{_HEADING}{table(run)}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
