"""A kind of reader is complete only with its place in the documentation and its bar in the bench."""

import re
from pathlib import Path

import pytest

from firmware_bridge.readers import READERS
from tests.bench.bench_readers import ROWS

DOCS = (Path(__file__).parents[2] / "docs/readers.md").read_text()
SECTIONS = {
    title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", DOCS, re.MULTILINE)
}
BAR_OF_TALKERS_MS = 10.0
BAR_OF_ASKED_MS = 100.0


@pytest.mark.parametrize("kind", READERS)
def test_every_kind_has_a_bar_by_which_it_is_measured(kind: str) -> None:
    asked = bool(READERS[kind].greetings)
    bars_ms = {row.bar_ms for row in ROWS.values() if row.kind == kind}
    assert bars_ms == {BAR_OF_ASKED_MS if asked else BAR_OF_TALKERS_MS}


@pytest.mark.parametrize("kind", READERS)
def test_every_kind_is_in_the_table_which_leads_to_a_section_of_it(kind: str) -> None:
    links = re.findall(rf"^\| .*\]\(#([^)]+)\).*\| `{kind}` \|$", DOCS, re.MULTILINE)
    assert links
    assert SECTIONS.issuperset(links)
