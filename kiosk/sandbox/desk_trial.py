"""A terminal in a window on a desk, with a person at both ends; keys in the shell hold cards."""

import asyncio
import logging
import sys
from pathlib import Path

from kiosk.clock import Seconds
from kiosk.errors import KioskError
from kiosk.sandbox.samples import Sample, samples
from kiosk.sandbox.trial import Equipment, Trial
from kiosk.sandbox.walk import HOLD_S, SAM_CARD, SAM_VISIT

log = logging.getLogger(__name__)

_CAMERA = Path("/dev/video0")
_HELP = """
The terminal is in the window. Open the family's page in a browser on this machine:
  {family}
The officer's page, password {password}:
  {officer}
Type here, then Enter:
  c        hold Sam's card to the reader
  p        list the people, with their families' pages
  1, 2 ... hold that person's card
  b        book all visits anew, beginning now
  q        stop
"""


async def talk_to_shell(directory: Path, visit_s: Seconds) -> None:
    """Open the terminal's window and obey the shell until `q` or the end of input."""
    camera = f"v4l2:{_CAMERA}" if _CAMERA.exists() else "pattern"
    async with Trial(directory, visit_s, Equipment(audio="default", camera=camera)) as trial:
        await trial.observer.drawn("Idle", patience_s=30)
        print(
            _HELP.format(
                family=trial.family_url(SAM_VISIT),
                officer=trial.addresses.officer,
                password=trial.desk_password,
            )
        )
        while (line := await asyncio.to_thread(sys.stdin.readline)) and line.strip() != "q":
            await _obey(line.strip(), trial, visit_s)


async def _obey(key: str, trial: Trial, visit_s: Seconds) -> None:
    people = samples(0, visit_s)
    if key == "c":
        await _hold(SAM_CARD, trial)
    elif key == "b":
        trial.book_samples()
        print("All visits begin now.")
    elif key == "p":
        for number, sample in enumerate(people, 1):
            _introduce(number, sample, trial)
    elif key.isdecimal() and 1 <= int(key) <= len(people):
        await _hold(people[int(key) - 1].card.value, trial)
    else:
        print("Type c, p, a person's number, b or q.")


async def _hold(card: str, trial: Trial) -> None:
    try:
        await trial.reader.hold(card, HOLD_S)
    except KioskError as error:
        print(f"The card was not read: {error}. Try again.")


def _introduce(number: int, sample: Sample, trial: Trial) -> None:
    pin = f" (PIN {sample.pin})" if sample.pin else ""
    print(f"{number:4}  {sample.person.first_name} {sample.story}{pin}")
    if sample.booking is not None:
        print(f"      {trial.family_url(sample.booking.reference)}")
