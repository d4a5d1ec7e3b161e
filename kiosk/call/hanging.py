"""Whether the relay (TURN) that a connection uses hangs: it says nothing, and another still answers.

Where none answers it is the network that is down, and no relay is to be left for that.
"""

import asyncio
from typing import Final

from aioice import Connection, stun
from aioice.turn import TurnTransport

from kiosk.call.path import client_of
from kiosk.clock import Seconds

ANSWER_S: Final[Seconds] = 0.75
"""Aioice asks a second time after 0.5 s (RFC 8489, section 6.2.1)."""


async def relay_hangs(connection: Connection) -> bool:
    """Ask every relay of a connection; none hangs where only one is known."""
    relays = [each.transport for each in connection._protocols]  # noqa: SLF001
    used = {pair.protocol.transport for pair in connection._nominated.values()}  # noqa: SLF001
    asked = [relay for relay in relays if isinstance(relay, TurnTransport)]
    answers = await asyncio.gather(*map(_answers, asked))
    silent = {relay for relay, answer in zip(asked, answers, strict=True) if not answer}
    return bool(used & silent) and len(silent) < len(asked)


async def _answers(relay: TurnTransport) -> bool:
    """Whatever it says to the wish to go on (RFC 8656, section 7): it is there."""
    client = client_of(relay)
    wish = stun.Message(message_method=stun.Method.REFRESH, message_class=stun.Class.REQUEST)
    wish.attributes["LIFETIME"] = client.lifetime
    try:
        async with asyncio.timeout(ANSWER_S):
            await client.request_with_retry(wish)
    except stun.TransactionFailed:
        return True
    except (TimeoutError, ConnectionError, stun.TransactionError):
        return False
    return True
