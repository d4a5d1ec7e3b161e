"""A kiosk-core that was killed in a visit obeys what it was told while it was away."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.core.app import Core
from kiosk.core.pocket import Pocket
from kiosk.core.service.clock_offset import Sample
from kiosk.core.service.replies import ExtendVisit
from kiosk.core.settings import (
    CoreSettings,
    ServiceSettings,
    StateSettings,
    TerminalSettings,
    WireSettings,
)
from kiosk.core.snapshot import Snapshot, pack, unpack
from kiosk.visit.beside import Standing
from kiosk.visit.reasons import OutOfOrder
from kiosk.visit.stages import InVisit, OutOfService
from tests.core.stages import AT, LIVE

THIS_BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def restarted(tmp_path: Path, snapshot: Snapshot, boot_id: str = THIS_BOOT) -> Core:
    """A core that has not yet heard from the service, and found this snapshot."""
    Pocket(tmp_path / "fleeting/stage").save(pack(snapshot, boot_id))
    return Core(
        CoreSettings(
            TerminalSettings("T1", "Terminal 1", "MDI", "Hall A"),
            ServiceSettings("http://127.0.0.1:9"),
            WireSettings(tmp_path / "core.sock", tmp_path / "bridge.sock"),
            StateSettings(tmp_path / "fleeting", tmp_path / "lasting"),
        )
    )


async def test_a_visit_that_was_extended_meanwhile_is_longer_before_the_service_tells_its_time(
    tmp_path: Path,
) -> None:
    now_s = SystemClock().monotonic()
    visit = replace(LIVE.visit, ends_at_s=now_s + 60, latest_end_s=now_s + 600)
    told = Sample(AT, now_s, half_trip_s=0.001)
    core = restarted(tmp_path, Snapshot(Standing(replace(LIVE, visit=visit)), "17", told))
    core._obey("18", ExtendVisit(visit.reference, AT + timedelta(seconds=300)))
    stage = core._terminal.stage
    core._terminal.stop()
    assert isinstance(stage, InVisit)
    assert stage.visit.ends_at_s == now_s + 300


async def test_a_visit_of_another_boot_is_not_gone_on_with(tmp_path: Path) -> None:
    core = restarted(tmp_path, Snapshot(Standing(LIVE), "17", None), "another boot")
    assert core._terminal.stage == OutOfService(OutOfOrder.STARTING)


async def test_what_core_keeps_is_of_this_boot(tmp_path: Path) -> None:
    core = restarted(tmp_path, Snapshot(Standing(LIVE), "17", None), "another boot")
    core._keep(Standing(LIVE))
    kept = Pocket(tmp_path / "fleeting/stage").load()
    assert kept is not None
    assert unpack(kept, THIS_BOOT) == Snapshot(Standing(LIVE), None, None)
