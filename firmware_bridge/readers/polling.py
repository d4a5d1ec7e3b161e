"""The driver of readers that only answer: one ask at a time, and anew when answers do not come.

What a kind of reader is asked is a script: a generator that yields what to do next and is sent
what was heard. It has no time of its own and can not have two asks under way.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from firmware_bridge.readers.reading import BadFrame, CardRead, Reading
from kiosk.clock import Seconds
from kiosk.errors import BridgeError
from kiosk.wire.devices import Indication

POLL_EVERY_S: Seconds = 0.06
"""Between an answer and the next ask: a card is found within a tenth of a second."""

ANEW_S: Seconds = 0.05
"""After a miss: long enough for what is still on its way, short enough that a held card stays."""

MISSES = 3
"""In a row, and the reader counts as away."""

ANEW_WHEN_AWAY_S: Seconds = 0.25

TALKS_S: Seconds = 2.0
"""Who said something so lately is not silent; others report once a second (NMEA 0183)."""

LATE_S: Seconds = 0.1
"""So late, and the program stood still: nothing was asked meanwhile, and nothing is known."""

NOT_YET = "has not answered yet"
SILENT = "does not answer: is it powered, and are its {suspects} right?"
GARBLED = "answers what makes no sense: is another device connected, or are its {suspects} wrong?"

Frame = TypeVar("Frame")


class NoAnswer(BridgeError):
    """The reader did not do as it was asked; the script begins anew."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Send `data`, then hear each frame that comes, or None when `within_s` has passed."""

    data: bytes
    within_s: Seconds


@dataclass(frozen=True, slots=True)
class Listen:
    """What was heard was not the answer: hear the next frame in the time that is left, or anew."""

    within_s: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """The reader works; nothing is expected from it meanwhile, and what comes is not heard."""

    for_s: Seconds


Step: TypeAlias = Ask | Listen | Pause | Reading
Heard: TypeAlias = Frame | BadFrame | None
Script: TypeAlias = Generator[Step, Heard[Frame], None]
Exchange: TypeAlias = Generator[Step, Heard[Frame], bytes]
"""A part of a script: one ask, and what was answered to it."""


class Scanner(Protocol[Frame]):
    """Finds the frames in what the reader sends; bounded memory, never raising."""

    def feed(self, data: bytes) -> list[Frame | BadFrame]:
        """The frames that `data` completes."""

    def quiet(self) -> list[Frame | BadFrame]:
        """What was begun will not be finished; what it hid is found."""


class Polling(Generic[Frame]):
    """A conversation that follows `script`, begun anew after each answer that did not come."""

    def __init__(
        self,
        scanner: Scanner[Frame],
        script: Callable[[], Script[Frame]],
        removed_after_s: Seconds,
        suspects: str = "`kind` and `baud`",
    ) -> None:
        """`suspects` are the settings to look at when nothing sensible comes."""
        self._scanner = scanner
        self._begin = script
        self._removed_after_s = removed_after_s
        self._suspects = suspects
        self._script: Script[Frame] | None = None
        self._asking = False
        self._due_s: Seconds = 0.0
        self._to_send = b""
        self._card: tuple[CardRead, Seconds] | None = None
        self._found = False
        self._answers = False
        self._misses = 0
        self._nonsense_s: Seconds = float("-inf")
        self._talks = False

    def feed(self, data: bytes, now: Seconds) -> list[Reading]:
        self._nonsense_s = now
        # Before time counts: what waited in a buffer while the program did not run was not late.
        readings = self._still_there(now) + self._hear(self._scanner.feed(data), now)
        return readings + self.tick(now)

    def tick(self, now: Seconds) -> list[Reading]:
        if now < self._due_s:
            return []
        due_s = self._due_s
        readings = self._still_there(now)
        if self._asking:
            readings += self._hear(self._scanner.quiet(), now)
        # Not when something in the end was found that led to another ask.
        return readings + self._resume(None, now) if self._due_s == due_s else readings

    def to_send(self) -> bytes:
        data, self._to_send = self._to_send, b""
        return data

    def next_deadline(self) -> Seconds | None:
        return self._due_s

    def fault(self, now: Seconds) -> str | None:  # noqa: ARG002
        if self._answers:
            return None
        if self._misses < MISSES:
            return NOT_YET
        return (GARBLED if self._talks else SILENT).format(suspects=self._suspects)

    def indicate(self, indication: Indication) -> None:
        """It has no light of its own."""

    def close(self) -> None:
        """Nothing is held."""

    def _still_there(self, now: Seconds) -> list[Reading]:
        """A card that was there when the program stood still counts as there until an answer."""
        if self._card is None or now - self._due_s <= LATE_S:
            return []
        card, read_s = self._card
        # Otherwise it counted as taken away before, and would be shown without having been read.
        if self._due_s >= read_s + self._removed_after_s:
            return []
        self._card = card, now
        return [card]

    def _hear(self, frames: list[Frame | BadFrame], now: Seconds) -> list[Reading]:
        readings: list[Reading] = []
        for frame in frames:
            if self._asking:
                readings += self._resume(frame, now)
        return readings

    def _resume(self, heard: Heard[Frame], now: Seconds) -> list[Reading]:
        """Go on with the script until it waits for something."""
        readings: list[Reading] = []
        if self._script is None:
            self._script, heard = self._begin(), None
        try:
            step = self._script.send(heard)
            while not isinstance(step, Ask | Listen | Pause):
                readings.append(step)
                if isinstance(step, CardRead):
                    self._card, self._found = (step, now), True
                step = self._script.send(None)
        except NoAnswer:
            self._miss(now)
        else:
            self._do(step, now)
        return readings

    def _do(self, step: Ask | Listen | Pause, now: Seconds) -> None:
        match step:
            case Ask(data, within_s):
                # What came before an ask is no answer to it.
                self._scanner.quiet()
                self._to_send, self._due_s, self._asking = data, now + within_s, True
            case Listen(within_s) if within_s is not None:
                self._due_s = now + within_s
            case Pause(for_s):
                self._due_s, self._asking = now + for_s, False
                self._answers, self._misses = True, 0
                self._nonsense_s = float("-inf")
                self._card, self._found = self._card if self._found else None, False

    def _miss(self, now: Seconds) -> None:
        self._script, self._asking, self._found = None, False, False
        self._misses = min(self._misses + 1, MISSES)
        if self._misses == MISSES:
            self._answers = False
        # Only now: until an attempt has failed, what comes may be the beginning of an answer.
        self._talks = now - self._nonsense_s < TALKS_S
        self._due_s = now + (ANEW_S if self._misses < MISSES else ANEW_WHEN_AWAY_S)
