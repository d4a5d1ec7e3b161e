"""A refusal says one thing: of a card that was not read only where it is to be held there again."""

import pytest

from kiosk.ui import words
from kiosk.ui.elements import Button, Text
from kiosk.wire.screens import RefusedScreen
from tests.ui.samples import START, Sample

UNREAD = "We could not read the card. Hold it still."


@pytest.mark.parametrize("reason", [*words.REFUSALS, "a new reason"])
def test_a_card_that_was_not_read_is_told_of_only_where_another_try_is_asked_for(
    reason: str,
) -> None:
    refused = RefusedScreen(reason, "Hall B", START, "card_unreadable")
    shown = Sample("refused", refused).scene().elements
    told = UNREAD in [each.text for each in shown if isinstance(each, Text)]
    asked = "Try again" in [each.label for each in shown if isinstance(each, Button)]
    assert told == asked


def test_a_card_that_nobody_knows_may_be_held_there_again() -> None:
    refused = RefusedScreen("unknown_card", None, None, "card_unreadable")
    shown = Sample("refused", refused).scene().elements
    assert UNREAD in [each.text for each in shown if isinstance(each, Text)]
