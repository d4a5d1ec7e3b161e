"""The other side's answer or offer, which may be anything: only what a browser would say is let through.

What is left has the shape that aiortc's parser expects (RFC 8866, RFC 8839, RFC 8842).
"""

import ipaddress
import re
from collections.abc import Mapping
from typing import Final, Literal

from kiosk.errors import CallError

MAX_BYTES: Final = 64 * 1024
MAX_LINES: Final = 1000
MAX_MEDIA: Final = 8
MAX_CANDIDATES: Final = 40
"""Each costs a socket's time for every address of ours."""

_WORD = r"[!-~]{1,256}"
_NUMBER = r"\d{1,10}"
_FORMAT = r"(?:3[5-9]|[4-6]\d|9[6-9]|1[01]\d|12[0-7])"
_DIGEST = r"(256 ([0-9A-F]{2}:){31}|384 ([0-9A-F]{2}:){47}|512 ([0-9A-F]{2}:){63})[0-9A-F]{2}"
_LINES: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"v=0",
        rf"o={_WORD}( {_WORD}){{1,8}}",
        r"s=[ -~]{1,64}",
        r"t=0 0",
        rf"m=(audio|video) \d{{1,5}} UDP/TLS/RTP/SAVPF( {_FORMAT}){{1,40}}",
        r"c=IN IP[46] [0-9A-Fa-f.:]{2,45}",
        r"a=group:BUNDLE( [0-9A-Za-z]{1,16}){1,8}",
        r"a=msid-semantic: ?WMS( [!-~]{1,256}){0,8}",
        r"a=(sendrecv|sendonly|recvonly|inactive)",
        r"a=(rtcp-mux|rtcp-rsize|ice-lite)",
        r"a=mid:[0-9A-Za-z]{1,16}",
        rf"a=msid:{_WORD} {_WORD}",
        r"a=ice-ufrag:[A-Za-z0-9+/]{4,256}",
        r"a=ice-pwd:[A-Za-z0-9+/]{22,256}",
        rf"a=fingerprint:(?i:sha-{_DIGEST})",
        r"a=setup:(active|passive)",
        rf"a=extmap:([1-9]|1[0-4])(/(sendrecv|sendonly|recvonly|inactive))? {_WORD}",
        rf"a=rtpmap:{_FORMAT} [A-Za-z0-9-]{{1,32}}/\d{{4,6}}(/[12])?",
        rf"a=rtcp-fb:(\*|{_FORMAT}) (nack( pli)?|ccm fir|goog-remb|transport-cc)",
        rf"a=ssrc:{_NUMBER} (cname|msid|mslabel|label):[ -~]{{0,512}}",
        rf"a=ssrc-group:FID {_NUMBER} {_NUMBER}",
    )
)
_FMTP: Final = re.compile(r"a=fmtp:(\d{2,3}) ([A-Za-z0-9=;+/. -]{1,512})", re.ASCII)
_RTPMAP: Final = re.compile(r"a=rtpmap:(\d{2,3}) ", re.ASCII)
_WHOLE_NUMBERS: Final = re.compile(
    r"(apt|max-fr|max-fs|maxplaybackrate|minptime|stereo|useinbandfec)=(?!\d{1,6}$)", re.ASCII
)
_CANDIDATE: Final = re.compile(
    r"(a=candidate:[A-Za-z0-9+/]{1,32} 1 (?i:udp) \d{1,10} )([0-9A-Fa-f.:]{2,45}) (\d{1,5})"
    r"( typ (?:host|srflx|relay))(?: [ -~]{0,256})?",
    re.ASCII,
)
_EITHER_ROLE: Final = "a=setup:actpass"
"""Who offers leaves it open who begins with DTLS; who answers decides it (RFC 8842, section 5)."""

_NEEDED: Final = ("a=mid", "a=rtcp-mux", "a=ice-ufrag", "a=ice-pwd", "a=fingerprint", "a=setup")
_BROADCAST: Final = ipaddress.IPv4Address("255.255.255.255")


def cleaned(sdp: str, what: Literal["answer", "offer"] = "answer") -> str:
    """The answer, or the offer, without all that is not needed, not usable or not understood.

    Candidates with a name in place of an address are left out, because asking for the name would
    be a packet to everybody on this network. Raises CallError for what is neither; its text repeats
    nothing of it.
    """
    if len(sdp) > MAX_BYTES or sdp.count("\n") > MAX_LINES:
        raise CallError(f"the {what} is too long")
    session, *media = _sections(sdp, what)
    if not media:
        raise CallError(f"the {what} holds no media")
    if len(media) > MAX_MEDIA:
        raise CallError(f"the {what} holds too many media")
    for section in media:
        if missing := [need for need in _NEEDED if not _has(need, session + section)]:
            raise CallError(f"the {what} has a medium without {missing[0].removeprefix('a=')}")
    # A browser tells its candidates in the first medium of a bundle only (RFC 9143, section 7.1.1),
    # and aiortc takes those of the last.
    told = [line for section in media for line in section if line.startswith("a=candidate:")]
    bundled = [_with_own_formats([*section, *told]) for section in media]
    lines = [*session, *(line for section in bundled for line in section)]
    return "".join(f"{line}\r\n" for line in lines)


def _sections(sdp: str, what: str) -> list[list[str]]:
    """The lines before the first medium, and those of each medium."""
    sections: list[list[str]] = [[]]
    candidates = 0
    for said in re.split(r"\r?\n", sdp):
        line = said if what == "offer" and said == _EITHER_ROLE else _kept(said)
        if line is None:
            if said.startswith("m="):
                raise CallError(f"the {what} has a medium that is neither sound nor picture")
            continue
        if line.startswith("m="):
            sections.append([])
        if line.startswith("a=candidate:"):
            candidates += 1
            if candidates > MAX_CANDIDATES:
                continue
        sections[-1].append(line)
    return sections


def _kept(line: str) -> str | None:
    """The line as it may be read; None when it is to be left out."""
    if (candidate := _CANDIDATE.fullmatch(line)) is not None:
        start, address, port, kind = candidate.groups()
        return f"{start}{address} {port}{kind}" if _reachable(address, int(port)) else None
    if (format_ := _FMTP.fullmatch(line)) is not None:
        parameters = [word.strip() for word in format_[2].split(";")]
        sound = not any(map(_WHOLE_NUMBERS.match, parameters))
        return f"a=fmtp:{format_[1]} {';'.join(parameters)}" if sound else None
    if any(known.fullmatch(line) for known in _LINES):
        return line
    return None


def _with_own_formats(section: list[str]) -> list[str]:
    """No line twice, no format twice, and no parameters of formats that the section does not have.

    Aiortc goes through all formats for each line about any of them.
    """
    formats: dict[str, str] = {}
    for line in section:
        if (format_ := _RTPMAP.match(line)) is not None:
            formats.setdefault(format_[1], line)
    return [line for line in dict.fromkeys(section) if _is_of(formats, line)]


def _is_of(formats: Mapping[str, str], line: str) -> bool:
    """`formats` has the line that describes each."""
    if (format_ := _RTPMAP.match(line)) is not None:
        return formats[format_[1]] == line
    parameters = _FMTP.fullmatch(line)
    return parameters is None or parameters[1] in formats


def _reachable(address: str, port: int) -> bool:
    """Whether this is the address of another machine, or another program's of this one's."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    nobody = ip.is_loopback or ip.is_multicast or ip.is_unspecified or ip == _BROADCAST
    return not nobody and 0 < port < 65536


def _has(need: str, lines: list[str]) -> bool:
    return any(line.startswith(need) for line in lines)
