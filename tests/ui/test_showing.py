"""The newest Show is all that counts; a touch only ever becomes a message."""

from collections.abc import Sequence

import msgspec
import pytest

from kiosk.ui.elements import Text
from kiosk.ui.showing import DOOR_S, Showing
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Message, PinEntered, Show, Touch, Touched
from kiosk.wire.screens import CheckingScreen, IdleScreen, OutOfServiceScreen, PinScreen, Screen
from kiosk.wire.threaded import LinkDown, LinkUp
from tests.ui.samples import LANGUAGES, NOW_S, PANEL, PIN, UTC_NOW, VISIT, WAITING, WELCOME
from tests.ui.samples.base import BOOKS

FINGER = 3
STOPPED = "a fault here stopped the sound"


def linked(*screens: Screen, voices: Sequence[str] = LANGUAGES) -> Showing:
    showing = Showing(PANEL, BOOKS, NOW_S, voices)
    showing.receive(LinkUp(), NOW_S)
    for number, screen in enumerate(screens, 1):
        receive(showing, screen, number)
    return showing


def receive(showing: Showing, screen: Screen, number: int) -> None:
    showing.receive(Show(number, "Terminal 3", "Hall A", screen), NOW_S)
    showing.scene(NOW_S, UTC_NOW)


def said(showing: Showing, now_s: float) -> str:
    scene = showing.scene(now_s, UTC_NOW)
    return " ".join(element.text for element in scene.elements if isinstance(element, Text))


def middle(showing: Showing, touch: str) -> tuple[float, float]:
    left, top, width, height = showing.targets()[touch]
    return left + width / 2, top + height / 2


def tap(showing: Showing, touch: str) -> Message | None:
    at = middle(showing, touch)
    showing.press(FINGER, *at)
    sent = showing.lift(FINGER, *at, NOW_S + 1)
    showing.scene(NOW_S, UTC_NOW)
    return sent


def test_a_touch_names_the_show_it_was_made_on() -> None:
    assert tap(linked(IdleScreen(), WELCOME), "join") == Touched(2, Touch.JOIN, NOW_S + 1)


def test_a_finger_that_slides_off_asks_for_nothing() -> None:
    showing = linked(WELCOME)
    showing.press(FINGER, *middle(showing, "join"))
    assert showing.pressed == "join"
    assert showing.lift(FINGER, 5, 5, NOW_S) is None
    assert showing.pressed is None


def test_a_finger_that_trembles_over_the_edge_still_counts() -> None:
    showing = linked(WELCOME)
    left, top, _width, _height = showing.targets()["join"]
    showing.press(FINGER, left + 2, top + 2)
    assert showing.lift(FINGER, left - 20, top - 20, NOW_S) is not None


def test_a_finger_that_comes_down_beside_a_button_asks_for_nothing() -> None:
    showing = linked(WELCOME)
    showing.press(FINGER, 5, 5)
    assert showing.lift(FINGER, *middle(showing, "join"), NOW_S) is None


def test_another_finger_does_not_finish_a_touch() -> None:
    showing = linked(WELCOME)
    at = middle(showing, "join")
    showing.press(FINGER, *at)
    assert showing.lift(FINGER + 1, *at, NOW_S) is None
    assert showing.lift(FINGER, *at, NOW_S) is not None


def test_a_touch_that_began_on_another_kind_of_screen_is_dropped() -> None:
    showing = linked(WELCOME)
    at = middle(showing, "join")
    showing.press(FINGER, *at)
    receive(showing, CheckingScreen(), 2)
    receive(showing, WELCOME, 3)
    assert showing.lift(FINGER, *at, NOW_S) is None


def test_a_touch_survives_a_newer_show_of_the_same_screen() -> None:
    showing = linked(WELCOME)
    at = middle(showing, "join")
    showing.press(FINGER, *at)
    receive(showing, WELCOME, 2)
    assert showing.lift(FINGER, *at, NOW_S) == Touched(2, Touch.JOIN, NOW_S)


def test_a_pin_is_sent_once_and_only_as_a_secret() -> None:
    showing = linked(PIN)
    for digit in "4071":
        assert tap(showing, f"pin_{digit}") is None
    sent = tap(showing, "pin_ok")
    assert isinstance(sent, PinEntered)
    assert (sent.show, sent.pin.reveal()) == (1, "4071")
    assert "4071" not in repr(sent)
    assert "pin_ok" not in showing.targets()


