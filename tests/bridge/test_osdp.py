"""The conversation with an OSDP reader, which is libosdp's own peripheral device."""

import ctypes
import gc
import weakref
from pathlib import Path
from typing import Any

import osdp_sys
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.readers import osdp_panel
from firmware_bridge.readers.osdp import (
    BEGINNING,
    LOST_S,
    NO_CHANNEL,
    NONSENSE,
    OTHER_KEY,
    SILENT,
    STUCK_S,
    Osdp,
    readings_of,
)
from firmware_bridge.readers.osdp_forgotten import _ALONE, _references, free
from firmware_bridge.readers.osdp_key import load_key, save_key
from firmware_bridge.readers.osdp_packet import Packet
from firmware_bridge.readers.osdp_panel import Panel
from firmware_bridge.readers.reading import (
    BadFrame,
    CardRead,
    CaseSeen,
    OtherFrame,
    PowerSeen,
    Reading,
)
from firmware_bridge.simulators.osdp import SimulatedOsdp
from kiosk.wire.devices import Indication
from kiosk.wire.secret import Secret
from tests.bridge.osdp_rig import CARD_BITS, KEY, Rig, rig

CARD = CardRead("wiegand_26", "secure_channel", Secret("118-1603"))
CLEAR_CARD = Packet(0, is_reply=True, sequence=1, code=0x50, data=bytes.fromhex("00011A00BB032180"))
BACK_S = 2.0
GIVEN_UP_S = 9.6
"""libosdp has given up a reader that was silent for so long, and would wait for 300 s."""

RESTARTS = 1_000
NOTHING_BYTES = 512 * 1024
"""Less than 700 bytes each time: what an allocator may keep, and no panel."""

LONG_PACKET = bytes.fromhex("5380A00504")
"""The beginning of a packet of 1,440 bytes."""


def is_read(rig: Rig, reading: Reading = CARD) -> bool:
    return reading in rig.readings


