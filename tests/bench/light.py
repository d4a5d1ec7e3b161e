"""A peer that costs next to nothing: aiortc makes the connection, after that its socket is ours."""

import os
import selectors
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiortc import RTCCertificate, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport
from aiortc.sdp import SessionDescription, candidate_to_sdp
from pylibsrtp import Session

from tests.bench.packets import PICTURE_TYPE, SEQUENCE_EXTENSION, SOUND_TYPE

_CODECS: Final = {"audio": "opus/48000/2", "video": "VP8/90000"}
_TYPES: Final = {"audio": SOUND_TYPE, "video": PICTURE_TYPE}
_SO_TIMESTAMPNS: Final = 35
"""The kernel says when each packet came (socket(7)); Python has no name for it."""

_PLACE: Final = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"


@dataclass(frozen=True, slots=True)
class Section:
    """One medium of a description."""

    kind: str
    mid: str
    payload_type: int | None
    ssrc: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A connection that is up: its socket, the keys of both ways, and who answers checks of it."""

    socket: socket.socket
    address: tuple[str, int]
    checks: Any
    outgoing: Session
    incoming: Session

    def send(self, packet: bytes) -> None:
        self.socket.sendto(self.outgoing.protect(packet), self.address)

    def check(self, datagram: bytes) -> None:
        """Janus asks whether we are still there (RFC 7675)."""
        self.checks.datagram_received(datagram, self.address)


class LightPeer:
    """One end of a connection. Who offers is asked to be the server of DTLS."""

    def __init__(self, certificate: RTCCertificate) -> None:
        self._gatherer = RTCIceGatherer(iceServers=[])
        self._ice = RTCIceTransport(self._gatherer)
        self._dtls = RTCDtlsTransport(self._ice, [certificate])

    async def offer(self, ssrc: int) -> str:
        """To send sound as `ssrc`, and pictures as the next."""
        self._ice._connection.ice_controlling = True
        await self._gatherer.gather()
        sections = [Section(kind, str(i), _TYPES[kind], ssrc + i) for i, kind in enumerate(_CODECS)]
        return self._description(sections, "sendonly", "actpass")

    async def answer(self, offer: str) -> str:
        """To receive all that is offered."""
        self._ice._connection.ice_controlling = False
        await self._gatherer.gather()
        sections = [
            Section(media.kind, media.rtp.muxId, media.rtp.codecs[0].payloadType)
            for media in SessionDescription.parse(offer).media
        ]
        return self._description(sections, "recvonly", "active")

    async def connect(self, theirs: str) -> None:
        """To who is on the same machine, by an address that we use, too. Raises ConnectionError."""
        media = SessionDescription.parse(theirs).media[0]
        assert media.ice is not None
        assert media.dtls is not None
        own = {candidate.ip for candidate in self._gatherer.getLocalCandidates()}
        for candidate in media.ice_candidates:
            if candidate.ip in own:
                await self._ice.addRemoteCandidate(candidate)
        await self._ice.addRemoteCandidate(None)
        await self._ice.start(media.ice)
        await self._dtls.start(media.dtls)
        if self._dtls.state != "connected":
            raise ConnectionError(self._dtls.state)

    def take(self, selector: selectors.BaseSelector) -> "Taken":
        """Nothing but us reads the socket from now on; `selector` is the event loop's."""
        pair = next(iter(self._ice._connection._nominated.values()))
        number = pair.protocol.transport.get_extra_info("socket").fileno()
        selector.unregister(number)
        own = socket.socket(fileno=os.dup(number))
        own.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        return Taken(own, pair.remote_addr, pair.protocol, self._dtls._tx_srtp, self._dtls._rx_srtp)

    def _description(self, sections: Sequence[Section], *how: str) -> str:
        mids = " ".join(section.mid for section in sections)
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {mids}"]
        for section in sections:
            lines += self._section(section, *how)
        return "\r\n".join([*lines, ""])

    def _section(self, section: Section, direction: str, setup: str) -> list[str]:
        own = self._gatherer.getLocalParameters()
        ssrc = section.ssrc
        proof = self._dtls.getLocalParameters().fingerprints[0]
        return [
            f"m={section.kind} 9 UDP/TLS/RTP/SAVPF {section.payload_type}",
            "c=IN IP4 0.0.0.0",
            *(f"a=mid:{section.mid}", f"a={direction}", "a=rtcp-mux", f"a=setup:{setup}"),
            f"a=rtpmap:{section.payload_type} {_CODECS[section.kind]}",
            f"a=rtcp-fb:{section.payload_type} transport-cc",
            f"a=extmap:{SEQUENCE_EXTENSION} {_PLACE}",
            *([f"a=ssrc:{ssrc} cname:light"] if ssrc is not None else []),
            *(f"a=ice-ufrag:{own.usernameFragment}", f"a=ice-pwd:{own.password}"),
            f"a=fingerprint:{proof.algorithm} {proof.value}",
            *(f"a=candidate:{candidate_to_sdp(c)}" for c in self._gatherer.getLocalCandidates()),
        ]
