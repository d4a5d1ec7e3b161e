"""Which cards are at a reader: one presentation however often a held card repeats its frame.

Readers repeat a held card's frame each 50 to 65 ms (RDM6300), or send it once (EM-18).
"""

from firmware_bridge.readers.reading import BadFrame, CardRead
from kiosk.clock import Seconds
from kiosk.wire.devices import CardPresented, CardRemoved, CardUnreadable
from kiosk.wire.messages import Message

UNREADABLE_AFTER_S: Seconds = 0.15
"""A fault is told when no card was read so soon after it: two of its frames did not come."""

UNREADABLE_EVERY_S: Seconds = 1.0
"""A noisy line says no more often that a card is unreadable."""


class Presence:
    """Readings in, messages out; time is passed in.

    Only `tick` says that a card is gone, and only of a moment up to which everything was heard: a
    program that was stopped meanwhile still finds in its buffer that the card was there all along.
    """

    def __init__(self, reader: str, removed_after_s: Seconds) -> None:
        self._reader = reader
        self._removed_after_s = removed_after_s
        # Several at once, so that two cards read in turn are two presentations and not a hundred.
        self._leaves_at_s: dict[CardRead, Seconds] = {}
        self._fault: tuple[Seconds, str] | None = None
        self._silent_until_s: Seconds = float("-inf")

    def is_new(self, reading: CardRead | BadFrame) -> bool:
        """Whether `reading` is of a card that would be presented."""
        return isinstance(reading, CardRead) and reading not in self._leaves_at_s

    def hear(
        self, reading: CardRead | BadFrame, now: Seconds, last_byte_at_s: Seconds
    ) -> list[Message]:
        """What `reading` changes, whose last byte came before `now` where silence completed it."""
        match reading:
            case CardRead():
                return self._hear_card(reading, now, last_byte_at_s)
            case BadFrame(reason=reason):
                self._hear_fault(reason, now)
                return []

    def tick(self, now: Seconds) -> list[Message]:
        """What time alone changes; what came before `now` was heard, and perhaps some after it."""
        return self._remove(now) + self._tell_fault(now)

    def lost(self) -> list[Message]:
        """The reader is gone: so is whatever it saw."""
        self._fault = None
        return self._remove(float("inf"))

    def next_deadline(self) -> Seconds | None:
        """When `tick` is next to be called; None while nothing is due."""
        told_at_s = [] if self._fault is None else [self._fault[0]]
        return min([*self._leaves_at_s.values(), *told_at_s], default=None)

    def _hear_card(self, card: CardRead, now: Seconds, last_byte_at_s: Seconds) -> list[Message]:
        self._fault = None
        new = self.is_new(card)
        self._leaves_at_s[card] = now + self._removed_after_s
        if not new:
            return []
        what = card.technology, card.assurance, card.credential
        return [CardPresented(self._reader, *what, last_byte_at_s)]

    def _hear_fault(self, reason: str, now: Seconds) -> None:
        if not self._leaves_at_s and self._fault is None and now >= self._silent_until_s:
            self._fault = (now + UNREADABLE_AFTER_S, reason)

    def _remove(self, now: Seconds) -> list[Message]:
        if not self._leaves_at_s:
            return []
        self._leaves_at_s = {card: at for card, at in self._leaves_at_s.items() if now < at}
        return [] if self._leaves_at_s else [CardRemoved(self._reader)]

    def _tell_fault(self, now: Seconds) -> list[Message]:
        if self._fault is None or now < self._fault[0]:
            return []
        _, reason = self._fault
        self._fault = None
        self._silent_until_s = now + UNREADABLE_EVERY_S
        return [CardUnreadable(self._reader, reason)]
