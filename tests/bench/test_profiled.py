"""Where the time of the processor goes is told by thread and by function."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import psutil

from tests.bench.bench_profile import tables
from tests.bench.profiled import (
    ENDED,
    FOREIGN,
    Line,
    Look,
    Used,
    by_function,
    by_package,
    by_thread,
    look,
    share_table,
    thread_table,
)
from tests.bench.sampler import OWN, Told, sampled, told
from tests.project import ROOT

BUSY = """
import sys, threading, time

def works():
    while time.thread_time() < 1.0:
        sum(range(1000))

def works_beside():
    while time.thread_time() < 0.5:
        sum(range(1000))

beside = threading.Thread(target=works_beside, name="beside")
beside.start()
works()
beside.join()
threading.Thread(target=sys.stdin.read, name="waits").start()
print("worked", flush=True)
sys.stdin.read()
"""
PATIENCE_S = 30.0


async def told_after(place: Path, pid: int, until: str) -> Told:
    """The first word of a program in which this thread is named."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                if until in (said := told(place, pid)).names.values():
                    return said
            except OSError:
                pass
            await asyncio.sleep(0.05)  # another process writes it: there is no event


async def test_a_program_tells_where_its_main_thread_was_and_what_its_threads_are_called(
    tmp_path: Path,
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", BUSY),
        env=sampled(tmp_path, ROOT),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    program = psutil.Process(process.pid)
    before = look([program])
    assert await process.stdout.readline() == b"worked\n"
    said, after = await told_after(tmp_path, process.pid, "waits"), look([program])
    process.stdin.close()
    assert await process.wait() == 0
    assert {"MainThread", "waits", OWN} == set(said.names.values())
    assert said.found["__main__.works"] > 0.8 * sum(said.found.values()) > 20
    lines = {line.name: line for line in by_thread(before, after, 1.0, said.names)}
    assert lines["MainThread"].percent > 80
    assert "waits" not in lines


def test_threads_of_one_name_are_told_together_and_those_that_ended_too() -> None:
    before = Look(
        Used(10.0, 1.0), {1: ("python", Used(5.0, 0.5)), 2: ("pool-0", Used(1.0)), 9: ("x", Used())}
    )
    after = Look(
        Used(12.0, 1.5),
        {
            1: ("python", Used(6.0, 0.75)),
            2: ("pool-0", Used(1.2)),
            3: ("pool-1", Used(0.1)),
            4: ("python", Used(0.2)),
        },
    )
    assert by_thread(before, after, 10.0, {1: "MainThread"}) == [
        Line("MainThread", 10.0, 2.5),
        Line(ENDED, 5.0, 2.5),
        Line("pool", 3.0, 0.0),
        Line(FOREIGN, 2.0, 0.0),
    ]


def test_a_thread_s_share_falls_to_the_functions_that_it_was_found_in_meanwhile() -> None:
    before = {"kiosk.call.a": 5, "aiortc.b": 100}
    after = {"kiosk.call.a": 35, "aiortc.b": 150, "kiosky.c": 20}
    assert by_function(before, after, 20.0, 2) == [("aiortc.b", 10.0), ("kiosk.call.a", 6.0)]
    assert by_package(before, after, 20.0, ("kiosk", "aiortc")) == [
        ("aiortc", 10.0),
        ("kiosk", 6.0),
        ("all others", 4.0),
    ]


def test_the_tables_have_a_line_for_each_and_the_sum() -> None:
    lines = [Line("MainThread", 10.0, 2.5), Line("camera", 1.5, 0.0)]
    assert thread_table("kiosk-call", lines).splitlines()[2:] == [
        "| MainThread | 10.0 % | 2.5 % |",
        "| camera | 1.5 % | 0.0 % |",
        "| all | 11.5 % | 2.5 % |",
    ]
    assert "| `aiortc.b` | 10.00 % |" in share_table("kiosk-call", [("aiortc.b", 10.0)])


def test_it_is_said_when_not_all_of_the_picture_was_sent() -> None:
    def side(*, whole: bool) -> dict[str, Any]:
        flow = {"size_px": [640, 480] if whole else [320, 240], "fps": 29.5, "kbps": 900}
        program = {"threads": [{"name": "x", "percent": 1.0, "kernel_percent": 0.0}]}
        flows = {"whole_pictures": whole, "sends": flow, "gets": flow, "load": 1.5}
        return {"programs": {"kiosk-core": program}, **flows}

    text = tables({"terminal": side(whole=False), "chromium": side(whole=True)})
    assert "terminal: NOT all of the picture (sends 320x240 at 29.5 a second, gets" in text
    assert "chromium: all of the picture (" in text
    assert text.count("| x | 1.0 % | 0.0 % |") == 2
