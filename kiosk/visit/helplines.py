"""Lines that a person can call for help, and the stages of such a call. None of it knows a person."""

from dataclasses import dataclass, field
from datetime import datetime

from kiosk.visit.lost import Seconds
from kiosk.visit.media import IceServer
from kiosk.visit.reasons import Refusal, SupportEnding


@dataclass(frozen=True, slots=True)
class SupportLine:
    """What the site says of a line. `unrecorded`: it attests that nothing on the way there is recorded."""

    id: str
    name: str
    about: str
    confidential: bool
    needs_card: bool
    needs_handset: bool
    unrecorded: bool


@dataclass(frozen=True, slots=True)
class SupportGrant:
    """A call to a line as the service granted it; `unrecorded` is the service's own word for that."""

    id: str
    url: str
    ends_at_s: Seconds
    ice_servers: tuple[IceServer, ...]
    relay_only: bool
    unrecorded: bool


@dataclass(frozen=True, slots=True)
class HelpDesk:
    """What is known wherever a person asks for help.

    `lifted`: the handset is. `card_known`: a card was shown that the service knows, whosever it is.
    `visit_at`: when the visit of who stood here begins.
    """

    lines: tuple[SupportLine, ...]
    lifted: bool
    card_known: bool = False
    visit_at: datetime | None = None

    def line(self, line_id: str | None) -> SupportLine | None:
        return next((line for line in self.lines if line.id == line_id), None)


@dataclass(frozen=True, slots=True)
class Support:
    """The lines to choose from; `chosen` while a card or the handset is missing for that one.

    `asked_at` while the service is asked whether it knows the card that was shown, which nobody keeps;
    `refused`: why that was of no use.
    """

    desk: HelpDesk
    leave_at: Seconds
    chosen: SupportLine | None = None
    asked_at: Seconds | None = None
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class SupportCall:
    """A call to a line: being asked for, ringing, or answered `live_since`.

    `give_up_at`: when nobody is waited for any more. `again_at`: when it rings again with the same offer.
    `by_handset`: putting it down ends the call. `card_told_until`: a remark on a card that was shown.
    """

    desk: HelpDesk
    line: SupportLine
    call: int
    asked_at: Seconds
    give_up_at: Seconds | None
    by_handset: bool
    volume: int
    grant: SupportGrant | None = None
    sdp: str | None = field(default=None, repr=False)
    again_at: Seconds | None = None
    live_since: Seconds | None = None
    card_told_until: Seconds | None = None


@dataclass(frozen=True, slots=True)
class SupportOver:
    """A call to a line is over, or none came about: why, and what to do next."""

    desk: HelpDesk
    line: SupportLine
    reason: SupportEnding
    talked_s: Seconds
    leave_at: Seconds
