"""The family's pages that are connected now: one for each visit, and what each can do."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kiosk.clock import Seconds

_WAITING_LIMIT = 64


@dataclass(eq=False, slots=True)
class Page:
    """One page load of a visitor's browser. It is `ready` when it sits in the waiting room."""

    reference: str
    join_id: str
    camera: bool = False
    microphone: bool = False
    ready: bool = False
    connected: bool = True
    slow: bool = False
    wrote: str = ""
    said_at_s: Seconds = 0.0
    announced_to: str | None = None
    waits_told_to: str | None = None
    outbox: asyncio.Queue[Mapping[str, object] | None] = field(
        default_factory=lambda: asyncio.Queue(_WAITING_LIMIT + 1)
    )

    def tell(self, message: Mapping[str, object]) -> None:
        """Queue a message; a page that does not read is disconnected."""
        if self.outbox.qsize() >= _WAITING_LIMIT:
            self.dismiss()
        elif self.connected:
            self.outbox.put_nowait(message)

    def dismiss(self) -> None:
        """Close its connection after what is queued, or at once when that is too much."""
        if self.outbox.qsize() >= _WAITING_LIMIT:
            while not self.outbox.empty():
                self.outbox.get_nowait()
        self.outbox.put_nowait(None)


class Lobby:
    """Which page stands for the visitor of each visit. A newer page replaces an older one."""

    def __init__(self, grace_s: Seconds, on_gone: Callable[[Page], None]) -> None:
        self._grace_s = grace_s
        self._on_gone = on_gone
        self._pages: dict[str, Page] = {}
        self._leaving: dict[Page, asyncio.TimerHandle] = {}

    def page(self, reference: str) -> Page | None:
        return self._pages.get(reference)

    def arrive(self, reference: str, join_id: str) -> Page:
        """A page load connects, for the first time or again."""
        older = self._pages.get(reference)
        page = Page(reference, join_id)
        if older is not None:
            self._stay(older)
            page.wrote = older.wrote
            if older.join_id != join_id:
                older.tell({"type": "superseded"})
            older.dismiss()
        self._pages[reference] = page
        return page

    def depart(self, page: Page, closed_by_page: bool) -> None:
        """Its connection is gone: for good if the page said so, else it may come back."""
        page.connected = False
        if self._pages.get(page.reference) is not page:
            return
        if closed_by_page:
            self._gone(page)
            return
        loop = asyncio.get_running_loop()
        self._leaving[page] = loop.call_later(self._grace_s, self._gone, page)

    def close(self) -> None:
        """Disconnect every page."""
        for page in list(self._pages.values()):
            self._stay(page)
            if page.connected:
                page.dismiss()
        self._pages.clear()

    def _stay(self, page: Page) -> None:
        timer = self._leaving.pop(page, None)
        if timer is not None:
            timer.cancel()

    def _gone(self, page: Page) -> None:
        self._stay(page)
        if self._pages.get(page.reference) is page:
            del self._pages[page.reference]
            self._on_gone(page)
