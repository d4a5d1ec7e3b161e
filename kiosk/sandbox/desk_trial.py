"""A terminal in a window on a desk, with a person at both ends; keys in the shell hold cards."""

import asyncio
import logging
import sys
from pathlib import Path

from kiosk.clock import Seconds
from kiosk.sandbox.samples import samples
from kiosk.sandbox.trial import Equipment, Trial
from kiosk.sandbox.walk import HOLD_S, SAM_CARD, SAM_VISIT

log = logging.getLogger(__name__)

_CAMERA = Path("/dev/video0")
_HELP = """
The terminal is in the window. Open the family's page in a browser on this machine:
  {family}
The officer's page, password {password}:
  {officer}
Press a key and Enter here:
  c        hold Sam's card to the reader
  1-9      hold another person's card
  b        book all visits anew, beginning now
  p        list the people
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
        await trial.reader.hold(SAM_CARD, HOLD_S)
    elif key == "b":
        print("All visits begin now.")
    elif key == "p":
        for number, sample in enumerate(people, 1):
            print(f"  {number}  {sample.person.first_name} {sample.story}")
    elif key.isdecimal() and 1 <= int(key) <= len(people):
        await trial.reader.hold(people[int(key) - 1].card.value, HOLD_S)
    else:
        print("c, a number, b, p or q")
