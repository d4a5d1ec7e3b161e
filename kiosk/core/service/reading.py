"""Reads a whole reply as an outcome; no I/O."""

from typing import TypeVar

import msgspec

from kiosk.core.service.address import ServiceAddress
from kiosk.core.service.http import Reply
from kiosk.core.service.outcomes import Fault, Ok, Outcome, Problem
from kiosk.core.service.replies import ProblemBody, Said, decode
from kiosk.errors import ServiceError

T = TypeVar("T", bound=Said)

MAX_SDP_CHARACTERS = 65_536
MAX_LOCATION_CHARACTERS = 2048


class Connection(msgspec.Struct, frozen=True):
    """What the other side says of itself, and the URL that ends the connection."""

    sdp: str
    location: str

    def __repr__(self) -> str:
        return "Connection(...)"


def read_value(reply: Reply, kind: type[T]) -> Outcome[T]:
    """A 200 with `kind` as its body, or what came instead of it."""
    if reply.status != 200:
        return read_refusal(reply)
    if reply.content_type != "application/json":
        return Fault("the reply is not application/json")
    try:
        return Ok(decode(kind, reply.body), reply.sent_at_s, reply.got_at_s)
    except ServiceError as error:
        return Fault(str(error))


def read_nothing(reply: Reply) -> Outcome[None]:
    """A 204, or what came instead of it."""
    if reply.status != 204:
        return read_refusal(reply)
    return Ok(None, reply.sent_at_s, reply.got_at_s)


def read_connection(reply: Reply, address: ServiceAddress, asked: str) -> Outcome[Connection]:
    """A 201 with the other side's SDP, asked for at `asked`, or what came instead of it."""
    if reply.status != 201:
        return read_refusal(reply)
    if reply.content_type != "application/sdp":
        return Fault("the SDP is not application/sdp")
    location = reply.location or ""
    if not 1 <= len(location) <= MAX_LOCATION_CHARACTERS:
        return Fault("the SDP came without a usable Location")
    try:
        sdp = reply.body.decode()
        own = address.own(location, relative_to=asked)
    except UnicodeDecodeError:
        return Fault("the SDP is not UTF-8")
    except ServiceError as error:
        return Fault(str(error))
    if not 1 <= len(sdp) <= MAX_SDP_CHARACTERS:
        return Fault(f"the SDP has {len(sdp)} characters")
    return Ok(Connection(sdp, own), reply.sent_at_s, reply.got_at_s)


def read_refusal(reply: Reply) -> Problem | Fault:
    """The problem of a 4xx; anything else is a fault."""
    if not 400 <= reply.status < 500:
        return Fault(f"answered {reply.status}")
    if reply.content_type != "application/problem+json":
        return Fault(f"answered {reply.status} without saying why")
    try:
        body = decode(ProblemBody, reply.body)
    except ServiceError as error:
        return Fault(f"answered {reply.status}: {error}")
    return Problem(reply.status, body.code, body.place, body.at, body.tries_left)
