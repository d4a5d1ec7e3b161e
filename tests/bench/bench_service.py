"""Measures the sandbox's service: `python -m tests.bench.bench_service [--quick]` adds to build/links.json.

A thousand terminals speak to the real service under mutual TLS: all of them arrive, and then do what
terminals do while nobody visits, and while cards are shown. Then there are ever more bookings. Last a real
terminal has a visit, and what it asks is counted. `--quick` looks for a shorter time.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
from aiohttp import ClientSession, ClientTimeout, CookieJar
from yarl import URL

from kiosk.clock import Seconds
from kiosk.sandbox.authority import Authority
from kiosk.sandbox.bookings import Bookings
from kiosk.sandbox.database import Database
from kiosk.sandbox.family import Family
from kiosk.sandbox.files import Table, write_settings
from kiosk.sandbox.instants import Milliseconds, now_ms
from kiosk.sandbox.people import People
from kiosk.sandbox.records import Booking, Card, Person, Visitor
from kiosk.sandbox.samples import PRISON
from kiosk.sandbox.service_process import ServiceProcess
from kiosk.sandbox.trial import Equipment, Sfu
from tests.bench.counting import Upstream, counting
from tests.bench.figures import CLOCK, cpu_percent, leave_links, pss_mb, spread
from tests.bench.orders import Ordered, ordered
from tests.journeys.hall import card_of, open_hall

TERMINALS: Final = 1000
HALLS: Final = 100
BOOKINGS: Final = 10_000
"""A day: ten at each terminal."""

COME_S: Final[Seconds] = 60.0
WATCHED_S: Final[Seconds] = 20.0
"""In which two of three terminals send a heartbeat."""

QUICK_S: Final[Seconds] = 15.0
PER_DAY: Final = (10, 100, 1_000, 10_000)
ASKED: Final = 10
PATIENCE_S: Final[Seconds] = 60.0
SETTLE_S: Final[Seconds] = 4.0
VISIT_S: Final[Seconds] = 6.0
SFUS: Final[tuple[Sfu, ...]] = ("none", "janus")
BY_THE_HOUR: Final = ("GET bookings", "GET events", "POST heartbeat")
PASSWORD: Final = "bench"

_SLOT_MS: Final = 45 * 60_000
_FIRST_MS: Final = 8 * 3_600_000
_SLOTS: Final = 10


def booked(number: int, hall: str, midnight_ms: Milliseconds) -> tuple[Person, Card, Booking]:
    """A person, their card, and their visit in one of ten slots of the day."""
    letter = chr(ord("A") + number // 10_000)
    person = Person(
        number=f"{letter}{number % 10_000:04}BC", first_name=f"Sam {number}", prison=PRISON
    )
    starts_at_ms = midnight_ms + _FIRST_MS + number % _SLOTS * _SLOT_MS
    booking = Booking(
        reference=f"b{number:05}",
        number=person.number,
        prison=PRISON,
        hall=hall,
        opens_at_ms=starts_at_ms - 600_000,
        starts_at_ms=starts_at_ms,
        ends_at_ms=starts_at_ms + 1_800_000,
        visitors=(Visitor(f"Maria Carter {number}", "Mum"),),
    )
    return person, Card("em4100", f"{number:010X}"), booking


def cpu_s(process: psutil.Process) -> Seconds:
    times = process.cpu_times()
    return float(times.user + times.system)


def today_ms() -> Milliseconds:
    at_ms = now_ms(CLOCK)
    return at_ms - at_ms % 86_400_000


@dataclass(frozen=True, slots=True)
class House:
    """A service in a process of its own, and its database, which may change beside it."""

    place: Path
    url: str
    officer: str
    process: psutil.Process
    people: People
    bookings: Bookings

    def book(self, numbers: range, halls: int) -> dict[str, list[str]]:
        """One booking for each number; the cards of each hall."""
        cards: dict[str, list[str]] = {}
        added = []
        for number in numbers:
            hall = hall_name(number // _SLOTS % halls)
            person, card, booking = booked(number, hall, today_ms())
            self.people.add(person, card)
            added.append(booking)
            cards.setdefault(hall, []).append(card.value)
        self.bookings.add(*added)
        return cards


def hall_name(number: int) -> str:
    return f"Hall {number}"


@asynccontextmanager
async def house(listener: Table) -> AsyncIterator[House]:
    with tempfile.TemporaryDirectory(prefix="bench-service-") as directory:
        place = Path(directory)
        settings, file = place / "service.toml", place / "service.db"
        database = Database(file)
        write_settings(
            settings, {"database": file, "desk_password": PASSWORD, "api": {"port": 0, **listener}}
        )
        service = ServiceProcess(settings, place / "service.log")
        addresses = await service.start()
        assert service.pid is not None
        try:
            yield House(
                place,
                addresses.api,
                addresses.officer,
                psutil.Process(service.pid),
                People(database, pin_tries=3),
                Bookings(database),
            )
        finally:
            await service.stop()
            database.close()


async def terminals(for_s: Seconds) -> dict[str, Any]:
    """A thousand of them: their arrival, and their everyday."""
    with tempfile.TemporaryDirectory(prefix="bench-crowd-") as directory:
        trust = Path(directory)
        halls = {f"T{number:04}": hall_name(number % HALLS) for number in range(TERMINALS)}
        async with house(certified(trust, list(halls))) as service:
            cards = service.book(range(BOOKINGS), HALLS)
            plan = {"url": service.url, "certificates": directory, "terminals": halls}
            file = trust / "crowd.json"
            file.write_text(json.dumps({**plan, "cards": cards}), encoding="utf-8")
            async with ordered("tests.bench.crowd", str(file)) as crowd:
                arrival = await arriving(service, crowd)
                await asyncio.sleep(SETTLE_S)
                return {"arrival": arrival, "everyday": await everyday(service, crowd, for_s)}


def certified(trust: Path, names: list[str]) -> Table:
    """A certificate for each, and the service's listener for them alone."""
    authority = Authority(CLOCK)
    certificate, key = authority.service("127.0.0.1").write(trust, "service")
    (trust / "authority.pem").write_bytes(authority.certificate)
    for name in names:
        authority.terminal(name).write(trust, name)
    return {"certificate": certificate, "key": key, "client_ca": trust / "authority.pem"}


