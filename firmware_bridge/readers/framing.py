"""Lines of text out of the bytes of a serial line: where one begins, ends, and is too long."""

from dataclasses import dataclass

from firmware_bridge.readers.reading import BadFrame

LONGEST_BYTES = 512


@dataclass(frozen=True, slots=True)
class Framing:
    """How a reader sets its lines apart, by single bytes.

    Each byte of `ends` ends a line, and so does silence with `ends_when_silent`. `begins`, where a
    reader sends it, begins a line whatever came before, and nothing without it is a line.
    """

    ends: bytes
    begins: int | None = None
    ends_when_silent: bool = False
    longest_bytes: int = LONGEST_BYTES


class Lines:
    """Cuts bytes into lines, and holds no more of them than the longest; empty ones are nothing."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._line = bytearray()
        self._in_line = framing.begins is None
        self._in_noise = False

    def feed(self, data: bytes) -> list[str | BadFrame]:
        """The lines that `data` completes, and one fault for each stretch that is none."""
        return [found for byte in data for found in self._take(byte)]

    @property
    def begun(self) -> str:
        """What there is of a line; nothing where that is no text."""
        try:
            return self._line.decode()
        except UnicodeDecodeError:
            return ""

    def quiet(self) -> list[str | BadFrame]:
        """The line is silent."""
        found = self.end() if self._framing.ends_when_silent else self._give_up()
        self._in_noise = False
        return found

    def end(self) -> list[str | BadFrame]:
        """The line ends here, whatever comes next."""
        line = self._taken()
        if self._in_line:
            self._in_noise = False
        if not line:
            return []
        try:
            return [line.decode()]
        except UnicodeDecodeError:
            return [BadFrame("a line that is not text")]

    def _take(self, byte: int) -> list[str | BadFrame]:
        if byte == self._framing.begins:
            unfinished = self._give_up()
            self._in_line, self._in_noise = True, False
            return unfinished
        if byte in self._framing.ends:
            return self.end()
        if not self._in_line:
            return self._noise("noise")
        self._line.append(byte)
        if len(self._line) > self._framing.longest_bytes:
            self._line.clear()
            self._in_line = False
            return self._noise("a line that does not end")
        return []

    def _noise(self, reason: str) -> list[str | BadFrame]:
        if self._in_noise:
            return []
        self._in_noise = True
        return [BadFrame(reason)]

    def _give_up(self) -> list[str | BadFrame]:
        return [BadFrame("half a line")] if self._taken() else []

    def _taken(self) -> bytes:
        """What there is of a line; the next one may begin."""
        line = bytes(self._line)
        self._line.clear()
        self._in_line = self._framing.begins is None
        return line
