"""What the installed package says of itself."""

import re
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
METADATA = metadata("ec2-keypair-mock")


def test_the_links_of_the_description_work_on_any_page():
    links = re.findall(r"""(?:\]\(|\b(?:src|srcset|href)=")([^)"\s]+)""", METADATA.get_payload())
    assert links
    assert [each for each in links if not each.startswith(("https://", "#"))] == []


def test_the_project_is_in_one_place():
    texts = [(ROOT / name).read_text("utf-8") for name in ("pyproject.toml", "SECURITY.md")]
    links = re.findall(r"https://github\.com/[\w-]+/[\w-]+", "".join(texts))
    [homepage] = [each for each in METADATA.get_all("Project-URL") if each.startswith("Homepage")]
    assert {f"Homepage, {each}" for each in links} == {homepage}
