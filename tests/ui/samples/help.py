"""The screens of help."""

from collections.abc import Iterator

import msgspec

from kiosk.ui.words_help import CALL_ENDINGS
from kiosk.wire.support import ShownLine, SupportCallScreen, SupportOverScreen, SupportScreen
from tests.ui.samples.base import NOW_S, START, UTC_NOW, Sample

SAMARITANS = ShownLine(
    "samaritans", "Samaritans", "Talk about anything, day or night", True, ("handset",)
)
HELPDESK = ShownLine(
    "helpdesk", "Visits helpdesk", "Questions about your bookings", False, ("card",)
)
DRUGS = ShownLine("drugs", "Talk to Frank", "Honest answers about drugs", True, ("card", "handset"))
FAMILIES = ShownLine(
    "families", "Families helpline", "For you and those at home, and what happens next", False
)
LINES = (SAMARITANS, HELPDESK, DRUGS, FAMILIES)
CALL = SupportCallScreen(SAMARITANS, NOW_S - 200, NOW_S + 3000, private=True, by_handset=True)


def plain() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    for count in range(1, 5):
        yield Sample(f"help_{count}", SupportScreen(LINES[:count]))
    yield Sample("help_before_a_visit", SupportScreen(LINES, visit_at=START))
    yield Sample("help_handset", SupportScreen(LINES, "samaritans", "handset"))
    yield Sample("help_card", SupportScreen(LINES, "helpdesk", "card"))
    yield Sample("help_card_checked", SupportScreen(LINES, "helpdesk", "card", checking=True))
    unknown = SupportScreen(LINES, "helpdesk", "card", refused="unknown_card")
    yield Sample("help_card_unknown", unknown)
    yield Sample("help_calling", SupportCallScreen(SAMARITANS, by_handset=True))
    yield Sample("help_talking", CALL)
    yield Sample("help_talking_maybe_recorded", SupportCallScreen(HELPDESK, NOW_S - 5))
    changes: dict[str, dict[str, object]] = {
        "before_a_visit": {"visit_at": START},
        "at_a_visit": {"visit_at": UTC_NOW},
        "card": {"notice": "card_in_call"},
        "last_minutes": {"ends_at_s": NOW_S + 200},
    }
    for name, change in changes.items():
        yield Sample(f"help_talking_{name}", msgspec.structs.replace(CALL, **change))
    for reason in (*CALL_ENDINGS, "a new reason"):
        yield Sample(f"help_over_{reason}", SupportOverScreen(SAMARITANS, reason, 100.0))
    over = SupportOverScreen(SAMARITANS, "left", 100.0, visit_at=START)
    yield Sample("help_over_before_a_visit", over)
    for volume in (1, 5):
        yield Sample(f"help_talking_{volume}", msgspec.structs.replace(CALL, volume=volume))


def nasty(text: str) -> Iterator[Sample]:
    """Where the site's own words are shown, and those are `text`."""
    line = ShownLine("x", text, text, True, ("card", "handset"))
    yield Sample("help", SupportScreen((line, *LINES[1:])))
    yield Sample("help_missing", SupportScreen((line,), "x", "card", refused=text))
    yield Sample("help_call", SupportCallScreen(line, NOW_S - 9, notice=text))
    yield Sample("help_over", SupportOverScreen(line, text, 1e9))
