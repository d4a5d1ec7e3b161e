"""Readers of lines, by the profiles that have a name and by a site's own."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers import READERS
from firmware_bridge.readers.framing import Lines
from firmware_bridge.readers.line_profile import (
    PROFILES,
    CustomProfile,
    LineSettings,
    ProfileName,
    converse,
    decoder,
)
from firmware_bridge.readers.listening import QUIET_S
from firmware_bridge.readers.reading import BadFrame, CardRead, Reading
from firmware_bridge.settings import BridgeSettings
from kiosk.config import load
from kiosk.errors import ConfigError
from kiosk.wire.secret import Secret

TRACK_1 = b"%B5452300551227189^HOGAN/PAUL      ^08043210000000725000000?"
WIRE = '[wire]\nsocket = "/run/x/bridge.sock"\n'
READER = '[[reader]]\nname = "door"\nkind = "line"\nport = "/dev/ttyUSB0"\n'


def card(technology: str, credential: str) -> CardRead:
    return CardRead(technology, "identifier", Secret(credential))


def settings(profile: ProfileName | CustomProfile, codes: str = ".+") -> LineSettings:
    """`codes` are what barcodes look like."""
    if isinstance(profile, CustomProfile):
        return LineSettings(name="door", port="/dev/null", custom=profile)
    pattern = codes if profile == "barcode" else None
    return LineSettings(name="door", port="/dev/null", profile=profile, pattern=pattern)


def read(profile: ProfileName | CustomProfile, raw: bytes, codes: str = ".+") -> list[Reading]:
    return (line := decoder(settings(profile, codes))).feed(raw) + line.quiet()


def loaded(directory: Path, text: str) -> LineSettings:
    path = directory / "bridge.toml"
    path.write_text(WIRE + READER + text)
    (found,) = load(path, BridgeSettings).readers
    assert isinstance(found, LineSettings)
    return found


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\t"])
def test_a_barcode_is_the_text_before_its_end(end: bytes) -> None:
    assert read("barcode", b"5901234123457" + end) == [card("barcode", "5901234123457")]
    assert read("barcode", b"A-12 b" + end) == [card("barcode", "A-12 b")]


@pytest.mark.parametrize(
    ("codes", "raw", "expected"),
    [
        (r"\d{13}", b"5901234123457", card("barcode", "5901234123457")),
        (r"\d{13}", b"59012341234570", BadFrame("a line that does not fit the pattern")),
        (r"V\d{3}", b"V123", card("barcode", "V123")),
        (r"V\d{3}", b"123", BadFrame("a line that does not fit the pattern")),
        (r"V(?P<credential>\d{3})", b"V123", card("barcode", "123")),
        (r"V(?P<credential>\d{3})?", b"V", BadFrame(
            "a text that is empty, too long or not printable")),
        (r"\d{1,3}", "٣٤".encode(), BadFrame("a line that does not fit the pattern")),
    ],
)  # fmt: skip
def test_a_barcode_is_what_fits_the_pattern_of_the_site_or_a_part_of_it(
    codes: str, raw: bytes, expected: Reading
) -> None:
    assert read("barcode", raw + b"\r", codes) == [expected]


@pytest.mark.parametrize("text", [b"\x1d123", b"a\x00b", b"9" * 257])
def test_a_barcode_that_is_no_printable_text_is_refused(text: bytes) -> None:
    (found,) = read("barcode", text + b"\r")
    assert found == BadFrame("a text that is empty, too long or not printable")


def test_a_barcode_that_silence_cuts_is_refused() -> None:
    assert read("barcode", b"590123") == [BadFrame("half a line")]


@pytest.mark.parametrize("begin", [b"", b"\x02"])
@pytest.mark.parametrize("end", [b"", b"\r", b"\x03", b"\r\x03"])
def test_a_swipe_may_have_a_start_and_an_end(begin: bytes, end: bytes) -> None:
    assert read("magstripe", begin + TRACK_1 + end) == [card("magstripe", "5452300551227189")]


def test_a_swipe_that_breaks_off_is_refused_and_the_next_one_is_read() -> None:
    found = read("magstripe", b"\x02%B5452300\x02" + TRACK_1 + b"\r")
    assert found == [
        BadFrame("a swipe that is not tracks"),
        card("magstripe", "5452300551227189"),
    ]


def test_the_tracks_with_the_account_are_a_setting(tmp_path: Path) -> None:
    strict = loaded(tmp_path, 'profile = "magstripe"\ntracks = [2]\n')
    assert decoder(strict).feed(TRACK_1 + b"\r") == [BadFrame("no track with the account")]
    assert decoder(strict).feed(b"%E?;77=1?\r") == [card("magstripe", "77")]


@pytest.mark.parametrize(
    ("profile", "raw"),
    [
        ("wiegand_hex", b"2006ec0c86\r\n"),
        ("wiegand_hex", b" 2EC0C86 \r"),
        ("wiegand", b"2006EC0C86\n"),
        ("wiegand", b"10111011000000110010000110\r"),
        ("wiegand_bits", b"10111011000000110010000110\t"),
    ],
)
def test_a_converter_from_wiegand_writes_digits_or_bits(profile: ProfileName, raw: bytes) -> None:
    assert read(profile, raw) == [card("wiegand_26", "118-1603")]


def test_the_first_digits_of_a_number_are_never_a_card() -> None:
    for kept in range(1, 10):
        assert read("wiegand_hex", b"2006ec0c86"[:kept]) == [BadFrame("half a line")]


@pytest.mark.parametrize(
    ("profile", "raw", "expected"),
    [
        (
            CustomProfile(
                pattern=r"(?P<facility>\d{1,3}),(?P<number>\d+)", technology="wiegand_26"
            ),
            b"021,00999\r\n",
            card("wiegand_26", "21-999"),
        ),
        (
            CustomProfile(pattern="No (?P<credential>[0-9]{4})", technology="badge", begins="\x02"),
            b"xx\x02No 1234\r",
            card("badge", "1234"),
        ),
        (
            CustomProfile(pattern="W(?P<hex>[0-9a-f]+)", ends=("#",)),
            b"W2006ec0c86#",
            card("wiegand_26", "118-1603"),
        ),
        (
            CustomProfile(pattern="(?P<bits>[01]+)", ends=(), ends_when_silent=True),
            b"00001010101110011110011001",
            card("wiegand_26", "21-29644"),
        ),
    ],
)
def test_a_site_describes_its_own_lines(
    profile: CustomProfile, raw: bytes, expected: CardRead
) -> None:
    assert read(profile, raw)[-1] == expected


@pytest.mark.parametrize(
    ("pattern", "raw", "reason"),
    [
        ("(?P<credential>[0-9]+)", b"12x", "a line that does not fit the pattern"),
        ("x(?P<credential>[0-9]*)", b"x", "a text that is empty, too long or not printable"),
        ("(?:x|(?P<credential>[0-9]))", b"x", "a text that is empty, too long or not printable"),
        ("(?P<credential>.+)", b"a\x1db", "a text that is empty, too long or not printable"),
        (
            "(?P<facility>.),(?P<number>.)",
            b"1,x",
            "a facility or a number that is no short decimal",
        ),
        (
            "(?P<facility>.),(?P<number>1*)",
            b"1," + b"1" * 21,
            "a facility or a number that is no short decimal",
        ),
        (
            "(?P<facility>.),(?P<number>.*)",
            b"1,",
            "a facility or a number that is no short decimal",
        ),
    ],
)
def test_a_line_that_is_no_card_of_the_site_is_refused(
    pattern: str, raw: bytes, reason: str
) -> None:
    assert read(CustomProfile(pattern=pattern, technology="badge"), raw + b"\r") == [
        BadFrame(reason)
    ]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            b"$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n", id="GPS"
        ),
        pytest.param(b"+CREG: 0,1\r\n", id="modem"),
        pytest.param(b"OK\r\n", id="modem that agrees"),
    ],
)
def test_what_another_device_writes_is_no_card(profile: ProfileName, line: bytes) -> None:
    (found,) = read(profile, line, codes=r"\d{13}")
    assert isinstance(found, BadFrame)


def test_digits_of_a_pattern_are_those_of_ascii() -> None:
    profile = CustomProfile(pattern=r"(?P<credential>\d+)", technology="badge")
    assert read(profile, "٣٤\r".encode()) == [BadFrame("a line that does not fit the pattern")]


CUSTOM = """[reader.custom]
pattern = '(?P<facility>\\d{1,3})-(?P<number>\\d{1,5})'
technology = "wiegand_26"
begins = "\\u0002"
ends = ["\\u0003"]
longest = 12
"""


def test_a_profile_of_the_site_is_written_in_toml(tmp_path: Path) -> None:
    found = decoder(loaded(tmp_path, CUSTOM)).feed(b"\x0221-29644\x03")
    assert found == [card("wiegand_26", "21-29644")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('profile = "abacus"\n', "reader[0].profile: Invalid enum value 'abacus'"),
        ("", "reader[0].profile: missing: write one of magstripe, barcode, wiegand, "),
        ('profile = "barcode"\n', "reader[0].pattern: missing: write what all codes of the site"),
        ('profile = "barcode"\npattern = "("\n', "reader[0].pattern: no regular expression"),
        (
            'profile = "barcode"\npattern = "(?P<hex>.)"\n',
            "has to have the named groups credential",
        ),
        ('profile = "magstripe"\npattern = ".+"\n', 'reader[0].pattern: is for `profile = "barc'),
        ('pattern = ".+"\n' + CUSTOM, 'reader[0].pattern: is for `profile = "barcode"`; a profile'),
        ("tracks = []\n", "reader[0].tracks"),
        ("tracks = [4]\n", "reader[0].tracks[0]"),
        ("idle_s = 9\n", "reader[0].idle_s"),
        ('profile = "wiegand"\n' + CUSTOM, "reader[0].custom: not beside a `profile`: leave one"),
        (CUSTOM.replace("technology", "technologie"), "custom.technologie: unknown setting"),
        (CUSTOM.replace("wiegand_26", "Wiegand 26"), "reader[0].custom.technology"),
        (CUSTOM.replace("= 12", "= 9999"), "reader[0].custom.longest"),
        (CUSTOM.replace("u0003", "u00e9"), "reader[0].custom.ends[0]"),
        (CUSTOM.replace("u0003", "u0002"), "reader[0].custom: begins: is one of the ends"),
        (CUSTOM.replace('"\\u0003"', ""), "reader[0].custom: ends: without any"),
        (CUSTOM.replace("\\d{1,3}", "(a+)+"), "reader[0].custom: pattern: character 18: only one"),
        (CUSTOM.replace('technology = "wiegand_26"', ""), "technology: missing beside"),
        ('[reader.custom]\npattern = "(?P<hex>.+)"\ntechnology = "a"\n', "technology: not for"),
    ],
)
def test_each_fault_of_the_settings_is_named(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(fault)):
        loaded(tmp_path, text)


def test_all_faults_of_a_profile_are_told_at_once(tmp_path: Path) -> None:
    text = CUSTOM.replace("\\d{1,3}", "(a+)+").replace("u0003", "u0002")
    with pytest.raises(ConfigError, match=r"pattern: character 18.*begins: is one"):
        loaded(tmp_path, text + READER.replace("door", "Door"))


def test_what_is_missing_at_several_readers_is_told_at_once(tmp_path: Path) -> None:
    another = READER.replace("door", "gate").replace("USB0", "USB1")
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, another + 'profile = "barcode"\n')
    assert "reader[0].profile: missing" in str(raised.value)
    assert "reader[1].pattern: missing" in str(raised.value)


def test_silence_lasts_as_long_as_the_settings_say() -> None:
    slow = LineSettings(name="door", port="/dev/null", profile="wiegand", idle_s=0.5)
    waiting = converse(slow)
    waiting.feed(b"590", 1.0)
    assert waiting.tick(1.0 + QUIET_S) == []
    assert waiting.next_deadline() == 1.5
    assert waiting.tick(1.5) == [BadFrame("half a line")]
    assert isinstance(READERS["line"].converse(slow), type(waiting))


@pytest.mark.parametrize("profile", PROFILES)
@given(st.text(alphabet="%;+?=^EB01a2\r\x02\t", max_size=120))
def test_any_line_is_a_card_or_a_fault(profile: ProfileName, text: str) -> None:
    for found in read(profile, text.encode()):
        assert isinstance(found, CardRead | BadFrame)


CUSTOM_PROFILES = [
    CustomProfile(pattern=r"Card (?P<facility>\d{1,3}),(?P<number>\d{1,5})", technology="badge"),
    CustomProfile(pattern="(?P<credential>.+)", technology="badge", begins="\x02", ends=("\x03",)),
    CustomProfile(pattern="W?(?P<hex>[0-9a-f]+)", ends=("#",), longest=16),
    CustomProfile(pattern="(?P<bits>[01]+)", ends=(), ends_when_silent=True, longest=64),
]


@pytest.mark.parametrize("profile", CUSTOM_PROFILES, ids=lambda profile: profile.pattern)
@given(st.lists(st.binary(max_size=80) | st.sampled_from([b"\x02Card 1,2\r", b"\x03#"])))
def test_noise_at_a_site_s_own_lines_never_raises_and_no_more_than_a_line_is_held(
    profile: CustomProfile, noise: list[bytes]
) -> None:
    line, held = decoder(settings(profile)), Lines(profile.framing())
    for piece in noise:
        for found in line.feed(piece):
            assert isinstance(found, CardRead | BadFrame)
        held.feed(piece)
        assert len(held._line) <= profile.longest
    assert len(line.quiet()) <= 1


def test_no_reading_and_no_reason_shows_what_is_on_a_card() -> None:
    for raw in (TRACK_1 + b"\r", TRACK_1[:-1] + b"\r", TRACK_1[:-1]):
        assert "5452" not in repr(read("magstripe", raw))
