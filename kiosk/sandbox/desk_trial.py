"""A terminal in a window on a desk, with a person at both ends; keys in the shell hold cards."""

import asyncio
import secrets
import sys
import threading
from pathlib import Path

from kiosk.clock import Seconds
from kiosk.errors import KioskError
from kiosk.sandbox.files import Table
from kiosk.sandbox.samples import Sample, samples
from kiosk.sandbox.trial import Equipment, Sfu, Trial
from kiosk.sandbox.walk import HOLD_S, SAM_CARD, SAM_VISIT

_CAMERA = Path("/dev/video0")
_LINE: Table = {
    "id": "samaritans",
    "name": "Samaritans",
    "about": "Talk about anything, day or night",
    "about_in.ar": "تحدث عن أي شيء، نهارًا أو ليلًا",
    "about_in.cy": "Siaradwch am unrhyw beth, ddydd neu nos",
    "about_in.es": "Hable de lo que sea, de día o de noche",
    "about_in.fr": "Parlez de tout, de jour comme de nuit",
    "about_in.ga": "Labhair faoi rud ar bith, de lá nó d'oíche",
    "about_in.hi": "दिन हो या रात, किसी भी बारे में बात करें",
    "about_in.lt": "Kalbėkite apie bet ką, dieną ar naktį",
    "about_in.pl": "Można rozmawiać o wszystkim, w dzień i w nocy",
    "about_in.pt": "Fale de qualquer assunto, de dia ou de noite",
    "about_in.ro": "Vorbiți despre orice, zi sau noapte",
    "about_in.sq": "Flisni për çdo gjë, ditën ose natën",
    "about_in.uk": "Говоріть про будь-що, вдень чи вночі",
    "about_in.ur": "دن ہو یا رات، کسی بھی بارے میں بات کریں",
    "about_in.vi": "Nói về bất cứ điều gì, ngày hay đêm",
    "confidential": True,
    "needs_card": False,
    "unrecorded": True,
}
_HELP = """
The terminal is in the window. Open the family's page in a browser on this machine:
  {family}
The officer's page, password {password}:
  {officer}
The page of whoever answers the help line:
  {helpline}
Type here, then Enter:
  c        hold Sam's card to the reader
  p        list the people, with their families' pages
  1, 2 ... hold that person's card
  b        book all visits anew, beginning now
  q        stop
Settings and sockets are in {run} while it runs, logs in {logs}.
"""


async def talk_to_shell(directory: Path, visit_s: Seconds, sfu: Sfu = "none") -> None:
    """Open the terminal's window and obey the shell until `q` or the end of input."""
    camera = f"v4l2:{_CAMERA}" if _CAMERA.exists() else "pattern"
    key = secrets.token_urlsafe(16)
    equipment = Equipment(
        audio="default",
        camera=camera,
        sfu=sfu,
        terminal_settings={"support_lines": [_LINE]},
        service_settings={"support_lines": [{"id": _LINE["id"], "key": key, "unrecorded": True}]},
    )
    async with Trial(directory, visit_s, equipment) as trial:
        await trial.observer.drawn("Idle", patience_s=30)
        print(
            _HELP.format(
                family=trial.family_url(SAM_VISIT),
                officer=trial.addresses.officer,
                helpline=f"{trial.addresses.web}/helpline#{key}",
                password=trial.desk_password,
                run=trial.run,
                logs=directory,
            ),
            flush=True,
        )
        typed = _typed()
        while (key := await typed.get()) != "q":
            await _obey(key, trial, visit_s)


def _typed() -> asyncio.Queue[str]:
    """The lines that are typed in the shell, `q` at their end."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as shell:
            for line in shell:
                loop.call_soon_threadsafe(typed.put_nowait, line.decode(errors="replace").strip())
        loop.call_soon_threadsafe(typed.put_nowait, "q")

    # Not asyncio's own threads: the end of the program would wait for a line to be typed.
    threading.Thread(target=read, name="shell", daemon=True).start()
    return typed


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
