"""``docs/report.svg`` shows what pytest really prints."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from xml.etree import ElementTree

DOCS = Path(__file__).parents[1] / "docs"


def without_blanks(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_picture_shows_the_report():
    # To draw it anew: python docs/report_picture.py
    drawn = "".join(ElementTree.parse(DOCS / "report.svg").getroot().itertext())
    printed = runpy.run_path(str(DOCS / "report_picture.py"))["report"]()
    ours = re.search(
        r"-+ ec2_keypair_mock calls -.*?(?==+ short test summary)",
        re.sub(r"\x1b\[[\d;]*m", "", printed),
        re.DOTALL,
    )
    assert without_blanks(ours[0]) in without_blanks(drawn)
