"""Offers on their way to a family's page, and the answers that come back."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.clock import Seconds
from kiosk.sandbox.lobby import Page


class NoAnswer(Exception):
    """An offer got none; `code` is the contract's word for why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side says, and the connection that both sides now share."""

    connection: str
    sdp: str


class Signalling:
    """Carries offers to the page that stands for the visitor. It keeps no SDP."""

    def __init__(self, answer_s: Seconds) -> None:
        self._answer_s = answer_s
        self._asked: dict[str, tuple[str, asyncio.Future[str]]] = {}

    async def offer(self, page: Page, sdp: str) -> Answer:
        """The page's answer to the terminal's offer; raises NoAnswer when there is none in time."""
        connection = secrets.token_urlsafe(12)
        asked = {"type": "offer", "connection": connection, "sdp": sdp}
        return Answer(connection, await self.ask(page, connection, asked))

    async def ask(self, page: Page, connection: str, asked: Mapping[str, object]) -> str:
        """What the page says of a connection when it is asked so; raises NoAnswer."""
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._asked[connection] = (page.reference, future)
        page.tell(asked)
        try:
            return await asyncio.wait_for(future, self._answer_s)
        except TimeoutError as error:
            page.dismiss()  # a page that is only slow connects again and is announced anew
            raise NoAnswer("visitor_gone") from error
        finally:
            del self._asked[connection]

    def answered(self, reference: str, connection: str, sdp: str | None) -> None:
        """The page of this visit answered, or could not (None); a late answer is dropped."""
        asked_of, future = self._asked.get(connection, (None, None))
        if asked_of != reference or future is None or future.done():
            return
        if sdp is None:
            future.set_exception(NoAnswer("no_answer"))
        else:
            future.set_result(sdp)

    def page_gone(self, reference: str) -> None:
        self._fail(reference, "visitor_gone")

    def visit_over(self, reference: str) -> None:
        self._fail(reference, "visit_over")

    def _fail(self, reference: str, code: str) -> None:
        for asked_of, future in self._asked.values():
            if asked_of == reference and not future.done():
                future.set_exception(NoAnswer(code))
