"""`firmware-bridge decode`: what it prints of published bytes, and how it ends."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from firmware_bridge.__main__ import main
from firmware_bridge.commands.command import FAILED, OK, WRONG_USE
from firmware_bridge.commands.decode import event_of
from firmware_bridge.readers.reading import CardRead, CaseSeen, OtherFrame, PowerSeen
from tests.bridge.frames import PUBLISHED

EM4100 = "02 36 32 45 33 30 38 36 43 45 44 30 38 03"
WRONG = "02 36 38 30 30 33 42 35 31 43 36 43 42 03"
TRACK_1 = "%B5452300551227189^HOGAN/PAUL      ^08043210000000725000000?"
TEXTS = ("--set", r"pattern=\w \d")
NOTHING = {"technology": None, "credential": None, "assurance": None}

WIEGAND_118_1603 = {
    "event": "presented",
    "technology": "wiegand_26",
    "credential": "118-1603",
    "assurance": "identifier",
    "facility": 118,
    "number": 1603,
}


class Decoded:
    """One run: its exit status, its events and what it complained of."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.status = main(["decode", *arguments])
        out, self.complaint = capsys.readouterr()
        self.events = [json.loads(line) for line in out.splitlines()]

    @property
    def cards(self) -> list[tuple[str, str]]:
        shown = [event for event in self.events if event["event"] == "presented"]
        return [(event["technology"], event["credential"]) for event in shown]


@contextmanager
def given_input(directory: Path, data: bytes) -> Iterator[None]:
    file = directory / "input"
    file.write_bytes(data)
    usual = sys.stdin
    with file.open(encoding="utf-8") as sys.stdin:
        yield
    sys.stdin = usual


