"""A visitor's browser that answers nonsense: what the person reads, and a good answer is still taken."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from kiosk.clock import Seconds
from kiosk.core.projection import PATIENT_ATTEMPTS
from kiosk.sandbox.sound import PrivateSound
from kiosk.sandbox.trial import Equipment
from kiosk.wire.messages import RemoteDrawn, StageEntered
from tests.call.visitor import Visitor
from tests.journeys.begun import join
from tests.journeys.hall import Hall, open_hall
from tests.journeys.own_page import waiting
from tests.journeys.reading import MIDDLE, Words, drawn

VISIT_S: Seconds = 60.0
PATIENCE_S: Seconds = 20.0

Spoil: TypeAlias = Callable[[str], str]


def of_another_certificate(answer: str) -> str:
    """Of somebody else than who will then be heard."""

    def other(found: re.Match[str]) -> str:
        return found[1] + ("00" if found[2] != "00" else "11")

    return re.sub(r"(a=fingerprint:sha-\d+ )(..)", other, answer)


def of_a_thousand_candidates(answer: str) -> str:
    return answer + "a=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n" * 1000


def of_no_medium_we_know(answer: str) -> str:
    return answer + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"


BAD: dict[Spoil, str] = {
    of_another_certificate: "ICE or DTLS failed",
    of_a_thousand_candidates: "the answer is too long",
    of_no_medium_we_know: "the answer has a medium that is neither sound nor picture",
}
"""Ways to spoil an answer, and why the call is lost then."""


class Answers:
    """Those of a browser; while they are `bad` each is spoiled in another way."""

    def __init__(self, *, bad: bool) -> None:
        self.bad = bad
        self.visitors: list[Visitor] = []
        self._ways = itertools.cycle(BAD)
        self._offered = asyncio.Condition()

    async def __call__(self, offer: str) -> str:
        self.visitors.append(Visitor())
        async with self._offered:
            self._offered.notify_all()
        answer = await self.visitors[-1].answer(offer)
        return next(self._ways)(answer) if self.bad else answer

    async def asked(self, count: int) -> None:
        """So many offers have come."""
        async with asyncio.timeout(PATIENCE_S), self._offered:
            await self._offered.wait_for(lambda: len(self.visitors) >= count)

    async def close(self) -> None:
        for visitor in self.visitors:
            await visitor.close()


@asynccontextmanager
async def answered(
    tmp_path: Path, sound: PrivateSound, *, bad: bool
) -> AsyncIterator[tuple[Hall, Answers]]:
    """A visit that Sam joins, at a terminal of which everything works."""
    answers = Answers(bad=bad)
    equipment = Equipment(sound.environment, audio="pulse")
    try:
        async with open_hall(tmp_path, equipment) as hall, waiting(hall, answers):
            await join(hall, VISIT_S)
            yield hall, answers
            assert not hall.exits
    finally:
        await answers.close()


@pytest.fixture(scope="module")
def safe(tmp_path_factory: pytest.TempPathFactory) -> Words:
    """That the picture comes back, and the time is safe."""
    return drawn("visit_reconnecting", tmp_path_factory.mktemp("words"), MIDDLE)


def losses(hall: Hall) -> list[str]:
    """Why calls were lost, as the call program has it in its log."""
    log = (hall.trial.logs / "kiosk-call.log").read_text()
    return re.findall(r"call \d+ is lost: (.*)", log)


async def test_who_is_answered_nonsense_reads_whom_to_tell_and_then_has_the_visit(
    tmp_path: Path, sound: PrivateSound, in_vain: Words
) -> None:
    async with answered(tmp_path, sound, bad=True) as (hall, answers):
        await hall.sees("Connecting")
        await in_vain.stands_at(hall, PATIENCE_S)
        assert len(losses(hall)) >= PATIENT_ATTEMPTS
        assert set(losses(hall)) == set(BAD.values())
        answers.bad = False
        await hall.sees("Visit")
        await hall.trial.observer.wait_for(RemoteDrawn)


async def test_who_has_met_and_is_answered_nonsense_reads_that_the_time_is_safe(
    tmp_path: Path, sound: PrivateSound, safe: Words
) -> None:
    async with answered(tmp_path, sound, bad=False) as (hall, answers):
        observer = hall.trial.observer
        met = await observer.wait_for(RemoteDrawn)
        mark, before, answers.bad = observer.mark(), len(answers.visitors), True
        await answers.visitors[-1].close()
        await safe.stands_at(hall)
        await answers.asked(before + len(BAD) + 1)
        assert set(losses(hall)) >= set(BAD.values())
        assert safe.is_in(await hall.display.picture())
        answers.bad = False
        await observer.wait_for(RemoteDrawn, lambda drawn: drawn.call > met.call, since=mark)
        assert not any(isinstance(told, StageEntered) for told in observer.seen[mark:])
