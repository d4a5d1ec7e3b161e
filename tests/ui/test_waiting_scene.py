"""How long a person still waits is said in words, and so is that the time of the visit runs."""

import re

import msgspec

from kiosk.ui.elements import Text
from tests.ui.samples import UTC_NOW, WAITING, Sample, plain_samples


def said(sample: Sample) -> str:
    return "\n".join(each.text for each in sample.scene().elements if isinstance(each, Text))


def test_the_waiting_room_says_that_the_time_of_a_visit_runs_as_soon_as_it_does() -> None:
    late = Sample("waiting", msgspec.structs.replace(WAITING, starts_at=UTC_NOW))
    assert "Your visit's time has started." in said(late)
    assert "Your visit's time has started." not in said(Sample("waiting", WAITING))


def test_how_long_something_takes_never_looks_like_a_time_of_day() -> None:
    spans = ("waiting", "waiting_late", "welcome_early", "help_talking")
    for sample in (each for each in plain_samples() if each.name in spans):
        shown = [text for text in said(sample).splitlines() if re.search(r"\d:\d\d", text)]
        assert all(re.search(r"\b1[34]:\d\d\b", text) for text in shown), sample.name