@pytest.mark.parametrize(
    "words",
    [
        [EM4100],
        [EM4100.replace(" ", "")],
        EM4100.split(),
        [EM4100[:20], EM4100[20:]],
        [EM4100.replace(" ", ":")],
        [EM4100.replace(" ", "-")],
        [f"0x{byte}" for byte in EM4100.split()],
        [" ".join(f"0X{byte}" for byte in EM4100.split())],
        ["0x" + EM4100.replace(" ", "")],
    ],
)
def test_bytes_are_written_with_any_spacing_in_any_pieces(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    found = Decoded(capsys, "em4100_ascii", *words)
    assert found.status == OK
    assert found.events == [
        {
            "event": "presented",
            "technology": "em4100",
            "credential": "62E3086CED",
            "assurance": "identifier",
        }
    ]


def test_a_bad_frame_is_an_event_with_its_reason_and_a_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = Decoded(capsys, "em4100_ascii", WRONG, EM4100, "02")
    assert found.status == FAILED
    assert [event["event"] for event in found.events] == ["invalid", "presented", "invalid"]
    assert found.events[0] == {"event": "invalid", **NOTHING, "reason": "a wrong checksum"}
    assert found.events[2]["reason"] == "half a frame"


@pytest.mark.parametrize("reader", ["wiegand", "wiegand_hex"])
@pytest.mark.parametrize(
    "words",
    [
        ["2006ec0c86"],
        ["20 06 EC 0C 86"],
        ["20", "06", "ec", "0c", "86"],
        ["323030366563306338360d"],
        ["32", "30", "30", "36", "65", "63", "30", "63", "38", "36", "0D", "0A"],
        ["--text", "2006ec0c86"],
    ],
)
def test_a_wiegand_number_is_given_as_digits_or_as_bytes(
    capsys: pytest.CaptureFixture[str], reader: str, words: list[str]
) -> None:
    found = Decoded(capsys, reader, *words)
    assert found.status == OK
    assert found.events == [WIEGAND_118_1603]


@pytest.mark.parametrize("reader", ["wiegand", "wiegand_bits"])
def test_a_wiegand_number_is_given_as_bits(capsys: pytest.CaptureFixture[str], reader: str) -> None:
    (event,) = Decoded(capsys, reader, "00001010101110011110011001").events
    assert (event["facility"], event["number"]) == (21, 29644)


def test_a_line_that_does_not_fit_the_pattern_is_invalid_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = Decoded(capsys, "barcode", *TEXTS, "--text", "$GPGGA,123519")
    assert found.status == FAILED
    reason = "a line that does not fit the pattern"
    assert found.events == [{"event": "invalid", **NOTHING, "reason": reason}]


def test_several_wiegand_numbers_are_several_cards(capsys: pytest.CaptureFixture[str]) -> None:
    found = Decoded(capsys, "wiegand", "2006ec0c86", "00001010101110011110011001", "2ec0c87")
    assert found.status == FAILED
    assert [credential for _, credential in found.cards] == ["118-1603", "21-29644"]
    assert found.events[2]["reason"] == "a wrong parity"


@pytest.mark.parametrize(
    ("arguments", "cards"),
    [
        (["magstripe", "--text", TRACK_1], [("magstripe", "5452300551227189")]),
        (["barcode", *TEXTS, "--text", "A 1", "B 2"], [("barcode", "A 1"), ("barcode", "B 2")]),
        (["line", *TEXTS, "--set", "profile=barcode", "--text", "A 1"], [("barcode", "A 1")]),
        (["em4100_bare", "--text", "62E3086CED08"], [("em4100", "62E3086CED")]),
        (["twn4", "--text", "000180200466CF4DC2"], [("iso14443a_uid", "66CF4DC2")]),
    ],
)
def test_lines_are_typed_as_text(
    capsys: pytest.CaptureFixture[str], arguments: list[str], cards: list[tuple[str, str]]
) -> None:
    found = Decoded(capsys, *arguments)
    assert (found.status, found.cards) == (OK, cards)


def test_a_published_card_of_a_pn532_is_presented(capsys: pytest.CaptureFixture[str]) -> None:
    for published in PUBLISHED["pn532_hsu"]:
        found = Decoded(capsys, "pn532_hsu", published.raw.hex(" "))
        (card,) = published.says
        assert isinstance(card, CardRead)
        assert found.status == OK
        assert found.cards == [("iso14443a_uid", card.credential.reveal())]


def test_a_published_status_of_an_osdp_reader_is_its_case_and_its_power(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = Decoded(capsys, "osdp", "53 80 0a 00 04 48 00 01 0f a1")
    assert found.status == OK
    assert found.events == [
        {"event": "tamper", **NOTHING, "open": False},
        {"event": "power", **NOTHING, "fails": True},
    ]


def test_the_published_card_of_an_osdp_reader_is_its_bits(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = Decoded(capsys, "osdp", PUBLISHED["osdp"][1].raw.hex(":"))
    assert (found.status, found.cards) == (OK, [("osdp_raw_75", "09A4494AA3274CD52BC0")])


def test_a_card_of_an_osdp_reader_in_clear_is_an_identifier_with_facility_and_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = Decoded(capsys, "osdp", "ff 53 80 10 00 05 50 00 01 1a 00 bb 03 21 80 60 70")
    assert found.status == OK
    assert found.events == [WIEGAND_118_1603]


def test_settings_of_the_reader_are_set_as_for_other_commands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    published = ["--text", "000131E1"]
    (event,) = Decoded(capsys, "twn4", "--set", "crc=true", *published).events
    assert event["event"] == "frame"
    assert Decoded(capsys, "twn4", *published).status == FAILED
    swipe = ["--text", "%A^B?;12=34?"]
    assert Decoded(capsys, "line", "--set", "profile=magstripe", *swipe).cards == [
        ("magstripe", "12")
    ]


@pytest.mark.parametrize(
    ("arguments", "data"),
    [
        (["em4100_ascii"], f"{EM4100}\n\n{EM4100[:8]}\n{EM4100[8:]}\n".encode()),
        (["em4100_ascii", "--raw"], bytes.fromhex(EM4100) * 2),
        (["wiegand"], b"2006ec0c86\r\n2006ec0c86"),
        (["barcode", "--set", "pattern=.+", "--raw"], b"590\r\n591\r\n"),
        (["barcode", "--set", "pattern=.+", "--text"], b"590\n591\n"),
    ],
)
def test_without_arguments_standard_input_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], data: bytes
) -> None:
    with given_input(tmp_path, data):
        found = Decoded(capsys, *arguments)
    assert found.status == OK
    assert len(found.cards) == 2


def test_nothing_is_a_failure_that_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with given_input(tmp_path, b""):
        found = Decoded(capsys, "em4100_ascii", "--raw")
    assert (found.status, found.events) == (FAILED, [])
    assert "nothing was decoded" in found.complaint


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["em4100_ascii", "02zz"], "'02zz' is not hexadecimal"),
        (["em4100_ascii", "020"], "'020' ends within a byte"),
        (["wiegand", "2006ec0c8x"], "'2006ec0c8x' is not hexadecimal"),
        (["em4100_ascii", "02:3"], "'02:3' ends within a byte"),
        (["em4100_ascii", "00x2"], "'00x2' is not hexadecimal"),
        (["em4100_ascii", "02", "--raw"], "is for standard input"),
        (["twn4", "02", "--set", "crc"], "expected NAME=VALUE"),
        (["twn4", "02", "--set", "colour=red"], "colour"),
        (["line", "--text", "590"], "profile: missing: write one of magstripe, barcode, wiegand"),
        (["barcode", "--text", "590"], "pattern: missing: write what all codes of the site look"),
        (["barcode", "--set", "pattern=(", "--text", "590"], "pattern: no regular expression"),
    ],
)
def test_bytes_that_are_not_written_as_they_should_be_are_wrong_use(
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    arguments: list[str],
    complaint: str,
) -> None:
    assert Decoded(capsys, *arguments).status == WRONG_USE
    assert complaint in caplog.text


def test_input_that_is_no_text_is_wrong_use_or_a_line_that_is_none(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with given_input(tmp_path, b"\xff\x02\n"):
        assert Decoded(capsys, "em4100_ascii").status == WRONG_USE
    assert "is not hexadecimal" in caplog.text
    with given_input(tmp_path, b"\xff\n"):
        (event,) = Decoded(capsys, "barcode", *TEXTS, "--text").events
    assert event["reason"] == "a line that is not text"


def test_a_reader_that_is_not_known_is_wrong_use_and_those_that_are_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        Decoded(capsys, "abacus", "02")
    assert ended.value.code == WRONG_USE
    complaint = capsys.readouterr().err
    assert "em4100_ascii" in complaint
    assert "wiegand_hex" in complaint


def test_what_is_no_card_is_an_event_of_its_own() -> None:
    assert event_of(OtherFrame("ACK")) == {"event": "frame", **NOTHING, "what": "ACK"}
    assert event_of(CaseSeen(is_open=True)) == {"event": "tamper", **NOTHING, "open": True}
    assert event_of(PowerSeen(fails=True)) == {"event": "power", **NOTHING, "fails": True}
