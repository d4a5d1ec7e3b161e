"""One whole visit without a person: card, welcome, Join, talk, goodbye, with a picture of each screen."""

import asyncio
import logging
from collections.abc import Collection
from pathlib import Path

from playwright.async_api import Error as BrowserError

from kiosk.clock import Seconds, SystemClock
from kiosk.errors import KioskError
from kiosk.sandbox.album import Album
from kiosk.sandbox.display import VirtualDisplay
from kiosk.sandbox.family import Family
from kiosk.sandbox.report import Report
from kiosk.sandbox.sound import PrivateSound
from kiosk.sandbox.trial import Equipment, Sfu, Trial
from kiosk.wire.messages import CallEnded, Drawn, Message, RemoteDrawn

SAM_CARD = "62E3086CED"
SAM_VISIT = "v1-sam-mum"
DAN_CARD = "01000734E0"
DAN_VISIT = "v2-dan-mum"
STRANGER_CARD = "0102030405"
HOLD_S = 0.3
LISTEN_S = 2.0
PICTURE_S = 5.0
SCREENS = (
    "idle",
    "checking",
    "refused",
    "welcome",
    "waiting",
    "connecting",
    "visit",
    "goodbye",
)

log = logging.getLogger(__name__)


class Walk:
    """Walks through a visit of `visit_s` and leaves pictures and logs in `directory`."""

    def __init__(self, directory: Path, visit_s: Seconds, sfu: Sfu = "none") -> None:
        self._directory = directory
        self._sfu: Sfu = sfu
        self._visit_s = visit_s
        self._report = Report()
        self._display = VirtualDisplay()
        self._album = Album(self._display, directory, SystemClock())

    async def go(self) -> Report:
        """Walk, and return what was measured."""
        self._directory.mkdir(parents=True, exist_ok=True)
        try:
            await self._display.start()
            async with (
                PrivateSound() as sound,
                Family() as family,
                Trial(
                    self._directory,
                    self._visit_s,
                    Equipment(
                        sound.environment, display=self._display, audio="pulse", sfu=self._sfu
                    ),
                    on_message=self._hear,
                ) as trial,
            ):
                keeping = asyncio.create_task(self._album.fill())
                try:
                    await self._visit(trial, family, sound)
                finally:
                    keeping.cancel()
                    await asyncio.gather(keeping, return_exceptions=True)
        except BrowserError as error:
            raise KioskError(f"the family's browser: {error}") from error
        finally:
            await self._display.stop()
        self._report.screenshots = self._album.files
        look_for_all(self._album.pictured)
        return self._report

    def _hear(self, message: Message) -> None:
        self._report.take(message)
        if isinstance(message, Drawn):
            self._album.turn_page(message)

    async def _pictured(self, drawn: Drawn) -> None:
        try:
            async with asyncio.timeout(PICTURE_S):
                await self._album.has(drawn)
        except TimeoutError as error:
            raise KioskError(f"there is no picture of the {drawn.screen}") from error

    async def _visit(self, trial: Trial, family: Family, sound: PrivateSound) -> None:
        observer = trial.observer
        idle = await observer.drawn("Idle", patience_s=30)
        log.info("the terminal is ready")
        await self._pictured(idle)
        await self._refuse_stranger(trial)
        await self._wait_in_vain(trial, family)
        trial.book_samples()
        await family.open(trial.family_url(SAM_VISIT))
        await family.enter_lobby()
        log.info("the family is in the waiting room")
        mark = observer.mark()
        self._report.card_at_s = await trial.reader.hold(SAM_CARD, HOLD_S)
        welcome = await observer.drawn("Welcome", since=mark)
        log.info("Sam is welcomed")
        await self._pictured(welcome)
        await trial.tap(welcome, "join")
        await observer.wait_for(RemoteDrawn, since=mark)
        log.info("the visit has begun")
        await self._talk(trial, family, sound)
        await observer.wait_for(CallEnded, since=mark, patience_s=self._visit_s + 10)
        await self._pictured(await observer.drawn("Goodbye", since=mark))
        log.info("the family reads: %s", " ".join((await family.sees_end()).split()))

    async def _refuse_stranger(self, trial: Trial) -> None:
        """The service is made to think for as long as a picture takes."""
        observer = trial.observer
        with trial.service.paused():
            await trial.reader.hold(STRANGER_CARD, HOLD_S)
            await self._pictured(await observer.drawn("Checking"))
        refused = await observer.drawn("Refused")
        log.info("a card that nobody holds was refused")
        await self._pictured(refused)
        mark = observer.mark()
        await trial.tap(refused, "done")
        await observer.drawn("Idle", since=mark)

    async def _wait_in_vain(self, trial: Trial, family: Family) -> None:
        """Dan's visitors come late to the waiting room, and their browser never answers."""
        observer = trial.observer
        trial.book_samples()
        trial.bookings.change(DAN_VISIT, admitted_at_once=True)
        await trial.reader.hold(DAN_CARD, HOLD_S)
        await trial.tap(await observer.drawn("Welcome"), "join")
        waiting = await observer.drawn("Waiting")
        log.info("Dan waits, nobody is there")
        await self._pictured(waiting)
        await family.open(trial.family_url(DAN_VISIT))
        await family.never_answer()
        await family.enter_lobby()
        connecting = await observer.drawn("Connecting")
        await self._pictured(connecting)
        mark = observer.mark()
        await trial.tap(connecting, "leave")
        await trial.tap(await observer.drawn("Connecting", since=mark), "leave_yes")
        mark = observer.mark()
        await trial.tap(await observer.drawn("Goodbye"), "done")
        await observer.drawn("Idle", since=mark)
        await family.close_page()

    async def _talk(self, trial: Trial, family: Family, sound: PrivateSound) -> None:
        """Listen on both sides, and measure while both talk."""
        if self._visit_s < 4 * LISTEN_S:
            raise KioskError(f"a visit of {self._visit_s:g} s is too short to measure")
        before = await family.heard()
        self._report.audio_rms_in = await sound.speaker_rms(LISTEN_S)
        self._report.audio_rms_out = (await family.heard()).rms_since(before)
        await self._album.add("visit")
        await family.save_picture(self._directory / "family.png")
        pids = {program.name: trial.supervisor.pid(program.name) for program in trial.programs}
        self._report.measure_processes(pids)


def look_for_all(pictured: Collection[str]) -> None:
    """KioskError for a screen of which there is no picture."""
    for screen in SCREENS:
        if screen not in pictured:
            raise KioskError(f"there is no picture of the screen {screen}")
