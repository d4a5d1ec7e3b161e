"""Our packets of one connection, numbered, and what becomes of them: so the line's rate is known.

The sender's half of transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-
extensions-01), put into aiortc's senders and transport. Who was not asked for it never tells.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from aiortc import RTCRtpTransceiver
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap, is_rtcp

from kiosk.call.counting import Counting
from kiosk.call.fates import REFERENCE_BITS, REFERENCE_TICKS, Fates, parted
from kiosk.call.line_rate import Capacity, LineRate, Passed
from kiosk.call.transport_cc import TICKS_PER_S
from kiosk.clock import Seconds

REMEMBERED: Final = 4096
"""Ten seconds of the best picture."""

_MAP: Final = "_RTCRtpSender__rtp_header_extensions_map"


class Left:
    """Which packets left, and when, by number; asked once for each."""

    def __init__(self) -> None:
        self._number = -1
        self._left: dict[int, tuple[Seconds, int]] = {}
        self._references = Counting(REFERENCE_BITS)

    def number(self) -> int:
        """For the next packet."""
        self._number = (self._number + 1) & 0xFFFF
        return self._number

    def leaves(self, size_bytes: int, now: Seconds) -> None:
        """The packet that was numbered last."""
        self._left.pop(self._number, None)
        self._left[self._number] = (now, size_bytes)
        if len(self._left) > REMEMBERED:
            del self._left[next(iter(self._left))]

    def passed(self, fates: Fates) -> list[Passed]:
        """What is now known to have come."""
        reference = self._references.of(fates.reference) * REFERENCE_TICKS
        found = []
        for number, ticks in enumerate(fates.came, start=fates.base):
            if ticks is None or (left := self._left.pop(number & 0xFFFF, None)) is None:
                continue
            left_s, size_bytes = left
            found.append(Passed(left_s, (reference + ticks) / TICKS_PER_S, size_bytes))
        return found


class Departures:
    """Of one connection, whatever is sent on it."""

    def __init__(
        self, transceivers: Sequence[RTCRtpTransceiver], tell: Callable[[Capacity], None]
    ) -> None:
        """To be called in the event loop, before the first offer.

        `tell` is called with what the line carries, whenever that is known anew.
        """
        (transport,) = {each.sender.transport for each in transceivers}
        self._now = asyncio.get_running_loop().time
        self._tell = tell
        self._left = Left()
        self._rate = LineRate()
        for transceiver in transceivers:
            inside: dict[str, Any] = vars(transceiver.sender)
            assert type(inside[_MAP]) is HeaderExtensionsMap
            inside[_MAP] = _Numbering(self._left)
        self._send: Callable[[bytes], Awaitable[None]] = transport._send_rtp  # noqa: SLF001
        self._hear: Callable[[bytes], Awaitable[None]] = transport._handle_rtcp_data  # noqa: SLF001
        vars(transport)["_send_rtp"] = self._sending
        vars(transport)["_handle_rtcp_data"] = self._hearing

    async def _sending(self, data: bytes) -> None:
        """Called by aiortc right after the packet was numbered."""
        if not is_rtcp(data):
            self._left.leaves(len(data), self._now())
        await self._send(data)

    async def _hearing(self, data: bytes) -> None:
        reports, rest = parted(data)
        for fates in reports:
            if passed := self._left.passed(fates):
                self._tell(self._rate.heard(passed, self._now()))
        if rest:
            await self._hear(rest)


class _Numbering(HeaderExtensionsMap):
    """In the place of aiortc's in a sender, which asks it as each packet becomes bytes."""

    def __init__(self, left: Left) -> None:
        super().__init__()
        self._departing = left

    def set(self, values: HeaderExtensions) -> tuple[int, bytes]:
        values.transport_sequence_number = self._departing.number()
        return super().set(values)
