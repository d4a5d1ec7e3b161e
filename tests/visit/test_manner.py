"""How the terminal speaks to a person: as booked, as they need, and above all as they touched."""

from dataclasses import replace

import pytest

from kiosk.visit.beside import Panel, manner_of
from kiosk.visit.booking import Booking
from kiosk.visit.events import (
    CallLost,
    CardIdentified,
    CardPresented,
    Event,
    OfficerSaid,
    PinNeeded,
    Tick,
    Touched,
)
from kiosk.visit.manner import Manner, Mode, Site, Wishes
from kiosk.visit.patience import CHOICE_S, GOODBYE_S, SLOW_TIMES, SUPPORT_S
from kiosk.visit.reasons import Ending, Refusal, Touch
from kiosk.visit.stages import (
    CheckingCard,
    Connecting,
    EnterPin,
    Goodbye,
    Idle,
    Refused,
    WaitingRoom,
    Welcome,
)
from kiosk.visit.support_events import SupportAsked
from tests.visit.beside import SITE, Hall, standing
from tests.visit.samples import (
    BOOKING,
    CARD,
    HERE,
    LINES,
    OTHER_CARD,
    OTHER_HALL,
    SAM,
    TWO,
    VISIT,
    connecting,
    waiting,
)

WELSH = replace(BOOKING, language="cy")


def arrived(hall: Hall, booking: Booking = WELSH, access: tuple[str, ...] = ()) -> Hall:
    """A person has shown their card and reads who they are."""
    hall.happens(CardPresented(CARD))
    asked_at = hall.now
    person = replace(SAM, access=access)
    return hall.happens(CardIdentified(asked_at, person, (booking,), HERE, TWO))


def test_who_books_in_a_language_is_spoken_to_in_it() -> None:
    hall = arrived(standing(Idle()))
    assert isinstance(hall.stage, Welcome)
    assert hall.manner == Manner("cy")


def test_a_language_that_the_site_has_not_switched_on_is_not_spoken() -> None:
    assert arrived(standing(Idle()), replace(BOOKING, language="tlh")).manner.language == "en"


@pytest.mark.parametrize("tag", ["CY", "cy-GB", "cy-gb-x-north"])
def test_a_language_of_one_region_is_served_by_the_language(tag: str) -> None:
    assert arrived(standing(Idle()), replace(BOOKING, language=tag)).manner.language == "cy"


@pytest.mark.parametrize("tag", ["", "-", "cy_GB", "🏴", "c" * 35])
def test_what_is_no_language_is_not_spoken(tag: str) -> None:
    assert arrived(standing(Idle()), replace(BOOKING, language=tag)).manner.language == "en"


def test_a_touch_comes_before_the_booking() -> None:
    hall = standing(Idle()).happens(Touched(Touch.LANGUAGE, "ur"))
    assert arrived(hall).manner.language == "ur"
    assert arrived(standing(Idle())).happens(Touched(Touch.LANGUAGE, "ur")).manner.language == "ur"


@pytest.mark.parametrize("choice", ["tlh", "EN", "../../etc", "x" * 64])
def test_a_language_that_is_not_offered_can_not_be_touched(choice: str) -> None:
    hall = standing(Idle()).happens(Touched(Touch.LANGUAGE))
    before = hall.standing
    assert hall.happens(Touched(Touch.LANGUAGE, choice)).standing.beside.wishes == Wishes()
    assert hall.standing.beside.panel is before.beside.panel is Panel.LANGUAGE


def test_what_a_person_needs_is_on_and_what_is_unknown_is_let_be() -> None:
    hall = arrived(standing(Idle()), access=("large_text", "a new need", "slow"))
    assert hall.manner.modes == {Mode.LARGE_TEXT, Mode.SLOW}


def test_what_a_person_needs_is_on_while_they_type_their_pin() -> None:
    hall = standing(Idle()).happens(CardPresented(CARD))
    hall.happens(PinNeeded(hall.now, "i1", 3, ("spoken",)))
    assert isinstance(hall.stage, EnterPin)
    assert hall.manner.modes == {Mode.SPOKEN}


def test_a_person_who_is_refused_reads_it_in_their_language() -> None:
    hall = arrived(standing(Idle()), replace(WELSH, place=OTHER_HALL))
    assert isinstance(hall.stage, Refused)
    assert hall.manner.language == "cy"


