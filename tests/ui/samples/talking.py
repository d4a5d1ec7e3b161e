"""The visit, in all its states."""

from collections.abc import Iterator

from kiosk.ui import words, words_talking
from kiosk.ui.own_view import OwnView
from kiosk.wire.manner import Manner
from kiosk.wire.screens import VisitScreen
from tests.ui.samples.base import CALL, MESSAGE, NOW_S, Sample, changed

VISIT = VisitScreen(
    call=CALL,
    visitors=("Mum",),
    ends_at_s=NOW_S + 1451,
    given_s=0.0,
    link="live",
    held_reason=None,
    visitor_has_camera=True,
    muted=False,
    monitoring="possible",
    message=None,
    leave_asked=False,
    notice=None,
    length_s=2700.0,
)
DEAF = Manner(phrases=True)
SIGNING = Manner(signing=True, phrases=True)
PORTRAIT = (480, 640)
WIDE = (1280, 720)


def plain() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    yield Sample("visit", VISIT)
    yield Sample("visit_given", changed(VISIT, given_s=155.0))
    yield Sample("visit_muted", changed(VISIT, muted=True))
    for devices in (*((name,) for name in words.DOWN), tuple(words.DOWN), ("a new device",)):
        yield Sample(f"visit_down_{'_'.join(devices)}", changed(VISIT, down=devices, muted=True))
    yield Sample("visit_leave", changed(VISIT, leave_asked=True))
    soon = changed(VISIT, leave_asked=True, ends_at_s=NOW_S + 9.5, message=MESSAGE)
    yield Sample("visit_leave_counted", soon)
    yield Sample("visit_message", changed(VISIT, message=MESSAGE, notice="message"))
    yield Sample("visit_reconnecting", changed(VISIT, link="reconnecting"))
    yield Sample("visit_away", changed(VISIT, link="visitor_away"))
    for reason in (*words.HOLDS, "a new reason"):
        yield Sample(f"visit_held_{reason}", changed(VISIT, link="held", held_reason=reason))
    for side in ("here", "there", "unknown", "a new side"):
        for monitoring in words.MONITORING:
            bad = changed(VISIT, weak=side, monitoring=monitoring)
            yield Sample(f"visit_weak_{side}_{monitoring}", bad)
    yield from _of_the_link()
    yield from _of_time()
    yield from _controls()
    yield from _phrases()


def _of_the_link() -> Iterator[Sample]:
    yield Sample("visit_sound_only", changed(VISIT, visitor_has_camera=False))
    yield Sample("visit_unheard", changed(VISIT, visitor_has_microphone=False, muted=True))
    neither = changed(VISIT, visitor_has_camera=False, visitor_has_microphone=False)
    yield Sample("visit_nothing_comes", neither)
    long = changed(VISIT, link="reconnecting", lost_since_s=NOW_S - 60)
    yield Sample("visit_reconnecting_long", long)
    last = changed(VISIT, ends_at_s=NOW_S + 42, notice="last_minute")
    yield Sample("visit_last_minute", last)
    yield Sample("visit_over", changed(VISIT, ends_at_s=NOW_S - 1))
    yield Sample("visit_long", changed(VISIT, ends_at_s=NOW_S + 3723))
    yield Sample("visit_core_gone", VISIT, linked=False)
    yield Sample("visit_core_gone_long", VISIT, linked=False, alone=True)
    everything = changed(
        VISIT, muted=True, down=tuple(words.DOWN), notice="other_card", message=MESSAGE
    )
    yield Sample("visit_core_gone_long_and_more", everything, linked=False, alone=True)
    for monitoring in words.MONITORING:
        yield Sample(f"visit_{monitoring}", changed(VISIT, monitoring=monitoring))
    for key in words.NOTICES:
        yield Sample(f"visit_notice_{key}", changed(VISIT, notice=key))


def _of_time() -> Iterator[Sample]:
    for minutes in (10, 5, 2, 1):
        left = changed(VISIT, ends_at_s=NOW_S + 60 * minutes, cue_minutes=minutes)
        yield Sample(f"visit_cue_{minutes}", left)
    for left_s in (9.5, 0.5):
        last = changed(VISIT, ends_at_s=NOW_S + left_s, muted=True, weak="here")
        yield Sample(f"visit_counted_{left_s}", last)
    three = ("Mum", "Grandmother", "Christopher")
    yield Sample("visit_counted_three", changed(last, visitors=three))


def _controls() -> Iterator[Sample]:
    yield Sample("visit_quietest", changed(VISIT, volume=1))
    yield Sample("visit_loudest", changed(VISIT, volume=5))
    yield Sample("visit_self_hidden", VISIT, own_view=OwnView(hidden=True))
    yield Sample("visit_self_moved", VISIT, own_view=OwnView(place=3))
    yield Sample("visit_portrait", VISIT, shape=PORTRAIT)
    yield Sample("visit_wide", VISIT, shape=WIDE)
    yield Sample("visit_portrait_message", changed(VISIT, message=MESSAGE), shape=PORTRAIT)
    for state in ("asking", "asked", "coming", "unheard"):
        yield Sample(f"visit_officer_{state}", VISIT, beside=(("officer", state),))


def _phrases() -> Iterator[Sample]:
    yield Sample("visit_deaf", VISIT, manner=DEAF)
    overseen = changed(VISIT, monitoring="recorded_and_watching")
    yield Sample("visit_deaf_recorded_and_watching", overseen, manner=DEAF)
    yield Sample("visit_phrases", VISIT, manner=DEAF, own_view=OwnView(phrases=True))
    yield Sample("visit_signing", VISIT, manner=SIGNING)
    yield Sample("visit_signing_portrait", VISIT, manner=SIGNING, shape=PORTRAIT)
    yield Sample("visit_held_deaf", changed(VISIT, link="held"), manner=DEAF)
    for key in words_talking.PREPARED:
        said = changed(VISIT, phrase=key, phrase_ours=key != "i_love_you")
        yield Sample(f"visit_said_{key}", said, manner=DEAF)
    both = changed(VISIT, phrase="yes", message=MESSAGE, muted=True)
    yield Sample("visit_said_and_message", both, manner=DEAF)


def nasty(text: str) -> Iterator[Sample]:
    """Where what others write is shown, and that is `text`."""
    names = (text, text, text)
    told = changed(
        VISIT,
        visitors=names,
        visitor_has_microphone=False,
        muted=True,
        down=(text,),
        message=text,
        notice=text,
    )
    yield Sample("visit", told)
    yield Sample("visit_away", changed(VISIT, visitors=names, link="visitor_away"))
    yield Sample("visit_mute_camera", changed(VISIT, visitors=names, visitor_has_camera=False))
    yield Sample("visit_held", changed(VISIT, link="held", held_reason=text))
