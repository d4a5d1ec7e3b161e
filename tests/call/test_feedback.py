"""A sender that numbers its packets, inside real connections: what it is told, and what it is not."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs import CODECS, HEADER_EXTENSIONS
from aiortc.rtp import RtpPacket, is_rtcp

from kiosk.call.ear import Ear
from kiosk.call.feedback import _ESTIMATOR, URI, offer_feedback
from kiosk.call.flow import Flow
from kiosk.call.network import NetworkLoop
from kiosk.call.peer import Peer
from kiosk.call.transport_cc import TICKS_PER_S
from kiosk.call.voice import Voice
from tests.call.ahead import Ahead
from tests.call.kit import BOTH_WAYS, CLOCK, PATIENCE_S, now_s
from tests.call.told import Told, told_by
from tests.call.visitor import Picture, Tone

LATE_S = 0.5
_FEEDBACK = "a=rtcp-fb:.* transport-cc\r\n"
_EXTENSION = rf"a=extmap:\d+ {re.escape(URI)}\r\n"


@dataclass
class Browser:
    """Sends picture and sound, numbers what it sends, and hears what it is told."""

    numbers: bool = True
    agrees: Callable[[str], str] = lambda answer: answer
    """What it makes of its own answer."""
    peer: RTCPeerConnection = field(
        default_factory=lambda: RTCPeerConnection(RTCConfiguration(iceServers=[]))
    )
    sent: dict[int, int] = field(default_factory=dict)
    """The stream of each number."""
    told: list[Told] = field(default_factory=list)
    estimates: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, offer: str) -> str:
        await self.peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        self.peer.addTrack(Picture())
        self.peer.addTrack(Tone())
        await self.peer.setLocalDescription(await self.peer.createAnswer())
        self._watch()
        return self.agrees(self.peer.localDescription.sdp)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self.news.clear()
                await self.news.wait()

    @property
    def sources(self) -> set[int]:
        return {t.sender._ssrc for t in self.peer.getTransceivers()}

    def _watch(self) -> None:
        transport = self.peer.getTransceivers()[0].sender.transport
        send, take_rtcp = transport._send_rtp, transport._handle_rtcp_data
        extensions = transport._rtp_header_extensions_map

        async def numbered(data: bytes) -> None:
            if self.numbers and not is_rtcp(data):
                packet = RtpPacket.parse(data, extensions)
                number = packet.extensions.transport_sequence_number = len(self.sent)
                self.sent[number] = packet.ssrc
                data = packet.serialize(extensions)
            self.news.set()
            await send(data)

        async def told(data: bytes) -> None:
            if data[:2] in (b"\x8f\xcd", b"\xaf\xcd"):
                self.told.append(told_by(data))
            elif data[:2] == b"\x8f\xce" and data[12:16] == b"REMB":
                self.estimates += 1
            self.news.set()
            await take_rtcp(data)

        transport._send_rtp = numbered  # type: ignore[method-assign]
        transport._handle_rtcp_data = told  # type: ignore[method-assign]


@asynccontextmanager
async def calling(browser: Browser) -> AsyncIterator[Peer]:
    """A terminal that is connected with this browser."""
    terminal = Peer(
        BOTH_WAYS,
        (),
        False,
        {"audio": Tone(), "video": Picture()},
        Voice(CLOCK),
        Ear(Flow(), CLOCK),
        on_change=lambda: None,
        on_track=lambda _track: None,
    )
    try:
        await terminal.take_answer(await browser.answer(await terminal.offer()))
        yield terminal
    finally:
        await terminal.close()
        await browser.peer.close()


def test_it_is_offered_for_each_codec_of_pictures_and_sound() -> None:
    for _twice in range(2):
        offer_feedback()
    for kind in ("audio", "video"):
        ids = [extension.id for extension in HEADER_EXTENSIONS[kind]]
        assert len(set(ids)) == len(ids)
        assert [extension.uri for extension in HEADER_EXTENSIONS[kind]].count(URI) == 1
        for codec in CODECS[kind]:
            feedback = [each.type for each in codec.rtcpFeedback]
            assert feedback.count("transport-cc") == (0 if codec.name == "rtx" else 1)


async def test_both_streams_are_offered_by_the_same_number() -> None:
    async with calling(Browser()) as terminal:
        offer = terminal._pc.localDescription.sdp
    assert len(re.findall(_EXTENSION, offer)) == 2
    assert len(set(re.findall(_EXTENSION, offer))) == 1
    assert len(re.findall(_FEEDBACK, offer)) >= 3


async def test_a_browser_is_told_of_each_packet_of_all_its_streams() -> None:
    browser = Browser()
    async with calling(browser):
        await browser.until(lambda: len(browser.told) >= 20)
    told = {number for each in browser.told for number in each.came}
    assert told == set(range(len(told)))
    assert {browser.sent[number] for number in told} == browser.sources
    assert {each.source for each in browser.told} <= browser.sources
    assert [each.count for each in browser.told] == list(range(len(browser.told)))


def test_what_came_is_told_to_have_come_when_the_kernel_had_it() -> None:
    """And not when it was read; else who sends would take our delays for the line's."""

    async def last_came_s() -> float:
        browser = Browser()
        async with calling(browser):
            await browser.until(lambda: len(browser.told) >= 3)
        return max(browser.told[-1].came.values()) / TICKS_PER_S

    with asyncio.Runner(loop_factory=lambda: NetworkLoop(Ahead(LATE_S))) as runner:
        came_s = runner.run(last_came_s())
    assert now_s() - PATIENCE_S < came_s < now_s() - LATE_S