@pytest.mark.parametrize("mode", Mode)
def test_a_mode_is_switched_on_and_off_by_a_touch(mode: Mode) -> None:
    hall = standing(Idle()).happens(Touched(Touch.ACCESS, mode.value))
    assert hall.manner.modes == {mode}
    assert hall.happens(Touched(Touch.ACCESS, mode.value)).manner.modes == set()


def test_a_need_can_be_switched_off_by_a_touch_and_on_again() -> None:
    hall = arrived(standing(Idle()), access=("large_text",))
    assert hall.happens(Touched(Touch.ACCESS, "large_text")).manner.modes == set()
    assert hall.happens(Touched(Touch.ACCESS, "large_text")).manner.modes == {Mode.LARGE_TEXT}


@pytest.mark.parametrize("choice", ["language", "Slow", "__class__", "x" * 64])
def test_what_is_no_mode_switches_nothing(choice: str) -> None:
    hall = arrived(standing(Idle()))
    before = hall.manner
    assert hall.happens(Touched(Touch.ACCESS, choice)).manner == before


def test_all_is_forgotten_when_the_terminal_goes_back_to_idle() -> None:
    hall = arrived(standing(Idle()), access=("signing",)).happens(Touched(Touch.ACCESS, "light"))
    assert hall.manner.modes == {Mode.SIGNING, Mode.LIGHT}
    hall.happens(Touched(Touch.DONE))
    assert hall.stage == Idle()
    assert hall.standing.beside.wishes == Wishes()


def test_who_chooses_a_language_and_shows_no_card_leaves_it_behind_after_a_while() -> None:
    hall = standing(Idle()).happens(Touched(Touch.LANGUAGE, "ur"))
    hall.after(CHOICE_S - 1, Tick())
    assert hall.manner.language == "ur"
    hall.after(1, Tick())
    assert hall.manner.language == "en"


def test_who_goes_on_touching_keeps_what_they_chose() -> None:
    hall = standing(Idle()).happens(Touched(Touch.ACCESS, "large_text"))
    hall.after(CHOICE_S - 1, Touched(Touch.ACCESS))
    hall.after(CHOICE_S - 1, Tick())
    assert hall.manner.modes == {Mode.LARGE_TEXT}


def test_a_slow_person_s_choice_is_kept_for_longer() -> None:
    hall = standing(Idle()).happens(Touched(Touch.ACCESS, "slow"))
    hall.after(CHOICE_S + 1, Tick())
    assert hall.manner.modes == {Mode.SLOW}
    hall.after(SLOW_TIMES * CHOICE_S, Tick())
    assert hall.manner.modes == set()


def test_what_was_chosen_on_idle_is_kept_as_long_as_the_visit_lasts() -> None:
    hall = arrived(standing(Idle()).happens(Touched(Touch.LANGUAGE, "ur")))
    hall.after(CHOICE_S + 1, Tick())
    assert isinstance(hall.stage, Welcome)
    assert hall.manner.language == "ur"


def helped(hall: Hall) -> Hall:
    return hall.happens(SupportAsked(LINES, lifted=False))


@pytest.mark.parametrize("where", ["on idle", "at the lines"])
def test_what_was_touched_without_a_card_is_there_after_the_lines_for_help(where: str) -> None:
    hall = standing(Idle())
    touched = (Touched(Touch.LANGUAGE, "ur"), Touched(Touch.ACCESS, "large_text"))
    chosen = Manner("ur", frozenset({Mode.LARGE_TEXT}))
    for event in touched if where == "on idle" else ():
        hall.happens(event)
    helped(hall)
    for event in touched if where == "at the lines" else ():
        hall.happens(event)
    assert hall.manner == chosen
    hall.after(CHOICE_S + 1, Touched(Touch.DONE))
    assert (hall.stage, hall.manner) == (Idle(), chosen)
    hall.after(CHOICE_S - 1, Tick())
    assert hall.manner == chosen
    hall.after(1, Tick())
    assert hall.manner == Manner("en")


def test_it_is_there_while_the_card_is_checked_that_was_held_there() -> None:
    hall = helped(standing(Idle()).happens(Touched(Touch.LANGUAGE, "ur")))
    hall.happens(CardPresented(CARD))
    assert isinstance(hall.stage, CheckingCard)
    assert hall.manner.language == "ur"


def test_it_is_forgotten_when_nobody_is_at_the_lines_any_more() -> None:
    hall = helped(standing(Idle()).happens(Touched(Touch.LANGUAGE, "ur")))
    hall.after(SUPPORT_S, Tick())
    assert (hall.stage, hall.standing.beside.wishes) == (Idle(), Wishes())


