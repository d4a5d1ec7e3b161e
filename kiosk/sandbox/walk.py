"""One whole visit without a person: card, welcome, Join, talk, goodbye, with a picture of each screen."""

import asyncio
import logging
from pathlib import Path

from kiosk.clock import Seconds
from kiosk.errors import KioskError
from kiosk.sandbox.display import VirtualDisplay
from kiosk.sandbox.family import Family
from kiosk.sandbox.report import Report
from kiosk.sandbox.sound import PrivateSound
from kiosk.sandbox.trial import Equipment, Trial
from kiosk.wire.messages import CallEnded, Drawn, Message, RemoteDrawn

SAM_CARD = "62E3086CED"
SAM_VISIT = "v1-sam-mum"
STRANGER_CARD = "0102030405"
HOLD_S = 0.3
LISTEN_S = 2.0

log = logging.getLogger(__name__)


class Walk:
    """Walks through a visit of `visit_s` and leaves pictures and logs in `directory`."""

    def __init__(self, directory: Path, visit_s: Seconds) -> None:
        self._directory = directory
        self._visit_s = visit_s
        self._report = Report()
        self._shots: asyncio.Queue[str] = asyncio.Queue()
        self._display = VirtualDisplay()

    async def go(self) -> Report:
        """Walk, and return what was measured."""
        self._directory.mkdir(parents=True, exist_ok=True)
        await self._display.start()
        try:
            async with (
                PrivateSound() as sound,
                Family() as family,
                Trial(
                    self._directory,
                    self._visit_s,
                    Equipment(sound.environment, display=self._display, audio="pulse"),
                    on_message=self._hear,
                ) as trial,
            ):
                camera = asyncio.create_task(self._take_pictures())
                await self._visit(trial, family, sound)
                camera.cancel()
        finally:
            await self._display.stop()
        return self._report

    def _hear(self, message: Message) -> None:
        self._report.take(message)
        if isinstance(message, Drawn):
            self._shots.put_nowait(message.screen.removesuffix("Screen").lower())

    async def _take_pictures(self) -> None:
        while True:
            await self._picture(await self._shots.get())

    async def _picture(self, name: str) -> None:
        path = self._directory / f"{len(self._report.screenshots) + 1:02d}-{name}.png"
        await self._display.save(path)
        self._report.screenshots.append(str(path))

    async def _visit(self, trial: Trial, family: Family, sound: PrivateSound) -> None:
        observer = trial.observer
        await observer.drawn("Idle", patience_s=30)
        log.info("the terminal is ready")
        await trial.reader.hold(STRANGER_CARD, HOLD_S)
        refused = await observer.drawn("Refused")
        log.info("a card that nobody holds was refused")
        mark = observer.mark()
        await trial.tap(refused, "done")
        await observer.drawn("Idle", since=mark)
        trial.book_samples()
        await family.open(trial.family_url(SAM_VISIT))
        await family.enter_lobby()
        log.info("the family is in the waiting room")
        self._report.card_at_s = await trial.reader.hold(SAM_CARD, HOLD_S)
        welcome = await observer.drawn("Welcome")
        log.info("Sam is welcomed")
        await trial.tap(welcome, "join")
        await observer.wait_for(RemoteDrawn)
        log.info("the visit has begun")
        await self._talk(trial, family, sound)
        await observer.wait_for(CallEnded, patience_s=self._visit_s + 10)
        await observer.drawn("Goodbye")
        log.info("the family reads: %s", (await family.sees_end()).replace("\n", " "))

    async def _talk(self, trial: Trial, family: Family, sound: PrivateSound) -> None:
        """Listen on both sides, and measure while both talk."""
        if self._visit_s < 4 * LISTEN_S:
            raise KioskError(f"a visit of {self._visit_s:g} s is too short to measure")
        before = await family.heard()
        self._report.audio_rms_in = await sound.speaker_rms(LISTEN_S)
        self._report.audio_rms_out = (await family.heard()).rms_since(before)
        await self._picture("visit")
        await family.save_picture(self._directory / "family.png")
        pids = {program.name: trial.supervisor.pid(program.name) for program in trial.programs}
        self._report.measure_processes(pids)
