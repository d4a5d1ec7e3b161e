"""Every screen in every state, with plain data and with the worst that can come from outside."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from kiosk.ui import words
from kiosk.ui.elements import Scene
from kiosk.ui.geometry import Panel
from kiosk.ui.phrasebook import Phrasebook
from kiosk.ui.scenes import View, scene_of
from kiosk.wire.messages import Show
from kiosk.wire.screens import (
    CheckingScreen,
    ConnectingScreen,
    GoodbyeScreen,
    IdleScreen,
    OutOfServiceScreen,
    PinScreen,
    RefusedScreen,
    Screen,
    VisitScreen,
    WaitingScreen,
    WelcomeScreen,
)

PANEL = Panel(1280, 800, 149.0)
PANELS = (
    PANEL,
    Panel(1920, 1080, 141.0),
    Panel(1280, 720, 125.0),
    Panel(1920, 1200, 160.0),
    Panel(1280, 800, 165.0),
)
UTC_NOW = datetime(2026, 11, 24, 13, 55, 20, tzinfo=UTC)
NOW_S = 5000.0
ZONE = ZoneInfo("Europe/London")
SAY = Phrasebook(ZONE)
CALL = 7

NASTY = (
    "x" * 10_000,
    "[b][color=ff0000]Mum[/color][/b] &bl; [ref=x]",
    "\u202eevil\u202c \u2066iso\u2069 \x00\x1b[31m \u200b",
    "Z" + "\u0301" * 500 + "algo",
    "محمد",
    "W" * 60 + " " + "M" * 60,
    "",
    "\n\n\r\n\t",
    "😀😀",
)


@dataclass(frozen=True)
class Sample:
    """A screen by name, as it is shown with a link, without one, alone for long, or with digits typed."""

    name: str
    screen: Screen | None
    linked: bool = True
    alone: bool = False
    typed: int = 0
    terminal: str = "Terminal 3"
    hall: str = "Hall A"

    @property
    def show(self) -> Show | None:
        return Show(1, self.terminal, self.hall, self.screen) if self.screen else None

    def view(self, panel: Panel = PANEL) -> View:
        return View(
            panel,
            SAY,
            NOW_S,
            UTC_NOW,
            linked=self.linked,
            alone=self.alone,
            typed=self.typed,
        )

    def scene(self, panel: Panel = PANEL) -> Scene:
        return scene_of(self.show, self.view(panel))


START = UTC_NOW.replace(hour=14, minute=0, second=0)
END = START + timedelta(minutes=45)

WELCOME = WelcomeScreen("Sam", ("Mum",), START, END, joining=False, notice=None)
WAITING = WaitingScreen(
    visitors=("Mum",),
    in_lobby=False,
    starts_at=START,
    waits_until_s=NOW_S + 900,
    ends_at_s=NOW_S + 2980,
    call=CALL,
    message=None,
    leave_asked=False,
    notice=None,
)
CONNECTING = ConnectingScreen(
    ("Mum",), NOW_S + 2700, CALL, message=None, leave_asked=False, notice=None
)
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
)
PIN = PinScreen(tries_left=3, wrong=False, checking=False)
MESSAGE = "Please move a little closer to the screen so that we can see your face. Thank you."


def plain_samples() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    yield Sample("starting", None)
    yield Sample("idle", IdleScreen())
    yield Sample("idle_unreadable", IdleScreen("card_unreadable"))
    yield Sample("idle_core_gone", IdleScreen(), linked=False)
    yield Sample("checking", CheckingScreen())
    yield Sample("pin", PIN)
    yield Sample("pin_typed", PIN, typed=4)
    yield Sample("pin_wrong", PinScreen(tries_left=2, wrong=True, checking=False))
    yield Sample("pin_last", PinScreen(tries_left=1, wrong=True, checking=False), typed=12)
    yield Sample("pin_checking", PinScreen(tries_left=3, wrong=False, checking=True))
    yield Sample("welcome", WELCOME)
    yield Sample("welcome_joining", _with(WELCOME, joining=True))
    yield Sample("welcome_notice", _with(WELCOME, notice="service_away"))
    yield Sample("welcome_unreadable", _with(WELCOME, notice="card_unreadable"))
    yield Sample("welcome_many", _with(WELCOME, visitors=("Mum", "Aisha", "Jo", "Kit")))
    yield Sample("welcome_begun", _with(WELCOME, starts_at=UTC_NOW - timedelta(minutes=5)))
    yield from _before()
    yield from _talking()
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


def _before() -> Iterator[Sample]:
    yield Sample("waiting", WAITING)
    late = _with(WAITING, starts_at=UTC_NOW - timedelta(minutes=1))
    yield Sample("waiting_late", late)
    yield Sample("waiting_in_lobby", _with(WAITING, in_lobby=True))
    yield Sample("waiting_leave", _with(WAITING, leave_asked=True))
    yield Sample("waiting_notice", _with(WAITING, notice="other_card"))
    yield Sample("waiting_down", _with(WAITING, down=("microphone", "speaker")))
    yield Sample("waiting_message", _with(WAITING, message=MESSAGE))
    yield Sample("waiting_message_and_notice", _with(late, message=MESSAGE, notice="other_card"))
    yield Sample("waiting_core_gone", WAITING, linked=False)
    yield Sample("connecting", CONNECTING)
    yield Sample("connecting_leave", _with(CONNECTING, leave_asked=True))
    yield Sample("connecting_notice", _with(CONNECTING, notice="other_card"))
    yield Sample("connecting_down", _with(CONNECTING, down=("speaker",)))
    yield Sample("connecting_in_vain", _with(CONNECTING, in_vain=True))
    yield Sample("connecting_message", _with(CONNECTING, message=MESSAGE))


def _talking() -> Iterator[Sample]:
    yield Sample("visit", VISIT)
    yield Sample("visit_given", _with(VISIT, given_s=155.0))
    yield Sample("visit_muted", _with(VISIT, muted=True))
    for devices in (*((name,) for name in words.DOWN), tuple(words.DOWN), ("a new device",)):
        yield Sample(f"visit_down_{'_'.join(devices)}", _with(VISIT, down=devices, muted=True))
    yield Sample("visit_leave", _with(VISIT, leave_asked=True))
    yield Sample("visit_message", _with(VISIT, message=MESSAGE, notice="message"))
    yield Sample("visit_reconnecting", _with(VISIT, link="reconnecting"))
    yield Sample("visit_away", _with(VISIT, link="visitor_away"))
    for reason in (*words.HOLDS, "a new reason"):
        yield Sample(f"visit_held_{reason}", _with(VISIT, link="held", held_reason=reason))
    for side in ("here", "there", "unknown", "a new side"):
        for monitoring in words.MONITORING:
            bad = _with(VISIT, weak=side, monitoring=monitoring)
            yield Sample(f"visit_weak_{side}_{monitoring}", bad)
    yield Sample("visit_sound_only", _with(VISIT, visitor_has_camera=False))
    yield Sample("visit_unheard", _with(VISIT, visitor_has_microphone=False, muted=True))
    neither = _with(VISIT, visitor_has_camera=False, visitor_has_microphone=False)
    yield Sample("visit_nothing_comes", neither)
    long = _with(VISIT, link="reconnecting", lost_since_s=NOW_S - 60)
    yield Sample("visit_reconnecting_long", long)
    last = _with(VISIT, ends_at_s=NOW_S + 42, notice="last_minute")
    yield Sample("visit_last_minute", last)
    yield Sample("visit_over", _with(VISIT, ends_at_s=NOW_S - 1))
    yield Sample("visit_long", _with(VISIT, ends_at_s=NOW_S + 3723))
    yield Sample("visit_core_gone", VISIT, linked=False)
    yield Sample("visit_core_gone_long", VISIT, linked=False, alone=True)
    everything = _with(
        VISIT, muted=True, down=tuple(words.DOWN), notice="other_card", message=MESSAGE
    )
    yield Sample("visit_core_gone_long_and_more", everything, linked=False, alone=True)
    for monitoring in words.MONITORING:
        yield Sample(f"visit_{monitoring}", _with(VISIT, monitoring=monitoring))
    for key in words.NOTICES:
        yield Sample(f"visit_notice_{key}", _with(VISIT, notice=key))


def nasty_samples() -> Iterator[Sample]:
    """The same kinds of screens when names, places and messages are hostile."""
    for number, text in enumerate(NASTY):
        names = (text, text, text)
        for sample in (
            Sample("idle", IdleScreen(text)),
            Sample("welcome", _with(WELCOME, first_name=text, visitors=names, notice=text)),
            Sample("waiting", _with(WAITING, visitors=names, message=text, notice=text)),
            Sample("waiting_leave", _with(WAITING, visitors=names, leave_asked=True)),
            Sample("connecting", _with(CONNECTING, visitors=names, message=text, notice=text)),
            Sample(
                "visit",
                _with(
                    VISIT,
                    visitors=names,
                    visitor_has_microphone=False,
                    muted=True,
                    down=(text,),
                    message=text,
                    notice=text,
                ),
            ),
            Sample("visit_away", _with(VISIT, visitors=names, link="visitor_away")),
            Sample("visit_mute_camera", _with(VISIT, visitors=names, visitor_has_camera=False)),
            Sample("visit_held", _with(VISIT, link="held", held_reason=text)),
            Sample("goodbye", GoodbyeScreen(text, 1e9, text)),
            Sample("refused", RefusedScreen("wrong_hall", text, START, text)),
            Sample("closed", OutOfServiceScreen(text)),
        ):
            yield replace(sample, name=f"{sample.name}_nasty{number}", terminal=text, hall=text)
    yield Sample("no_visitors", _with(WELCOME, visitors=()))
    yield Sample("pin_many_tries", PinScreen(tries_left=10**9, wrong=True, checking=False))


def _with(screen: Screen, **changes: object) -> Screen:
    return msgspec.structs.replace(screen, **changes)
