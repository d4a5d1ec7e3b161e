"""Terminals and families of many calls, in one light program: `python -m tests.bench.callers JANUS.toml`.

It takes the orders `["add", COUNT]` and `["measure", SECONDS]`.
"""

import asyncio
import os
import select
import selectors
import struct
import sys
from pathlib import Path
from typing import Final

import ifaddr
from aiortc import RTCCertificate

from kiosk import config
from kiosk.call.interfaces import usable, use_interfaces
from kiosk.clock import Seconds
from kiosk.sandbox.janus import Event, Up
from kiosk.sandbox.room import Room
from kiosk.sandbox.settings import JanusSettings
from tests.bench.figures import CLOCK, spread
from tests.bench.light import LightPeer, Taken
from tests.bench.orders import Answer, obey
from tests.bench.packets import SOUND_TYPE, Source, Tally, is_rtp, sent_ns

TICK_S: Final[Seconds] = 0.005
PATIENCE_S: Final[Seconds] = 10.0
_DATAGRAM_BYTES: Final = 2048
_TIME: Final = struct.Struct("@qq")


class Publisher:
    """Sends as the terminal does, or the family."""

    def __init__(self, line: Taken, ssrc: int, begun_s: Seconds) -> None:
        self.line = line
        self._source = Source(ssrc, begun_s)

    def send(self, now_s: Seconds) -> None:
        for packet in self._source.due(now_s, time_ns()):
            self.line.send(packet)

    def take(self, datagram: bytes, _: int) -> None:
        """Janus' reports are for who adapts; we send on."""
        if datagram[0] < 4:
            self.line.check(datagram)


class Subscriber:
    """Counts what comes, and how long sounds were under way."""

    def __init__(self, line: Taken) -> None:
        self.line = line
        self.tallies: dict[int, Tally] = {}
        self.delays_ms: list[float] = []

    def take(self, datagram: bytes, came_ns: int) -> None:
        if datagram[0] < 4:
            self.line.check(datagram)
        elif is_rtp(datagram):
            kind = datagram[1] & 0x7F
            self.tallies.setdefault(kind, Tally()).count(int.from_bytes(datagram[2:4]))
            if kind == SOUND_TYPE:
                sound = self.line.incoming.unprotect(datagram)
                self.delays_ms.append((came_ns - sent_ns(sound)) / 1e6)

    def begin_anew(self) -> None:
        self.delays_ms.clear()
        for tally in self.tallies.values():
            tally.begin_anew()


class Callers:
    """All calls. One loop sends what is due, and then reads what has come."""

    def __init__(self, settings: JanusSettings, selector: selectors.BaseSelector) -> None:
        self._settings = settings
        self._selector = selector
        self._certificate = RTCCertificate.generateCertificate()
        self._poll = select.epoll()
        self._ends: dict[int, Publisher | Subscriber] = {}
        self._rooms: list[Room] = []
        self._up: dict[int, asyncio.Event] = {}

    async def add(self, count: int) -> Answer:
        """So many calls more, each two ways through a room of its own."""
        async with asyncio.timeout(PATIENCE_S * count):
            for _ in range(count):
                await self._call()
        return {"calls": len(self._rooms)}

    async def measure(self, for_s: Seconds) -> Answer:
        """What came in the next `for_s` of what was sent, and when."""
        heard = [end for end in self._ends.values() if isinstance(end, Subscriber)]
        for end in heard:
            end.begin_anew()
        used_s = sum(os.times()[:2])
        await asyncio.sleep(for_s)
        tallies = [tally for end in heard for tally in end.tallies.values()]
        expected, came = (sum(getattr(t, n) for t in tallies) for n in ("expected", "came"))
        return {
            "calls": len(self._rooms),
            "packets_per_s": round(came / for_s),
            "lost_percent": round(100 * (1 - came / max(1, expected)), 3),
            "silent": 2 * len(heard) - sum(tally.came > 0 for tally in tallies),
            "delay_ms": spread([delay for end in heard for delay in end.delays_ms]),
            "clients_cpu_percent": round(100 * (sum(os.times()[:2]) - used_s) / for_s, 1),
        }

    async def close(self) -> None:
        await asyncio.gather(*(room.destroy() for room in self._rooms))

    async def run(self) -> None:
        while True:
            now_s = CLOCK.monotonic()
            for end in list(self._ends.values()):
                if isinstance(end, Publisher):
                    end.send(now_s)
            for number, _ in self._poll.poll(0):
                self._read(self._ends[number])
            await asyncio.sleep(max(0.0, now_s + TICK_S - CLOCK.monotonic()))

    def _read(self, end: Publisher | Subscriber) -> None:
        while True:
            try:
                datagram, notes, _, _ = end.line.socket.recvmsg(_DATAGRAM_BYTES, 64)
            except BlockingIOError:
                return
            seconds, nanoseconds = _TIME.unpack_from(notes[0][2])
            end.take(datagram, seconds * 1_000_000_000 + nanoseconds)

    async def _call(self) -> None:
        name = f"call-{len(self._rooms)}"
        room = await Room.open(self._settings, name, False, self._happened, lambda: None)
        self._rooms.append(room)
        for side in ("terminal", "family"):
            await self._publish(room, side)
            await self._subscribe(room, side)

    async def _publish(self, room: Room, side: str) -> None:
        peer = LightPeer(self._certificate)
        ssrc = 1000 * (1 + len(self._ends))
        handle, answer = await room.publish(side, await peer.offer(ssrc))
        up = self._up.setdefault(handle, asyncio.Event())
        await peer.connect(answer)
        await up.wait()
        line = peer.take(self._selector)
        # Each begins at another moment of the time that a picture takes.
        begun_s = CLOCK.monotonic() + len(self._ends) % 16 / 500
        self._keep(Publisher(line, ssrc, begun_s))

    async def _subscribe(self, room: Room, side: str) -> None:
        peer = LightPeer(self._certificate)
        handle, offer = await room.subscribe([side])
        await room.start(handle, await peer.answer(offer))
        await peer.connect(offer)
        self._keep(Subscriber(peer.take(self._selector)))

    def _keep(self, end: Publisher | Subscriber) -> None:
        self._ends[end.line.socket.fileno()] = end
        self._poll.register(end.line.socket, select.EPOLLIN)

    def _happened(self, event: Event) -> None:
        if isinstance(event, Up):
            self._up.setdefault(event.handle, asyncio.Event()).set()


def time_ns() -> int:
    """The clock by which the kernel stamps packets."""
    return int(CLOCK.utc().timestamp() * 1e9)


def lasting_interface() -> str:
    """The oldest of this machine: others may come and go, with a test that runs beside us."""
    return next(each.name for each in ifaddr.get_adapters() if list(usable([each], ())))


def main() -> int:
    use_interfaces([lasting_interface()])
    settings = config.load(Path(sys.argv[1]), JanusSettings)
    selector = selectors.DefaultSelector()
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        runner.run(_whole(settings, selector))
    return 0


async def _whole(settings: JanusSettings, selector: selectors.BaseSelector) -> None:
    callers = Callers(settings, selector)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(callers.run())
        try:
            await obey({"add": callers.add, "measure": callers.measure})
        finally:
            await callers.close()
        running.cancel()


if __name__ == "__main__":
    sys.exit(main())
