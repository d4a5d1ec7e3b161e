"""Calls to lines for help: who rings, who takes it, what each says to the other. All of it in memory.

Nothing of a call is kept: no table of the database and no line of a log knows that there was one.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from kiosk.clock import Clock
from kiosk.sandbox.instants import Milliseconds, now_ms, rfc3339
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.settings import Settings, SupportLine
from kiosk.sandbox.signalling import NoAnswer

MOST_CALLS: Final = 1000
"""No terminal has more than one, so that more are those of terminals that were lost."""


@dataclass(eq=False, slots=True)
class Phone:
    """A page on which somebody answers for a line, and what waits to be told to it."""

    line: str
    outbox: asyncio.Queue[Mapping[str, object]] = field(default_factory=asyncio.Queue)

    def tell(self, message: Mapping[str, object]) -> None:
        self.outbox.put_nowait(message)


@dataclass(eq=False, slots=True)
class HelpCall:
    """One call. `answer` is waited for while an offer rings; `taken_by` is who picked it up."""

    id: str
    terminal: str
    request: str
    line: SupportLine
    ends_at_ms: Milliseconds
    taken_by: Phone | None = None
    sdp: str | None = None
    answer: asyncio.Future[str] | None = None


class Helplines:
    """The lines of this site, the phones that are there, and the calls of this moment."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lines = {line.id: line for line in settings.support_lines}
        self._phones: list[Phone] = []
        self._calls: dict[str, HelpCall] = {}

    # a terminal's side

    def call(self, terminal: str, line_id: str, request: str) -> dict[str, Any]:
        """Grant a call; the terminal's earlier one is over, but for the same request."""
        line = self._lines.get(line_id)
        if line is None:
            raise Problem(404, "unknown_line")
        earlier = next((c for c in self._calls.values() if c.terminal == terminal), None)
        if earlier is None or (earlier.request, earlier.line.id) != (request, line_id):
            if earlier is not None:
                self._over(earlier)
            if len(self._calls) >= MOST_CALLS:
                raise Problem(503, "fault")
            ends_at_ms = now_ms(self._clock) + int(line.longest_s * 1000)
            earlier = HelpCall(secrets.token_urlsafe(12), terminal, request, line, ends_at_ms)
            self._calls[earlier.id] = earlier
        return self._granted(earlier)

    def _granted(self, call: HelpCall) -> dict[str, Any]:
        url = f"/terminal/v1/support-calls/{call.id}/media/0"
        return {
            "now": rfc3339(now_ms(self._clock)),
            "call": call.id,
            "ends_at": rfc3339(call.ends_at_ms),
            "media": [{"url": url, "direction": "sendrecv", "offerer": "terminal"}],
            "ice_servers": msgspec.to_builtins(self._settings.ice_servers),
            "relay_only": self._settings.relay_only,
            "unrecorded": call.line.unrecorded,
        }

    async def offer(self, terminal: str, call_id: str, sdp: str) -> str:
        """The answer of whoever takes the call; raises Problem when nobody does in time."""
        call = self._of(terminal, call_id)
        if call is None:
            raise Problem(409, "call_over")
        _leave_unanswered(call, "no_answer")
        call.sdp, call.answer = sdp, asyncio.get_running_loop().create_future()
        self._ring(call)
        try:
            return await asyncio.wait_for(call.answer, self._settings.answer_s)
        except TimeoutError as error:
            raise Problem(409, "no_answer") from error
        except NoAnswer as error:
            raise Problem(409, error.code) from error

    def end(self, terminal: str, call_id: str) -> None:
        """Nobody calls any more; nothing happens to a call that is not this terminal's."""
        call = self._of(terminal, call_id)
        if call is not None:
            self._over(call)

    def look_at_time(self) -> None:
        """End what ran past its end."""
        for call in list(self._calls.values()):
            if now_ms(self._clock) >= call.ends_at_ms + int(self._settings.overrun_s * 1000):
                self._over(call)

    def _of(self, terminal: str, call_id: str) -> HelpCall | None:
        call = self._calls.get(call_id)
        return call if call is not None and call.terminal == terminal else None

    def _ring(self, call: HelpCall) -> None:
        if call.taken_by is not None:
            call.taken_by.tell({"type": "offer", "call": call.id, "sdp": call.sdp})
            return
        for phone in self._phones:
            if phone.line == call.line.id:
                phone.tell({"type": "ring", "call": call.id})

    def _over(self, call: HelpCall) -> None:
        del self._calls[call.id]
        _leave_unanswered(call, "call_over")
        for phone in self._phones:
            if phone.line == call.line.id:
                phone.tell({"type": "over", "call": call.id})

    # the line's side

    def line_of(self, key: str) -> SupportLine | None:
        """Whose link this is."""
        found = (line for line in self._lines.values() if secrets.compare_digest(line.key, key))
        return next(found, None)

    @contextlib.contextmanager
    def answering(self, line: SupportLine) -> Iterator[Phone]:
        """Somebody answers for the line while this lasts; what they took is over with it."""
        phone = Phone(line.id)
        self._phones.append(phone)
        for call in self._of_line(phone):
            if call.taken_by is None and call.answer is not None:
                phone.tell({"type": "ring", "call": call.id})
        try:
            yield phone
        finally:
            self._phones.remove(phone)
            for call in self._of_line(phone):
                if call.taken_by is phone:
                    self._over(call)

    def take(self, phone: Phone, call_id: str) -> None:
        """One phone picks the call up; it stops ringing on the others."""
        call = self._at(phone, call_id)
        if call is None or call.taken_by is not None:
            return
        call.taken_by = phone
        for other in self._phones:
            if other is not phone and other.line == phone.line:
                other.tell({"type": "over", "call": call.id})
        if call.answer is not None and not call.answer.done():
            self._ring(call)

    def answered(self, phone: Phone, call_id: str, sdp: str) -> None:
        """The answer of the phone that took the call; any other is dropped."""
        call = self._at(phone, call_id)
        if call is None or call.taken_by is not phone or call.answer is None:
            return
        if not call.answer.done():
            call.answer.set_result(sdp)

    def hung_up(self, phone: Phone, call_id: str) -> None:
        """The line ends it."""
        call = self._at(phone, call_id)
        if call is not None and call.taken_by in (None, phone):
            self._over(call)

    def _at(self, phone: Phone, call_id: str) -> HelpCall | None:
        call = self._calls.get(call_id)
        return call if call is not None and call.line.id == phone.line else None

    def _of_line(self, phone: Phone) -> list[HelpCall]:
        return [call for call in self._calls.values() if call.line.id == phone.line]


def _leave_unanswered(call: HelpCall, code: str) -> None:
    if call.answer is not None and not call.answer.done():
        call.answer.set_exception(NoAnswer(code))
