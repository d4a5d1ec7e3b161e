"""How the tests of the lobby and of a visit's conduct bring people together."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

from kiosk.sandbox.app import Sandbox
from tests.sandbox.family import FamilyPage
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Stream, Terminal

Family: TypeAlias = Callable[..., AbstractAsyncContextManager[FamilyPage]]

SAM = ("v1-sam-mum", "A1234BC")
DAN = ("v2-dan-mum", "B2345CD")
OFFER = "v=0\r\noffer\r\n"


async def meet(terminal: Terminal, stream: Stream, page: FamilyPage) -> None:
    """Bring a visit that is admitted at once to the point where a call can begin."""
    await terminal.join(*SAM)
    await page.ready()
    ready = await stream.until("visitor_ready")
    assert ready.data["join_id"] == page.join_id


async def admit_all(officer: Officer) -> None:
    for visitor, full_name in enumerate(("Maria Carter", "Aisha Carter")):
        await officer.act(
            "admit",
            reference="v2-dan-mum",
            visitor=visitor,
            full_name=full_name,
            admission="admitted",
        )


async def meet_dan(terminal: Terminal, stream: Stream, page: FamilyPage, officer: Officer) -> None:
    """Bring a visit whose visitors an officer admits to the point where a call can begin."""
    await terminal.join(*DAN)
    await page.ready()
    await page.until("state", phase="lobby")
    await admit_all(officer)
    await stream.until("release")


async def take_back(officer: Officer) -> None:
    """One of two visitors is not let in any more."""
    await officer.act(
        "admit",
        reference="v2-dan-mum",
        visitor=0,
        full_name="Maria Carter",
        admission="waiting",
    )


async def quiet(terminal: Terminal, stream: Stream, sandbox: Sandbox) -> list[str]:
    """The names of all events up to now: a marker is sent and waited for."""
    sandbox.house.events.send(terminal.id, "settings", {})
    before = len(stream.events)
    await stream.until("settings")
    return [event.name for event in stream.events[before:-1]]
