"""What our ports let in: what ICE says, and the packets of those whom ICE has found.

Aioice takes whatever comes, from everybody and without end, and hands it to aiortc, where one
datagram of a stranger could end the call.
"""

import asyncio
import struct
from typing import Any, Final

from aioice import ice, stun
from aioice.ice import Connection, StunProtocol

from kiosk.call.allowance import Allowance

MAX_BYTES: Final = 1500
"""Of a datagram; libsrtp's buffer holds no more, and no browser sends more than 1200."""

MAX_ADDRESSES: Final = 100
"""Of the other side; RFC 8445, section 6.1.2.5, checks no more pairs than that."""

MAX_WAITING: Final = 256
"""Packets until DTLS reads them, a second of a good picture; while there is no call none are read."""

STRANGERS_PER_S: Final = 200
"""A browser checks each way 20 times a second. An answer to a stranger costs us as much as him."""

_STUN: Final = range(4)
_OTHERS: Final = (range(20, 64), range(128, 192))
"""The first byte of DTLS, and of RTP and RTCP (RFC 7983, section 7)."""

_ADDRESS: Final = "_Transaction__addr"
_REQUEST: Final = "_Transaction__request"

Address = tuple[str, int]


class Gate(StunProtocol):
    """One port of ours, or a relay's."""

    def __init__(self, receiver: Connection) -> None:
        super().__init__(receiver)
        self._found: set[Address] = set()
        self._strangers = Allowance(STRANGERS_PER_S, STRANGERS_PER_S)

    def datagram_received(self, data: bytes | str, addr: tuple[Any, ...]) -> None:
        """Called for each datagram."""
        assert isinstance(data, bytes)
        whence = (addr[0], addr[1])
        if not 0 < len(data) <= MAX_BYTES:
            return
        if data[0] in _STUN:
            if self._knows(whence) or self._has_time_for_strangers():
                self._take_stun(data, whence)
        elif any(data[0] in kind for kind in _OTHERS) and self._knows(whence):
            self._take(data)

    def _take_stun(self, data: bytes, whence: Address) -> None:
        """As aioice does, which would keep what is no message for DTLS to read."""
        try:
            message = stun.parse_message(data)
        except (ValueError, struct.error):  # the latter for an attribute of another length
            return
        if message.message_class is stun.Class.REQUEST:
            # A new address has the priority that it says (RFC 8445, section 7.3.1.3).
            if "PRIORITY" in message.attributes or self._is_named(whence):
                self.receiver.request_received(message, whence, self)
                self._check_again(whence)
        elif message.message_class is not stun.Class.INDICATION:
            transaction = self.transactions.get(message.transaction_id)
            if transaction is not None:
                transaction.response_received(message, whence)

    def _check_again(self, whence: Address) -> None:
        """Who checks us can be reached: our own check, under way to them, is not waited for.

        RFC 8445, section 7.3.1.4. Aioice would send it again after up to 16 s.
        """
        if self.receiver._nominated:  # noqa: SLF001
            return
        for transaction in self.transactions.values():
            asked = vars(transaction)
            if asked[_ADDRESS] == whence:
                self.send_stun(asked[_REQUEST], whence)

    def _take(self, data: bytes) -> None:
        if self.receiver._queue.qsize() < MAX_WAITING:  # noqa: SLF001
            self.receiver.data_received(data, self.local_candidate.component)

    def _knows(self, whence: Address) -> bool:
        """Whether the answer named this address, or who is there has proved to know our offer."""
        if self._is_named(whence):
            return True
        # A browser may begin before we have its answer.
        return any(early == whence for _, early, _ in self.receiver._early_checks)  # noqa: SLF001

    def _is_named(self, whence: Address) -> bool:
        """By the answer, or by a check since then."""
        if whence in self._found:
            return True
        others = self.receiver._remote_candidates  # noqa: SLF001
        if any((other._network_host, other.port) == whence for other in others):  # noqa: SLF001
            self._found.add(whence)
            return True
        return False

    def _has_time_for_strangers(self) -> bool:
        if len(self.receiver._remote_candidates) >= MAX_ADDRESSES:  # noqa: SLF001
            return False
        return self._strangers.take(asyncio.get_running_loop().time())


def guard_ports() -> None:
    """Have aioice open only ports of this kind, in the whole program."""
    inside = vars(ice)
    assert "StunProtocol" in inside
    inside["StunProtocol"] = Gate
