"""Whether all that aiortc runs for a connection still runs.

A task of its own that fails says nothing to anybody, and leaves a call that only seems to be on.
"""

import asyncio
import threading
from collections.abc import Iterable, Iterator
from typing import Any, Final

from aiortc import RTCRtpTransceiver

_SENDER: Final = ("_RTCRtpSender__rtp_task", "_RTCRtpSender__rtcp_task")
_RECEIVER: Final = ("_RTCRtpReceiver__rtcp_task", "_RTCRtpReceiver__decoder_thread")

Running = asyncio.Future[None] | threading.Thread | None


def stopped(transceivers: Iterable[RTCRtpTransceiver]) -> list[str]:
    """What does not run of what must once media can flow; empty while all is well."""
    return [name for name, running in _parts(transceivers) if not _runs(running)]


def _parts(transceivers: Iterable[RTCRtpTransceiver]) -> Iterator[tuple[str, Running]]:
    for transceiver in transceivers:
        direction = transceiver.currentDirection or "inactive"
        ends: list[tuple[Any, tuple[str, ...]]] = []
        if direction in ("sendrecv", "sendonly"):
            ends.append((transceiver.sender, _SENDER))
        if direction in ("sendrecv", "recvonly"):
            ends.append((transceiver.receiver, _RECEIVER))
        for end, names in ends:
            for name in names:
                yield f"{transceiver.kind} {name.lstrip('_')}", vars(end)[name]


def _runs(running: Running) -> bool:
    match running:
        case threading.Thread():
            return running.is_alive()
        case None:
            return False
        case _:
            return not running.done()
