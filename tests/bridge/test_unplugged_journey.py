"""The bridge as a process, and the readers that only talk, unplugged again and again."""

from collections.abc import Iterable
from pathlib import Path

import psutil
import pytest

from kiosk.clock import SystemClock
from kiosk.sandbox.reader import SandboxReader
from kiosk.wire.devices import CardPresented, ReaderStatus
from tests.bridge.process import Ear, listening, running

pytestmark = pytest.mark.journey

CLOCK = SystemClock()
CARD = "62E3086CED"
FRAMES = {
    "em4100_ascii": b"\x0262E3086CED08\x03",
    "em4100_bare": b"62E3086CED08",
    "line": b"62E3086CED\r",
}
"""CARD as each kind of reader that only talks writes it."""

SET = {"line": 'profile = "barcode"\npattern = "[0-9A-F]{10}"\n'}
"""What more must be said of a kind."""

BACK_S = 2.0
TIMES = 100
NOTHING_BYTES = 512 * 1024
"""Less than 7 KiB each time: what an allocator may keep, and no connection's state."""


async def become(core: Ear, readers: Iterable[str], *, up: bool) -> None:
    """Wait until the newest that was said of each is that it works, or that it does not."""

    def newest() -> dict[str, bool]:
        return {status.reader: status.up for status in core.of(ReaderStatus)}

    while any(newest().get(reader) is not up for reader in readers):
        await core.next(ReaderStatus)


async def test_readers_unplugged_in_a_frame_and_back_a_hundred_times_leave_nothing_behind(
    tmp_path: Path,
) -> None:
    readers = {kind: SandboxReader(tmp_path / kind) for kind in FRAMES}
    for reader in readers.values():
        await reader.plug_in()
    more = "".join(
        f'[[reader]]\nname = "{kind}"\nkind = "{kind}"\nport = "{tmp_path}/{kind}"\n'
        + SET.get(kind, "")
        for kind in readers
    )
    async with (
        running(tmp_path, tmp_path / "no reader", more=more) as bridge,
        listening(bridge.socket) as core,
    ):
        await become(core, readers, up=True)
        process = psutil.Process(bridge.pid)
        open_files, sizes_bytes = process.num_fds(), []
        for _ in range(TIMES):
            for kind, reader in readers.items():
                await reader.send_raw(FRAMES[kind][: len(FRAMES[kind]) // 2])
                await reader.unplug()
            await become(core, readers, up=False)
            for reader in readers.values():
                await reader.plug_in()
            plugged_in_s = CLOCK.monotonic()
            await become(core, readers, up=True)
            assert CLOCK.monotonic() - plugged_in_s < BACK_S
            sizes_bytes.append(process.memory_full_info().uss)
        for kind, reader in readers.items():
            await reader.send_raw(FRAMES[kind])
            await core.next(CardPresented)
        assert [one.credential.reveal() for one in core.of(CardPresented)] == [CARD] * len(readers)
        assert process.num_fds() == open_files
        assert sizes_bytes[-1] - sizes_bytes[TIMES // 5] < NOTHING_BYTES
    for reader in readers.values():
        await reader.unplug()
