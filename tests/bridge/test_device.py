"""A device on a real pseudo-terminal: what it is sent, how it is said to be, who cut it off."""

import asyncio
import contextlib
import errno
import os
import tty
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from firmware_bridge import device as device_module
from firmware_bridge.arrivals import Arrivals
from firmware_bridge.device import Device, DevicePlan
from firmware_bridge.retry import SHORTEST_S, SLOWEST_S, SLOWEST_WHEN_THERE_S
from firmware_bridge.serial_port import Identity
from kiosk.clock import Seconds, SystemClock
from kiosk.wire.devices import CardRemoved, Indication, ReaderStatus, Tamper
from kiosk.wire.messages import Message

CLOCK = SystemClock()
DESCRIPTORS = Path("/proc/self/fd")
SOON_S = 5.0
BACK_S = 2.0
TRIES = 20
UP = ReaderStatus("door", up=True)


class Echo:
    """A line that says back what it hears, and tells how it was indicated."""

    def __init__(self) -> None:
        self._out = b""
        self.reason = ""
        self.cut_off = False

    def feed(self, data: bytes, now: Seconds) -> list[Message]:
        self._out += data
        return []

    def tick(self, now: Seconds) -> list[Message]:
        return []

    def lost(self) -> list[Message]:
        return [CardRemoved("door")]

    def to_send(self) -> bytes:
        out, self._out = self._out, b""
        return out

    def indicate(self, indication: Indication) -> None:
        self._out += f"<{indication}>".encode()

    def status(self, now: Seconds) -> ReaderStatus:
        return ReaderStatus("door", up=not self.reason, reason=self.reason)

    def is_cut_off(self, now: Seconds) -> bool:
        return self.cut_off

    def next_deadline(self) -> Seconds | None:
        return None


class Pty:
    """A serial device behind `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.master, self._slave = os.openpty()  # held open, or reading fails until a bridge came
        tty.setraw(self._slave)
        path.symlink_to(os.ttyname(self._slave))

    async def reads(self, expected: bytes) -> None:
        """Wait until the device was sent this."""
        got = b""
        while expected not in got:
            got += await asyncio.to_thread(os.read, self.master, 4096)

    def unplug(self) -> None:
        self._path.unlink()
        os.close(self._slave)
        os.close(self.master)


class Said:
    """What the device said; each can be waited for."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Message] = asyncio.Queue()

    def hear(self, message: Message) -> None:
        self._queue.put_nowait(message)

    async def next(self) -> Message:
        return await asyncio.wait_for(self._queue.get(), SOON_S)

    @property
    def nothing_more(self) -> bool:
        return self._queue.empty()


@contextlib.asynccontextmanager
async def device(
    path: Path,
    said: Said,
    *,
    supervised: bool = False,
    line: Echo | None = None,
    arrivals: Arrivals | None = None,
) -> AsyncIterator[Device]:
    plan = DevicePlan(
        "door",
        str(path),
        9600,
        begin=lambda: line or Echo(),
        down=lambda reason: ReaderStatus("door", up=False, reason=reason),
        supervised=supervised,
    )
    made = Device(plan, CLOCK, arrivals or Arrivals(CLOCK), said.hear)
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


class Refusals:
    """In the place of `os.open`: the system refuses to open the device as often as there are errors."""

    def __init__(self, path: Path, *numbers: int) -> None:
        self._path = str(path)
        self._numbers = list(numbers)
        self._open = os.open

    def refuse(self, number: int) -> None:
        self._numbers.append(number)

    def __call__(self, path: str, flags: int, mode: int = 0o777) -> int:
        if path == self._path and self._numbers:
            number = self._numbers.pop(0)
            raise OSError(number, os.strerror(number))
        return self._open(path, flags, mode)


