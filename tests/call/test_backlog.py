"""Little waits for a decoder or for us, however much is sent."""

import asyncio

import pytest
from aiortc import MediaStreamTrack, RTCRtpCodecParameters
from aiortc.jitterbuffer import JitterFrame
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame

from kiosk.call.backlog import (
    MAX_DECODED,
    MAX_ENCODED,
    MAX_ENCODED_BYTES,
    MOST_WAIT_S,
    DecodedBacklog,
    EncodedBacklog,
)
from kiosk.call.ear import Ear
from kiosk.call.flow import Flow
from kiosk.call.jitter import MAX_PACKETS
from kiosk.call.peer import Peer
from kiosk.call.voice import Voice
from tests.call.encoded import H264, OPUS, VP8, encoded
from tests.call.kit import BOTH_WAYS, CLOCK, PATIENCE_S
from tests.call.visitor import Picture, Tone, visiting


class Backlog:
    """A backlog, and how often a frame was said to be lost."""

    def __init__(self) -> None:
        self.lost = 0
        self.now_s = 0.0
        self.queue = EncodedBacklog(self._lose, lambda: self.now_s)

    def _lose(self) -> None:
        self.lost += 1

    def put(self, codec: RTCRtpCodecParameters, *frames: JitterFrame) -> None:
        for frame in frames:
            self.queue.put((codec, frame))

    def taken(self) -> list[JitterFrame]:
        items = [self.queue.get() for _ in range(self.queue.qsize())]
        return [item[1] for item in items if item is not None]


def frames_of(count: int, size_bytes: int) -> list[JitterFrame]:
    return [JitterFrame(bytes(size_bytes), at) for at in range(count)]


def connection() -> tuple[Peer, dict[str, MediaStreamTrack], Ear]:
    """A terminal's side, and the tracks of the other that will come, which nobody takes."""
    ear = Ear(Flow(call=7), CLOCK)
    tracks: dict[str, MediaStreamTrack] = {}
    peer = Peer(
        BOTH_WAYS,
        (),
        False,
        {"audio": Tone(), "video": Picture()},
        Voice(CLOCK),
        ear,
        on_change=lambda: None,
        on_track=lambda track: tracks.update({track.kind: track}),
    )
    return peer, tracks, ear


def test_what_the_decoder_keeps_up_with_is_decoded_in_order() -> None:
    backlog, frames = Backlog(), encoded(VP8, (64, 64), MAX_ENCODED)
    backlog.put(VP8, *frames)
    assert backlog.taken() == frames
    assert backlog.lost == 0


@pytest.mark.parametrize("codec", [VP8, H264], ids=["vp8", "h264"])
def test_a_decoder_that_falls_behind_goes_on_with_the_next_keyframe(
    codec: RTCRtpCodecParameters,
) -> None:
    backlog, frames = Backlog(), encoded(codec, (64, 64), MAX_ENCODED + 10)
    backlog.put(codec, *frames)
    assert backlog.taken() == []
    assert backlog.lost == 10
    backlog.put(codec, *frames[:5])
    assert backlog.taken() == frames[:5]
    assert backlog.lost == 10


def test_who_is_only_slow_never_shows_what_was_seconds_ago() -> None:
    """A decoder of 15 pictures a second, and 30 that come."""
    backlog, (key, *others) = Backlog(), encoded(VP8, (64, 64), 30)
    came_s: dict[int, float] = {}
    waits_s, wanted = [], True
    for number in range(900):
        backlog.now_s, before = number / 30, backlog.lost
        came_s[number] = backlog.now_s
        data = key.data if wanted else others[0].data
        backlog.put(VP8, JitterFrame(data, number))
        wanted = backlog.lost > before  # asked for, and sent at once
        if number % 2 and not backlog.queue.empty():
            item = backlog.queue.get()
            assert item is not None
            waits_s.append(backlog.now_s - came_s[item[1].timestamp])
    assert 0.5 < max(waits_s) <= MOST_WAIT_S + 1 / 15
    assert len(waits_s) > 400


def test_what_came_all_at_once_after_a_pause_is_decoded() -> None:
    backlog, frames = Backlog(), encoded(VP8, (64, 64), 40)
    backlog.put(VP8, *frames[:5])
    assert backlog.taken() == frames[:5]
    backlog.now_s = 3.0
    backlog.put(VP8, *frames[5:])
    assert backlog.taken() == frames[5:]
    assert backlog.lost == 0


def test_sound_that_waits_too_long_is_left_out() -> None:
    backlog, frames = Backlog(), frames_of(MAX_ENCODED + 4, 80)
    backlog.put(OPUS, *frames)
    assert backlog.taken() == frames[-3:]


@pytest.mark.parametrize("size_bytes", [1, 1200, 500_000, 3_000_000])
def test_a_flood_that_no_decoder_takes_is_bounded(size_bytes: int) -> None:
    backlog = Backlog()
    for frame in frames_of(500, size_bytes):
        backlog.put(VP8, frame)
        assert backlog.queue.qsize() <= MAX_ENCODED
        assert backlog.queue.qsize() * size_bytes <= MAX_ENCODED_BYTES


def test_an_end_waits_for_nothing() -> None:
    backlog = Backlog()
    backlog.put(VP8, *frames_of(50, 100))
    backlog.queue.put(None)
    assert backlog.queue.get_nowait() is None
    assert backlog.queue.empty()


async def test_the_oldest_picture_makes_room_and_the_end_does_not_get_lost() -> None:
    waiting = DecodedBacklog(3)
    pictures = [VideoFrame(16, 16, "yuv420p") for _ in range(9)]
    for item in (*pictures, None):
        await waiting.put(item)
    assert [waiting.get_nowait() for _ in range(3)] == [*pictures[-2:], None]
    assert waiting.empty()


async def test_both_decoders_of_a_connection_have_a_bounded_backlog() -> None:
    peer, *_ = connection()
    receivers = [transceiver.receiver for transceiver in peer._pc.getTransceivers()]
    queues = [vars(receiver)["_RTCRtpReceiver__decoder_queue"] for receiver in receivers]
    assert [type(queue) for queue in queues] == [EncodedBacklog] * 2
    await peer.close()


async def test_a_call_in_which_nobody_takes_what_comes_holds_little_of_it() -> None:
    peer, tracks, ear = connection()
    async with visiting() as visitor:
        await peer.take_answer(await visitor.answer(await peer.offer()))
        async with asyncio.timeout(PATIENCE_S):
            while visitor.sounds < MAX_PACKETS + 10:
                await visitor.hears()
        held = {kind: vars(track)["_queue"].qsize() for kind, track in tracks.items()}
        assert held == {"video": MAX_DECODED["video"], "audio": 0}
        assert len(ear._came) == MAX_PACKETS
        await peer.close()
    for track in tracks.values():
        with pytest.raises(MediaStreamError):
            for _ in range(MAX_DECODED[track.kind] + 1):
                await track.recv()
