"""A hostile family in a whole visit: no program dies, the visit goes on, and ends when it must."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from struct import pack
from typing import Final

from aiortc.rtp import RTCP_PSFB, RTCP_PSFB_PLI, RtpPacket, pack_rtcp_packet

from kiosk.clock import Seconds
from kiosk.sandbox.sound import PrivateSound
from kiosk.sandbox.trial import Equipment
from kiosk.wire.messages import CallConnected, CallSilent, PictureStats, RemoteDrawn, StageEntered
from tests.call.encoded import VP8, encoded
from tests.call.hostile import ATTACK_MB, CHANCE, Attacker, Stream, noise
from tests.call.memory import grows_less_than
from tests.journeys.begun import LATE_MS, SILENT_MS, Timed, join, wait_until
from tests.journeys.hall import Hall, open_hall
from tests.journeys.own_page import waiting

VISIT_S: Final[Seconds] = 12.0
CALM_S: Final[Seconds] = 1.0
"""Before the end what was done is looked at; it is done until the end all the same."""

SIZES: Final = [(16, 16), (1920, 1080), (2, 2), (1080, 1920), (8192, 16), (130, 98)]


async def send_noise(attacker: Attacker) -> None:
    """Noise of every kind, stamps that jump, a stream more with each packet, and wishes for pictures."""
    formats = attacker.format_of("video"), attacker.format_of("audio")
    wish = pack("!LL", 1, attacker.source_of_terminal("video"))
    wishes = pack_rtcp_packet(RTCP_PSFB, RTCP_PSFB_PLI, wish) * 100
    for at in itertools.count():
        number, known = at & 0xFFFF, formats[at % 2]
        anything = CHANCE.randbytes(900)
        await attacker.send(
            noise(0x80, 1200),
            RtpPacket(at % 128, at & 1, number, CHANCE.getrandbits(32), 7, anything),
            RtpPacket(known, 0, number, 0xFFFFFFFF * (at // 2 % 2), 8, b"\x10a"),
            RtpPacket(known, 0, number, 0, 1000 + at, b"\x10abc"),
            wishes,
        )
        attacker.send_plain(noise(CHANCE.getrandbits(8), 200))
        await asyncio.sleep(0.002)


async def send_sizes(attacker: Attacker) -> None:
    """A picture of another size each time, in place of their own, for two seconds."""
    frames = [encoded(VP8, size_px)[0].data for size_px in SIZES]
    stream, theirs = Stream(attacker, VP8), attacker.sender("video")
    theirs._enabled = False
    for at, frame in zip(range(60), itertools.cycle(frames), strict=False):
        await stream.send(frame, at * 3000)
        await asyncio.sleep(1 / 30)
    theirs._enabled = True


async def attack(attacker: Attacker) -> None:
    """All of it; the call of a terminal that can not bear it is gone before the end."""
    with suppress(ConnectionError):
        await send_sizes(attacker)
        await send_noise(attacker)


@asynccontextmanager
async def attacked(attacker: Attacker) -> AsyncIterator[None]:
    """From now on, whatever the terminal does."""
    async with asyncio.TaskGroup() as group:
        attacking = group.create_task(attack(attacker))
        yield
        attacking.cancel()


@contextmanager
def bounded(hall: Hall) -> Iterator[None]:
    """Fails when a program of the terminal has died, or has grown by more than two attacks may take."""
    with ExitStack() as bounds:
        for program in hall.trial.programs:
            pid = hall.trial.supervisor.pid(program.name)
            assert pid is not None
            bounds.enter_context(grows_less_than(2 * ATTACK_MB, pid))
        yield
        assert hall.exits == []


@asynccontextmanager
async def met(tmp_path: Path, sound: PrivateSound) -> AsyncIterator[tuple[Timed, Attacker]]:
    """Sam sees his family, which has been as everybody is."""
    equipment = Equipment(
        sound.environment, audio="pulse", service_settings={"credit_limit_s": 0.0}
    )
    attackers: list[Attacker] = []

    async def answer(offer: str) -> str:
        attackers.append(Attacker("video/VP8"))
        return await attackers[-1].answer(offer)

    try:
        async with open_hall(tmp_path, equipment) as hall, waiting(hall, answer):
            visit = Timed(hall, await join(hall, VISIT_S))
            await hall.trial.observer.wait_for(RemoteDrawn)
            await attackers[-1].sees()
            await attackers[-1].hears()
            yield visit, attackers[-1]
    finally:
        for attacker in attackers:
            await attacker.close()


async def test_a_hostile_family_brings_no_program_down_and_the_visit_ends_in_time(
    tmp_path: Path, sound: PrivateSound
) -> None:
    async with met(tmp_path, sound) as (visit, attacker):
        hall, observer = visit.hall, visit.hall.trial.observer
        mark = observer.mark()
        async with attacked(attacker):
            with bounded(hall):
                await wait_until(hall, visit.ends_at_s - CALM_S)
            happened = observer.seen[mark:]
            drawn = [told.frames_drawn for told in happened if isinstance(told, PictureStats)]
            assert drawn[0] < drawn[len(drawn) // 2] < drawn[-1]
            assert not any(
                isinstance(told, StageEntered | CallSilent | CallConnected) for told in happened
            )
            await visit.call_ended_in_time()
        assert -SILENT_MS < (attacker.packets[-1] - visit.ends_at_s) * 1000 <= LATE_MS
        await hall.sees("Goodbye")
        await hall.has_record(stage="InVisit", next_stage="Goodbye", detail="time_up")
        for program in hall.trial.programs:
            assert "Traceback" not in (hall.trial.logs / f"{program.name}.log").read_text()
