"""Who sends to us learns which packets came and when, so that it sends what the line carries.

Aiortc offers no transport-wide congestion control; this adds the receiver's half. Nothing that we
send is numbered by this: see departures.py for the sender's half.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from aiortc import RTCIceTransport, RTCRtpTransceiver
from aiortc.codecs import CODECS, HEADER_EXTENSIONS, is_rtx
from aiortc.rtcrtpparameters import RTCRtcpFeedback, RTCRtpHeaderExtensionParameters
from aiortc.rtp import RtpPacket

from kiosk.call.arrivals import Arrivals
from kiosk.call.network import NetworkLoop
from kiosk.call.stamps import Stamped
from kiosk.clock import Seconds

URI: Final = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
_EXTENSION: Final = RTCRtpHeaderExtensionParameters(id=4, uri=URI)
_FEEDBACK: Final = RTCRtcpFeedback(type="transport-cc")
_ESTIMATOR: Final = "_RTCRtpReceiver__remote_bitrate_estimator"
_ROUTE: Final = "route_rtp"
_KEEP: Final = "data_received"
_READ: Final = "_recv"


def offer_feedback() -> None:
    """Have aiortc offer it for pictures and for sound, in the whole program."""
    for extensions in HEADER_EXTENSIONS.values():
        others = [known for known in extensions if known != _EXTENSION]
        assert all(known.id != _EXTENSION.id for known in others)
        extensions[:] = [*others, _EXTENSION]
    for codecs in CODECS.values():
        for codec in codecs:
            if not is_rtx(codec) and _FEEDBACK not in codec.rtcpFeedback:
                codec.rtcpFeedback.append(_FEEDBACK)


class TransportFeedback:
    """Of all that comes on one connection's transport, however many streams it is."""

    def __init__(self, transceivers: Sequence[RTCRtpTransceiver]) -> None:
        """To be called in the event loop, before the first offer."""
        (self._transport,) = {each.receiver.transport for each in transceivers}
        self._transceivers = transceivers
        self._sender = transceivers[0].sender._ssrc  # noqa: SLF001
        self._source = 0
        self._agreed: bool | None = None
        self._arrivals = Arrivals()
        self._loop = asyncio.get_running_loop()
        self._came_s = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._saying: set[asyncio.Task[None]] = set()
        router = self._transport._rtp_router  # noqa: SLF001
        self._route = getattr(router, _ROUTE)
        vars(router)[_ROUTE] = self._routed
        self._stamp(self._transport.transport)

    def close(self) -> None:
        """Nothing more is told, unless a packet comes."""
        if self._timer is not None:
            self._timer.cancel()

    def _stamp(self, ice: RTCIceTransport) -> None:
        """Have each datagram know when it came, though it waits to be read by aiortc."""
        connection = ice._connection  # noqa: SLF001
        keep, read = getattr(connection, _KEEP), getattr(ice, _READ)

        def kept(data: bytes, component: int) -> None:
            keep(Stamped.at(self._now_s(), data), component)

        async def stamped() -> bytes:
            data: Stamped = await read()
            self._came_s = data.came_s
            return data

        vars(connection)[_KEEP] = kept
        vars(ice)[_READ] = stamped

    def _now_s(self) -> Seconds:
        """When the datagram came that is read just now; a stream of TCP has no such time."""
        stamp_s = self._loop.came_s if isinstance(self._loop, NetworkLoop) else None
        return self._loop.time() if stamp_s is None else stamp_s

    def _routed(self, packet: RtpPacket) -> Any:
        """Called by aiortc for each packet, of whatever stream."""
        number = packet.extensions.transport_sequence_number
        if number is not None and self._is_agreed():
            self._source = packet.ssrc
            size_bytes = len(packet.payload) + packet.padding_size
            self._arrivals.came(number, size_bytes, self._came_s)
            self._act()
        return self._route(packet)

    def _is_agreed(self) -> bool:
        """Whether the answer asked for it; then there is nothing to be estimated here.

        Asked with the first number only: until then a sender may count on the estimate.
        """
        if self._agreed is None:
            agreed = [each for each in self._transceivers if _has_agreed(each)]
            self._agreed = bool(agreed)
            for transceiver in agreed:
                inside = vars(transceiver.receiver)
                assert _ESTIMATOR in inside
                inside[_ESTIMATOR] = None
        return self._agreed

    def _act(self) -> None:
        """Tell what is due, and come back when the next is."""
        reports = self._arrivals.reports(self._loop.time())
        if reports:
            said = [report.to_bytes(self._sender, self._source) for report in reports]
            task = self._loop.create_task(self._say(said))
            self._saying.add(task)
            task.add_done_callback(self._saying.discard)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if (next_s := self._arrivals.next_s()) is not None:
            self._timer = self._loop.call_at(next_s, self._act)

    async def _say(self, reports: list[bytes]) -> None:
        with suppress(ConnectionError):
            for report in reports:
                await self._transport._send_rtp(report)  # noqa: SLF001


def _has_agreed(transceiver: RTCRtpTransceiver) -> bool:
    """Whether they wish to hear of it; aiortc finds a number only where that was agreed on, too."""
    return any(_FEEDBACK in codec.rtcpFeedback for codec in transceiver._codecs)  # noqa: SLF001
