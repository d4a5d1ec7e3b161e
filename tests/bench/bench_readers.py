"""Measures cards from every kind of reader: `python -m tests.bench.bench_readers [--quick]`.

The real bridge with a simulated reader of each kind on a pseudo-terminal, and both cores kept busy
by others. For a reader that only talks: from a frame's last byte to the card on kiosk-core's
socket. For one that is asked: from the card at the reader to there, asking included, and the card
comes at any moment of its rhythm. And a thousand cards a minute at one that only talks, of which
none may be lost. Each figure stands beside its bar; the status is 1 when one is beyond it.
"""

import argparse
import asyncio
import multiprocessing
import os
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from firmware_bridge.readers.em4100_ascii import Em4100Frame
from firmware_bridge.readers.osdp_key import save_key
from firmware_bridge.simulators.device import SimulatedDevice
from firmware_bridge.simulators.osdp import SimulatedOsdp
from firmware_bridge.simulators.pn532 import SimulatedPn532
from firmware_bridge.simulators.pty import SimulatedPort
from firmware_bridge.simulators.rdm6300 import SimulatedRdm6300
from firmware_bridge.simulators.twn4 import SimulatedTwn4
from kiosk.clock import Seconds
from kiosk.wire.devices import CardPresented
from tests.bench.figures import CLOCK, publish, spread
from tests.bridge.process import BridgeProcess, Ear, listening

TALKS_MS = 10.0
ASKED_MS = 100.0


@dataclass(frozen=True)
class Row:
    """A kind of reader, what bridge.toml says of it, and what p95 may be."""

    kind: str
    bar_ms: float
    settings: str = ""


ROWS = {
    "em4100_ascii": Row("em4100_ascii", TALKS_MS),
    "em4100_bare": Row("em4100_bare", TALKS_MS),
    "barcode": Row("line", TALKS_MS, "profile = \"barcode\"\npattern = '\\d{13}'\n"),
    "magstripe with CR": Row("line", TALKS_MS, 'profile = "magstripe"\n'),
    "magstripe without an end": Row("line", TALKS_MS, 'profile = "magstripe"\n'),
    "pn532_hsu": Row("pn532_hsu", ASKED_MS),
    "twn4": Row("twn4", ASKED_MS),
    "osdp": Row("osdp", ASKED_MS),
}
A_MINUTE = 1000
SEED = 1
GAPS_S: tuple[Seconds, Seconds] = (0.05, 0.25)
"""Between a card that was heard and the next: over several asks of any reader, and no flood."""

KEY = bytes(range(16))


@dataclass(frozen=True)
class Length:
    """How many cards of each kind, and for how long a thousand a minute."""

    cards: int = 200
    rush_s: Seconds = 60.0


QUICK = Length(cards=20, rush_s=6.0)


async def measured(length: Length) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with busy_cores(), tempfile.TemporaryDirectory() as name:
        for number, (title, row) in enumerate(ROWS.items()):
            async with bridge_with(Path(name) / str(number), row) as (port, core):
                figures = await latency(port, core, title, length.cards)
            found[title] = figures | {"bar_of_p95": row.bar_ms}
        async with bridge_with(Path(name) / "rush", ROWS["em4100_ascii"]) as (port, core):
            found["a_thousand_a_minute"] = await rush(port, core, length.rush_s)
    return found


def beyond(found: Mapping[str, Any]) -> list[str]:
    """What is beyond its bar."""
    rows = {title: found[title] for title in ROWS}
    slow = [title for title, row in rows.items() if row["to_socket_ms"]["p95"] > row["bar_of_p95"]]
    return [*slow, "cards lost"] if found["a_thousand_a_minute"]["lost"] else slow


