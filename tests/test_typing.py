"""The decorator keeps the type of what it wraps, as mypy sees it."""

import subprocess
import sys
from pathlib import Path

import pytest

TYPED = [str(each) for each in sorted((Path(__file__).parent / "typing").glob("*.py"))]


@pytest.mark.slow
def test_mypy_agrees():
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11", *TYPED]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
