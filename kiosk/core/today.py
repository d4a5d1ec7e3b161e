"""Today's bookings of the hall, so that a card is greeted while the service is away.

They lie on tmpfs, keyed by an HMAC of the credential. They greet and never connect: a join always
asks the service.
"""

import hmac
import logging

import msgspec

from kiosk.clock import Clock, Seconds
from kiosk.core.pocket import Pocket
from kiosk.core.service.replies import PersonToday, TodaysBookings

KEPT_S: Seconds = 24 * 3600.0
"""The list is of one day of the service's, which need not be a day of UTC: a day from when it came."""

log = logging.getLogger(__name__)


class _Kept(msgspec.Struct, frozen=True):
    """`until_s` is on CLOCK_MONOTONIC, which begins anew when tmpfs does."""

    until_s: Seconds
    bookings: TodaysBookings


class Today:
    """The list that the service told last, for a day."""

    def __init__(self, pocket: Pocket, clock: Clock) -> None:
        self._pocket = pocket
        self._clock = clock
        self._until_s: Seconds = 0.0
        self._key = b""
        self._people: dict[str, PersonToday] = {}
        self._load()

    def keep(self, bookings: TodaysBookings) -> None:
        """Forget the list that there was, and keep this one."""
        kept = _Kept(self._clock.monotonic() + KEPT_S, bookings)
        self._take(kept)
        self._pocket.save(msgspec.json.encode(kept))

    def find(self, technology: str, value: str) -> PersonToday | None:
        """Whose credential this is, and their bookings; None when the list does not say."""
        if self._clock.monotonic() >= self._until_s:
            self._forget()
            return None
        text = f"{technology}:{value}".encode()
        return self._people.get(hmac.new(self._key, text, "sha256").hexdigest())

    def _load(self) -> None:
        data = self._pocket.load()
        if data is None:
            return
        try:
            kept = msgspec.json.decode(data, type=_Kept)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            log.error("today's bookings (%d bytes) can not be read: begun anew", len(data))
            self._pocket.empty()
            return
        if self._clock.monotonic() < kept.until_s <= self._clock.monotonic() + KEPT_S:
            self._take(kept)
        else:
            self._pocket.empty()

    def _take(self, kept: _Kept) -> None:
        self._until_s = kept.until_s
        self._key = bytes.fromhex(kept.bookings.digest_key)
        self._people = {person.digest: person for person in kept.bookings.people}

    def _forget(self) -> None:
        if self._people:
            self._people = {}
            self._pocket.empty()
