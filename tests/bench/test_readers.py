"""The bench of readers: when its status says that a bar was missed, and how it counts what is lost."""

from pathlib import Path
from typing import Any

import pytest

from firmware_bridge.simulators.pty import SimulatedPort
from kiosk.wire.devices import CardPresented
from kiosk.wire.secret import Secret
from tests.bench import bench_readers
from tests.bench.bench_readers import ROWS, beyond, rush
from tests.bench.figures import CLOCK
from tests.bridge import process
from tests.bridge.process import Ear


def found(lost: int = 0, **p95_ms: float) -> dict[str, Any]:
    """What a run measured: everything at its bar, but for these."""
    figures = {
        title: {"to_socket_ms": {"p95": p95_ms.get(title, row.bar_ms)}, "bar_of_p95": row.bar_ms}
        for title, row in ROWS.items()
    }
    return {**figures, "a_thousand_a_minute": {"shown": 1000, "heard": 1000 - lost, "lost": lost}}


def test_who_keeps_to_its_bar_misses_none() -> None:
    assert beyond(found()) == []


def test_each_reader_that_is_too_slow_is_named() -> None:
    assert beyond(found(barcode=10.1, twn4=100.1)) == ["barcode", "twn4"]


def test_a_card_that_was_lost_is_a_bar_that_was_missed() -> None:
    assert beyond(found(lost=1, osdp=101.0)) == ["osdp", "cards lost"]


class Deaf(Ear):
    """Hears each card but those that are lost."""

    def __init__(self, lost: set[str]) -> None:
        super().__init__(CLOCK)
        self._lost = lost

    def show(self, _port: SimulatedPort, _title: str, number: int) -> None:
        if (credential := f"{number:010X}") not in self._lost:
            self.hear(CardPresented("front", "em4100", "identifier", Secret(credential), 0.0))


@pytest.mark.parametrize("lost", [set(), {"0000000002"}, {"000000000A"}], ids=["none", "2", "last"])
async def test_a_rush_counts_what_was_lost_the_last_card_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: set[str]
) -> None:
    core = Deaf(lost)
    monkeypatch.setattr(bench_readers, "show", core.show)
    monkeypatch.setattr(process, "PATIENCE_S", 0.05)
    port = SimulatedPort(lambda: bench_readers.simulated("em4100_ascii", tmp_path), CLOCK)
    counted = await rush(port, core, 0.6)
    assert counted == {"shown": 10, "heard": 10 - len(lost), "lost": len(lost)}
