"""The room of one visit at Janus: who sends into it, and who is sent what of it (VideoRoom plugin)."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Self

from kiosk.sandbox.janus import Event, Janus, JanusAway, JanusSaidNo, Jsep
from kiosk.sandbox.settings import JanusSettings

PREFIX: Final = "visit-"
"""So begins the name of every room that this service makes."""

PUBLISHERS: Final = 6
"""A side that connects anew is there twice for a moment."""

_NO_SUCH_ROOM: Final = 426
_ROOM_EXISTS: Final = 427


class Room:
    """Its own session with Janus: whatever fails, fails for one visit.

    All of it may raise JanusAway and JanusSaidNo.
    """

    def __init__(self, janus: Janus, settings: JanusSettings, reference: str) -> None:
        self._janus = janus
        self._settings = settings
        self._name = PREFIX + reference
        self._keeper = 0

    @classmethod
    async def open(
        cls,
        settings: JanusSettings,
        reference: str,
        recorded: bool,
        on_event: Callable[[Event], None],
        on_lost: Callable[[], None],
    ) -> Self:
        """Make the room anew; only one that is `recorded` has a recorder at all."""
        janus = await Janus.open(settings)
        janus.on_event, janus.on_lost = on_event, on_lost
        room = cls(janus, settings, reference)
        try:
            await room._make(recorded)
        except BaseException:
            await janus.close()
            raise
        return room

    @property
    def is_over(self) -> bool:
        return self._janus.is_over

    async def publish(self, feed: str, offer: str) -> tuple[int, str]:
        """Let somebody send as `feed`; their handle, and the answer to their offer."""
        body = {**self._joining("publisher"), "id": feed, "request": "joinandconfigure"}
        return await self._joined(body, Jsep("offer", offer))

    async def subscribe(self, feeds: Sequence[str]) -> tuple[int, str]:
        """Let somebody have what these send; their handle, and the room's offer."""
        streams = [{"feed": feed} for feed in feeds]
        body = {**self._joining("subscriber"), "streams": streams, "autoupdate": False}
        return await self._joined(body, None)

    async def start(self, handle: int, answer: str) -> None:
        """Take the answer to the offer that `subscribe` got."""
        await self._janus.ask(handle, {"request": "start"}, Jsep("answer", answer))

    async def drop(self, handle: int) -> None:
        """End one connection; nothing happens to one that is over."""
        with suppress(JanusAway, JanusSaidNo):
            await self._janus.detach(handle)

    async def destroy(self) -> None:
        """End it for everybody in it."""
        with suppress(JanusAway, JanusSaidNo):
            await destroy(self._janus, self._keeper, self._settings, self._name)
        await self._janus.close()

    async def _make(self, recorded: bool) -> None:
        self._keeper = await self._janus.attach()
        try:
            await self._create(recorded)
        except JanusSaidNo as error:
            if error.code != _ROOM_EXISTS:
                raise
            # A service that was killed left it: nobody can be in it, and it may record.
            await destroy(self._janus, self._keeper, self._settings, self._name)
            await self._create(recorded)

    async def _create(self, recorded: bool) -> None:
        body: dict[str, object] = {
            "request": "create",
            "room": self._name,
            "description": "visit",
            "is_private": True,
            "admin_key": self._settings.admin_key,
            "secret": _derived(self._settings, "secret", self._name),
            "pin": _derived(self._settings, "pin", self._name),
            "publishers": PUBLISHERS,
            "audiocodec": "opus",
            "videocodec": "vp8",
            "opus_fec": True,
            "record": recorded,
            "lock_record": True,
        }
        if recorded:
            body["rec_dir"] = str(self._settings.recordings)
        await self._janus.ask(self._keeper, body)

    def _joining(self, kind: str) -> dict[str, object]:
        pin = _derived(self._settings, "pin", self._name)
        return {"request": "join", "ptype": kind, "room": self._name, "pin": pin}

    async def _joined(self, body: dict[str, object], jsep: Jsep | None) -> tuple[int, str]:
        handle = await self._janus.attach()
        try:
            reply = await self._janus.ask(handle, body, jsep)
            if reply.jsep is None:
                raise JanusSaidNo(0)
        except BaseException:
            await self.drop(handle)
            raise
        return handle, reply.jsep.sdp


async def destroy(janus: Janus, handle: int, settings: JanusSettings, name: str) -> None:
    """End a room of this service, whoever is in it; nothing happens to one that is not there."""
    body = {"request": "destroy", "room": name, "secret": _derived(settings, "secret", name)}
    try:
        await janus.ask(handle, body)
    except JanusSaidNo as error:
        if error.code != _NO_SUCH_ROOM:
            raise


def _derived(settings: JanusSettings, purpose: str, room: str) -> str:
    """A room's own secret, which a service that was started again knows, too."""
    text = f"{purpose} {room}".encode()
    return hmac.new(settings.admin_key.encode(), text, hashlib.sha256).hexdigest()
