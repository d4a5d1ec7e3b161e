"""The sandbox's visit service for a terminal that is a page: the same contract, without TLS."""

import contextlib
import tempfile
from pathlib import Path
from typing import Final, Self

from kiosk.clock import Seconds
from kiosk.sandbox.bookings import Bookings
from kiosk.sandbox.database import Database
from kiosk.sandbox.files import write_settings
from kiosk.sandbox.instants import now_ms
from kiosk.sandbox.people import People
from kiosk.sandbox.samples import add_samples, booking_now
from kiosk.sandbox.service_process import ServiceProcess
from tests.bench.figures import CLOCK

SAM: Final = "A1234BC"


class Prison:
    """A service in a process of its own, with the sample people and no visit of Sam's."""

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as stack:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-prison-")))
            settings, file = place / "service.toml", place / "service.db"
            write_settings(settings, {"database": file, "desk_password": "bench"})
            service = ServiceProcess(settings, place / "service.log")
            stack.push_async_callback(service.stop)
            self.addresses = await service.start()
            database = Database(file)
            stack.callback(database.close)
            self.bookings = Bookings(database)
            add_samples(People(database, pin_tries=3), self.bookings, now_ms(CLOCK), 60)
            self.bookings.change("v1-sam-mum", cancelled=True)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def book(self, reference: str, visit_s: Seconds) -> str:
        """A visit of Sam's that begins now; the link for the family."""
        self.bookings.add(booking_now(reference, SAM, now_ms(CLOCK), visit_s))
        return f"{self.addresses.web}/visit#{self.bookings.link(reference)}"
