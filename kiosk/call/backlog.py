"""What waits inside aiortc, before its decoder and behind it: little, however much is sent."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Final

from aiortc import MediaStreamTrack, RTCRtpCodecParameters, RTCRtpReceiver
from aiortc.jitterbuffer import JitterFrame
from av.frame import Frame

from kiosk.call.decoding import needs_no_other

MAX_ENCODED: Final = 60
"""Two seconds of pictures, a little more than one of sound: who is so late should leave it out."""

MAX_ENCODED_BYTES: Final = 2_000_000
"""Several times what a browser's best picture has in two seconds."""

MAX_DECODED: Final = {"video": 3, "audio": 50}
"""Pictures of up to 3 MB each, of which only the newest matters; a second of sound."""

_QUEUE: Final = "_RTCRtpReceiver__decoder_queue"
_ERROR: Final = "_RTCRtpReceiver__decoder_error"

Encoded = tuple[RTCRtpCodecParameters, JitterFrame]


class EncodedBacklog(queue.Queue[Encoded | None]):
    """From the event loop to a decoder's thread; None ends the thread."""

    def __init__(self, lost: Callable[[], None]) -> None:
        """`lost` is called for each frame that is left out, to ask for one that needs no other."""
        super().__init__()
        self._lost = lost
        self._torn = False

    def _put(self, item: Encoded | None) -> None:
        """Called by `put`, which never waits."""
        if item is None:
            # The event loop waits for the thread to end, so that nothing may come before it.
            self.queue.clear()
            self.queue.append(None)
            return
        codec, frame = item
        if self._has_no_room_for(frame):
            self.queue.clear()
            self._torn = True
        elif not self._torn or needs_no_other(codec, frame.data):
            self._torn = False
            self.queue.append(item)
            return
        self._lost()

    def _has_no_room_for(self, frame: JitterFrame) -> bool:
        waiting_bytes = sum(len(waiting.data) for _, waiting in self.queue)
        return len(self.queue) >= MAX_ENCODED or waiting_bytes + len(frame.data) > MAX_ENCODED_BYTES


class DecodedBacklog(asyncio.Queue[Frame | None]):
    """From a decoder to who shows or plays it: the oldest makes room for the newest."""

    async def put(self, item: Frame | None) -> None:
        if self.full():
            self.get_nowait()
        self.put_nowait(item)


def bound_receiver(receiver: RTCRtpReceiver) -> None:
    """To be called before the receiver begins."""
    inside = vars(receiver)
    error: threading.Event = inside[_ERROR]
    assert _QUEUE in inside
    inside[_QUEUE] = EncodedBacklog(error.set)


def bound_track(track: MediaStreamTrack) -> None:
    """To be called for the other side's track when it is new."""
    inside = vars(track)
    assert "_queue" in inside
    inside["_queue"] = DecodedBacklog(MAX_DECODED[track.kind])
