"""Messages to lines and back."""

import logging
import traceback
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import WireError
from kiosk.wire.codec import MAX_LINE_BYTES, LineDecoder, encode
from kiosk.wire.devices import CardPresented
from kiosk.wire.manner import MODES, Manner
from kiosk.wire.messages import (
    CHOICE_LETTERS,
    EndCall,
    Message,
    OfferReady,
    PinEntered,
    Show,
    StageEntered,
    Touch,
    Touched,
)
from kiosk.wire.secret import Secret
from tests.wire.strategies import KINDS, in_pieces, messages, values_of

CONTENT = "Wilhelmina"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_message_type_survives_the_wire(kind: type[Message], data: st.DataObject) -> None:
    message = data.draw(values_of(kind))
    assert LineDecoder().feed(encode(message)) == [message]


@given(data=st.data(), sent=st.lists(messages, max_size=5))
def test_messages_survive_any_chunking(data: st.DataObject, sent: list[Message]) -> None:
    decoder = LineDecoder()
    pieces = data.draw(in_pieces(b"".join(encode(message) for message in sent)))
    assert [message for piece in pieces for message in decoder.feed(piece)] == sent
    assert decoder.unfinished_bytes == 0


def test_messages_survive_byte_by_byte() -> None:
    decoder = LineDecoder()
    sent = [EndCall(1), PinEntered(2, Secret("1234")), StageEntered("Idle", 0.5)]
    wire = b"".join(encode(message) for message in sent)
    got = [message for byte in wire for message in decoder.feed(bytes([byte]))]
    assert got == sent


def test_the_longest_choice_is_taken_and_one_letter_more_is_no_touch() -> None:
    longest = Touched(1, Touch.LANGUAGE, 2.0, "x" * CHOICE_LETTERS)
    assert LineDecoder().feed(encode(longest)) == [longest]
    with pytest.raises(WireError, match=r"Touched of \d+ bytes has a wrong field"):
        encode(Touched(1, Touch.LANGUAGE, 2.0, "x" * (CHOICE_LETTERS + 1)))


def test_a_show_that_says_nothing_of_a_manner_speaks_english_and_changes_nothing() -> None:
    line = (
        b'{"type":"Show","number":1,"terminal":"T","hall":"H","screen":{"screen":"IdleScreen"}}\n'
    )
    (show,) = LineDecoder().feed(line)
    assert isinstance(show, Show)
    assert show.manner == Manner("en")
    assert not any(getattr(show.manner, mode) for mode in MODES)


@given(st.binary(max_size=300))
def test_noise_raises_nothing_but_a_wire_error(noise: bytes) -> None:
    decoder = LineDecoder()
    with suppress(WireError):
        decoder.feed(noise)
        decoder.feed(b"\n")


@given(data=st.data(), message=messages)
def test_a_damaged_line_raises_nothing_but_a_wire_error(
    data: st.DataObject, message: Message
) -> None:
    line = bytearray(encode(message))
    for at in data.draw(st.lists(st.integers(0, len(line) - 1), min_size=1, max_size=4)):
        line[at] = data.draw(st.integers(0, 255))
    with suppress(WireError):
        LineDecoder().feed(bytes(line) + b"\n")


def _offer_of(line_bytes: int) -> OfferReady:
    """An offer whose line, with its newline, has this many bytes."""
    empty = len(encode(OfferReady(1, 0, "")))
    return OfferReady(1, 0, "x" * (line_bytes - empty))


def test_the_longest_line_is_taken_and_one_byte_more_is_not() -> None:
    longest = _offer_of(MAX_LINE_BYTES)
    line = encode(longest)
    assert len(line) == MAX_LINE_BYTES
    assert LineDecoder().feed(line) == [longest]
    with pytest.raises(WireError, match="too long"):
        LineDecoder().feed(line[:-3] + b"xx" + line[-2:])
    with pytest.raises(WireError, match="OfferReady of 262144 bytes is too long"):
        encode(_offer_of(MAX_LINE_BYTES + 1))


