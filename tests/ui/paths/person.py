"""A person at a terminal, as a path tells of them: shows a card, reads, touches, waits.

The terminal is real from the touch on the glass to the rules and back, in one process and on a
clock that the path leads. Only the reader, the call and the prison are spoken for.
"""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.core.settings import TerminalSettings
from kiosk.core.terminal import Terminal
from kiosk.sandbox.trial import LANGUAGES
from kiosk.ui.elements import Button, Element, Text
from kiosk.ui.pad import OK
from kiosk.visit.beside import Standing, next_moment
from kiosk.visit.booking import Monitoring
from kiosk.visit.events import (
    EndOrdered,
    Event,
    HoldOrdered,
    HoldReleased,
    MonitoringChanged,
    OfficerSaid,
    Tick,
    VisitorInLobby,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.reasons import Ending, HeldReason, OutOfOrder
from kiosk.visit.stages import OutOfService, Visitor
from kiosk.wire.devices import CardPresented, ReaderStatus
from kiosk.wire.messages import (
    CallConnected,
    CallStatus,
    Message,
    OfferReady,
    PinEntered,
    PrepareCall,
    Program,
    Show,
    TakeAnswer,
    Touched,
)
from kiosk.wire.secret import Secret
from tests.ui.kit import Stage
from tests.ui.lint.drawn import written
from tests.ui.paths.prison import Holder, Prison
from tests.ui.samples import PANEL

LOOK_S = 0.2
"""A person takes longer than this from one thing to the next; by then the screen has answered."""


class Person:
    """Who stands at the terminal, beside what happens around them."""

    def __init__(self, window: Any, frames: Path) -> None:
        self.glass = Stage(window, frames)
        self.clock = self.glass.clock
        self.call: list[Message] = []
        """What kiosk-call was told."""
        self.shows: list[Show] = []
        """What the screen was told."""
        self._due: deque[Callable[[], None]] = deque()
        self.prison = Prison(self.clock, self._later)
        settings = TerminalSettings("T3", "Terminal 3", "MDI", "Hall A", languages=LANGUAGES)
        self.terminal = Terminal(
            settings,
            self.clock,
            Standing(OutOfService(OutOfOrder.STARTING)),
            send=self._deliver,
            keep=lambda _standing: None,
            record=lambda _record: None,
            errands=self.prison,
        )
        self.terminal.start()
        self.terminal.on_peer(Program.UI)
        self.terminal.on_peer(Program.CALL)
        self.terminal.service(up=True)
        self._says(Program.BRIDGE, ReaderStatus("front", up=True))
        self._says(Program.CALL, CallStatus(None, None, None, None))

    # what the person does

    def show_card(self, number: str) -> None:
        """Hold the card of a prisoner to the reader."""
        at_s = self.clock.now_s
        card = CardPresented("front", "em4100", "identifier", Secret(number), at_s)
        self._says(Program.BRIDGE, card)

    def sees(self, *words: str) -> None:
        """These words stand on the glass, whole and in front of all else."""
        read = self.reads()
        for each in words:
            assert each in read, f"{each!r} is not among:\n{read}"

    def does_not_see(self, *words: str) -> None:
        read = self.reads()
        for each in words:
            assert each not in read, f"{each!r} is among:\n{read}"

    def reads(self) -> str:
        """All that stands on the glass, a line for each piece."""
        lines = written(self.glass.loop._scene, self.glass.painter.nodes, PANEL.height_px)
        return "\n".join(" ".join(each.node.fitted.lines) for each in lines if not each.shaded)

    def touches(self, label: str) -> None:
        """Touch what is called so, which must be the only such thing."""
        found = [each for each in self._buttons() if each.label == label]
        assert len(found) == 1, f"{label!r} is not one of {self.can_touch()}"
        self._taps(found[0])

    def chooses(self, words: str) -> None:
        """Touch the one on which these words stand."""
        texts = [e.box for e in self.glass.loop._scene.elements if _stands_on(e, words)]
        found = [each for each in self._buttons() if any(box.within(each.box) for box in texts)]
        assert len(found) == 1, f"{words!r} stands on {len(found)} things to touch"
        self._taps(found[0])

    def can_touch(self) -> list[str]:
        """What everything that can be touched is called."""
        return [each.label for each in self._buttons()]

    def types_pin(self, pin: str) -> None:
        for digit in pin:
            self.touches(digit)
        [ok] = [each for each in self._buttons() if each.touch == OK]
        self._taps(ok)

    def waits(self, minutes: float = 0, seconds: float = 0) -> None:
        """Time passes, and all that is due in it happens when it is due."""
        until_s = self.clock.now_s + minutes * 60 + seconds
        while (due_s := next_moment(self.terminal.standing)) is not None and due_s <= until_s:
            self.clock.now_s = max(self.clock.now_s, due_s)
            self.terminal.post(Tick())
            self._settle()
        self.clock.now_s = until_s
        self._settle()

    # what others do

    def is_known(self, holder: Holder) -> None:
        """The prison knows this person."""
        self.prison.holders[holder.person.prisoner_number] = holder

    def visitor_comes(self, visit: str = "V1", page: str = "page1") -> None:
        """The family's page is open, and they were let in."""
        self.happens(VisitorReady(visit, Visitor(page, camera=True, microphone=True)))

    def visitor_waits_in_lobby(self, visit: str = "V1") -> None:
        self.happens(VisitorInLobby(visit, present=True))

    def visitor_goes(self, visit: str = "V1", page: str = "page1") -> None:
        self.happens(VisitorLeft(visit, page))

    def officer_says(self, text: str, visit: str = "V1") -> None:
        self.happens(OfficerSaid(visit, text))

    def officer_holds(self, reason: HeldReason = HeldReason.OFFICER, visit: str = "V1") -> None:
        self.happens(HoldOrdered(visit, reason))

    def officer_lets_go_on(self, visit: str = "V1") -> None:
        self.happens(HoldReleased(visit))

    def officer_ends(self, reason: Ending = Ending.OFFICER, visit: str = "V1") -> None:
        self.happens(EndOrdered(visit, reason))

    def is_watched(self, monitoring: Monitoring, visit: str = "V1") -> None:
        self.happens(MonitoringChanged(visit, monitoring))

    def happens(self, event: Event) -> None:
        """Something that the service says."""
        self._later(event)
        self._settle()

    def close(self) -> None:
        self.terminal.stop()
        self.glass.close()

    def forgets(self) -> None:
        """What the path itself wrote down is put away: only what the terminal holds is left."""
        self.call.clear()
        self.shows.clear()
        self.prison.holders.clear()
        self.prison.asked.clear()

    # how it all hangs together

    def _buttons(self) -> list[Button]:
        scene = self.glass.loop._scene
        return [each for each in scene.elements if isinstance(each, Button) and each.live]

    def _taps(self, button: Button) -> None:
        box = button.box
        self.glass.touch(box.left + box.width / 2, box.top + box.height / 2)
        self._settle()
        self.waits(seconds=LOOK_S)

    def _later(self, event: Event) -> None:
        self._due.append(lambda: self.terminal.post(event))

    def _says(self, program: Program, message: Message) -> None:
        self._due.append(lambda: self.terminal.on_message(program, message))
        self._settle()

    def _deliver(self, program: Program, message: Message) -> None:
        if isinstance(message, Show):
            self.shows.append(message)
            self.glass.wire.waiting.append(message)
        if program is Program.CALL:
            self.call.append(message)
            self._due.extend(self._answers(message))

    def _answers(self, message: Message) -> list[Callable[[], None]]:
        """What kiosk-call says to an order, where nothing is wrong."""
        match message:
            case PrepareCall(call=call):
                answer: Message = OfferReady(call, 0, "offer")
            case TakeAnswer(call=call):
                answer = CallConnected(call, self.clock.now_s)
            case _:
                return []
        return [lambda: self.terminal.on_message(Program.CALL, answer)]

    def _settle(self) -> None:
        """Until nothing is on its way any more."""
        while True:
            while self._due:
                self._due.popleft()()
            self.glass.loop.step()
            sent, self.glass.wire.sent = self.glass.wire.sent, []
            for message in sent:
                if isinstance(message, Touched | PinEntered):
                    self.terminal.on_message(Program.UI, message)
            if not self._due and not self.glass.wire.waiting:
                return


def _stands_on(element: Element, words: str) -> bool:
    return isinstance(element, Text) and element.text == words
