"""A visitor who connects as everybody does, and then sends what no browser would."""

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Final

import pylibsrtp
from aiortc import RTCRtpCodecParameters, RTCRtpSender
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtp import RtpPacket

from kiosk.wire.messages import CallLost
from tests.call.encoded import VP8
from tests.call.kit import Core, Terminal, connect, frame_of, order, ready
from tests.call.memory import grows_less_than
from tests.call.visitor import Visitor

CHANCE: Final = random.Random(4)

CALL_MB: Final = 40.0
"""What any call takes, with our own picture at its largest."""

ATTACK_MB: Final = 30.0
"""What an attack may take beside it, in which our own picture may become larger."""

Address = tuple[str, int]


class Attacker(Visitor):
    """Its packets are encrypted with the keys of the call, so that the terminal reads them."""

    def sender(self, kind: str) -> RTCRtpSender:
        (sender,) = (t.sender for t in self._peer.getTransceivers() if t.kind == kind)
        return sender

    def format_of(self, kind: str) -> int:
        """The number of what this visitor sends its pictures or its sound as."""
        (transceiver,) = (t for t in self._peer.getTransceivers() if t.kind == kind)
        number = transceiver._codecs[0].payloadType
        assert number is not None
        return number

    def source_of_terminal(self, kind: str) -> int:
        """The SSRC of what the terminal sends."""
        (transceiver,) = (t for t in self._peer.getTransceivers() if t.kind == kind)
        (source, *_) = transceiver.receiver.getSynchronizationSources()
        return source.source

    @property
    def transport(self) -> RTCDtlsTransport:
        return self.sender("video").transport

    @property
    def terminal(self) -> Address:
        """Where the terminal is."""
        (pair,) = self.transport.transport._connection._nominated.values()
        return pair.remote_addr

    async def send(self, *packets: bytes | RtpPacket) -> None:
        """Encrypted, as RTP or RTCP; what not even libsrtp takes is left out."""
        for packet in packets:
            data = packet.serialize() if isinstance(packet, RtpPacket) else packet
            with suppress(pylibsrtp.Error):
                await self.transport._send_rtp(data)

    def send_plain(self, *datagrams: bytes) -> None:
        """As they are, from the address of the call."""
        (pair,) = self.transport.transport._connection._nominated.values()
        port = pair.protocol.transport.get_extra_info("socket")
        # Asyncio itself would send nothing for an empty one.
        with socket.socket(fileno=os.dup(port.fileno())) as same:
            for datagram in datagrams:
                same.sendto(datagram, pair.remote_addr)


class Stream:
    """One more stream of pictures, of the attacker's own making."""

    def __init__(self, attacker: Attacker, codec: RTCRtpCodecParameters) -> None:
        self._attacker = attacker
        self._codec = codec
        self._number = 0

    async def send(self, frame: bytes, time: int) -> None:
        payloads = (
            Vp8Encoder._packetize(frame, 0)
            if self._codec is VP8
            else H264Encoder._packetize(H264Encoder._split_bitstream(frame))
        )
        for at, payload in enumerate(payloads):
            last = at == len(payloads) - 1
            format_ = self._attacker.format_of("video")
            packet = RtpPacket(format_, int(last), self._number, time & 0xFFFFFFFF, 7, payload)
            self._number = (self._number + 1) & 0xFFFF
            await self._attacker.send(packet)


@asynccontextmanager
async def unharmed(
    terminal: Terminal, most_mb: float = ATTACK_MB
) -> AsyncIterator[tuple[Core, asyncio.subprocess.Process]]:
    """A core, and the program that has said hello to it; all that is hostile is done to such a one.

    Fails unless it has outlived what was done to it, in `most_mb` more than a call takes and without
    a word of complaint.
    """
    async with ready(terminal) as (core, process):
        with grows_less_than(CALL_MB + most_mb, process.pid):
            yield core, process
            assert process.returncode is None
    assert "Traceback" not in terminal.log, terminal.log
    assert "Exception" not in terminal.log, terminal.log


@asynccontextmanager
async def attacking(
    terminal: Terminal, *, pictures_as: str | None = None, most_mb: float = ATTACK_MB
) -> AsyncIterator[tuple[Core, Attacker, int]]:
    """A call that is on; the last is the terminal's process.

    Fails unless the call, too, has outlived what was done in it, in `most_mb` more.
    """
    attacker = Attacker(pictures_as)
    async with unharmed(terminal, most_mb) as (core, process):
        try:
            await connect(core, attacker, order(call=7))
            await frame_of(terminal.frames("remote"), 7)
            await attacker.sees()
            await attacker.hears()
            with grows_less_than(most_mb, process.pid):
                yield core, attacker, process.pid
                await goes_on(core, terminal, attacker)
        finally:
            await attacker.close()


async def goes_on(core: Core, terminal: Terminal, visitor: Visitor) -> None:
    """The terminal shows new pictures, and sends its own and sound."""
    last = terminal.frames("remote").newest(7)
    await frame_of(terminal.frames("remote"), 7, last.number if last else 0)
    await visitor.sees(5)
    await visitor.hears(10)
    assert not core.all(CallLost)


def stranger(address: Address, datagrams: Iterable[bytes]) -> None:
    """Send from somewhere else than the call."""
    with new_socket(address) as somewhere:
        for datagram in datagrams:
            somewhere.sendto(datagram, address)


def new_socket(to: Address) -> socket.socket:
    """Of a stranger who will send there."""
    family = socket.AF_INET6 if ":" in to[0] else socket.AF_INET
    return socket.socket(family, socket.SOCK_DGRAM)


def noise(first: int, length: int) -> bytes:
    """A datagram that begins with `first`."""
    return bytes([first]) + CHANCE.randbytes(length - 1)