def test_a_line_without_end_is_given_up_at_the_limit_however_it_comes() -> None:
    decoder = LineDecoder()
    assert decoder.feed(b"x" * (MAX_LINE_BYTES - 1)) == []
    with pytest.raises(WireError, match="too long"):
        decoder.feed(b"x")
    assert decoder.unfinished_bytes == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"", "a line of 0 bytes is not JSON or names no type"),
        (b"null", "a line of 4 bytes is not JSON or names no type"),
        (b"[" * 100_000, "a line of 100000 bytes is not JSON or names no type"),
        (b'{"call":1}', "a line of 10 bytes is not JSON or names no type"),
        (b'{"type":7}', "a line of 10 bytes is not JSON or names no type"),
        (b'{"type":"EndCall","call":1}\xff', "a line of 28 bytes is not JSON or names no type"),
        (b'{"type":"Wilhelmina"}', "a message of unknown type, 21 bytes"),
        (b'{"type":"EndCall"}', "EndCall of 18 bytes has a wrong field"),
        (b'{"type":"EndCall","call":null}', "EndCall of 30 bytes has a wrong field"),
        (b'{"type":"EndCall","call":1,"b":2}', "EndCall of 33 bytes has a wrong field"),
        (b'{"type":"PinEntered","show":1,"pin":5}', "PinEntered of 38 bytes has a wrong field"),
        (b'{"type":"StageEntered","stage":"\xff","at_s":0}', "StageEntered of 44 bytes"),
        (b'{"type":"EndCall","call":' + b"9" * 5000 + b"}", "EndCall of 5026 bytes"),
    ],
    ids=lambda value: value[:24] if isinstance(value, bytes) else "",
)
def test_a_bad_line_is_told_by_type_and_byte_count(line: bytes, told: str) -> None:
    with pytest.raises(WireError) as caught:
        LineDecoder().feed(line + b"\n")
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"Wilhelmina"}',
        b'{"type":"CardRemoved","reader":"r","Wilhelmina":1}',
        b'{"type":"CardPresented","reader":"r","technology":"t","assurance":"Wilhelmina"}',
        b'{"type":"PinEntered","show":"Wilhelmina","pin":"Wilhelmina"}',
        b'{"type":"PinEntered","show":1,"pin":["Wilhelmina"]}',
        b"Wilhelmina",
        b'{"type":"CardRemoved","reader":"Wilhelmina\xff"}',
    ],
)
def test_the_content_of_a_bad_line_is_nowhere_in_the_error(line: bytes) -> None:
    with pytest.raises(WireError) as caught:
        LineDecoder().feed(line + b"\n")
    assert CONTENT not in _everything_of(caught.value)


def test_text_that_is_no_unicode_is_refused_without_quoting_it() -> None:
    with pytest.raises(WireError) as caught:
        encode(OfferReady(1, 0, CONTENT + "\ud800"))
    assert str(caught.value) == "OfferReady holds what cannot be written"
    assert CONTENT not in _everything_of(caught.value)


@pytest.mark.parametrize(
    "message",
    [
        StageEntered("Idle", float("nan")),
        StageEntered("Idle", float("inf")),
        EndCall(10**5000),
        EndCall("1"),  # type: ignore[arg-type]
    ],
    ids=["nan", "infinity", "huge", "text"],
)
def test_what_a_peer_would_refuse_is_not_sent(message: Message) -> None:
    with pytest.raises(WireError):
        encode(message)


def _everything_of(error: BaseException | None) -> str:
    """All that any log could print of an exception and of those behind it."""
    texts: list[str] = []
    while error is not None:
        record = logging.makeLogRecord({"exc_info": (type(error), error, error.__traceback__)})
        texts.append(logging.Formatter().format(record))
        texts.extend(traceback.format_exception(error))
        texts.append(repr(vars(error)) + repr(error.args))
        error = error.__cause__ or error.__context__
    return "".join(texts)


def test_a_secret_is_written_as_its_text_and_read_as_a_secret() -> None:
    card = CardPresented("usb", "em4100", "identifier", Secret("0102ABCD"), 1.0)
    assert b'"credential":"0102ABCD"' in encode(card)
    (read,) = LineDecoder().feed(encode(card))
    assert isinstance(read, CardPresented)
    assert read.credential.reveal() == "0102ABCD"


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format, lambda m: f"{m}"])
def test_a_message_with_a_secret_prints_as_dots(show: Any) -> None:
    printed = show(PinEntered(7, Secret("4711")))
    assert "4711" not in printed
    assert "•••" in printed