async def arriving(service: House, crowd: Ordered) -> dict[str, Any]:
    before_s = cpu_s(service.process)
    found = await crowd.ask("come", COME_S)
    each_ms = 1000 * (cpu_s(service.process) - before_s) / TERMINALS
    return {**found, "service_cpu_ms_each": round(each_ms, 1)}


async def everyday(service: House, crowd: Ordered, for_s: Seconds) -> dict[str, Any]:
    found, service_percent, crowd_percent = await asyncio.gather(
        crowd.ask("measure", for_s),
        cpu_percent(service.process, for_s),
        cpu_percent(crowd.process, for_s),
    )
    return {
        **found,
        "service_cpu_percent": service_percent,
        "service_memory_mb": pss_mb(service.process),
        "terminals_cpu_percent": crowd_percent,
    }


async def per_day() -> dict[str, Any]:
    """How long today's bookings of one hall of ten take, and what an officer sees of all, in ms."""
    found, before = {}, 0
    async with (
        house({}) as service,
        ClientSession(timeout=ClientTimeout(PATIENCE_S)) as session,
    ):
        for count in PER_DAY:
            service.book(range(before, count), 10)
            before = count
            url = f"{service.url}/terminal/v1/bookings?hall={hall_name(0)}"
            asked = [await asking(session, url) for _ in range(ASKED)]
            page_ms, page_bytes = await officers_page(service.officer)
            found[str(count)] = {
                **spread([took_ms for took_ms, _ in asked]),
                "bytes": asked[0][1],
                "officer_ms": round(page_ms, 1),
                "officer_bytes": page_bytes,
            }
    return found


async def asking(session: ClientSession, url: str) -> tuple[float, int]:
    """How long a reply took, in ms, and its bytes."""
    began_s = CLOCK.monotonic()
    async with session.get(url, headers={"Terminal": "T1"}) as reply:
        size_bytes = len(await reply.read())
        assert reply.status == 200, reply.status
    return 1000 * (CLOCK.monotonic() - began_s), size_bytes


async def officers_page(address: str) -> tuple[float, int]:
    """How long it takes until an officer who has logged in sees all visits, in ms, and the bytes."""
    url = URL(address)
    headers = {"Origin": str(url.origin())}
    async with ClientSession(cookie_jar=CookieJar(unsafe=True), headers=headers) as session:
        async with session.post(url / "login", json={"password": PASSWORD}) as reply:
            assert reply.status == 204, reply.status
        began_s = CLOCK.monotonic()
        async with session.ws_connect(url / "socket", max_msg_size=0) as socket:
            size_bytes = len(await socket.receive_str(timeout=PATIENCE_S))
    return 1000 * (CLOCK.monotonic() - began_s), size_bytes


async def visits() -> dict[str, dict[str, int]]:
    """One from peer to peer, and one through a media server."""
    async with Family() as family:
        return {sfu: await visit(family, sfu) for sfu in SFUS}


async def visit(family: Family, sfu: Sfu) -> dict[str, int]:
    """What a real terminal asks for in a visit from the card to the goodbye, beside what is by the hour."""
    with tempfile.TemporaryDirectory(prefix="bench-visit-") as place:
        async with (
            counting() as service,
            open_hall(Path(place), Equipment(service_url=service.url, sfu=sfu)) as hall,
        ):
            port = int(hall.trial.addresses.api.rsplit(":", 1)[1])
            service.upstream = Upstream(port, hall.trial.run / "trust")
            await hall.has_todays_bookings()
            await family.open(hall.trial.family_url("v1-sam-mum"))
            await family.enter_lobby()
            hall.book("Sam", VISIT_S)
            service.asked.clear()
            await hall.shows_card(card_of("Sam"))
            await hall.sees("Welcome")
            await hall.touches("join")
            await hall.sees("Goodbye", patience_s=2 * VISIT_S)
            await asyncio.sleep(SETTLE_S)  # for the last record: nothing says that no more comes
        return {name: n for name, n in sorted(service.asked.items()) if name not in BY_THE_HOUR}


async def measure(quick: bool) -> dict[str, Any]:
    return {
        "terminals": await terminals(QUICK_S if quick else WATCHED_S),
        "bookings_ms": await per_day(),
        "requests_of_a_visit": await visits(),
    }


def main() -> int:
    """0 when all could be measured; what was found is not judged."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_service")
    parser.add_argument("--quick", action="store_true", help="for a shorter time")
    load = round(os.getloadavg()[0], 1)
    found = asyncio.run(measure(parser.parse_args().quick))
    leave_links({"service": {**found, "load_before": load}})
    return 0


if __name__ == "__main__":
    sys.exit(main())
