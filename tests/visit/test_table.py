"""docs/visit-table.md says what the rules do, and leaves no stage and no event out."""

from pathlib import Path
from typing import get_args

from kiosk.visit.events import Event
from kiosk.visit.stages import Stage
from tests.visit.situations import happenings, situations
from tests.visit.table import table

FILE = Path(__file__).parents[2] / "docs" / "visit-table.md"


def test_the_table_in_the_docs_is_what_the_rules_do() -> None:
    assert FILE.read_text() == table(), "python -m tests.visit.table > docs/visit-table.md"


def test_the_table_is_made_from_every_stage() -> None:
    assert {type(met.stage) for met in situations()} == set(get_args(Stage))


def test_the_table_is_made_from_every_event() -> None:
    happened = {type(event.event) for met in situations() for event in happenings(met)}
    assert happened == set(get_args(Event))


def test_a_situation_that_is_like_another_names_one_of_its_stage() -> None:
    plain = {(type(met.stage), met.words) for met in situations() if met.like is None}
    for met in situations():
        assert met.like is None or (type(met.stage), met.like) in plain
