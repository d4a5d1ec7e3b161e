"""Server-sent events out of bytes (WHATWG HTML, 9.2.6), with limits of our own; no I/O."""

import re
from dataclasses import dataclass, field
from typing import TypeAlias

MAX_LINE_BYTES = 65_536
"""Of one line, and of the data of one event."""

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Sent:
    """One event, as it came."""

    id: str
    name: str
    data: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TooLong:
    """An event whose data passed the limit; they were dropped as they came."""

    id: str
    name: str


SentEvent: TypeAlias = Sent | TooLong


class SseParser:
    """Takes the bytes of one stream as they come, and never keeps more than the limit."""

    def __init__(self) -> None:
        self.lines = 0
        """How many lines have ended, comments included: a sign of life."""
        self._line = bytearray()
        self._line_is_too_long = False
        self._after_cr = False
        self._id = ""
        self._name = ""
        self._data: list[str] = []
        self._data_bytes = 0
        self._spoilt = False

    def feed(self, data: bytes) -> list[SentEvent]:
        """The events that these bytes complete. It never raises."""
        if self._after_cr and data:
            data = data.removeprefix(b"\n") if data[:1] == b"\n" else data
            self._after_cr = False
        self._after_cr = self._after_cr or data.endswith(b"\r")
        *ended, rest = _LINE_END.split(data)
        events: list[SentEvent] = []
        for part in ended:
            self._append(part)
            self._end_line(events)
        self._append(rest)
        return events

    def _append(self, part: bytes) -> None:
        if self._line_is_too_long or len(self._line) + len(part) > MAX_LINE_BYTES:
            # The beginning names the field, which says whether the event suffers.
            self._line = self._line[:16] or bytearray(part[:16])
            self._line_is_too_long = True
        else:
            self._line += part

    def _end_line(self, events: list[SentEvent]) -> None:
        line, too_long = bytes(self._line), self._line_is_too_long
        self._line, self._line_is_too_long = bytearray(), False
        self.lines += 1
        if self.lines == 1:
            line = line.removeprefix(_BOM)
        if too_long:
            self._spoilt = self._spoilt or not line.startswith(b":")
        elif not line:
            self._dispatch(events)
        else:
            self._take_field(line)

    def _take_field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        text = value.removeprefix(b" ").decode("utf-8", "replace")
        match name:
            case b"event":
                self._name = text
            case b"data":
                self._add_data(text, len(value))
            case b"id" if "\0" not in text:
                self._id = text
            case _:
                pass  # a comment, `retry`, or what a later edition brings

    def _add_data(self, text: str, size_bytes: int) -> None:
        self._data_bytes += size_bytes
        if self._data_bytes > MAX_LINE_BYTES:
            self._spoilt = True
            self._data.clear()
        else:
            self._data.append(text)

    def _dispatch(self, events: list[SentEvent]) -> None:
        if self._spoilt:
            events.append(TooLong(self._id, self._name or "message"))
        elif self._data:
            events.append(Sent(self._id, self._name or "message", "\n".join(self._data)))
        self._begin_event()

    def _begin_event(self) -> None:
        self._name = ""
        self._data = []
        self._data_bytes = 0
        self._spoilt = False
