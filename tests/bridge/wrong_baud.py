"""What a serial port hears of bytes that were sent at another speed than its own (8N1)."""

from collections.abc import Iterator, Sequence

_START_BITS, _DATA_BITS = 1, 8
_MIDDLE = 0.5


def heard_at(data: bytes, ratio: float) -> bytes:
    """`data`, sent without a pause, as a port hears it that has `ratio` times the speed.

    As receivers do, it begins a character where the line falls, takes each bit in its middle, and
    looks for the next one from the middle of the stop bit on, whether or not that was high.
    """
    line = [bit for byte in data for bit in _bits(byte)]
    return bytes(_characters(line, 1 / ratio))


def _bits(byte: int) -> list[int]:
    """A start bit, the data with its lowest bit first, a stop bit."""
    return [0, *(byte >> place & 1 for place in range(_DATA_BITS)), 1]


def _characters(line: Sequence[int], width: float) -> Iterator[int]:
    """`width` is that of the receiver's bits, in bits of the line."""
    at = _fall(line, 0)
    while at is not None:
        data_at = at + (_START_BITS + _MIDDLE) * width
        moments = [int(data_at + place * width) for place in range(_DATA_BITS)]
        # After the last byte the line rests high.
        bits = [line[moment] if moment < len(line) else 1 for moment in moments]
        yield sum(bit << place for place, bit in enumerate(bits))
        at = _fall(line, int(data_at + _DATA_BITS * width) + 1)


def _fall(line: Sequence[int], start: int) -> int | None:
    """Where the line, from `start` on, next goes from high to low."""
    before = [1, *line]
    return next((at for at in range(start, len(line)) if before[at] and not line[at]), None)