async def test_a_browser_that_is_told_gets_no_estimate_which_would_be_a_bound() -> None:
    """Seconds before aiortc has its first one."""
    browser = Browser()
    async with calling(browser) as terminal:
        receivers = [t.receiver for t in terminal._pc.getTransceivers() if t.kind == "video"]
        assert [vars(each)[_ESTIMATOR] for each in receivers] != [None]
        await browser.until(lambda: len(browser.told) > 0)
        assert [vars(each)[_ESTIMATOR] for each in receivers] == [None]


async def test_a_browser_is_told_though_nothing_else_comes() -> None:
    """The last packets of a picture that stops."""
    browser = Browser()
    async with calling(browser):
        await browser.until(lambda: len(browser.told) >= 3)
        browser.numbers = False
        last = len(browser.sent) - 1
        await browser.until(lambda: any(last in each.came for each in browser.told))


async def test_a_browser_that_wants_no_feedback_gets_estimates_as_before() -> None:
    browser = Browser(agrees=lambda answer: re.sub(_FEEDBACK, "", answer))
    async with calling(browser):
        await browser.until(lambda: browser.estimates > 0)
        assert len(browser.sent) > 10
    assert browser.told == []


async def test_a_browser_that_does_not_know_the_number_gets_estimates_as_before() -> None:
    browser = Browser(agrees=lambda answer: re.sub(_EXTENSION, "", answer))
    async with calling(browser):
        await browser.until(lambda: browser.estimates > 0)
        assert len(browser.sent) > 10
    assert browser.told == []


async def test_a_browser_that_agrees_and_numbers_nothing_gets_estimates_as_before() -> None:
    browser = Browser(numbers=False)
    async with calling(browser):
        await browser.until(lambda: browser.estimates > 0)
    assert browser.told == []


async def test_after_the_end_nothing_more_is_told() -> None:
    browser = Browser()
    async with calling(browser) as terminal:
        await browser.until(lambda: len(browser.told) >= 3)
        feedback = terminal._feedback
        await browser.until(lambda: feedback._timer is not None)
        timer = feedback._timer
        assert timer is not None
        feedback.close()
        assert timer.cancelled()


async def test_a_connection_that_is_gone_is_told_nothing() -> None:
    browser = Browser()
    async with calling(browser) as terminal:
        await browser.until(lambda: len(browser.told) >= 3)
        feedback, gone = terminal._feedback, asyncio.Event()
        feedback._transport.on("statechange", gone.set)
        await browser.peer.close()
        async with asyncio.timeout(PATIENCE_S):
            await gone.wait()
        told = len(browser.told)
        await feedback._say([b"\x8f\xcd\x00\x02" + bytes(8)])
        assert len(browser.told) == told
