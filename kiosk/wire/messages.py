"""The messages that cross the sockets between the terminal's programs; the card readers' and the
board's are in `kiosk.wire.devices`.

The names are the vocabulary of the terminal. A message is frozen, knows no unknown fields and
is tagged with its class name. Moments named `*_at_s` are on CLOCK_MONOTONIC, which all programs
share; `datetime` values are aware UTC, for display.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from kiosk.clock import Seconds
from kiosk.wire.manner import Manner
from kiosk.wire.screens import Screen
from kiosk.wire.secret import Secret

PROTOCOL = 1
"""Goes up when a message changes its meaning; peers of another protocol are turned away."""


class Program(StrEnum):
    """Who may speak on the wire; which user may be whom is configuration."""

    BRIDGE = "firmware-bridge"
    CORE = "kiosk-core"
    CALL = "kiosk-call"
    UI = "kiosk-ui"
    OBSERVER = "observer"
    STAFF = "staff"
    """Somebody who maintains the terminal, at its command line."""


class Message(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A line on the wire."""


class Hello(Message, frozen=True):
    """The first message in both directions of every connection."""

    program: Program
    protocol: int
    release: str


# kiosk-core to kiosk-ui, and back


Panel: TypeAlias = Literal["language", "access"]
OfficerCall: TypeAlias = Literal["asking", "asked", "coming", "unheard"]
"""Being told to the service; an officer can see it; one comes; nobody could be told."""


class Show(Message, frozen=True):
    """What the screen shall show from now on; the newest is all that matters."""

    number: int
    terminal: str
    hall: str
    screen: Screen
    ahead_s: int = 0
    """How far the service's clock, which is the one to show, is ahead of the terminal's own."""
    manner: Manner = Manner()
    languages: tuple[str, ...] = ("en",)
    """What can be chosen here, in the order to show it."""
    leaves_at_s: Seconds | None = None
    """When this screen is cleared unless somebody touches it; None: not by waiting."""
    can_stay: bool = False
    """A touch still puts that off."""
    panel: Panel | None = None
    """What lies over the screen."""
    officer: OfficerCall | None = None
    """What became of asking an officer to come, from this screen or an earlier one."""
    resting: bool = False
    """Nobody has come for long: the screen may be dark, and a touch anywhere is to be told."""
    support: bool = False
    """There are lines that can be called for help."""


class Touch(StrEnum):
    """What a person can ask for by touching the screen."""

    CHOOSE = "choose"
    """One of several visits; `choice` is its place in the list, which says nothing of the person."""
    MORE = "more"
    """The next few of them."""
    BACK = "back"
    """Not this one: choose again."""
    JOIN = "join"
    MUTE = "mute"
    UNMUTE = "unmute"
    LEAVE = "leave"
    LEAVE_YES = "leave_yes"
    LEAVE_NO = "leave_no"
    DONE = "done"
    STAY = "stay"
    """I am still here."""
    LANGUAGE = "language"
    """Show the languages; with the tag of one as `choice`: speak it."""
    ACCESS = "access"
    """Show the access modes; with a field of Manner as `choice`: switch it over."""
    CLOSE = "close"
    """Enough of the panel."""
    HEAR = "hear"
    """Read this screen out."""
    ASK_OFFICER = "ask_officer"
    WAKE = "wake"
    """Somebody touched a screen that rests, wherever it was."""
    RATE_PICTURE = "rate_picture"
    """How the picture was, with a rating as `choice`."""
    RATE_SOUND = "rate_sound"
    REPORT_FAULT = "report_fault"
    ASK_REBOOKING = "ask_rebooking"
    VOLUME_DOWN = "volume_down"
    VOLUME_UP = "volume_up"
    PHRASE = "phrase"
    """Have the visitor read the prepared phrase that `choice` names."""
    TONE = "tone"  # hear one; with "yes" or "no": whether it was heard
    SUPPORT = "support"
    """Show the lines for help; with the id of one as `choice`: call it."""
    MAINTENANCE = "maintenance"
    """Somebody held a finger where only staff know that it opens something."""


CHOICE_LETTERS: Final = 64


class Touched(Message, frozen=True):
    """A person touched a target on the screen of `show`; a touch on an older screen is dropped.

    `choice`: which of several it was, where a touch can mean several; an unknown one means nothing.
    """

    show: int
    touch: Touch
    at_s: Seconds
    choice: Annotated[str, msgspec.Meta(max_length=CHOICE_LETTERS)] = ""


class PinEntered(Message, frozen=True):
    """The PIN a person typed; the pad forgets it when this is sent."""

    show: int
    pin: Secret


class Drawn(Message, frozen=True):
    """The first frame of a new screen is on the glass; targets are (left, top, width, height) px."""

    show: int
    screen: str
    at_s: Seconds
    targets: dict[str, tuple[int, int, int, int]]


class RemoteDrawn(Message, frozen=True):
    """The first picture of the visitor in `call` is on the glass."""

    call: int
    at_s: Seconds


class PictureStats(Message, frozen=True):
    """What the screen drew of the visitor's picture, once a second; the newest is enough."""

    call: int
    frames_drawn: int
    fps: float
    longest_frame_ms: float


