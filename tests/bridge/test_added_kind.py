"""What it takes to add a kind of reader: one module, and one line in the table."""

import asyncio
import json
import os
import re
import subprocess
import sys
import tty
from pathlib import Path

import pytest

from firmware_bridge.readers import READERS
from kiosk.wire.devices import CardPresented, ReaderStatus
from tests.bridge.process import listening, running
from tests.bridge.toy import with_a_toy
from tests.project import texts

ENGLISH = {"line"}
"""Kinds whose name is a word, too: it names a kind where it stands as a text of its own."""


def named(kind: str) -> str:
    return rf"[\"']{kind}[\"']" if kind in ENGLISH else rf"\b{kind}\b"


def test_nothing_in_kiosk_knows_the_kinds_of_readers() -> None:
    kinds = re.compile("|".join(map(named, READERS)), re.IGNORECASE)
    knowing = [
        path
        for path, text in texts()
        if path.startswith("kiosk/") and not path.startswith("kiosk/sandbox/")
        if kinds.search(text)
    ]
    assert not knowing


def test_a_kind_that_was_added_is_decoded(tmp_path: Path) -> None:
    decode = subprocess.run(
        [sys.executable, "-m", "firmware_bridge", "decode", "toy", "--text", "4711", "x"],
        cwd=with_a_toy(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    card, other = map(json.loads, decode.stdout.splitlines())
    assert (card["event"], card["technology"], card["credential"]) == ("presented", "toy", "4711")
    assert (other["event"], other["reason"]) == ("invalid", "no number")


@pytest.mark.journey
async def test_a_card_of_a_kind_that_was_added_reaches_kiosk_core(tmp_path: Path) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    toy = f'[[reader]]\nname = "toy"\nkind = "toy"\nport = "{os.ttyname(slave)}"\n'
    code = with_a_toy(tmp_path / "code")
    async with (
        running(tmp_path, tmp_path / "no reader", more=toy, code=code) as bridge,
        listening(bridge.socket) as core,
    ):
        await core.next(ReaderStatus, lambda status: status.reader == "toy" and status.up)
        await asyncio.to_thread(os.write, master, b"4711.")
        _, shown = await core.next(CardPresented)
    assert (shown.reader, shown.technology) == ("toy", "toy")
    assert shown.credential.reveal() == "4711"
    for end in (master, slave):
        os.close(end)
