"""A visit ends at its deadline, whatever is broken: within 100 ms, and no packet after that."""

import signal
from pathlib import Path

from kiosk.sandbox.family import Family
from kiosk.sandbox.sound import PrivateSound
from tests.journeys.begun import LATE_MS, SEEN_S, begun, wait_until

STUCK = Path(__file__).parent / "stuck"
FAKETIME = "usr/lib/*/faketime/libfaketime.so.1"


async def test_a_visit_ends_in_time_though_the_browser_never_hangs_up(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound) as visit:
        await visit.call_ended_in_time()
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
        visit.send(signal.SIGUSR1, "kiosk-call")
        await wait_until(visit.hall, visit.ends_at_s + SEEN_S + LATE_MS / 1000)
        visit.kernel_ended_the_call()


async def test_a_visit_ends_in_time_though_the_wall_clock_jumps_by_an_hour(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    shift = tmp_path / "shift"
    shift.write_text("+0")
    library = next(Path("/").glob(FAKETIME))
    faked = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(shift),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    programs = dict.fromkeys(("firmware-bridge", "kiosk-core", "kiosk-call", "kiosk-ui"), faked)
    async with begun(tmp_path, family, sound, programs) as visit:
        shift.write_text("+3600")
        await visit.call_ended_in_time()
        await visit.hall.sees("Goodbye")
        await visit.browser_heard_nothing_later()