class ScreenStats(Message, frozen=True):
    """How quick the screen is, at most once a second and only when it drew; the newest is enough.
    Frames and turns over 0.1 s are since its start, the longest turn since it last said."""

    frames: int
    slow_turns: int
    longest_turn_ms: float


# kiosk-core to kiosk-call, and back


class IceServer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A STUN or TURN server (W3C RTCIceServer)."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: Secret | None = None


class Medium(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One peer connection of a call: which way media flows, and who makes the offer."""

    direction: Literal["sendrecv", "sendonly", "recvonly"]
    offerer: Literal["terminal", "service"]


class PrepareCall(Message, frozen=True):
    """Open camera, microphone and speaker, gather candidates, make offers; replaces any other call.

    The deadline is armed before any device is opened.
    """

    visit: str
    attempt: int
    call: int
    ends_at_s: Seconds
    media: tuple[Medium, ...]
    ice_servers: tuple[IceServer, ...]
    relay_only: bool
    muted: bool
    held: bool
    sound_only: bool = False
    """No camera is opened, and no picture offered."""


class GetReady(Message, frozen=True):
    """Open the devices and make the usual offer, for who may join until `until_s`; None: let go of
    both. Nothing of the person goes anywhere. Said at every hello and change; a call is not concerned.
    """

    until_s: Seconds | None


class TakeAnswer(Message, frozen=True):
    """The other side's answer to the offer of one medium."""

    call: int
    medium: int
    sdp: str


class TakeOffer(Message, frozen=True):
    """The offer of a medium whose offerer is the service; kiosk-call answers it."""

    call: int
    medium: int
    sdp: str


class MoveDeadline(Message, frozen=True):
    """The service moved the end of the visit."""

    call: int
    ends_at_s: Seconds


class Mute(Message, frozen=True):
    """Stop or resume sending sound."""

    call: int
    on: bool


class Hold(Message, frozen=True):
    """Stop or resume sound and picture both ways, the connection staying up."""

    call: int
    on: bool


class UseHandset(Message, frozen=True):
    """The person speaks into the handset, or no longer: no echo is to be cancelled while `on`.

    Said at every hello and change, in a call or not; the newest is all that matters.
    """

    on: bool


class Adjust(Message, frozen=True):
    """How loud they are, from 1 to 5, 3 being as they come; and whether people sign, so that pictures
    are to be fluent before they are sharp. Said at every hello and change; the newest is all that matters.
    """

    volume: int
    signing: bool


class Play(Message, frozen=True):
    """Let the person here hear a sound of the terminal's own, by its key; an unknown one is not heard."""

    sound: Annotated[str, msgspec.Meta(max_length=CHOICE_LETTERS)]


class EndCall(Message, frozen=True):
    """End the call and close every device now."""

    call: int


class CallStatus(Message, frozen=True):
    """The call that kiosk-call is in, said at every hello and change; None when in none."""

    call: int | None
    visit: str | None
    attempt: int | None
    ends_at_s: Seconds | None


class OfferReady(Message, frozen=True):
    """The offer for one medium, candidates gathered."""

    call: int
    medium: int
    sdp: str


class AnswerReady(Message, frozen=True):
    """The answer to the service's offer of one medium, candidates gathered."""

    call: int
    medium: int
    sdp: str


class CallConnected(Message, frozen=True):
    """Media can flow: ICE and DTLS are up on every medium."""

    call: int
    at_s: Seconds


NO_RELAY: Final = "no relay let this terminal in"
"""The reason of a CallLost that a site can mend: its relays are down, or their password has ended."""


class CallLost(Message, frozen=True):
    """The call broke and will not come back by itself; the devices stay open."""

    call: int
    reason: str


class CallSilent(Message, frozen=True):
    """Nothing has come from the other side since a moment; said again at every hello."""

    call: int
    since_s: Seconds


class CallHeard(Message, frozen=True):
    """Something comes again."""

    call: int


class CallPaused(Message, frozen=True):
    """Nothing had come for a moment, too short for a silence, and now comes again."""

    call: int


class CallEnded(Message, frozen=True):
    """All media of the call have stopped; `late_s` is relative to its deadline (negative: early)."""

    call: int
    at_s: Seconds
    late_s: Seconds


class MediaDevice(Message, frozen=True):
    """Whether a device of the call works; the newest for each device is all that matters."""

    device: Literal["camera", "microphone", "speaker"]
    up: bool
    reason: str = ""


class CallStats(Message, frozen=True):
    """How the call does, once a second; the newest is enough. Counters are since its start."""

    call: int
    frames_received: int
    frames_sent: int
    audio_packets_received: int
    audio_packets_lost: int
    video_packets_lost: int
    bytes_received: int
    bytes_sent: int
    round_trip_ms: float | None
    frozen_s: Seconds
    """For how long their picture stood still."""
    weak: bool
    """Much is lost or late, either way, and has been for a while."""


# kiosk-core to an observer: the demo, a test, a bench; a terminal configures none


class StageEntered(Message, frozen=True):
    """The visit came to another stage."""

    stage: str
    at_s: Seconds
