"""What each screen needs to know to be drawn: plain data, decided by kiosk-core.

No card, prisoner number, PIN or surname is ever in a screen. Reasons are the values of the
enumerations in `kiosk.visit`; the words for them are the screen's business.
"""

from datetime import datetime
from typing import Final, Literal, TypeAlias

import msgspec

from kiosk.clock import Seconds
from kiosk.wire.base import ScreenBase
from kiosk.wire.support import SupportCallScreen, SupportOverScreen, SupportScreen

Monitoring: TypeAlias = Literal["none", "possible", "watching", "recorded", "recorded_and_watching"]
"""How a visit is overseen; a legal or confidential one is always `none`."""


WeakSide: TypeAlias = Literal["here", "there", "unknown"]
LinkState: TypeAlias = Literal["live", "reconnecting", "visitor_away", "held"]
"""Whether the two can see and hear each other, and if not, what is being waited for."""


class IdleScreen(ScreenBase, frozen=True):
    """Nobody is here: hold your card here. `notice` names what a person should know."""

    notice: str | None = None


class CheckingScreen(ScreenBase, frozen=True):
    """A card was read; asking who it is."""


class PinScreen(ScreenBase, frozen=True):
    """The holder must prove who they are. `wrong` after a wrong PIN."""

    tries_left: int
    wrong: bool
    checking: bool


class Choosable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of several visits: the `choice` that touches it, and from when it can be joined."""

    place: str
    visitors: tuple[str, ...]
    opens_at: datetime
    starts_at: datetime


class ChoiceScreen(ScreenBase, frozen=True):
    """Who is recognised and which visits they may choose from; `pages` are shown one after the other."""

    first_name: str
    choices: tuple[Choosable, ...]
    page: int
    pages: int
    notice: str | None = None


COUNTED_S: Final[Seconds] = 600.0
"""Who can join within this is told how soon; who can not, to come back."""


COUNTDOWN_S: Final[Seconds] = 20.0
"""How long before a screen is cleared it says so, and is heard to say so."""


class WelcomeScreen(ScreenBase, frozen=True):
    """Who is recognised, whom they will see and when; `joining` after the touch on Join.

    `opens_at` while it is too early to join. `monitoring` is how the visit will be overseen, where that
    is known. `back`: there are others to choose from.
    """

    first_name: str
    visitors: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    joining: bool
    notice: str | None
    opens_at: datetime | None = None
    monitoring: Monitoring | None = None
    back: bool = False


class WaitingScreen(ScreenBase, frozen=True):
    """The booked visitor is not here yet, or `in_lobby`, where an officer has to let them in; `call`
    is the preview to draw. `down`: as in VisitScreen. `tone`: whether the loudspeaker was heard.
    """

    visitors: tuple[str, ...]
    in_lobby: bool
    starts_at: datetime
    waits_until_s: Seconds
    ends_at_s: Seconds
    call: int
    message: str | None
    leave_asked: bool
    notice: str | None
    down: tuple[str, ...] = ()
    tone: Literal["untried", "played", "yes", "no"] = "untried"
    volume: int = 3
    loudest: int = 5
    """How loud it is, in steps from 1 on."""


class ConnectingScreen(ScreenBase, frozen=True):
    """The visitor is here and the call is being set up; `in_vain` when that failed again and again."""

    visitors: tuple[str, ...]
    ends_at_s: Seconds
    call: int
    message: str | None
    leave_asked: bool
    notice: str | None
    down: tuple[str, ...] = ()
    in_vain: bool = False
    volume: int = 3
    loudest: int = 5
    """How loud it is, in steps from 1 on."""


class VisitScreen(ScreenBase, frozen=True):
    """The visit. Pictures of `call` are drawn only while `link` is live, never past `ends_at_s`.

    `down` names the devices of a call that do not work here.
    """

    call: int
    visitors: tuple[str, ...]
    ends_at_s: Seconds
    given_s: Seconds
    """Of this time was given back for what was lost."""
    link: LinkState
    held_reason: str | None
    visitor_has_camera: bool
    muted: bool
    monitoring: Monitoring
    message: str | None
    leave_asked: bool
    notice: str | None
    down: tuple[str, ...] = ()
    weak: WeakSide | None = None
    """The connection is bad now, though it holds, and on whose side, where that is known."""
    visitor_has_microphone: bool = True
    lost_since_s: Seconds | None = None
    """Since when the link is being made again."""
    length_s: Seconds = 0.0
    """From the start of the visit to its end as it stands; 0 where it is not known."""
    cue_minutes: int | None = None
    """So much time is left, and that is to be noticed now."""
    volume: int = 3
    loudest: int = 5
    """How loud it is, in steps from 1 on."""
    phrase: str | None = None
    """The key of a prepared phrase that one of the two chose a moment ago."""
    phrase_ours: bool = False


class Aftermath(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of what can be asked of the prison after a bad ending: `asking`, `asked` or `unheard`
    as it could not be told; None: not asked for.
    """

    rebooking: str | None = None
    fault: str | None = None


class GoodbyeScreen(ScreenBase, frozen=True):
    """The visit is over, why, how long they talked and how much was given back of what was lost.

    `badly`: nobody is asked how it was. Else `picture` and `sound` say what the person answered.
    """

    reason: str
    talked_s: Seconds
    notice: str | None = None
    given_s: Seconds = 0.0
    next_at: datetime | None = None
    picture: str | None = None
    sound: str | None = None
    badly: Aftermath | None = None


class RefusedScreen(ScreenBase, frozen=True):
    """Why there is no visit now; the words say what to do next. `place` and `at` where they help."""

    reason: str
    place: str | None
    at: datetime | None
    notice: str | None = None


class DoorScreen(ScreenBase, frozen=True):
    """Staff are asked for their card; `refused` after one that opens nothing."""

    refused: bool = False


class OutOfServiceScreen(ScreenBase, frozen=True):
    """This terminal cannot be used, and why."""

    reason: str


Screen: TypeAlias = (
    IdleScreen
    | CheckingScreen
    | PinScreen
    | ChoiceScreen
    | WelcomeScreen
    | WaitingScreen
    | ConnectingScreen
    | VisitScreen
    | GoodbyeScreen
    | RefusedScreen
    | SupportScreen
    | SupportCallScreen
    | SupportOverScreen
    | DoorScreen
    | OutOfServiceScreen
)
