"""What waits inside aiortc, before its decoder and behind it: little, however much is sent."""

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from aiortc import MediaStreamTrack, RTCRtpCodecParameters, RTCRtpReceiver
from aiortc.jitterbuffer import JitterFrame
from av.frame import Frame

from kiosk.call.decoding import needs_no_other
from kiosk.clock import Seconds

MAX_ENCODED: Final = 60
"""Two seconds of pictures, a little more than one of sound: who is so late should leave it out."""

MAX_ENCODED_BYTES: Final = 2_000_000
"""Several times what a browser's best picture has in two seconds."""

MOST_WAIT_S: Final[Seconds] = 1.0
"""A decoder that is only slow would have all of those wait, and show what was seconds ago."""

MAX_DECODED: Final = {"video": 3, "audio": 50}
"""Pictures of up to 3 MB each, of which only the newest matters; a second of sound."""

_QUEUE: Final = "_RTCRtpReceiver__decoder_queue"
_ERROR: Final = "_RTCRtpReceiver__decoder_error"

Encoded = tuple[RTCRtpCodecParameters, JitterFrame]


class EncodedBacklog(queue.Queue[Encoded | None]):
    """From the event loop to a decoder's thread; None ends the thread."""

    def __init__(self, lost: Callable[[], None], now: Callable[[], Seconds]) -> None:
        """`lost` is called for each frame that is left out, to ask for one that needs no other."""
        super().__init__()
        self._lost = lost
        self._now = now
        self._came_s: deque[Seconds] = deque()
        self._torn = False

    def _put(self, item: Encoded | None) -> None:
        """Called by `put`, which never waits."""
        if item is None:
            # The event loop waits for the thread to end, so that nothing may come before it.
            self._clear()
            self._append(None)
            return
        codec, frame = item
        if self._has_no_room_for(frame) or self._waits_too_long():
            self._clear()
            self._torn = True
        elif not self._torn or needs_no_other(codec, frame.data):
            self._torn = False
            self._append(item)
            return
        self._lost()

    def _get(self) -> Encoded | None:
        """Called by `get`."""
        self._came_s.popleft()
        return super()._get()

    def _append(self, item: Encoded | None) -> None:
        self.queue.append(item)
        self._came_s.append(self._now())

    def _clear(self) -> None:
        self.queue.clear()
        self._came_s.clear()

    def _has_no_room_for(self, frame: JitterFrame) -> bool:
        waiting_bytes = sum(len(waiting.data) for _, waiting in self.queue)
        return len(self.queue) >= MAX_ENCODED or waiting_bytes + len(frame.data) > MAX_ENCODED_BYTES

    def _waits_too_long(self) -> bool:
        return bool(self._came_s) and self._now() - self._came_s[0] > MOST_WAIT_S


class DecodedBacklog(asyncio.Queue[Frame | None]):
    """From a decoder to who shows or plays it: the oldest makes room for the newest."""

    async def put(self, item: Frame | None) -> None:
        if self.full():
            self.get_nowait()
        self.put_nowait(item)


def bound_receiver(receiver: RTCRtpReceiver) -> None:
    """To be called in the event loop, before the receiver begins."""
    inside = vars(receiver)
    error: threading.Event = inside[_ERROR]
    assert _QUEUE in inside
    inside[_QUEUE] = EncodedBacklog(error.set, asyncio.get_running_loop().time)


def bound_track(track: MediaStreamTrack) -> None:
    """To be called for the other side's track when it is new."""
    inside = vars(track)
    assert "_queue" in inside
    inside["_queue"] = DecodedBacklog(MAX_DECODED[track.kind])
