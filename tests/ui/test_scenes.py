"""What each screen shows and lets a person touch, decided without drawing anything."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import msgspec
import pytest

from kiosk.ui.elements import Button, Picture, Scene, Text
from kiosk.ui.geometry import Box, Panel
from kiosk.ui.pad import KEYS
from kiosk.wire.manner import Manner
from kiosk.wire.screens import (
    Aftermath,
    CheckingScreen,
    GoodbyeScreen,
    IdleScreen,
    PinScreen,
    RefusedScreen,
    Screen,
    VisitScreen,
)
from tests.ui.lint import layout_faults
from tests.ui.samples import (
    CALL,
    CONNECTING,
    MESSAGE,
    NOW_S,
    PANELS,
    PIN,
    START,
    UTC_NOW,
    VISIT,
    WAITING,
    WELCOME,
    Sample,
    nasty_samples,
    plain_samples,
)

ALWAYS_AT_HAND = {"access", "hear", "ask_officer"}


def words_of(scene: Scene) -> list[str]:
    labels = {Text: "text", Button: "label"}
    return [getattr(e, labels[type(e)]) for e in scene.elements if type(e) in labels]


def said(sample: Sample) -> str:
    return "\n".join(words_of(sample.scene()))


def visit(**changes: object) -> Sample:
    return Sample("visit", msgspec.structs.replace(VISIT, **changes))


def pictures(sample: Sample) -> dict[str, Picture]:
    return {picture.source: picture for picture in sample.scene().pictures()}


HELPS = (("support", True),)
FACES = {
    f"rate_{what}:{rating}" for what in ("picture", "sound") for rating in ("good", "fair", "bad")
}
LOUDNESS = {"volume_down", "volume_up"}
IN_A_VISIT = {
    "ask_officer",
    "access:large_text",
    "self_hide",
    *LOUDNESS,
}

on_every_panel = pytest.mark.parametrize(
    "panel", PANELS, ids=lambda panel: f"{panel.width_px}x{panel.height_px} {panel.dpi} dpi"
)


def area_px(box: Box) -> float:
    return box.width * box.height


@on_every_panel
@pytest.mark.parametrize("manner", [Manner(), Manner(light=True), Manner(high_contrast=True)])
def test_no_screen_has_a_fault_of_layout(panel: Panel, manner: Manner) -> None:
    faults = {
        sample.name: list(layout_faults(replace(sample, manner=manner).scene(panel), panel))
        for sample in (*plain_samples(), *nasty_samples())
    }
    assert {name: found for name, found in faults.items() if found} == {}


def test_every_kind_of_screen_is_among_the_samples() -> None:
    shown = {type(sample.screen) for sample in plain_samples() if sample.screen is not None}
    assert shown == set(get_args(Screen))


def test_no_two_elements_of_a_screen_share_a_key() -> None:
    for sample in (*plain_samples(), *nasty_samples()):
        keys = [element.key for element in sample.scene().elements]
        assert len(keys) == len(set(keys)), sample.name


@pytest.mark.parametrize(
    ("sample", "touches"),
    [
        (Sample("idle", IdleScreen()), set()),
        (Sample("pin", PIN), {"done", *KEYS} - {"pin_clear", "pin_ok"}),
        (Sample("pin", PIN, typed=1), {"done", *KEYS} - {"pin_ok"}),
        (Sample("pin", PIN, typed=3), {"done", *KEYS} - {"pin_ok"}),
        (Sample("pin", PIN, typed=4), {"done", *KEYS}),
        (Sample("pin", PIN, typed=12), {"done", *KEYS}),
        (Sample("pin", PinScreen(3, wrong=False, checking=True)), set()),
        (Sample("welcome", WELCOME), {"done", "join"}),
        (Sample("welcome", msgspec.structs.replace(WELCOME, joining=True)), set()),
        (Sample("waiting", WAITING), {"tone", "leave", *LOUDNESS}),
        (
            Sample("waiting", msgspec.structs.replace(WAITING, volume=1)),
            {"tone", "leave", "volume_up"},
        ),
        (
            Sample("waiting", msgspec.structs.replace(WAITING, volume=5)),
            {"tone", "leave", "volume_down"},
        ),
        (
            Sample("waiting", msgspec.structs.replace(WAITING, leave_asked=True)),
            {"leave_yes", "leave_no"},
        ),
        (Sample("connecting", CONNECTING), {"leave", *LOUDNESS}),
        (
            Sample("connecting", msgspec.structs.replace(CONNECTING, leave_asked=True)),
            {"leave_yes", "leave_no"},
        ),
        (visit(), {"mute", "leave", *IN_A_VISIT}),
        (visit(muted=True), {"unmute", "leave", *IN_A_VISIT}),
        (visit(leave_asked=True), {"mute", "leave_yes", "leave_no", *IN_A_VISIT}),
        (Sample("goodbye", GoodbyeScreen("time_up", 60)), {"done", *FACES}),
        (
            Sample("goodbye", GoodbyeScreen("officer", 60, badly=Aftermath()), beside=HELPS),
            {"done", "support", "report_fault", "ask_rebooking"},
        ),
        (
            Sample("goodbye", GoodbyeScreen("officer", 60, badly=Aftermath("asked", "asking"))),
            {"done"},
        ),
        (Sample("refused", RefusedScreen("no_booking", None, None)), {"done"}),
    ],
)
def test_a_screen_can_be_touched_only_where_it_helps(sample: Sample, touches: set[str]) -> None:
    at_hand = set() if isinstance(sample.screen, VisitScreen) else ALWAYS_AT_HAND
    assert set(sample.scene().targets()) == touches | at_hand


def test_each_wish_says_itself_what_was_sent_and_one_that_failed_does_not_look_sent() -> None:
    sent = Sample("goodbye", GoodbyeScreen("officer", 60, badly=Aftermath("asked", "asked")))
    assert "Fault reported" in said(sent)
    assert "New visit asked for" in said(sent)
    half = Sample("goodbye", GoodbyeScreen("officer", 60, badly=Aftermath("unheard", "asked")))
    labels = {each.touch: each for each in half.scene().elements if isinstance(each, Button)}
    assert (labels["report_fault"].label, labels["report_fault"].icon) == (
        "Fault reported",
        "check",
    )
    assert (labels["ask_rebooking"].label, labels["ask_rebooking"].icon) == (
        "Ask for a new visit",
        "",
    )


def test_what_could_not_be_sent_is_not_hidden_by_what_is_said_of_a_card() -> None:
    failed = GoodbyeScreen("officer", 60, "other_card", badly=Aftermath("unheard", "asked"))
    assert "We could not send this." in said(Sample("goodbye", failed))
    sent = GoodbyeScreen("officer", 60, "other_card", badly=Aftermath("asked", "asked"))
    assert "Another card was held here." in said(Sample("goodbye", sent))


def test_that_a_wish_was_not_sent_stands_below_the_one_that_it_is_about() -> None:
    half = Sample("goodbye", GoodbyeScreen("officer", 60, badly=Aftermath("unheard", "asked")))
    shown = half.scene().elements
    (failed,) = [e.box for e in shown if isinstance(e, Text) and "could not send" in e.text]
    (asked,) = [e.box for e in shown if isinstance(e, Button) and e.touch == "ask_rebooking"]
    (other,) = [e.box for e in shown if isinstance(e, Button) and e.touch == "report_fault"]
    assert failed.top >= asked.bottom
    assert failed.left <= asked.left <= asked.right <= failed.right
    assert failed.left >= other.right


def test_nothing_can_be_touched_while_kiosk_core_is_gone() -> None:
    for sample in plain_samples():
        assert replace(sample, linked=False).scene().targets() == {}, sample.name


def test_a_screen_says_one_moment_while_kiosk_core_is_gone() -> None:
    for sample in plain_samples():
        assert "One moment" in said(replace(sample, linked=False)), sample.name


def test_a_visit_says_that_its_sound_is_stopped_while_kiosk_core_is_gone_for_long() -> None:
    stopped = "Tell an officer: a fault here stopped the sound."
    alone = replace(visit(), linked=False, alone=True)
    assert stopped in said(alone)
    assert stopped not in said(replace(alone, alone=False))
    assert stopped not in said(replace(visit(ends_at_s=NOW_S), linked=False, alone=True))


def test_pictures_go_on_while_kiosk_core_is_gone() -> None:
    assert set(pictures(replace(visit(), linked=False))) == {"remote", "self"}


def test_idle_says_where_to_hold_a_card() -> None:
    shown = said(Sample("idle", IdleScreen()))
    assert "Hold your card here\nat the card reader, to join your visit" in shown


def test_a_card_that_is_checked_may_be_taken_away() -> None:
    shown = said(Sample("checking", CheckingScreen()))
    assert "Checking your card\nYou can take your card away." in shown


def test_welcome_says_who_and_when() -> None:
    shown = said(Sample("welcome", WELCOME))
    assert "Hello Sam" in shown
    assert "Your visit with Mum is at 14:00." in shown
    assert "It ends at 14:45." in shown


def test_welcome_to_a_visit_that_has_begun_says_so() -> None:
    begun = msgspec.structs.replace(WELCOME, starts_at=UTC_NOW - timedelta(minutes=5))
    assert "Your visit with Mum started at 13:50." in said(Sample("welcome", begun))


def test_the_waiting_room_counts_down_to_the_start_and_then_to_the_end_of_waiting() -> None:
    early = Sample("waiting", WAITING)
    late = Sample("waiting", msgspec.structs.replace(WAITING, starts_at=UTC_NOW))
    assert "5 minutes\nuntil your visit starts" in said(early)
    assert "15 minutes\nbefore we stop waiting" in said(late)


def test_the_picture_of_oneself_is_of_the_call_and_mirrored() -> None:
    for sample in (Sample("waiting", WAITING), Sample("connecting", CONNECTING), visit()):
        own = pictures(sample)["self"]
        assert own.call == CALL
        assert own.mirrored


def test_the_visitor_is_shown_only_while_the_link_is_live_and_in_time() -> None:
    remote = pictures(visit())["remote"]
    assert (remote.call, remote.until_s, remote.mirrored) == (CALL, NOW_S + 1451, False)
    for link in ("reconnecting", "visitor_away", "held"):
        assert "remote" not in pictures(visit(link=link)), link
    assert "remote" not in pictures(visit(visitor_has_camera=False))


@on_every_panel
@pytest.mark.parametrize(("shape", "share"), [((4, 3), 0.6), ((16, 9), 0.5)], ids=["4:3", "16:9"])
def test_the_visitor_is_most_of_the_glass_and_far_larger_than_oneself(
    panel: Panel, shape: tuple[int, int], share: float
) -> None:
    boxes = {picture.source: picture.box for picture in visit().scene(panel).pictures()}
    seen, own = boxes["remote"].fitted(*shape), boxes["self"]
    assert area_px(seen) > share * area_px(panel.box)
    assert area_px(seen) >= 10 * area_px(own)


def test_no_picture_at_all_while_held_or_past_the_end() -> None:
    assert pictures(visit(link="held", held_reason="officer")) == {}
    assert pictures(visit(ends_at_s=NOW_S)) == {}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"link": "reconnecting"}, "The picture is coming back\nYour time is safe."),
        (
            {"link": "visitor_away"},
            "Waiting for Mum\nThey can come back to the call. Your time is safe.",
        ),
        ({"link": "held", "held_reason": "officer"}, "An officer will speak with you."),
        (
            {"visitor_has_camera": False},
            "Sound only\nTheir camera is off. You can talk as usual.",
        ),
        ({"visitor_has_microphone": False}, "You cannot hear Mum: their microphone is off."),
        (
            {"visitor_has_camera": False, "visitor_has_microphone": False},
            "You cannot see or hear them\nThey can hear you. Their camera and sound are off.",
        ),
        (
            {"link": "reconnecting", "lost_since_s": NOW_S - 60},
            "Your time is safe. Please tell an officer.",
        ),
        ({"given_s": 155.0}, "Time left (+2:35)"),
        ({"muted": True}, "You are muted. Mum cannot hear you."),
        ({"weak": "here"}, "The connection here is weak."),
        ({"weak": "there"}, "Their connection is weak."),
        ({"weak": "unknown"}, "The connection is weak."),
        ({"down": ("microphone",)}, "this microphone does not work."),
        ({"down": ("microphone", "speaker")}, "camera or sound has a fault."),
        ({"leave_asked": True}, "Do you want to leave?"),
        ({"message": "Sit [b]down[/b]"}, "Sit [b]down[/b]"),
        ({"message": "明美"}, "speak to an officer"),
        ({"notice": "other_card"}, "Another card was held here. Please take it away."),
        ({"monitoring": "recorded"}, "Being recorded"),
        ({"monitoring": "none"}, "Not watched or recorded"),
        ({"ends_at_s": NOW_S + 42.5}, "0:43"),
        ({"ends_at_s": NOW_S - 1}, "Your visit time is over."),
    ],
)
def test_the_visit_says_how_it_is(changes: dict[str, object], words: str) -> None:
    assert words in said(visit(**changes))
    assert words not in said(visit())


def test_who_waits_for_the_picture_is_sent_to_an_officer_only_after_a_minute() -> None:
    waits = {"link": "reconnecting", "lost_since_s": NOW_S - 59}
    assert "Your time is safe. Please wait here." in said(visit(**waits))


@pytest.mark.parametrize("changes", [{"link": "reconnecting"}, {"ends_at_s": NOW_S - 1}])
def test_a_line_that_carries_nothing_is_not_called_weak(changes: dict[str, object]) -> None:
    assert "is weak" not in said(visit(weak="here", **changes))


def test_who_is_called_in_vain_reads_whom_to_tell() -> None:
    in_vain = msgspec.structs.replace(CONNECTING, in_vain=True)
    assert "Please tell an officer." in said(Sample("in_vain", in_vain))
    assert "tell an officer" not in said(Sample("connecting", CONNECTING))


def test_a_message_is_not_announced_twice() -> None:
    assert "You have a message" not in said(visit(message="Hello", notice="message"))
    assert "You have a message" in said(visit(notice="message"))


def test_what_an_officer_says_is_shown_also_before_the_visit() -> None:
    for screen in (WAITING, CONNECTING):
        shown = said(Sample("before", msgspec.structs.replace(screen, message="Sit [b]down[/b]")))
        assert "Message from an officer\nSit [b]down[/b]" in shown


def test_a_short_message_takes_little_of_ones_own_picture() -> None:
    heights = []
    for words in ("Hello", MESSAGE, "Hello " * 99):
        scene = Sample("waiting", msgspec.structs.replace(WAITING, message=words)).scene()
        heights.append(next(e.box.height for e in scene.elements if e.key == "message_back"))
    assert heights[0] < heights[1] < heights[2]


def test_whose_card_can_not_be_read_is_told_to_hold_it_still() -> None:
    again = "We could not read the card. Hold it still."
    assert again in said(Sample("idle", IdleScreen("card_unreadable")))
    assert again in said(
        Sample("welcome", msgspec.structs.replace(WELCOME, notice="card_unreadable"))
    )
    for screen in (IdleScreen(), WELCOME):
        assert again not in said(Sample("nothing new", screen))


def test_who_tries_a_card_that_can_not_be_read_after_a_visit_or_a_refusal_is_told() -> None:
    again = "We could not read the card."
    assert again in said(
        Sample("refused", RefusedScreen("unknown_card", None, None, "card_unreadable"))
    )
    assert again in said(Sample("goodbye", GoodbyeScreen("left", 60, "card_unreadable")))
    assert again not in said(Sample("refused", RefusedScreen("unknown_card", None, None)))


def test_a_refusal_says_where_and_when_only_if_it_is_known() -> None:
    told = said(Sample("refused", RefusedScreen("wrong_hall", "Hall B", START)))
    assert "Your visit is in another hall." in told
    assert "Go to Hall B. It starts at 14:00." in told
    plain = said(Sample("refused", RefusedScreen("wrong_hall", None, None)))
    assert "Go to" not in plain
    assert "An officer can show you the way." in plain


def test_a_goodbye_says_how_long_they_talked() -> None:
    assert "You talked for 25 minutes." in said(Sample("bye", GoodbyeScreen("time_up", 1512)))
    assert "talked" not in said(Sample("bye", GoodbyeScreen("visitor_did_not_come", 0)))


def test_every_screen_but_the_visit_names_the_terminal_and_the_time() -> None:
    """Where its bar is not covered, and not about something else."""
    for sample in plain_samples():
        told = {"leaves_at_s", "resting", "panel"}.isdisjoint(dict(sample.beside))
        told = told and sample.touchable
        if told and sample.screen is not None and not isinstance(sample.screen, VisitScreen):
            assert "Terminal 3 · Hall A\n13:55" in said(sample), sample.name


def test_an_idle_screen_changes_once_a_minute() -> None:
    assert Sample("idle", IdleScreen()).scene().changes_at_s == NOW_S + 40


def test_a_visit_changes_when_its_countdown_does_and_never_past_its_end() -> None:
    assert visit(ends_at_s=NOW_S + 10.25).scene().changes_at_s == NOW_S + 0.25
    assert visit(ends_at_s=NOW_S + 1).scene().changes_at_s == NOW_S + 1
    assert visit(ends_at_s=NOW_S).scene().changes_at_s is None
