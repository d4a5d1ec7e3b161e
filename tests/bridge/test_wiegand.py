"""Wiegand numbers: published ones, and what parity and length have to say of others."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers.reading import FrameError
from firmware_bridge.readers.wiegand import WiegandCard, from_bits, from_either, from_hex

PUBLISHED = {
    "2006ec0c86": ("wiegand_26", "118-1603"),  # Proxmark, help of `lf hid sim`
    "2006f623ae": ("wiegand_26", "123-4567"),  # Proxmark, help of `wiegand decode`
    "2e0ec00c87": ("wiegand_35", "118-1603"),  # Proxmark, help of `lf hid sim`
    "2D4A64FB8E": ("wiegand_35", "2643-163271"),  # Doppelganger Core, format of its log
}
PUBLISHED_BITS = {
    "00001010101110011110011001": "21-29644",
    "10001111100000001010100011": "31-337",  # Proxmark, help and fixtures of `lf hid`
}
LAYOUTS = {26: (8, 16, 13), 34: (16, 16, 17), 37: (16, 19, 19)}


def parity(bits: str) -> int:
    return bits.count("1") % 2


def halves(bits: int, facility: int, number: int) -> str:
    """A number whose first half is even and whose last is odd, written out as its format says."""
    facility_bits, number_bits, covered = LAYOUTS[bits]
    middle = f"{facility:0{facility_bits}b}{number:0{number_bits}b}"
    return f"{parity(middle[: covered - 1])}{middle}{1 - parity(middle[1 - covered :])}"


def corporate(company: int, number: int) -> str:
    """Corporate 1000: two parities over two of each three bits, then one over all."""
    middle = f"{company:012b}{number:020b}"
    even = str(parity("".join(bit for i, bit in enumerate(middle) if i % 3 != 2)))
    covered = "".join(bit for i, bit in enumerate(even + middle) if i % 3 != 2)
    return f"{1 - parity(even + middle + (odd := str(1 - parity(covered))))}{even}{middle}{odd}"


def shown(card: WiegandCard) -> tuple[str, str]:
    read = card.read()
    return read.technology, read.credential.reveal()


@pytest.mark.parametrize(("digits", "expected"), PUBLISHED.items())
def test_each_published_number_is_read(digits: str, expected: tuple[str, str]) -> None:
    assert shown(from_hex(digits)) == expected
    assert shown(from_either(digits.upper())) == expected


@pytest.mark.parametrize(("bits", "expected"), PUBLISHED_BITS.items())
def test_each_published_row_of_bits_is_read(bits: str, expected: str) -> None:
    assert shown(from_bits(bits)) == ("wiegand_26", expected)
    assert shown(from_either(bits)) == ("wiegand_26", expected)


def test_digits_that_are_all_0_and_1_are_bits_only_where_there_are_enough_of_them() -> None:
    assert shown(from_either("0000010")) == ("wiegand_26", "0-8")
    assert shown(from_either("0" * 25 + "1")) == ("wiegand_26", "0-0")


def test_a_number_of_26_bits_may_be_filled_up_to_half_or_whole_bytes() -> None:
    assert shown(from_hex("2ec0c86")) == shown(from_hex("02EC0C86")) == ("wiegand_26", "118-1603")


@pytest.mark.parametrize("bits", [26, 34, 35, 37])
@given(st.data())
def test_facility_and_number_come_back_from_each_format(bits: int, data: st.DataObject) -> None:
    facility_bits, number_bits, _ = LAYOUTS.get(bits, (12, 20, 0))
    facility = data.draw(st.integers(0, (1 << facility_bits) - 1))
    number = data.draw(st.integers(0, (1 << number_bits) - 1))
    row = corporate(facility, number) if bits == 35 else halves(bits, facility, number)
    expected = (f"wiegand_{bits}", f"{facility}-{number}")
    assert shown(from_bits(row)) == expected
    header = "" if bits == 37 else "1" + "1".rjust(37 - bits, "0")
    assert shown(from_hex(f"{int(header + row, 2):010x}")) == expected


@pytest.mark.parametrize("bits", [26, 34, 35, 37])
@given(st.data())
def test_a_number_with_one_wrong_bit_is_refused(bits: int, data: st.DataObject) -> None:
    row = corporate(5, 7) if bits == 35 else halves(bits, 5, 7)
    wrong = data.draw(st.integers(0, bits - 1))
    flipped = row[:wrong] + str(1 - int(row[wrong])) + row[wrong + 1 :]
    with pytest.raises(FrameError, match="a wrong parity"):
        from_bits(flipped).read()


@pytest.mark.parametrize(
    ("digits", "reason"),
    [
        ("2006ec0c8", "unknown length"),
        ("2006ec0c", "unknown length"),
        ("4000000", "unknown length"),
        ("2000000001", "unknown length"),
        ("2000000000", "unknown length"),
        ("7fffffffff", "what HID's cards begin with"),
        ("2006ec0c8x", "not hexadecimal"),
        ("+2ec0c86", "not hexadecimal"),
        ("2_006ec0c8", "not hexadecimal"),
        ("", "not hexadecimal"),
    ],
)
def test_digits_that_are_no_number_are_refused(digits: str, reason: str) -> None:
    with pytest.raises(FrameError, match=reason):
        from_hex(digits).read()


@pytest.mark.parametrize("bits", ["", "2" * 26, "\u0660" * 26, " 0"])
def test_what_is_no_row_of_bits_is_refused(bits: str) -> None:
    with pytest.raises(FrameError, match="not 0 and 1"):
        from_bits(bits)


@given(
    st.text(alphabet="01", min_size=1, max_size=90).filter(lambda t: len(t) not in (26, 34, 35, 37))
)
def test_a_row_of_an_unknown_length_is_refused(bits: str) -> None:
    with pytest.raises(FrameError, match="unknown length"):
        from_bits(bits).read()


@given(st.text(max_size=45))
def test_any_text_is_a_card_or_a_frame_error(text: str) -> None:
    for understand in (from_hex, from_bits, from_either):
        with contextlib.suppress(FrameError):
            understand(text).read()


def test_a_number_never_shows_itself() -> None:
    assert "1603" not in repr(from_hex("2006ec0c86").read())
    assert str(from_hex("2006ec0c86").value) not in repr(from_hex("2006ec0c86"))
