"""Devices that vanish in a visit: it is told, the rest goes on, and what is back is used again."""

from pathlib import Path

from kiosk.sandbox.family import Family
from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import CallStats, PictureStats, StageEntered
from tests.call.film import make_film
from tests.journeys.begun import Visit, begun

LONG_S = 300.0
"""Nothing else changes the screen: its last minute does not come."""
HEARING_S = 1.0
AUDIBLE_RMS = 0.001
BLACK_A_SECOND = 4
"""A terminal without a camera sends a black picture each half second."""


async def sent_in_a_second(visit: Visit) -> int:
    """How many pictures the terminal sends between its next two reports."""
    observer = visit.hall.trial.observer
    first = await observer.wait_for(CallStats, since=observer.mark())
    since = observer.seen.index(first) + 1
    return (await observer.wait_for(CallStats, since=since)).frames_sent - first.frames_sent


async def told_of(visit: Visit, device: str, event: str, since: int) -> None:
    """It is on record once within the visit, and the screen was drawn anew for it."""
    await visit.hall.has_record(event=event, stage="InVisit", detail=device)
    await visit.hall.trial.observer.drawn("Visit", since=since)


async def test_a_camera_that_vanishes_in_a_visit_leaves_the_sound_both_ways_and_comes_back(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    film = tmp_path / "film.mp4"
    make_film(film, pictures=5)
    whole = film.read_bytes()
    async with begun(
        tmp_path, family, sound, visit_s=LONG_S, hangs_up=True, camera=f"file:{film}"
    ) as visit:
        await visit.hall.sees("Visit")
        observer = visit.hall.trial.observer
        begins = vanished = observer.mark()
        film.write_bytes(b"")
        await told_of(visit, "camera", "DeviceDown", vanished)
        heard = await family.heard()
        await sent_in_a_second(visit)
        assert 0 < await sent_in_a_second(visit) <= BLACK_A_SECOND
        assert (await family.heard()).rms_since(heard) > AUDIBLE_RMS
        assert await sound.speaker_rms(HEARING_S) > AUDIBLE_RMS
        back = observer.mark()
        film.write_bytes(whole)
        await told_of(visit, "camera", "DeviceUp", back)
        await sent_in_a_second(visit)
        assert await sent_in_a_second(visit) > BLACK_A_SECOND
        assert not any(isinstance(m, StageEntered) for m in observer.seen[begins:])


async def test_sound_devices_that_vanish_in_a_visit_leave_the_pictures_both_ways(
    tmp_path: Path, family: Family, sound: PrivateSound
) -> None:
    async with begun(tmp_path, family, sound, visit_s=LONG_S, hangs_up=True) as visit:
        await visit.hall.sees("Visit")
        observer = visit.hall.trial.observer
        vanished = observer.mark()
        await sound.kill_server()
        for device in ("microphone", "speaker"):
            await told_of(visit, device, "DeviceDown", vanished)
        await sent_in_a_second(visit)
        assert await sent_in_a_second(visit) > BLACK_A_SECOND
        await observer.wait_for(PictureStats, since=observer.mark())
        assert not any(isinstance(m, StageEntered) for m in observer.seen[vanished:])
