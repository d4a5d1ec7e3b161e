"""The light callers and the crowd, each a few, at a real Janus and a real service."""

import json
from pathlib import Path

import pytest

from tests.bench.bench_janus import empty, limit_of
from tests.bench.bench_service import certified, hall_name, house
from tests.bench.orders import ordered

pytestmark = pytest.mark.journey


async def test_two_who_call_get_all_that_the_other_sends(tmp_path: Path) -> None:
    async with empty(tmp_path) as janus:
        level = await janus.best_level(1)
    assert level["calls"] == 1
    assert level["silent"] == 0
    assert level["packets_per_s"] == pytest.approx(400, rel=0.1)
    assert limit_of(level) != "loss"


async def test_each_terminal_of_the_crowd_asks_what_a_real_one_asks_first(tmp_path: Path) -> None:
    halls = {f"T{number}": hall_name(number) for number in range(3)}
    async with house(certified(tmp_path, list(halls))) as service:
        cards = service.book(range(30), len(halls))
        plan = {"url": service.url, "certificates": str(tmp_path), "terminals": halls}
        file = tmp_path / "crowd.json"
        file.write_text(json.dumps({**plan, "cards": cards}), encoding="utf-8")
        async with ordered("tests.bench.crowd", str(file)) as crowd:
            arrival = await crowd.ask("come", 0.0)
            later = await crowd.ask("measure", 3.0)
    asked = {
        name: arrival["replies"].get(name, 0) + later["replies"].get(name, 0)
        for name in ("heartbeat", "bookings", "identify")
    }
    assert arrival["faults"] == later["faults"] == {}
    assert min(asked.values()) >= len(halls)
    assert arrival["pings"] + later["pings"] >= len(halls)