class TestAReaderWithOurKey:
    def test_is_up_in_its_secure_channel_and_its_cards_are_read(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        assert pair.up() < BACK_S
        pair.obey(f"card {CARD_BITS}")
        pair.until(lambda: is_read(pair))
        assert pair.faults == [BEGINNING, None]

    def test_says_whether_its_case_is_open_and_its_power_fails(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.up()
        pair.obey("case open")
        pair.until(lambda: is_read(pair, CaseSeen(is_open=True)))
        pair.obey("power fails")
        pair.until(lambda: is_read(pair, PowerSeen(fails=True)))
        pair.obey("case closed")
        pair.until(lambda: pair.readings[-2:] == [CaseSeen(is_open=False), PowerSeen(fails=True)])

    def test_has_keys_that_are_pressed_in_vain(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.up()
        pair.obey("press 12")
        pair.until(lambda: is_read(pair, OtherFrame("KEYPAD")))

    def test_is_up_again_soon_after_it_was_silent(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.up()
        pair.obey("silent")
        assert pair.until(lambda: pair.fault == SILENT) >= LOST_S - 0.1
        pair.obey("speak")
        assert pair.up() < BACK_S

    def test_is_up_again_soon_after_libosdp_gave_it_up(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.up()
        pair.obey("silent")
        pair.for_s(GIVEN_UP_S)
        pair.obey("speak")
        assert pair.up() < BACK_S
        assert NO_CHANNEL not in pair.faults
        pair.obey(f"card {CARD_BITS}")
        pair.until(lambda: is_read(pair))

    def test_may_restart_without_being_missed(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.up()
        pair.obey("restart")
        pair.obey(f"card {CARD_BITS}")
        pair.until(lambda: is_read(pair))
        assert pair.faults == [BEGINNING, None]

    def test_is_not_believed_in_clear_and_not_missed_for_it(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.up()
        pair.injected.append(CLEAR_CARD)
        pair.until(lambda: not pair.injected)
        pair.for_s(0.5)
        assert not any(isinstance(reading, CardRead) for reading in pair.readings)
        pair.obey(f"card {CARD_BITS}")
        pair.until(lambda: is_read(pair))
        assert pair.faults == [BEGINNING, None]

    def test_is_not_lost_because_noise_promised_a_long_packet(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.up()
        pair.noise = LONG_PACKET
        pair.for_s(LOST_S + 0.5)
        assert not pair.noise
        assert pair.faults == [BEGINNING, None]

    def test_is_not_lost_because_the_bridge_was_stopped(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.up()
        far = 1e6
        pair.osdp.tick(far)
        pair.osdp.tick(far + 60.0)
        assert pair.osdp.fault(far + 60.0) is None


class TestAReaderThatCanNotBeUsed:
    def test_has_another_key(self, tmp_path: Path) -> None:
        pair = rig(tmp_path, key=KEY[::-1])
        pair.obey(f"card {CARD_BITS}")
        pair.until(lambda: pair.fault == OTHER_KEY, within_s=STUCK_S + 1.0)
        pair.for_s(2 * STUCK_S)
        assert pair.faults == [BEGINNING, OTHER_KEY]
        assert not pair.readings

    def test_is_in_install_mode_and_is_not_believed_with_the_key_that_everybody_knows(
        self, tmp_path: Path
    ) -> None:
        pair = rig(tmp_path, key=None)
        pair.obey(f"card {CARD_BITS}")
        pair.until(lambda: pair.fault == OTHER_KEY)
        assert not pair.readings
        assert not pair.asked_for(osdp_sys.CMD_KEYSET)

    def test_offers_no_secure_channel(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.injected = [Packet(0, is_reply=True, sequence=0, code=0x41, data=b"\x03")] * 9
        pair.until(lambda: pair.fault == NO_CHANNEL)

    def test_is_not_there(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.obey("silent")
        pair.until(lambda: pair.fault == SILENT, within_s=LOST_S + 1.0)

    def test_is_another_device_that_talks(self, tmp_path: Path) -> None:
        pair = rig(tmp_path, reader=Talker)
        pair.until(lambda: pair.fault == NONSENSE, within_s=LOST_S + 1.0)
        pair.for_s(1.0)
        assert pair.faults == [BEGINNING, NONSENSE]
        pair.reader = SimulatedOsdp(0, tmp_path / "reader.key")
        pair.obey("silent")
        pair.until(lambda: pair.fault == SILENT, within_s=LOST_S + 1.0)
        pair.obey("speak")
        assert pair.up() < BACK_S

    def test_has_no_key_here_until_it_has_one(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        file = tmp_path / "ours.key"
        pair.osdp = Osdp(0, lambda: load_key(file))
        pair.until(lambda: pair.fault is not None and "commission the reader" in pair.fault)
        save_key(file, KEY)
        file.chmod(0o640)
        pair.until(lambda: pair.fault is not None and "chmod 600" in pair.fault)
        file.chmod(0o600)
        assert pair.up() < STUCK_S + BACK_S


class TestItsLightAndBuzzer:
    def test_tell_once_what_was_indicated(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.osdp.indicate(Indication.READY)
        pair.up()
        pair.until(lambda: len(pair.lights) == 1)
        pair.osdp.indicate(Indication.REFUSED)
        pair.osdp.indicate(Indication.REFUSED)
        pair.until(lambda: len(pair.sounds) == 1)
        pair.for_s(0.5)
        colours = [light["on_color"] for light in pair.lights]
        assert colours == [osdp_sys.LED_COLOR_AMBER, osdp_sys.LED_COLOR_RED]
        assert [sound["rep_count"] for sound in pair.sounds] == [3]

    def test_tell_a_reader_that_is_back_without_a_sound(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.up()
        pair.osdp.indicate(Indication.ACCEPTED)
        pair.until(lambda: len(pair.sounds) == 1)
        pair.for_s(1.0)
        pair.obey("restart")
        pair.until(lambda: len(pair.lights) == 2)
        pair.for_s(0.5)
        assert len(pair.sounds) == 1

    @pytest.mark.parametrize("indication", Indication)
    def test_take_each_indication(self, tmp_path: Path, indication: Indication) -> None:
        pair = rig(tmp_path)
        pair.up()
        pair.osdp.indicate(indication)
        pair.until(lambda: len(pair.lights) == 1)

    def test_are_not_asked_for_where_there_are_none(self, tmp_path: Path) -> None:
        pair = rig(tmp_path)
        pair.reader = SimulatedOsdp(0, tmp_path / "reader.key", has_feedback=False)
        pair.up()
        pair.osdp.indicate(Indication.REFUSED)
        # It would refuse, and its channel would be gone.
        with pytest.raises(AssertionError):
            pair.until(lambda: not pair.osdp._was_secure, within_s=0.5)

    def test_are_not_asked_for_again_of_a_reader_that_refuses(self, tmp_path: Path) -> None:
        pair = rig(tmp_path, reader=Stubborn)
        pair.up()
        pair.osdp.indicate(Indication.REFUSED)
        pair.until(lambda: len(pair.lights) == 1)
        pair.obey(f"card {CARD_BITS}")
        pair.until(lambda: is_read(pair))
        pair.for_s(1.0)
        assert len(pair.reader.asked) == 1
        assert pair.faults == [BEGINNING, None]


class Talker(SimulatedOsdp):
    """Is a GPS receiver, which hears nothing and says its position all the time."""

    def to_send(self) -> bytes:
        super().to_send()
        return b"$GPRMC,081836,A,3751.65,S,14507.36,E,000.0,360.0,130998,011.3,E*62\r\n"


class Stubborn(SimulatedOsdp):
    """Says that it has a light, and refuses to use it."""

    def _hear(self, command: dict[str, Any]) -> tuple[Any, ...]:
        super()._hear(command)
        return tuple([-1, None])  # noqa: C409


@pytest.mark.parametrize(
    ("event", "readings"),
    [
        (
            {"event": osdp_sys.EVENT_CARDREAD, "format": 2, "data": b"12345678"},
            [BadFrame("a card as text: have the reader send its bits")],
        ),
        (
            {"event": osdp_sys.EVENT_CARDREAD, "format": 1, "length": 26, "data": bytes(4)},
            [BadFrame("a wrong parity")],
        ),
        (
            {"event": osdp_sys.EVENT_CARDREAD, "format": 0, "length": 26, "data": b""},
            [BadFrame("a card of the wrong length")],
        ),
        (
            {"event": osdp_sys.EVENT_STATUS, "type": osdp_sys.STATUS_REPORT_INPUT, "report": b"1"},
            [OtherFrame("another report")],
        ),
    ],
)
def test_a_report_that_is_no_card_to_us_says_why(
    event: dict[str, Any], readings: list[Reading]
) -> None:
    assert readings_of(event) == readings


def test_nothing_of_a_card_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pair = rig(tmp_path)
    pair.up()
    pair.obey(f"card {CARD_BITS}")
    pair.until(lambda: is_read(pair))
    pair.injected.append(CLEAR_CARD)
    pair.for_s(0.5)
    assert capfd.readouterr() == ("", "")


def test_what_is_reported_is_referred_to_by_nothing_when_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_and_after: list[tuple[int, int]] = []

    def watched(only_here: list[Any]) -> None:
        before = _references(only_here) - _ALONE
        free(only_here)
        before_and_after.append((before, _references(only_here) - _ALONE))

    monkeypatch.setattr(osdp_panel, "free", watched)
    pair = rig(tmp_path)
    pair.up()
    pair.obey(f"card {CARD_BITS}")
    pair.until(lambda: is_read(pair))
    # Its status, then the card.
    assert before_and_after == [(1, 0), (1, 0)]


class Watched(dict[str, Any]):
    """A dictionary whose end can be seen."""


@pytest.mark.parametrize("forgotten", [0, 1])
def test_what_libosdp_forgot_is_freed_and_nothing_else(forgotten: int) -> None:
    held = [Watched()]
    end = weakref.ref(held[0])
    for _ in range(forgotten):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(held[0]))
    free(held)
    assert end() is held[0]
    held.clear()
    assert end() is None


def test_a_conversation_that_is_over_leaves_no_panel_behind(tmp_path: Path) -> None:
    pair = rig(tmp_path)
    pair.up()
    panel = pair.osdp._panel
    assert panel is not None
    pair.osdp.close()
    gc.collect()
    # What refers to the panel is this test.
    assert len(gc.get_referrers(panel)) <= 1


def test_a_panel_that_begins_again_a_thousand_times_takes_no_memory() -> None:
    panel, process = Panel(0, KEY), psutil.Process()
    sizes_bytes = []
    for _ in range(5):
        for _ in range(RESTARTS // 5):
            panel.restart()
            panel.refresh()
            panel.to_send()
        gc.collect()
        sizes_bytes.append(process.memory_full_info().uss)
    assert sizes_bytes[-1] - sizes_bytes[0] < NOTHING_BYTES


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_noise_changes_nothing_and_takes_no_memory(pieces: list[bytes]) -> None:
    osdp = Osdp(0, lambda: KEY)
    now = 0.0
    for piece in [*pieces, b"\x53" * 9000]:
        now += 0.01
        assert osdp.feed(piece, now) == []
        osdp.to_send()
    assert osdp._panel is not None
    assert len(osdp._panel._channel.received) <= 4096
    assert osdp.fault(now) is not None
