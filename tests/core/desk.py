"""A terminal at a desk: all its real parts but the other programs, which a test speaks for."""

from dataclasses import dataclass, field, replace

from kiosk.clock import Clock, Seconds, SystemClock
from kiosk.core.audit import AuditRecord
from kiosk.core.errands import Errand
from kiosk.core.settings import Assurance, TerminalSettings
from kiosk.core.terminal import Terminal
from kiosk.visit.beside import Standing
from kiosk.visit.reasons import OutOfOrder
from kiosk.visit.stages import OutOfService, Stage
from kiosk.wire.devices import ReaderStatus
from kiosk.wire.messages import CallStatus, Message, Program, Show
from tests.core.stages import LIVE

NOW_S = SystemClock().monotonic()
LIVE_LONG = replace(
    LIVE, visit=replace(LIVE.visit, ends_at_s=NOW_S + 3600, latest_end_s=NOW_S + 7200)
)
"""A visit that goes on for an hour from now."""


@dataclass
class StandingClock(SystemClock):
    """Shows one moment after boot."""

    now_s: Seconds

    def monotonic(self) -> Seconds:
        return self.now_s


@dataclass
class Errandless:
    """Takes every errand and never comes back."""

    begun: list[Errand] = field(default_factory=list)
    hung_up: int = 0
    sought: int = 0

    def begin(self, errand: Errand) -> None:
        self.begun.append(errand)

    def seek_service(self) -> None:
        self.sought += 1

    def hang_up_all(self) -> None:
        self.hung_up += 1


@dataclass
class Desk:
    """A terminal, and all that it sent, kept and recorded."""

    stage: Stage
    clock: Clock = field(default_factory=SystemClock)
    sent: list[tuple[Program, Message]] = field(default_factory=list)
    kept: list[Standing] = field(default_factory=list)
    records: list[AuditRecord] = field(default_factory=list)
    errands: Errandless = field(default_factory=Errandless)
    trusted: tuple[Assurance, ...] = ("identifier", "secure_channel")

    def __post_init__(self) -> None:
        self.terminal = Terminal(
            TerminalSettings("T1", "Terminal 1", "MDI", "Hall A", trusted_cards=self.trusted),
            self.clock,
            Standing(self.stage),
            send=lambda to, message: self.sent.append((to, message)),
            keep=self.kept.append,
            record=self.records.append,
            errands=self.errands,
        )

    def said(self, program: Program, *messages: Message) -> None:
        for message in messages:
            self.terminal.on_message(program, message)

    def sent_to(self, program: Program) -> list[Message]:
        return [message for to, message in self.sent if to is program]

    def shown(self) -> Show:
        shows = [message for message in self.sent_to(Program.UI) if isinstance(message, Show)]
        return shows[-1]


def ready() -> Desk:
    desk = Desk(OutOfService(OutOfOrder.STARTING))
    desk.terminal.start()
    desk.said(Program.BRIDGE, ReaderStatus("desk", up=True))
    desk.terminal.on_peer(Program.CALL)
    desk.said(Program.CALL, CallStatus(None, None, None, None))
    return desk
