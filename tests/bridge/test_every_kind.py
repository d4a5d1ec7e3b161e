"""A kind of reader is complete only with its place in the documentation."""

import re
from pathlib import Path

import pytest

from firmware_bridge.readers import READERS

DOCS = (Path(__file__).parents[2] / "docs/readers.md").read_text()
SECTIONS = {
    title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", DOCS, re.MULTILINE)
}


@pytest.mark.parametrize("kind", READERS)
def test_every_kind_is_in_the_table_which_leads_to_a_section_of_it(kind: str) -> None:
    links = re.findall(rf"^\| .*\]\(#([^)]+)\).*\| `{kind}` \|$", DOCS, re.MULTILINE)
    assert links
    assert SECTIONS.issuperset(links)
