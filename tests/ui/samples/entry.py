"""The screens before a visit is joined: idle, checking, PIN, welcome."""

from collections.abc import Iterator
from datetime import timedelta

from kiosk.wire.screens import CheckingScreen, IdleScreen, PinScreen, WelcomeScreen
from tests.ui.samples.base import END, START, UTC_NOW, Sample, changed

WELCOME = WelcomeScreen("Sam", ("Mum",), START, END, joining=False, notice=None)
PIN = PinScreen(tries_left=3, wrong=False, checking=False)


def plain() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    helps = (("support", True),)
    yield Sample("idle_help", IdleScreen(), beside=helps)
    yield Sample("idle_help_notice", IdleScreen("card_unreadable"), beside=helps)
    yield Sample("welcome_help", WELCOME, beside=helps)
    yield Sample("starting", None)
    yield Sample("idle", IdleScreen())
    yield Sample("idle_unreadable", IdleScreen("card_unreadable"))
    yield Sample("idle_core_gone", IdleScreen(), linked=False)
    yield Sample("checking", CheckingScreen())
    yield Sample("pin", PIN)
    yield Sample("pin_typed", PIN, typed=4)
    yield Sample("pin_wrong", PinScreen(tries_left=2, wrong=True, checking=False))
    yield Sample("pin_last", PinScreen(tries_left=1, wrong=True, checking=False), typed=12)
    yield Sample("pin_checking", PinScreen(tries_left=3, wrong=False, checking=True))
    yield Sample("welcome", WELCOME)
    yield Sample("welcome_untouchable", WELCOME, touchable=False)
    yield Sample("welcome_joining", changed(WELCOME, joining=True))
    yield Sample("welcome_notice", changed(WELCOME, notice="service_away"))
    yield Sample("welcome_unreadable", changed(WELCOME, notice="card_unreadable"))
    yield Sample("welcome_many", changed(WELCOME, visitors=("Mum", "Aisha", "Jo", "Kit")))
    yield Sample("welcome_begun", changed(WELCOME, starts_at=UTC_NOW - timedelta(minutes=5)))
    yield Sample("welcome_monitored", changed(WELCOME, monitoring="possible"))
    yield Sample("welcome_recorded", changed(WELCOME, monitoring="recorded", back=True))
    both = changed(WELCOME, monitoring="recorded_and_watching")
    yield Sample("welcome_recorded_and_watching", both)
    soon = changed(WELCOME, opens_at=UTC_NOW + timedelta(seconds=100))
    yield Sample("welcome_early", soon)
    later = timedelta(hours=2)
    too_early = changed(soon, starts_at=START + later, ends_at=END + later, opens_at=START + later)
    yield Sample("welcome_much_too_early", changed(too_early, back=True))
    yield Sample("welcome_changed", changed(WELCOME, notice="booking_changed", back=True))
    yield Sample("no_visitors", changed(WELCOME, visitors=()))
    many = PinScreen(tries_left=10**9, wrong=True, checking=False)
    yield Sample("pin_many_tries", many)


def nasty(text: str) -> Iterator[Sample]:
    """Where what others write is shown, and that is `text`."""
    yield Sample("idle", IdleScreen(text))
    names = (text, text, text)
    named = changed(WELCOME, first_name=text, visitors=names, notice=text)
    yield Sample("welcome", named)
