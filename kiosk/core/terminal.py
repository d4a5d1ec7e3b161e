"""The terminal around the rules: what it hears becomes events, what the rules want is done."""

import logging
import math
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from kiosk.clock import Clock, Seconds
from kiosk.core.audit import AuditRecord, fault_record, record_of, record_of_call
from kiosk.core.clocks import Clocks
from kiosk.core.condition import TOUCHSCREEN, Condition
from kiosk.core.errands import Errand
from kiosk.core.greeting import asks_another
from kiosk.core.hearing import FOR_OBSERVERS, event_of, may_say
from kiosk.core.helping import asks_for_help, is_helping
from kiosk.core.indications import indication_of
from kiosk.core.orders import adjustment, order_of, ready_until
from kiosk.core.projection import show_of
from kiosk.core.restraint import Restraint
from kiosk.core.runner import Runner
from kiosk.core.settings import TerminalSettings
from kiosk.core.speaking import Speaker
from kiosk.visit import events
from kiosk.visit.actions import (
    Action,
    EndCall,
    GiveAnswer,
    GiveOffer,
    Hold,
    MoveDeadline,
    Mute,
    Play,
    PrepareCall,
    PrepareSupport,
    Survey,
)
from kiosk.visit.beside import Standing
from kiosk.visit.manner import Site
from kiosk.visit.stages import Connecting, InVisit, Stage, WaitingRoom
from kiosk.visit.support_events import HandsetMoved, HandsetUnknown
from kiosk.wire.devices import (
    BoardStatus,
    CardUnreadable,
    HandsetStatus,
    Indicate,
    ReaderStatus,
    Tamper,
    TamperOver,
)
from kiosk.wire.messages import (
    CallLost,
    CallSilent,
    CallStatus,
    Drawn,
    GetReady,
    MediaDevice,
    Message,
    PinEntered,
    Program,
    StageEntered,
    Touch,
    Touched,
    UseHandset,
)
from kiosk.wire.own import OwnLevels
from kiosk.wire.touchscreen import TouchscreenStatus

Send = Callable[[Program, Message], None]

SLOW_S: Seconds = 0.6
"""A service answers at once: the rest is the way there and back, with what is lost and said again."""

UNREADABLE_EACH_S: Seconds = 60.0
"""How often a card that could not be read is put on record where the rules make nothing of it."""

log = logging.getLogger(__name__)


class Messenger(Protocol):
    """Runs errands to the visit service; their outcomes come back as events."""

    def begin(self, errand: Errand) -> None:
        """Start an errand."""

    def seek_service(self) -> None:
        """Find out now whether the service can be heard."""

    def hang_up_all(self) -> None:
        """An earlier call is over."""


