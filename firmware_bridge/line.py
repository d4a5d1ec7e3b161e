"""One reader's line, from its bytes to what kiosk-core is told; no I/O, time passed in."""

from firmware_bridge.flood import Flood
from firmware_bridge.presence import Presence
from firmware_bridge.readers.conversation import Conversation
from firmware_bridge.readers.reading import BadFrame, CardRead, CaseSeen, PowerSeen, Reading
from kiosk.clock import Seconds
from kiosk.wire.devices import Indication, ReaderStatus, Tamper
from kiosk.wire.messages import Message

FLOOD = (
    "shows more cards than people can hold: is it defective, or not the reader that was installed?"
)
POWER = "its power fails: look at its supply"


class Line:
    """One connection to one reader, from plugged in to unplugged."""

    def __init__(
        self,
        reader: str,
        conversation: Conversation,
        removed_after_s: Seconds,
        flood: Flood | None = None,
    ) -> None:
        """`flood` goes on over a reader's connections: hanging up and coming again ends none."""
        self._reader = reader
        self._conversation = conversation
        self._presence = Presence(reader, removed_after_s)
        self._flood = flood or Flood()
        self._power_fails = False
        self._heard_s: Seconds = float("-inf")
        self._last_byte_at_s: Seconds = float("-inf")

    def feed(self, data: bytes, now: Seconds) -> list[Message]:
        """What `data`, read now, changes."""
        self._last_byte_at_s = now
        said = self._said(self._conversation.feed(data, now), now)
        return said + self._pass_time(now)

    def tick(self, now: Seconds) -> list[Message]:
        """What silence changes: nothing has come up to `now`."""
        said = self._said(self._conversation.tick(now), now)
        self._heard_s = now
        return said + self._pass_time(now)

    def lost(self) -> list[Message]:
        """The reader is gone, and half a frame with it."""
        self._conversation.close()
        return self._presence.lost()

    def to_send(self) -> bytes:
        """Take what is to be written to the line."""
        return self._conversation.to_send()

    def indicate(self, indication: Indication) -> None:
        """Tell the person at the reader."""
        self._conversation.indicate(indication)

    def status(self, now: Seconds) -> ReaderStatus:
        """Whether the reader at the other end can be used."""
        reason = self._conversation.fault(now)
        if reason is None and self._flood.is_on(now):
            reason = FLOOD
        if reason is None and self._power_fails:
            reason = POWER
        return ReaderStatus(self._reader, up=reason is None, reason=reason or "")

    def is_cut_off(self, now: Seconds) -> bool:
        """Whether nobody answers there as the reader does: neither its supply nor a flood is that."""
        return self._conversation.fault(now) is not None

    def next_deadline(self) -> Seconds | None:
        """When `tick` is next to be called; None while nothing is due."""
        moments = (
            self._conversation.next_deadline(),
            self._presence.next_deadline(),
            self._flood.next_deadline(),
        )
        return min((moment for moment in moments if moment is not None), default=None)

    def _pass_time(self, now: Seconds) -> list[Message]:
        """Also of a line that is never silent: up to when it was last read, all of it was heard."""
        heard_s, self._heard_s = self._heard_s, now
        self._flood.tick(now)
        return self._presence.tick(heard_s)

    def _said(self, readings: list[Reading], now: Seconds) -> list[Message]:
        return [said for reading in readings for said in self._of(reading, now)]

    def _of(self, reading: Reading, now: Seconds) -> list[Message]:
        match reading:
            case CardRead() | BadFrame():
                # What is not believed is not remembered, or it would never be presented.
                believed = not self._presence.is_new(reading) or self._flood.takes(now)
                return self._presence.hear(reading, now, self._last_byte_at_s) if believed else []
            case CaseSeen(is_open):
                return [Tamper(self._reader, "case_open", active=is_open)]
            case PowerSeen(fails):
                self._power_fails = fails
                return []
            case _:
                return []
