"""Draws `docs/report.svg`: the report of a test that fails, as pytest prints it.

python -m pip install -e '.[docs]'
python docs/report_picture.py
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURE = Path(__file__).with_name("report.svg")
COLUMNS = 92
FILES = {
    "deploy.py": """\
import boto3


def deploy(public_key):
    ec2 = boto3.client("ec2", region_name="us-east-1")
    ec2.import_key_pair(KeyName="deploy", PublicKeyMaterial=public_key)
    return has_network(ec2)


def has_network(ec2):
    try:
        return bool(ec2.describe_vpcs()["Vpcs"])
    except Exception:
        return False
""",
    "test_deploy.py": """\
from deploy import deploy

KEY = b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMduvWA7Q35QVLBez30EIH7qXgyHjmUqQgB6+Klj7oM1"


def test_the_key_pair_is_in_europe(ec2_keypair_mock):
    deploy(KEY)
    assert list(ec2_keypair_mock.backend("eu-west-1").key_pairs) == ["deploy"]
""",
}


def report() -> str:
    """What pytest prints of these files, with its colours."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--color=yes",
        "-p",
        "ec2_keypair_mock.pytest_plugin",
    ]
    environment = os.environ | {"COLUMNS": str(COLUMNS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            Path(folder, name).write_text(text, "utf-8")
        ran = subprocess.run(
            [*command, "-q", "-p", "no:cacheprovider"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        return ran.stdout.replace(f"{os.path.realpath(folder)}{os.sep}", "")


def picture(text: str) -> str:
    """The text as SVG that loads nothing from elsewhere."""
    from rich.console import Console
    from rich.text import Text

    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere)
        console.print(Text("$ python -m pytest -q"), Text.from_ansi(text), sep="\n")
    drawn = console.export_svg(title="test_deploy.py", unique_id="report")
    return re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL)


if __name__ == "__main__":
    PICTURE.write_text(picture(report()), "utf-8")