async def latency(port: SimulatedPort, core: Ear, title: str, cards: int) -> dict[str, object]:
    """Each card is another one, so that none has to be taken away first."""
    chance, taken_ms = random.Random(SEED), []
    for number in range(1, cards + 1):
        await asyncio.sleep(chance.uniform(*GAPS_S))
        shown_s = CLOCK.monotonic()
        show(port, title, number)
        heard_s, _ = await core.next(CardPresented)
        taken_ms.append((heard_s - shown_s) * 1000)
    return {"cards": cards, "to_socket_ms": spread(taken_ms)}


async def rush(port: SimulatedPort, core: Ear, for_s: Seconds) -> dict[str, object]:
    """As many cards as are due by now, one after the other; then count what was heard."""
    began_s, shown = CLOCK.monotonic(), 0
    while shown < A_MINUTE * for_s / 60:
        shown += 1
        show(port, "em4100_ascii", shown)
        await asyncio.sleep(max(0.0, began_s + shown * 60 / A_MINUTE - CLOCK.monotonic()))
    last = f"{shown:010X}"
    with suppress(TimeoutError):
        await core.next(CardPresented, lambda card: card.credential.reveal() == last)
    heard = len({card.credential.reveal() for card in core.of(CardPresented)})
    return {"shown": shown, "heard": heard, "lost": shown - heard}


def show(port: SimulatedPort, title: str, number: int) -> None:
    """A reader that only talks sends one frame; another one finds the card when it is asked."""
    match title:
        case "em4100_ascii":
            port.send(Em4100Frame(number.to_bytes(5)).to_bytes())
        case "em4100_bare":
            port.send(Em4100Frame(number.to_bytes(5)).to_bytes()[1:-1])
        case "barcode":
            port.send(f"{number:013}\r\n".encode())
        case "magstripe with CR":
            port.send(f";{number:013}=2512?\r".encode())
        case "magstripe without an end":
            port.send(f";{number:013}=2512?".encode())
        case "pn532_hsu":  # no number begins with the 08 of a random one
            port.obey(["hold", f"04{number:06X}", "0.5"])
        case _:
            port.obey(["hold", f"{number:010X}", "0.5"])


@asynccontextmanager
async def bridge_with(directory: Path, row: Row) -> AsyncIterator[tuple[SimulatedPort, Ear]]:
    """The real bridge with one reader of that kind, which works."""
    (directory / "bridge").mkdir(parents=True)
    key = directory / "reader.key"
    save_key(key, KEY)
    port = SimulatedPort(partial(simulated, row.kind, key), CLOCK, directory / "reader")
    port.plug()
    bridge = KindOfBridge(directory, directory / "reader", row, key)
    await bridge.start()
    try:
        async with listening(bridge.socket) as core:
            await core.up()
            yield port, core
    finally:
        await bridge.clear_away()
        port.unplug()


class KindOfBridge(BridgeProcess):
    """The bridge with a reader of another kind than its tests have."""

    def __init__(self, directory: Path, port: Path, row: Row, key: Path) -> None:
        super().__init__(directory, port)
        config = directory / "bridge.toml"
        extra = f'key_file = "{key}"\n' if row.kind == "osdp" else row.settings
        config.write_text(config.read_text().replace("em4100_ascii", row.kind) + extra)


def simulated(kind: str, key: Path) -> SimulatedDevice:
    match kind:
        case "pn532_hsu":
            return SimulatedPn532()
        case "twn4":
            return SimulatedTwn4(crc=False)
        case "osdp":
            return SimulatedOsdp(0, key)
        case _:
            return SimulatedRdm6300()


@contextmanager
def busy_cores() -> Iterator[None]:
    """A process for each core that does nothing but keep it busy."""
    processes = [
        multiprocessing.Process(target=_burn, daemon=True) for _ in range(os.cpu_count() or 1)
    ]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()


def _burn() -> None:
    while True:
        pass


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer cards")
    chosen = QUICK if parser.parse_args().quick else Length()
    found = asyncio.run(measured(chosen))
    publish("readers", found)
    missed = beyond(found)
    sys.exit(f"beyond its bar: {', '.join(missed)}" if missed else 0)
