"""A site that takes no card which can be copied: two readers, and core.toml says whom it believes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from firmware_bridge.readers.osdp_key import save_key
from firmware_bridge.simulators.osdp import SimulatedOsdp
from firmware_bridge.simulators.pty import SimulatedPort
from kiosk.clock import SystemClock
from kiosk.sandbox.files import Table
from kiosk.sandbox.records import Card
from kiosk.sandbox.trial import Equipment
from kiosk.ui.words import REFUSALS
from tests.journeys.hall import Hall, card_of, open_hall

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = bytes(range(16))
BITS = "10111011000000110010000110"
SECURE = Card("wiegand_26", "118-1603")
"""What those bits are called; the OSDP reader shows them in its secure channel."""

SAM = "A1234BC"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trusted")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def osdp(place: Path) -> AsyncIterator[SimulatedPort]:
    for name in ("bridge.key", "reader.key"):
        save_key(place / name, KEY)
    reader = SimulatedOsdp(0, place / "reader.key")
    port = SimulatedPort(lambda: reader, SystemClock(), place / "osdp")
    port.plug()
    yield port
    port.unplug()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hall(place: Path, osdp: SimulatedPort) -> AsyncIterator[Hall]:
    reader: Table = {
        "name": "door",
        "kind": "osdp",
        "port": place / "osdp",
        "key_file": place / "bridge.key",
    }
    equipment = Equipment(
        terminal_settings={"trusted_cards": ("secure_channel",)}, readers=(reader,)
    )
    async with open_hall(place / "logs", equipment) as opened:
        sam = opened.trial.people.get(SAM)
        opened.trial.people.add(sam, SECURE)
        yield opened


async def test_a_card_that_can_be_copied_is_refused_with_its_sentence_and_nobody_is_asked(
    hall: Hall,
) -> None:
    await hall.shows_card(card_of("Sam"))
    await hall.sees("Refused")
    record = await hall.has_record(next_stage="Refused")
    assert (record["event"], record["detail"]) == ("CardPresented", "card_not_trusted")
    assert REFUSALS[record["detail"]].what == "This kind of card cannot be used here."
    await hall.touches("done")
    await hall.sees("Idle")
    assert not [one for one in hall.records() if one["event"] == "CardIdentified"]


async def test_the_same_person_is_greeted_by_the_card_that_came_in_a_secure_channel(
    hall: Hall, osdp: SimulatedPort
) -> None:
    osdp.obey(["card", BITS])
    await hall.sees("Welcome")
    await hall.has_record(event="CardIdentified", next_stage="Welcome")