class Terminal:
    """Connects the rules to the programs and the service; everything runs on one asyncio loop."""

    def __init__(
        self,
        settings: TerminalSettings,
        clock: Clock,
        standing: Standing,
        send: Send,
        keep: Callable[[Standing], None],
        record: Callable[[AuditRecord], None],
        errands: Messenger,
    ) -> None:
        self.condition = Condition()
        self._settings = settings
        self._clock = clock
        self._send = send
        self._keep = keep
        self._record = record
        self._errands = errands
        self._site = Site(settings.languages)
        self._runner = Runner(standing, self._site, clock, self)
        number, stage = _first_number(clock), standing.stage
        self._show = show_of(number, settings, standing, self._site, (), 0)
        self._screen_since = number
        self._entered = StageEntered(type(stage).__name__, clock.monotonic())
        self._indication = indication_of(stage, resting=standing.beside.resting)
        self._drawn: Drawn | None = None
        self._call_said_hello = False
        self._handset_lifted = False
        self._ready_until_s: Seconds | None = None
        self._adjusted = adjustment(stage, self._show.manner)
        self._service_up = False
        self._unreadable_noted_s: Seconds = -math.inf
        self._clocks = Clocks()
        self._restraint = Restraint()
        self._speaker = Speaker(lambda play: send(Program.CALL, play), clock)

    @property
    def stage(self) -> Stage:
        return self._runner.standing.stage

    @property
    def standing(self) -> Standing:
        return self._runner.standing

    def start(self) -> None:
        """Go on from the stage that was given; whatever was due meanwhile happens now."""
        self.post(events.Tick())
        self._survey()

    def stop(self) -> None:
        self._runner.stop()
        self._speaker.stop()

    def post(self, event: events.Event) -> None:
        self._runner.post(event)

    def _survey(self) -> None:
        self.post(self.condition.survey())
        if not self._service_up:
            self.post(events.ServiceLost())

    def note(self, what: str, detail: str) -> None:
        """Put a fault on record that is not an event of the visit."""
        self._put_on_record(fault_record(what, self.stage, detail, self._clock.utc()))

    def service(self, up: bool) -> None:
        """The service's commands can be heard, or no longer."""
        self._service_up = up
        self.post(events.ServiceBack() if up else events.ServiceLost())

    def service_took(self, seconds: Seconds | None) -> None:
        """So long did the service's answer take; None when none came."""
        self.post(events.ServiceSlow(seconds is None or seconds > SLOW_S))

    def service_clock(self, stands_at: datetime) -> None:
        """The service's clock stands at this now: one that is not ours is shown, and on record."""
        if self._clocks.compare(stands_at, self._clock.utc()):
            self.note("ClocksApart", f"{self._clocks.ahead_s:+} s")
            self._show_now()

    def ordered_out(self, out: bool) -> None:
        """The service takes the terminal out of service, or puts it back; a visit goes on."""
        self.condition.ordered_out(out)
        self.post(self.condition.survey())

    # what the rules act upon

    def keep(self, standing: Standing) -> None:
        self._keep(standing)

    def perform(self, action: Action) -> None:
        if isinstance(action, Errand):
            self._errands.begin(action)
            return
        match action:
            case PrepareCall() | PrepareSupport() | EndCall():
                self._send(Program.CALL, order_of(action))
                self._errands.hang_up_all()
            case GiveOffer() | GiveAnswer() | MoveDeadline() | Mute() | Hold() | Play():
                self._send(Program.CALL, order_of(action))
            case Survey():
                self._survey()

    def changed(self, before: Standing, event: events.Event, after: Standing) -> None:
        self._show_now()
        self._put_on_record(record_of_call(before, after, self._clock.utc()))
        self._follow(before.stage, event, after.stage)

    def _follow(self, before: Stage, event: events.Event, after: Stage) -> None:
        self._look_at_line(after)
        self._get_ready(after)
        self._adjust(after)
        resting = self.standing.beside.resting
        if (indication := indication_of(after, resting=resting)) is not self._indication:
            self._indication = indication
            self._send(Program.BRIDGE, Indicate(indication))
        if type(before) is not type(after):
            self._entered = StageEntered(type(after).__name__, self._clock.monotonic())
            self._send(Program.OBSERVER, self._entered)
        self._put_on_record(record_of(before, event, after, self._clock.utc()))

    def _put_on_record(self, record: AuditRecord | None) -> None:
        now_s = self._clock.monotonic()
        if record and (kept := self._restraint.restrained(record, now_s)):
            self._record(kept)

    def _look_at_line(self, stage: Stage) -> None:
        if isinstance(stage, InVisit) and stage.line.weak:
            self.condition.weak_line.set()
        else:
            self.condition.weak_line.clear()

    def _get_ready(self, stage: Stage) -> None:
        if (until_s := ready_until(stage)) != self._ready_until_s:
            self._ready_until_s = until_s
            self._send(Program.CALL, GetReady(until_s))

    def _adjust(self, stage: Stage) -> None:
        if (adjusted := adjustment(stage, self._show.manner)) != self._adjusted:
            self._adjusted = adjusted
            self._send(Program.CALL, adjusted)

    def _show_now(self) -> None:
        """Tell the screen, when it is to show anything else than it does."""
        down, ahead_s = self.condition.devices_down, self._clocks.ahead_s
        shown = self._show
        show = show_of(shown.number, self._settings, self.standing, self._site, down, ahead_s)
        if show != shown:
            self._show = msgspec.structs.replace(show, number=shown.number + 1)
            if asks_another(shown.screen, show.screen):
                self._screen_since = self._show.number
            self._send(Program.UI, self._show)
            self._speaker.shown(shown, self._show)

    # what the other programs say

    def on_peer(self, program: Program) -> None:
        """A program said hello: it gets the latest, never history."""
        if program is Program.UI:
            self._send(Program.UI, self._show)
        if program is Program.CALL:
            self._call_said_hello = False
            self._send(Program.CALL, UseHandset(self._handset_lifted))
            self._send(Program.CALL, self._adjusted)
            self._ready_until_s = ready_until(self.stage)
            self._send(Program.CALL, GetReady(self._ready_until_s))
        if program is Program.OBSERVER:
            self._send(Program.OBSERVER, self._entered)
            if self._drawn is not None:
                self._send(Program.OBSERVER, self._drawn)

    def on_gone(self, program: Program) -> None:
        if program is Program.CALL:
            self.condition.call(up=False)
            self.post(events.CallGone())
            self.post(self.condition.survey())

    def on_bridge_up(self) -> None:
        """It says hello, and remembers nothing of what it was told."""
        self._send(Program.BRIDGE, Indicate(self._indication))

    def on_bridge_gone(self) -> None:
        self.condition.bridge_gone()
        self._lose_handset()
        self.post(self.condition.survey())

    def on_message(self, program: Program, message: Message) -> None:
        if not may_say(program, message):
            log.error("%s may not say %s", program.value, type(message).__name__)
            return
        if isinstance(message, FOR_OBSERVERS):
            self._send(Program.OBSERVER, message)
        if isinstance(message, CallSilent | CallLost):  # the network may be gone, or another
            self._errands.seek_service()
        match message:
            case Drawn():
                self._drawn = message
            case ReaderStatus(reader=reader, up=up):
                self.condition.reader(reader, up)
                self.post(self.condition.survey())
            case TouchscreenStatus() | BoardStatus() | HandsetStatus() | Tamper() | TamperOver():
                self._on_equipment(message)
            case CallStatus(call=call):
                self._on_call_status(call)
            case MediaDevice(device=device, up=up):
                if self.condition.device(device, up):
                    self._note_device(device, up)
                    self._show_now()
            case Touched(show=show) | PinEntered(show=show) if show < self._screen_since:
                return
            case _:
                self._tell_rules(message)

    def _tell_rules(self, message: Message) -> None:
        """A card that could not be read is on record also where they make nothing of it, as in a visit; not
        where somebody asks for help, as no screen of nobody's has such a record.
        """
        if isinstance(message, OwnLevels):
            self._show_levels(message)
            return
        before = self.stage
        event = event_of(message, self._settings.trusted_cards)
        if event is not None:
            self.post(asks_for_help(event, self._settings, self._handset_lifted))
        if isinstance(message, Touched) and message.touch is Touch.HEAR:
            self._speaker.asked(self._show)
        unread = isinstance(message, CardUnreadable) and self.stage == before
        if isinstance(message, CardUnreadable) and unread and not is_helping(before):
            self._note_unreadable(message.reader)

    def _show_levels(self, levels: OwnLevels) -> None:
        """Before the visit, and never in it."""
        if isinstance(self.stage, WaitingRoom | Connecting) and levels.call == self.stage.line.call:
            self._send(Program.UI, levels)

    def _note_device(self, device: str, up: bool) -> None:
        """No record says that one was opened where nobody is: heartbeats say whether it works."""
        if not is_helping(self.stage):
            self.note("DeviceUp" if up else "DeviceDown", device)

    def _note_unreadable(self, reader: str) -> None:
        now_s = self._clock.monotonic()
        if now_s >= self._unreadable_noted_s + UNREADABLE_EACH_S:
            self._unreadable_noted_s = now_s
            self.note("CardUnreadable", reader)

    def _on_equipment(
        self, message: TouchscreenStatus | BoardStatus | HandsetStatus | Tamper | TamperOver
    ) -> None:
        """What no rule waits for, but staff or kiosk-call must know."""
        match message:
            case TouchscreenStatus(up):
                if self.condition.touchscreen(up):
                    self.note("DeviceUp" if up else "DeviceDown", TOUCHSCREEN)
            case HandsetStatus(lifted):
                self._use_handset(lifted)
                self.post(HandsetMoved(lifted))
            case BoardStatus(board, up):
                if not up:
                    self._lose_handset()
                if self.condition.board(board, up):
                    self.note("DeviceUp" if up else "DeviceDown", board)
            case Tamper(device, cause):
                if self.condition.tampered(device, cause):
                    self.note("Tamper", f"{device}: {cause}")
            case TamperOver(device, cause):
                self.condition.tamper_over(device, cause)
                self.note("TamperOver", f"{device}: {cause}")

    def _lose_handset(self) -> None:
        """Where nobody knows, it is taken to hang: a canceller of echo that finds none does no harm."""
        self._use_handset(False)
        self.post(HandsetUnknown())

    def _use_handset(self, lifted: bool) -> None:
        if lifted != self._handset_lifted:
            self._handset_lifted = lifted
            self._send(Program.CALL, UseHandset(lifted))

    def _on_call_status(self, call: int | None) -> None:
        """Only the first status after a hello is news: it says what kiosk-call is in the middle of."""
        if self._call_said_hello:
            return
        self._call_said_hello = True
        self.condition.call(up=True)
        self.post(events.CallBack(call))
        self.post(self.condition.survey())


def _first_number(clock: Clock) -> int:
    """Milliseconds since boot: past every number of an earlier core, whose screen may still be touched."""
    return round(clock.monotonic() * 1000)
