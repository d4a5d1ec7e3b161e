"""The screens after a visit, or instead of one."""

from collections.abc import Iterator

from kiosk.ui import words
from kiosk.wire.screens import GoodbyeScreen, OutOfServiceScreen, RefusedScreen
from tests.ui.samples.base import START, Sample


def plain() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    for reason in (*words.ENDINGS, "a new reason"):
        yield Sample(f"goodbye_{reason}", GoodbyeScreen(reason, 1512.0))
        parting = GoodbyeScreen(reason, 1512.0, "card_unreadable")
        yield Sample(f"goodbye_{reason}_notice", parting)
    yield Sample("goodbye_unmet", GoodbyeScreen("visitor_did_not_come", 0.0))
    for reason in (*words.REFUSALS, "a new reason"):
        yield Sample(f"refused_{reason}", RefusedScreen(reason, None, None))
        yield Sample(f"refused_{reason}_told", RefusedScreen(reason, "Hall B", START))
        again = RefusedScreen(reason, "Hall B", START, "card_unreadable")
        yield Sample(f"refused_{reason}_notice", again)
    for reason in (*words.OUT_OF_SERVICE, "a new reason"):
        yield Sample(f"closed_{reason}", OutOfServiceScreen(reason))


def nasty(text: str) -> Iterator[Sample]:
    """Where what others write is shown, and that is `text`."""
    yield Sample("goodbye", GoodbyeScreen(text, 1e9, text))
    yield Sample("refused", RefusedScreen("wrong_hall", text, START, text))
    yield Sample("closed", OutOfServiceScreen(text))
