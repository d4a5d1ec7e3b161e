"""A reader whose `baud` is set wrong: none of what is heard of it may pass for a card."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.line import Line
from firmware_bridge.readers import READERS
from firmware_bridge.readers.em4100_ascii import Em4100Ascii
from firmware_bridge.readers.listening import NONSENSE, Listening
from firmware_bridge.readers.reading import BadFrame, CardRead, Decoder
from kiosk.wire.devices import CardUnreadable, ReaderStatus
from kiosk.wire.messages import Message
from tests.bridge.frames import GOOD, PUBLISHED, Published, decoder_of, heard, rdm6300
from tests.bridge.wrong_baud import heard_at

each_ratio = pytest.mark.parametrize("ratio", [0.5, 2.0, 12.0])
each_frame = pytest.mark.parametrize(
    ("kind", "published"),
    [
        pytest.param(kind, found, id=f"{kind}: {found.source}")
        for kind in READERS
        if not READERS[kind].greetings
        for found in PUBLISHED[kind]
    ],
)


CODES = {"profile": "barcode", "pattern": r"\d{13}"}


def is_refused(decoder: Decoder, raw: bytes) -> bool:
    found = heard(decoder, raw)
    return bool(found) and all(isinstance(reading, BadFrame) for reading in found)


@given(st.binary(max_size=40))
def test_at_the_right_speed_everything_is_heard(data: bytes) -> None:
    assert heard_at(data, 1.0) == data


@pytest.mark.parametrize(
    ("data", "ratio", "expected"),
    [
        # 9 low bits are a whole character and no beginning of another one.
        (b"\x00", 2.0, b"\x00"),
        # 00 11 00 11 00 ..., and anew at the first fall after the tenth of them.
        (b"\x55", 2.0, b"\x66\xe6"),
        # Of 0 01100110 1 each other bit, 1011, and high for the rest.
        (b"\x66", 0.5, b"\xfd"),
    ],
)
def test_at_another_speed_other_bytes_are_heard(data: bytes, ratio: float, expected: bytes) -> None:
    assert heard_at(data, ratio) == expected


@each_ratio
@each_frame
def test_what_is_heard_at_a_wrong_speed_is_no_card(
    kind: str, published: Published, ratio: float
) -> None:
    assert is_refused(decoder_of(kind, published.settings), heard_at(published.raw, ratio))


@each_ratio
@each_frame
def test_nor_is_a_frame_that_is_repeated(kind: str, published: Published, ratio: float) -> None:
    decoder = decoder_of(kind, published.settings)
    assert is_refused(decoder, heard_at(published.raw * 3, ratio))


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n", b"\t"])
def test_a_code_at_half_its_speed_is_none_however_it_ends(end: bytes) -> None:
    raw = heard_at(b"4006381333931" + end, 0.5)
    assert is_refused(decoder_of("line", CODES), raw)


def test_text_that_is_heard_at_half_its_speed_may_be_text() -> None:
    raw = heard_at(b"4006381333931\n", 0.5)
    (found,) = heard(decoder_of("line", CODES | {"pattern": ".+"}), raw)
    assert isinstance(found, CardRead)


@each_ratio
def test_a_reader_at_a_wrong_speed_is_said_to_be_none_and_its_settings_are_named(
    ratio: float,
) -> None:
    door = Line("door", Listening(Em4100Ascii()), 0.3)
    raw = heard_at(rdm6300(GOOD["RDM630 data sheet"]), ratio)
    said: list[Message] = []
    for tenth in range(200):
        said += door.feed(raw, tenth / 10) + door.tick(tenth / 10 + 0.05)
    assert {type(message) for message in said} == {CardUnreadable}
    assert door.status(19.9) == ReaderStatus("door", up=False, reason=NONSENSE)
