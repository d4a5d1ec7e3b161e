"""The pad holds digits until they are sent once, and prints none of them."""

from kiosk.ui.pad import CLEAR, DIGITS_AT_LEAST, DIGITS_AT_MOST, KEYS, OK, PinPad


def typed(pad: PinPad, digits: str) -> None:
    for digit in digits:
        assert pad.press(f"pin_{digit}") is None


def test_a_pin_is_given_once_and_forgotten() -> None:
    pad = PinPad()
    typed(pad, "40719")
    pin = pad.press(OK)
    assert pin is not None
    assert pin.reveal() == "40719"
    assert len(pad) == 0
    assert pad.press(OK) is None


def test_clear_forgets_every_digit() -> None:
    pad = PinPad()
    typed(pad, "1234")
    pad.press(CLEAR)
    assert len(pad) == 0
    assert pad.press(OK) is None


def test_a_pin_that_is_too_short_is_kept_until_it_is_long_enough() -> None:
    pad = PinPad()
    typed(pad, "7" * (DIGITS_AT_LEAST - 1))
    assert pad.press(OK) is None
    assert len(pad) == DIGITS_AT_LEAST - 1
    typed(pad, "7")
    assert pad.press(OK) is not None


def test_a_pad_takes_only_so_many_digits() -> None:
    pad = PinPad()
    typed(pad, "1" * (DIGITS_AT_MOST + 5))
    assert len(pad) == DIGITS_AT_MOST


def test_a_pad_does_not_print_its_digits() -> None:
    pad = PinPad()
    typed(pad, "8642")
    assert "8642" not in f"{pad!r} {pad} {pad.press(OK)!r}"


def test_every_key_is_there_once() -> None:
    assert sorted(KEYS) == sorted([*(f"pin_{n}" for n in range(10)), CLEAR, OK])
