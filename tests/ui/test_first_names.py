"""Who stands behind somebody at a terminal reads first names, and nothing else of them."""

import re
from collections.abc import Iterator

import msgspec
import msgspec.inspect

from kiosk.wire.messages import Show
from kiosk.wire.screens import Screen
from tests.ui.paths.person import Person
from tests.ui.paths.prison import Holder, booking
from tests.ui.samples import plain_samples
from tests.ui.test_scenes import words_of

NUMBER = re.compile(r"\b[A-Z]\d{4}[A-Z]{2}\b")
"""A prisoner number."""

OF_A_PERSON = re.compile(
    r"surname|last_name|family_name|full_name|prisoner|number_of|born|birth|card|credential|pin\b|address"
)


def fields(kind: msgspec.inspect.Type) -> Iterator[str]:
    """The names of all fields in a type, with what they hold."""
    match kind:
        case msgspec.inspect.StructType():
            for field in kind.fields:
                yield field.name
                yield from fields(field.type)
        case msgspec.inspect.UnionType():
            for each in kind.types:
                yield from fields(each)
        case msgspec.inspect.VarTupleType():
            yield from fields(kind.item_type)


def test_no_screen_has_a_field_for_more_than_a_first_name() -> None:
    names = set(fields(msgspec.inspect.type_info(Show)))
    assert {"first_name", "visitors"} <= names
    assert {name for name in names if OF_A_PERSON.search(name)} == set()
    assert set(fields(msgspec.inspect.type_info(Screen))) <= names


def test_no_screen_shows_a_number_of_a_person() -> None:
    for sample in plain_samples():
        said = "\n".join(words_of(sample.scene()))
        assert not NUMBER.search(said), sample.name


async def test_the_screen_is_never_told_who_somebody_is(person: Person) -> None:
    person.is_known(Holder(pin="407199", bookings=(booking("VISIT-REF"),)))
    person.show_card("A1234BC")
    person.types_pin("407199")
    person.touches("Join")
    person.visitor_comes("VISIT-REF")
    person.waits(seconds=5)
    person.touches("Leave")
    person.touches("Yes, leave")
    told = [msgspec.json.encode(show).decode() for show in person.shows]
    assert any("Sam" in show for show in told)
    for show in told:
        assert not re.search("A1234BC|407199|VISIT-REF", show)
