"""What is made of a PIN and of a card, whoever sent it."""

import re
from importlib.resources import files

import pytest

from kiosk.core.hearing import event_of, may_say
from kiosk.core.settings import Assurance
from kiosk.ui.pad import DIGITS_AT_LEAST, DIGITS_AT_MOST
from kiosk.visit.events import AnswerMade, CallLost, CardPresented, PinTyped, Touched
from kiosk.visit.reasons import Touch
from kiosk.wire import devices, messages
from kiosk.wire.messages import PinEntered
from kiosk.wire.secret import Secret

ANY: tuple[Assurance, ...] = ("identifier", "secure_channel")


def test_every_touch_of_the_screen_is_one_of_the_rules() -> None:
    assert {touch.value for touch in messages.Touch} == {touch.value for touch in Touch}


def test_a_touch_is_told_with_what_it_chose() -> None:
    touched = messages.Touched(1, messages.Touch.LANGUAGE, 2.0, "cy")
    assert event_of(touched, ANY) == Touched(Touch.LANGUAGE, "cy")


@pytest.mark.parametrize("digits", range(DIGITS_AT_LEAST, DIGITS_AT_MOST + 1))
def test_every_pin_that_the_pad_can_give_is_typed(digits: int) -> None:
    pin = "0123456789012"[:digits]
    assert event_of(PinEntered(1, Secret(pin)), ANY) == PinTyped(pin)


@pytest.mark.parametrize(
    "pin",
    ["", "1", "123", "0123456789012", "1" * 10_000, "12a4", "1234\n", " 1234", "-1234", "١٢٣٤"],
)
def test_a_pin_that_no_pad_can_give_was_not_typed(pin: str) -> None:
    assert event_of(PinEntered(1, Secret(pin)), ANY) is None


def test_the_pad_gives_what_the_contract_lets_the_terminal_ask_about() -> None:
    contract = files("kiosk.core").joinpath("openapi.yaml").read_text()
    (pattern,) = re.findall(r'^ +pin: .*pattern: "(.*)"', contract, re.MULTILINE)
    assert pattern == f"^[0-9]{{{DIGITS_AT_LEAST},{DIGITS_AT_MOST}}}$"


def test_what_kiosk_call_answers_is_an_answer_that_was_made() -> None:
    assert event_of(messages.AnswerReady(7, 1, "v=0"), ANY) == AnswerMade(7, 1, "v=0")
    assert may_say(messages.Program.CALL, messages.AnswerReady(7, 1, "v=0"))
    assert not may_say(messages.Program.UI, messages.AnswerReady(7, 1, "v=0"))


@pytest.mark.parametrize(
    ("message", "no_relay"),
    [
        (messages.CallLost(7, messages.NO_RELAY), True),
        (messages.CallLost(7, "whatever a program that was broken into says"), False),
        (messages.CallEnded(7, 1.0, 0.0), False),
    ],
)
def test_of_why_a_call_was_lost_only_what_is_known_is_heard(
    message: messages.CallLost | messages.CallEnded, no_relay: bool
) -> None:
    assert event_of(message, ANY) == CallLost(7, no_relay=no_relay)


@pytest.mark.parametrize(
    ("assurance", "trusted"), [("identifier", False), ("secure_channel", True)]
)
def test_a_site_can_trust_encrypted_cards_alone(assurance: Assurance, trusted: bool) -> None:
    shown = devices.CardPresented("desk", "osdp", assurance, Secret("118-1603"), 1.0)
    encrypted: tuple[Assurance, ...] = ("secure_channel",)
    event = event_of(shown, encrypted)
    assert isinstance(event, CardPresented)
    assert event.card.trusted is trusted
    taken_anywhere = event_of(shown, ANY)
    assert isinstance(taken_anywhere, CardPresented)
    assert taken_anywhere.card.trusted