@pytest.mark.parametrize(
    "screen", [IdleScreen(), WELCOME, PinScreen(3, wrong=False, checking=True)]
)
def test_digits_are_forgotten_when_the_pad_goes(screen: Screen) -> None:
    showing = linked(PIN)
    tap(showing, "pin_4")
    receive(showing, screen, 2)
    receive(showing, PIN, 3)
    assert "pin_clear" not in showing.targets()


def test_digits_stay_when_the_same_pad_is_shown_again() -> None:
    showing = linked(PIN)
    tap(showing, "pin_4")
    receive(showing, PIN, 2)
    assert "pin_clear" in showing.targets()


def test_who_types_is_still_here() -> None:
    showing = linked()
    show = Show(1, "Terminal 3", "Hall A", PIN, leaves_at_s=NOW_S + 60, can_stay=True)
    showing.receive(show, NOW_S)
    showing.scene(NOW_S, UTC_NOW)
    for key in ("pin_4", "pin_0", "pin_clear"):
        assert tap(showing, key) == Touched(1, Touch.STAY, NOW_S + 1)
    for digit in "4071":
        tap(showing, f"pin_{digit}")
    sent = tap(showing, "pin_ok")
    assert isinstance(sent, PinEntered)
    assert sent.pin.reveal() == "4071"


def test_digits_are_in_no_scene() -> None:
    showing = linked(PIN)
    empty = showing.scene(NOW_S, UTC_NOW)
    tap(showing, "pin_4")
    four = showing.scene(NOW_S, UTC_NOW)
    tap(showing, "pin_clear")
    tap(showing, "pin_9")
    assert showing.scene(NOW_S, UTC_NOW) == four != empty


def test_the_screen_is_patient_with_a_short_absence_of_kiosk_core() -> None:
    showing = linked(WELCOME)
    showing.receive(LinkDown("gone"), NOW_S)
    assert showing.scene(NOW_S + 1.9, UTC_NOW).changes_at_s == NOW_S + 2
    assert "join" in showing.targets()
    showing.scene(NOW_S + 2, UTC_NOW)
    assert showing.targets() == {}


def test_a_visit_without_kiosk_core_for_ten_seconds_says_that_its_sound_is_stopped() -> None:
    showing = linked(VISIT)
    showing.receive(LinkDown("gone"), NOW_S + 0.5)
    assert STOPPED not in said(showing, NOW_S + 10.4)
    assert showing.scene(NOW_S + 10.4, UTC_NOW).changes_at_s == NOW_S + 10.5
    assert STOPPED in said(showing, NOW_S + 10.5)
    showing.receive(LinkUp(), NOW_S + 60)
    assert STOPPED not in said(showing, NOW_S + 60)


def test_repeated_failures_to_connect_do_not_renew_the_patience() -> None:
    showing = linked(WELCOME)
    showing.receive(LinkDown("gone"), NOW_S)
    showing.receive(LinkDown("refused"), NOW_S + 1.5)
    showing.scene(NOW_S + 2, UTC_NOW)
    assert showing.targets() == {}


def test_all_is_well_again_when_kiosk_core_is_back() -> None:
    showing = linked(WELCOME)
    showing.receive(LinkDown("gone"), NOW_S)
    showing.scene(NOW_S + 60, UTC_NOW)
    showing.receive(LinkUp(), NOW_S + 61)
    showing.scene(NOW_S + 61, UTC_NOW)
    assert "join" in showing.targets()


def test_a_finger_on_what_disappears_lets_go() -> None:
    showing = linked(WELCOME)
    showing.press(FINGER, *middle(showing, "join"))
    showing.receive(LinkDown("gone"), NOW_S)
    showing.scene(NOW_S + 2, UTC_NOW)
    assert showing.pressed is None


def test_other_messages_do_not_change_the_screen() -> None:
    showing = linked(VISIT)
    before = showing.scene(NOW_S, UTC_NOW)
    showing.receive(Touched(1, Touch.JOIN, NOW_S), NOW_S)
    assert showing.scene(NOW_S, UTC_NOW) == before


