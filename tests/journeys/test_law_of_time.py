"""A visit ends at its deadline, whatever is broken: within 100 ms, and no packet after that."""

import signal
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.sandbox.family import Family
from kiosk.sandbox.sound import PrivateSound
from tests.journeys.begun import SILENT_MS, begun, wait_until
from tests.journeys.hall import card_of

STUCK = Path(__file__).parent / "stuck"
FAKETIME = "usr/lib/*/faketime/libfaketime.so.1"
JUMP_S = 3600
STUCK_S = 1.0


async def test_a_visit_ends_in_time_though_the_browser_never_hangs_up(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound) as visit:
        await visit.call_told_its_end()
        await visit.hall.sees("Goodbye")
        await visit.browser_heard_nothing_later()
        await visit.hall.has_record(stage="InVisit", next_stage="Goodbye", detail="time_up")


async def test_a_visit_ends_in_time_though_the_screen_is_stopped(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound) as visit:
        visit.send(signal.SIGSTOP, "kiosk-ui")
        await visit.call_ended_in_time()
        await visit.browser_heard_nothing_later()


async def test_a_visit_ends_in_time_though_core_is_killed_and_can_not_come_back(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound) as visit:
        core_settings = visit.hall.trial.run / "etc/core.toml"
        core_settings.rename(core_settings.with_suffix(".away"))
        visit.send(signal.SIGKILL, "kiosk-core")
        await visit.browser_heard_nothing_later()


async def test_a_visit_ends_in_time_though_the_service_is_killed(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound) as visit:
        await visit.hall.trial.service.kill()
        await visit.call_ended_in_time()
        await visit.hall.sees("Goodbye")
        await visit.browser_heard_nothing_later()


async def test_a_visit_ends_in_time_though_kiosk_call_is_stuck_in_c(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    stuck = {"kiosk-call": {"PYTHONPATH": str(STUCK)}}
    async with begun(tmp_path, family, sound, stuck) as visit:
        await wait_until(visit.hall, visit.ends_at_s - STUCK_S)
        visit.send(signal.SIGUSR1, "kiosk-call")
        await visit.browser_heard_nothing_later(silent_ms=1000 * STUCK_S + SILENT_MS)
        visit.kernel_ended_the_call()


@pytest.mark.parametrize("apart_s", [-JUMP_S, JUMP_S])
async def test_a_visit_ends_in_time_though_the_clocks_of_service_and_terminal_are_an_hour_apart(
    tmp_path: Path, family: Family, sound: PrivateSound, apart_s: int
) -> None:
    async with begun(tmp_path, family, sound, faked(tmp_path, f"{apart_s:+}")) as visit:
        await visit.call_ended_in_time()
        await visit.hall.sees("Goodbye")
        await visit.browser_heard_nothing_later()
        await visit.hall.has_record(stage="InVisit", next_stage="Goodbye", detail="time_up")
        await visit.hall.has_record(event="ClocksApart", detail=f"{-apart_s:+} s")


def faked(tmp_path: Path, shift: str) -> dict[str, dict[str, str]]:
    """All programs of the terminal with a wall clock that is shifted, by a file that can change."""
    file = tmp_path / "shift"
    file.write_text(shift)
    environment = {
        "LD_PRELOAD": str(next(Path("/").glob(FAKETIME))),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    programs = ("firmware-bridge", "kiosk-core", "kiosk-call", "kiosk-ui")
    return dict.fromkeys(programs, environment)


async def test_a_visit_ends_in_time_though_the_wall_clock_jumps_an_hour_ahead_and_two_back(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, faked(tmp_path, "+0")) as visit:
        (tmp_path / "shift").write_text(f"+{JUMP_S}")
        await visit.hall.shows_card(card_of("Omar"))
        await visit.hall.sees("Visit")
        (tmp_path / "shift").write_text(f"-{JUMP_S}")
        await visit.call_ended_in_time()
        await visit.hall.sees("Goodbye")
        await visit.browser_heard_nothing_later()
        card = await visit.hall.has_record(stage="InVisit", detail="other_card")
        end = await visit.hall.has_record(stage="InVisit", next_stage="Goodbye", detail="time_up")
        jumped_s = [
            datetime.fromisoformat(record["at"]).timestamp() - visit.ends_at_ms / 1000
            for record in (card, end)
        ]
        assert jumped_s == pytest.approx([JUMP_S, -JUMP_S], abs=60)
