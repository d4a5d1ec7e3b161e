"""The screens after a visit, or instead of one."""

from collections.abc import Iterator
from datetime import timedelta

from kiosk.ui import words
from kiosk.wire.screens import Aftermath, GoodbyeScreen, OutOfServiceScreen, RefusedScreen
from tests.ui.samples.base import START, Sample

HELPS = (("support", True),)
NEXT = START + timedelta(days=7)
BAD = ("officer", "visitor_did_not_come", "connection_lost", "never_met", "a new reason")


def plain() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    for reason in (*words.ENDINGS, "a new reason"):
        badly = Aftermath() if reason in BAD else None
        yield Sample(f"goodbye_{reason}", GoodbyeScreen(reason, 1512.0, badly=badly), beside=HELPS)
        parting = GoodbyeScreen(reason, 1512.0, "card_unreadable", badly=badly)
        yield Sample(f"goodbye_{reason}_notice", parting)
    unmet = GoodbyeScreen("visitor_did_not_come", 0.0, badly=Aftermath())
    yield Sample("goodbye_unmet", unmet)
    rated = GoodbyeScreen("time_up", 1512.0, None, 125.0, NEXT, "good", "bad")
    yield Sample("goodbye_rated", rated, beside=HELPS)
    half = GoodbyeScreen("ended", 40.0, "card_unreadable", 65.0, NEXT, "fair")
    yield Sample("goodbye_half_rated", half, beside=HELPS)
    for rebooking in ("asking", "asked", "unheard"):
        told = GoodbyeScreen("officer", 700.0, badly=Aftermath(rebooking, "asked"))
        yield Sample(f"goodbye_rebooking_{rebooking}", told, beside=HELPS)
    unsent = GoodbyeScreen("officer", 700.0, "card_unreadable", badly=Aftermath("asked", "unheard"))
    yield Sample("goodbye_fault_unheard", unsent, beside=HELPS)
    for reason in (*words.REFUSALS, "a new reason"):
        yield Sample(f"refused_{reason}", RefusedScreen(reason, None, None), beside=HELPS)
        yield Sample(f"refused_{reason}_told", RefusedScreen(reason, "Hall B", START))
        again = RefusedScreen(reason, "Hall B", START, "card_unreadable")
        yield Sample(f"refused_{reason}_notice", again, beside=HELPS)
    for reason in (*words.OUT_OF_SERVICE, "a new reason"):
        yield Sample(f"closed_{reason}", OutOfServiceScreen(reason))


def nasty(text: str) -> Iterator[Sample]:
    """Where what others write is shown, and that is `text`."""
    yield Sample("goodbye", GoodbyeScreen(text, 1e9, text, 1e9, NEXT, text, text))
    yield Sample("goodbye_badly", GoodbyeScreen(text, 1e9, text, badly=Aftermath(text, text)))
    yield Sample("refused", RefusedScreen("wrong_hall", text, START, text))
    yield Sample("closed", OutOfServiceScreen(text))
