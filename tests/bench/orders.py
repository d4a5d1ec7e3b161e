"""A program of a bench that takes orders: each a line of JSON, `[NAME, VALUE]`, answered by a line."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import psutil

from kiosk.clock import Seconds
from tests.project import ROOT

ANSWER_S: Final[Seconds] = 120.0

Answer: TypeAlias = dict[str, Any]
Orders: TypeAlias = Mapping[str, Callable[[Any], Awaitable[Answer]]]


async def obey(orders: Orders) -> None:
    """Every order of the standard input, one after the other, until it ends."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    while line := await lines.readline():
        name, value = json.loads(line)
        print(json.dumps(await orders[name](value)), flush=True)


class Ordered:
    """Such a program, for whoever started it."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(self._process.pid)

    async def ask(self, order: str, value: object) -> Answer:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([order, value]).encode() + b"\n")
        line = await asyncio.wait_for(self._process.stdout.readline(), ANSWER_S)
        answer: Answer = json.loads(line)
        return answer


@asynccontextmanager
async def ordered(module: str, *arguments: str) -> AsyncIterator[Ordered]:
    """Run `python -m MODULE` for as long as it is needed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments), stdin=PIPE, stdout=PIPE, cwd=ROOT
    )
    assert process.stdin is not None
    try:
        yield Ordered(process)
    finally:
        process.stdin.close()
        await process.wait()