@pytest.mark.parametrize("then", [Touched(Touch.DONE), CardPresented(OTHER_CARD)])
def test_what_was_known_of_a_person_is_with_them_at_the_lines_and_goes_no_further(
    then: Event,
) -> None:
    hall = arrived(standing(Idle()), access=("large_text",)).happens(Touched(Touch.ACCESS, "light"))
    helped(hall)
    assert hall.manner == Manner("cy", frozenset({Mode.LARGE_TEXT, Mode.LIGHT}))
    assert hall.happens(then).standing.beside.wishes == Wishes()


def test_another_card_takes_over_nothing_of_the_person_before() -> None:
    hall = arrived(standing(Idle()), access=("large_text",)).happens(Touched(Touch.ACCESS, "light"))
    hall.happens(CardPresented(OTHER_CARD))
    assert hall.manner == Manner("en")


def test_a_card_shown_at_the_goodbye_of_another_takes_over_nothing() -> None:
    hall = standing(Goodbye(Ending.LEFT, 60.0, GOODBYE_S))
    hall.happens(Touched(Touch.LANGUAGE, "ur")).happens(CardPresented(CARD))
    assert hall.manner == Manner("en")


def test_who_was_refused_and_tries_again_keeps_what_they_touched_and_no_more() -> None:
    hall = arrived(standing(Idle()), replace(WELSH, cancelled=True), access=("spoken",))
    assert hall.stage == Refused(Refusal.BOOKING_CANCELLED, hall.stage.leave_at)
    hall.happens(Touched(Touch.ACCESS, "large_text")).happens(CardPresented(CARD))
    assert hall.manner == Manner("en", frozenset({Mode.LARGE_TEXT}))


def test_the_first_language_of_a_site_is_what_idle_speaks() -> None:
    assert manner_of(standing(Idle()).standing, Site(("cy", "en"))) == Manner("cy")


def test_a_site_of_one_language_offers_no_choice() -> None:
    hall = standing(Idle(), Site(("en",))).happens(Touched(Touch.LANGUAGE))
    assert hall.standing.beside.panel is None


def test_a_panel_is_closed_by_a_touch() -> None:
    hall = standing(Idle()).happens(Touched(Touch.ACCESS))
    assert hall.standing.beside.panel is Panel.ACCESS
    assert hall.happens(Touched(Touch.CLOSE)).standing.beside.panel is None


def test_choosing_a_language_closes_the_panel_also_for_who_keeps_theirs() -> None:
    for language in SITE.languages:
        hall = standing(Idle()).happens(Touched(Touch.LANGUAGE))
        hall.happens(Touched(Touch.LANGUAGE, language))
        assert hall.standing.beside.panel is None
        assert hall.manner.language == language


def test_a_panel_stays_open_while_modes_are_switched() -> None:
    hall = standing(Idle()).happens(Touched(Touch.ACCESS))
    assert hall.happens(Touched(Touch.ACCESS, "light")).standing.beside.panel is Panel.ACCESS


def test_no_panel_outlives_its_screen() -> None:
    hall = standing(Idle()).happens(Touched(Touch.ACCESS)).happens(CardPresented(CARD))
    assert hall.standing.beside.panel is None


def test_a_panel_stays_open_while_a_call_is_tried_again() -> None:
    hall = standing(connecting()).happens(Touched(Touch.LANGUAGE))
    assert isinstance(hall.stage, Connecting)
    hall.happens(CallLost(hall.stage.line.call))
    assert isinstance(hall.stage, WaitingRoom)
    assert hall.standing.beside.panel is Panel.LANGUAGE


def test_no_panel_covers_what_an_officer_writes() -> None:
    hall = standing(waiting()).happens(Touched(Touch.ACCESS))
    hall.happens(OfficerSaid(VISIT.reference, "Please come to the desk"))
    assert hall.standing.beside.panel is None
    hall.happens(Touched(Touch.ACCESS)).happens(Touched(Touch.ACCESS, "light"))
    assert hall.standing.beside.panel is Panel.ACCESS, "it was read"


def test_a_panel_that_nobody_closes_is_put_away_on_idle() -> None:
    hall = standing(Idle()).happens(Touched(Touch.ACCESS)).after(CHOICE_S, Tick())
    assert hall.standing.beside.panel is None
