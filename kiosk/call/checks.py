"""ICE's checks: aioice begins one each 20 ms, and looks for a result only when none is left to begin.

On most lines the first check is answered within a few ms; connecting must not wait for the rest.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from aioice import Connection

from kiosk.clock import Seconds

PACE_S: Final[Seconds] = 0.02
"""Between the beginnings of two checks; no less (RFC 8445, section 14.2: 50 ms; aioice has 20)."""

_BEGIN: Final = "_check_periodic"


def check_beside(connection: Connection) -> None:
    """Begin the checks of `connection` in their rhythm, beside its waiting for the first result."""
    begin: Callable[[], bool] = getattr(connection, _BEGIN)

    def begin_all() -> bool:
        """Whether to be called again, by who then looks for no result meanwhile."""
        go_on = begin()
        if not go_on or not connection._check_list:  # noqa: SLF001 - nobody to be asked is known yet
            return go_on
        asyncio.get_running_loop().call_later(PACE_S, begin_all)
        return False

    setattr(connection, _BEGIN, begin_all)