class WatchedArrivals(Arrivals):
    """Says how long it was to wait, waits not at all, and knows which of the waits end in an arrival."""

    def __init__(self, *arrive: bool) -> None:
        super().__init__(CLOCK)
        self._arrive = list(arrive)
        self.waits_s: list[Seconds] = []
        self.over = asyncio.Event()

    async def another(self, path: str, than: Identity | None, within_s: Seconds) -> bool:
        self.waits_s.append(within_s)
        if not self._arrive:
            self.over.set()
            await asyncio.Event().wait()
        return self._arrive.pop(0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "door"


async def test_a_device_is_sent_what_its_line_has_to_say(path: Path) -> None:
    door, said = Pty(path), Said()
    async with device(path, said):
        assert await said.next() == UP
        os.write(door.master, b"ping")
        await asyncio.wait_for(door.reads(b"ping"), SOON_S)
    door.unplug()


async def test_a_device_is_told_at_once_and_again_when_it_is_back(path: Path) -> None:
    door, said = Pty(path), Said()
    async with device(path, said) as made:
        await said.next()
        made.indicate(Indication.ACCEPTED)
        await asyncio.wait_for(door.reads(b"<accepted>"), SOON_S)
        door.unplug()
        assert await said.next() == CardRemoved("door")
        door = Pty(path)
        await asyncio.wait_for(door.reads(b"<accepted>"), SOON_S)
    door.unplug()


async def test_a_device_that_takes_nothing_is_down_and_holds_up_nobody(path: Path) -> None:
    door, said = Pty(path), Said()
    async with device(path, said):
        await said.next()
        os.set_blocking(door.master, False)
        async with asyncio.timeout(SOON_S):
            while said.nothing_more:  # what it is asked to say back is read by nobody
                with contextlib.suppress(BlockingIOError):
                    os.write(door.master, b"?" * 4096)
                await asyncio.sleep(0)
        while not isinstance(down := await said.next(), ReaderStatus) or down.up:
            pass
        assert "takes nothing" in down.reason
    door.unplug()


@pytest.mark.parametrize("supervised", [True, False])
async def test_who_cuts_off_a_supervised_device_is_noticed(path: Path, supervised: bool) -> None:
    door, said = Pty(path), Said()
    async with device(path, said, supervised=supervised):
        messages = [await said.next()] + ([await said.next()] if supervised else [])
        door.unplug()
        messages += [await said.next() for _ in range(2 + supervised)]
        door = Pty(path)
        messages += [await said.next() for _ in range(1 + supervised)]
    tampers = [message.active for message in messages if isinstance(message, Tamper)]
    assert tampers == ([False, True, False] if supervised else [])
    door.unplug()


async def test_a_supervised_device_that_is_down_is_cut_off_only_when_nobody_answers(
    path: Path,
) -> None:
    door, said, line = Pty(path), Said(), Echo()
    async with device(path, said, supervised=True, line=line):
        assert [await said.next(), await said.next()] == [
            Tamper("door", "link_lost", active=False),
            UP,
        ]
        line.reason = "its power fails"
        os.write(door.master, b"x")
        assert await said.next() == ReaderStatus("door", up=False, reason="its power fails")
        line.reason, line.cut_off = "does not answer", True
        os.write(door.master, b"x")
        assert await said.next() == Tamper("door", "link_lost", active=True)
    door.unplug()


async def test_a_supervised_device_that_never_comes_is_cut_off_after_a_grace(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_module, "GRACE_S", 0.2)
    said = Said()
    async with device(path, said, supervised=True):
        assert isinstance(await said.next(), ReaderStatus)
        assert await said.next() == Tamper("door", "link_lost", active=True)


async def test_a_port_that_fails_with_an_unchanged_device_file_is_back_soon_each_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading fails and then opening, a hundred times; what it waited in between is looked at alone."""
    door, said, read, rounds = Pty(path), Said(), os.read, 100
    arrivals, refusals = WatchedArrivals(*[False] * 2 * rounds), Refusals(path)
    fails = asyncio.Event()

    def failing(descriptor: int, most_bytes: int) -> bytes:
        data = read(descriptor, most_bytes)
        if fails.is_set() and descriptor != door.master:
            fails.clear()
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return data

    monkeypatch.setattr(os, "read", failing)
    monkeypatch.setattr(os, "open", refusals)
    async with device(path, said, arrivals=arrivals):
        assert await said.next() == UP
        open_files = len(list(DESCRIPTORS.iterdir()))
        for _ in range(rounds):
            refusals.refuse(errno.EIO)
            fails.set()
            os.write(door.master, b"x")
            assert await said.next() == CardRemoved("door")
            assert "unplugged" in getattr(await said.next(), "reason", "")
            assert "cannot be opened" in getattr(await said.next(), "reason", "")
            assert await said.next() == UP
        assert len(list(DESCRIPTORS.iterdir())) == open_files
    assert len(arrivals.waits_s) == 2 * rounds
    away_s = map(sum, zip(arrivals.waits_s[::2], arrivals.waits_s[1::2], strict=True))
    assert max(away_s) <= BACK_S
    door.unplug()


async def test_waits_for_a_port_grow_and_begin_anew_when_a_device_arrives(path: Path) -> None:
    arrivals = WatchedArrivals(*[False] * 6, True)
    async with device(path, Said(), arrivals=arrivals):
        await asyncio.wait_for(arrivals.over.wait(), SOON_S)
    grown, first_again = arrivals.waits_s[:7], arrivals.waits_s[7]
    for number, wait_s in enumerate(grown):
        at_most_s = min(SHORTEST_S * 2 ** (number + 1), SLOWEST_S)
        assert at_most_s / 2 <= wait_s <= at_most_s
    assert SHORTEST_S <= first_again <= 2 * SHORTEST_S


@pytest.mark.parametrize("number", [errno.EIO, errno.EBUSY, errno.EACCES], ids=errno.errorcode.get)
async def test_a_port_that_is_there_and_does_not_open_is_tried_soon_each_time_and_told_of_once(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    door, said, arrivals = Pty(path), Said(), WatchedArrivals(*[False] * TRIES)
    monkeypatch.setattr(os, "open", Refusals(path, *[number] * TRIES))
    async with device(path, said, arrivals=arrivals):
        assert isinstance(down := await said.next(), ReaderStatus)
        assert not down.up
        assert await said.next() == UP
    assert len(arrivals.waits_s) == TRIES
    assert min(arrivals.waits_s) >= SHORTEST_S
    assert max(arrivals.waits_s) <= SLOWEST_WHEN_THERE_S
    assert len(set(arrivals.waits_s)) > TRIES // 2
    door.unplug()


async def test_another_reason_why_a_port_does_not_open_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, said, arrivals = Pty(path), Said(), WatchedArrivals(*[False] * 4)
    refusals = Refusals(path, errno.EIO, errno.EIO, errno.EBUSY, errno.EBUSY)
    monkeypatch.setattr(os, "open", refusals)
    async with device(path, said, arrivals=arrivals):
        reasons = [getattr(await said.next(), "reason", "") for _ in range(3)]
    assert "cannot be opened" in reasons[0]
    assert "in use by another program" in reasons[1]
    assert reasons[2:] == [""]
    door.unplug()


async def test_a_port_that_is_slow_to_refuse_is_tried_less_and_less(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, arrivals = Pty(path), WatchedArrivals(*[False] * TRIES)
    monkeypatch.setattr(device_module, "SLOW_TO_REFUSE_S", 0.0)  # any refusal is as slow
    monkeypatch.setattr(os, "open", Refusals(path, *[errno.EIO] * (TRIES + 1)))
    async with device(path, Said(), arrivals=arrivals):
        await asyncio.wait_for(arrivals.over.wait(), SOON_S)
    assert arrivals.waits_s[-1] >= SLOWEST_S / 2
    door.unplug()


async def test_a_port_that_was_there_and_left_is_waited_for_as_one_that_is_not_there(
    path: Path,
) -> None:
    door, said, arrivals = Pty(path), Said(), WatchedArrivals(*[False] * 3)
    async with device(path, said, arrivals=arrivals):
        assert await said.next() == UP
        door.unplug()
        await asyncio.wait_for(arrivals.over.wait(), SOON_S)
    assert arrivals.waits_s[-1] > SLOWEST_WHEN_THERE_S
