"""Who may sit at the officers' desk: one password, sessions in memory, tries counted."""

import secrets

from kiosk.clock import Clock, Seconds

COOKIE = "desk"
SESSION_S: Seconds = 12 * 3600.0
_TRIES = 5
_LOCKED_S: Seconds = 30.0


class Sessions:
    """Sessions end after a shift, and when the service is started again."""

    def __init__(self, password: str, clock: Clock) -> None:
        self._password = password.encode()
        self._clock = clock
        self._until_s: dict[str, Seconds] = {}
        self._wrong = 0
        self._locked_until_s: Seconds = 0.0

    def log_in(self, password: str) -> str | None:
        """A new session's token; None for a wrong password, and for any while locked."""
        now = self._clock.monotonic()
        if now < self._locked_until_s:
            return None
        if not secrets.compare_digest(password.encode(), self._password):
            self._wrong += 1
            if self._wrong % _TRIES == 0:
                self._locked_until_s = now + _LOCKED_S
            return None
        self._wrong = 0
        self._until_s = {token: until for token, until in self._until_s.items() if until > now}
        token = secrets.token_urlsafe(32)
        self._until_s[token] = now + SESSION_S
        return token

    def holds(self, token: str | None) -> bool:
        return token is not None and self._until_s.get(token, 0.0) > self._clock.monotonic()

    def log_out(self, token: str | None) -> None:
        if token is not None:
            self._until_s.pop(token, None)
