"""What is told of the time that is left: once each, never of what is past, and the last seconds."""

import pytest

from kiosk.visit import advance, next_deadline
from kiosk.visit.actions import Action, Hold, Play
from kiosk.visit.events import (
    CallPaused,
    EndMoved,
    Event,
    HoldOrdered,
    OfficerSaid,
    Tick,
    TimeGiven,
)
from kiosk.visit.patience import CUE_S, NOTICE_S
from kiosk.visit.reasons import HeldReason, Notice, Tone
from kiosk.visit.stages import Goodbye, Hint, InVisit, OfficerMessage, Seconds, Stage
from tests.visit.play import play
from tests.visit.samples import CALL, in_visit, lasting

MINUTES = [(600, Tone.TEN), (300, Tone.FIVE), (120, Tone.TWO), (60, Tone.ONE)]


class Visit:
    """A visit that ends at 1800 s; `heard` says what was heard, with how many seconds to go."""

    def __init__(self, ends_at_s: Seconds = 1800.0) -> None:
        self.stage: Stage = in_visit(lasting(ends_at_s, 9999.0))
        self.heard: list[tuple[Seconds, Tone]] = []

    def until(self, now: Seconds) -> None:
        """Time passes, with a Tick at each deadline up to and at `now`."""
        while (due := next_deadline(self.stage)) is not None and due <= now:
            self.happens(due, Tick())

    def happens(self, now: Seconds, event: Event) -> list[Action]:
        before = self.stage
        self.stage, actions = advance(before, event, now)
        if isinstance(before, InVisit):
            left_s = before.visit.ends_at_s - now
            self.heard += [(left_s, play.tone) for play in actions if isinstance(play, Play)]
        return actions

    @property
    def talking(self) -> InVisit:
        assert isinstance(self.stage, InVisit)
        return self.stage


def test_each_mark_is_told_once_and_the_last_seconds_are_counted() -> None:
    visit = Visit()
    visit.until(1800)
    counted = [(left_s, Tone.COUNT) for left_s in range(10, 1, -1)]
    assert visit.heard == [*MINUTES, *counted, (1, Tone.END)]
    assert isinstance(visit.stage, Goodbye)


def test_nothing_is_heard_at_the_end_or_after_it() -> None:
    visit = Visit()
    visit.until(1799.5)
    visit.heard.clear()
    visit.until(2000)
    assert visit.heard == []


def test_a_mark_is_read_for_a_while() -> None:
    visit = Visit()
    visit.until(1200)
    assert visit.talking.cues.minutes == 10
    visit.until(1200 + CUE_S)
    assert visit.talking.cues.minutes is None


@pytest.mark.parametrize(("ends_at_s", "first"), [(400.0, Tone.FIVE), (306.0, Tone.TWO)])
def test_who_meets_late_is_not_told_what_is_past(ends_at_s: Seconds, first: Tone) -> None:
    visit = Visit(ends_at_s)  # they meet at 6 s
    visit.until(ends_at_s)
    assert visit.heard[0][1] is first


def test_an_extension_that_comes_to_a_mark_anew_is_told_anew() -> None:
    visit = Visit()
    visit.until(1600)
    assert visit.heard == [(600, Tone.TEN), (300, Tone.FIVE)]
    visit.happens(1600, EndMoved("V1", 2000.0))
    visit.until(1999)
    assert [tone for _, tone in visit.heard[2:]][:3] == [Tone.FIVE, Tone.TWO, Tone.ONE]


def test_an_extension_short_of_a_mark_does_not_tell_it_again() -> None:
    visit = Visit()
    visit.until(1600)
    visit.happens(1600, EndMoved("V1", 1890.0))
    visit.until(1889)
    assert [tone for _, tone in visit.heard].count(Tone.FIVE) == 1


def test_seconds_that_are_given_back_again_and_again_tell_no_mark_again() -> None:
    visit = Visit()
    visit.until(1500)
    for number in range(8):
        ends_at_s = 1801.0 + number
        visit.happens(1500.5 + number, TimeGiven("V1", ends_at_s, 1.0 + number))
        visit.until(1501.0 + number)
    assert [tone for _, tone in visit.heard].count(Tone.FIVE) == 1


def test_an_end_that_comes_sooner_is_not_told_as_more_than_it_is() -> None:
    visit = Visit()
    visit.happens(100, EndMoved("V1", 340.0))
    visit.until(340)
    assert visit.heard[0] == (120, Tone.TWO)


def test_who_slept_over_a_mark_is_not_told_of_it_later() -> None:
    visit = Visit()
    visit.happens(1770, Tick())
    assert visit.heard == []
    visit.until(1800)
    assert visit.heard[0] == (10, Tone.COUNT)


def test_a_machine_that_was_late_tells_the_newest_mark_alone() -> None:
    visit = Visit()
    visit.happens(1681, Tick())
    assert visit.heard == [(119, Tone.TWO)]


def test_an_officer_may_interrupt_the_last_minute() -> None:
    visit = Visit()
    visit.until(1750)
    visit.happens(1750, OfficerSaid("V1", "Please stand up"))
    assert visit.talking.message == OfficerMessage("Please stand up", 1780)
    assert visit.happens(1751, HoldOrdered("V1", HeldReason.OFFICER)) == [Hold(CALL, on=True)]


def test_what_is_said_of_the_line_goes_when_an_officer_holds() -> None:
    paused = play(in_visit(), (20, CallPaused(CALL), []))
    assert isinstance(paused, InVisit)
    assert paused.hint == Hint(Notice.TIME_SAFE, 20 + NOTICE_S)
    held = play(paused, (21, HoldOrdered("V1", HeldReason.OFFICER), [Hold(CALL, on=True)]))
    assert isinstance(held, InVisit)
    assert held.hint is None


def test_the_time_left_is_told_also_while_a_visit_is_held() -> None:
    visit = Visit()
    visit.happens(1000, HoldOrdered("V1", HeldReason.OFFICER))
    visit.until(1200)
    assert visit.heard == [(600, Tone.TEN)]