@pytest.mark.parametrize(
    ("ahead_s", "clock", "until_start"), [(0, "13:55", "5 minutes"), (-3600, "12:55", "65 minutes")]
)
def test_the_time_is_the_services(ahead_s: int, clock: str, until_start: str) -> None:
    showing = linked()
    showing.receive(Show(1, "Terminal 3", "Hall A", WAITING, ahead_s), NOW_S)
    shown = said(showing, NOW_S)
    assert f" {clock} " in shown
    assert f" {until_start} until your visit starts" in shown


def held(
    showing: Showing, seconds: float, to: tuple[float, float] = (10, PANEL.height_px - 10)
) -> object:
    """What a finger asks for that came down in the lower left corner and stayed so long."""
    showing.press(FINGER, 10, PANEL.height_px - 10, NOW_S)
    return showing.lift(FINGER, *to, NOW_S + seconds)


@pytest.mark.parametrize("screen", [IdleScreen(), OutOfServiceScreen("call_down")])
def test_a_finger_held_in_the_corner_opens_the_door_to_maintenance(screen: Screen) -> None:
    showing = linked(screen)
    assert held(showing, DOOR_S) == Touched(1, Touch.MAINTENANCE, NOW_S + DOOR_S)
    assert "maintenance" not in showing.targets(), "nothing is to be seen there"


def test_a_finger_that_is_short_or_slips_away_opens_nothing() -> None:
    showing = linked(IdleScreen())
    assert held(showing, DOOR_S - 0.1) is None
    assert held(showing, DOOR_S, to=(600, 300)) is None


def test_no_finger_opens_it_while_somebody_is_here() -> None:
    assert held(linked(WELCOME), DOOR_S) is None


def test_a_picture_of_another_shape_has_another_place_and_the_usual_one_stays() -> None:
    showing = linked(WAITING, VISIT)
    assert not showing.sees((640, 480)), "it is where it was thought to be"
    assert showing.sees((480, 640)), "a phone that stands"
    assert not showing.sees((480, 640))
    assert not showing.sees(None)
    assert not showing.sees((240, 320)), "smaller, as it was"
    assert showing.sees((640, 480))


def with_phrases_open() -> Showing:
    showing = linked()
    converse(showing, 1)
    assert tap(showing, "phrases_open") is None
    assert "phrase:yes" in showing.targets()
    return showing


def converse(showing: Showing, number: int, **changes: object) -> None:
    screen = msgspec.structs.replace(VISIT, **changes)
    showing.receive(Show(number, "T", "A", screen, manner=Manner(phrases=True)), NOW_S)
    showing.scene(NOW_S, UTC_NOW)


def test_phrases_close_when_one_was_chosen_so_that_the_answer_can_be_read() -> None:
    showing = with_phrases_open()
    assert tap(showing, "phrase:yes") == Touched(1, Touch.PHRASE, NOW_S + 1, "yes")
    assert "phrase:yes" not in showing.targets()


@pytest.mark.parametrize(
    "news",
    [
        {"phrase": "i_am_well"},
        {"message": "Please sit closer."},
        {"cue_minutes": 5},
        {"notice": "time_safe"},
    ],
)
def test_phrases_never_lie_over_what_there_is_to_read(news: dict[str, object]) -> None:
    showing = with_phrases_open()
    converse(showing, 2, **news)
    assert "phrase:yes" not in showing.targets()
    tap(showing, "phrases_open")
    converse(showing, 3, **news, muted=True)
    assert "phrase:yes" in showing.targets(), "it was read, and the person opened them again"


def test_phrases_stay_open_when_nothing_is_new_to_read() -> None:
    showing = with_phrases_open()
    converse(showing, 2, muted=True, weak="here")
    assert "phrase:yes" in showing.targets()


@pytest.mark.parametrize(("language", "heard"), [("pl", True), ("pl-PL", True), ("cy", False)])
def test_nothing_is_offered_to_be_heard_in_a_language_without_a_voice(
    language: str, heard: bool
) -> None:
    showing = linked(voices=("en", "pl"))
    manner = Manner(language)
    showing.receive(Show(1, "T", "A", WELCOME, manner=manner), NOW_S)
    showing.scene(NOW_S, UTC_NOW)
    assert ("hear" in showing.targets()) == heard
    showing.receive(Show(2, "T", "A", WELCOME, manner=manner, panel="access"), NOW_S)
    showing.scene(NOW_S, UTC_NOW)
    assert ("access:spoken" in showing.targets()) == heard
    assert "access:slow" in showing.targets()
