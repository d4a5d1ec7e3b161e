"""The simulated devices are as strict as the real ones."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers.em4100_ascii import Em4100Ascii
from firmware_bridge.readers.pn532_frames import TO_CHIP, Code, Information, Signal
from firmware_bridge.readers.pn532_hsu import WAKE_UP
from firmware_bridge.simulators.device import SimulatedDevice
from firmware_bridge.simulators.line import SimulatedLine
from firmware_bridge.simulators.pn532 import SimulatedPn532
from firmware_bridge.simulators.rdm6300 import REPEAT_S, SimulatedRdm6300
from firmware_bridge.simulators.twn4 import SimulatedTwn4
from kiosk.errors import BridgeError
from tests.bridge.frames import GOOD, A, in_pieces, one_by_one

ACK = Signal.ACK.to_bytes()
ERROR = Signal.ERROR.to_bytes()
WAKE = b"\x55\x55\x00\x00"
SAM = bytes.fromhex("0000FF03FDD414011700")
SAM_DONE = bytes.fromhex("0000FF02FED5151600")
VERSION = bytes.fromhex("0000FF02FED4022A00")
VERSION_SAID = bytes.fromhex("0000FF06FAD50332010607E800")
SEARCH = bytes.fromhex("0000FF04FCD44A0100E100")
FOUND = bytes.fromhex("0000ff0cf4d54b0101000408049eb36e66a900")


def command(code: int, parameters: str = "") -> bytes:
    return Information(TO_CHIP, bytes([code]) + bytes.fromhex(parameters)).to_bytes()


FEW_RETRIES = command(Code.RF_CONFIGURATION, "05FF0101")


def asked(chip: SimulatedPn532, data: bytes, for_s: float = 0.05, now: float = 1.0) -> bytes:
    """What the chip sends in that time after `data`."""
    chip.feed(data, now)
    chip.tick(now + for_s)
    chip.tick(now + 2 * for_s)
    return chip.to_send()


def sent_in(device: SimulatedDevice, pieces: Iterable[bytes]) -> bytes:
    """What a device sends when it is asked in these pieces, a millisecond after each other."""
    now, sends = 1.0, b""
    for piece in pieces:
        device.feed(piece, now)
        device.tick(now := now + 0.001)
        sends += device.to_send()
    device.tick(now + 1.0)
    return sends + device.to_send()


def ready() -> SimulatedPn532:
    chip = SimulatedPn532()
    assert asked(chip, WAKE + SAM) == ACK + SAM_DONE
    return chip


class TestPn532:
    def test_sleeps_until_it_is_woken(self) -> None:
        chip = SimulatedPn532()
        assert asked(chip, SAM + VERSION) == b""
        assert asked(chip, SAM) == b""
        assert asked(chip, WAKE + VERSION) == ACK + VERSION_SAID

    @given(data=st.data())
    def test_is_woken_and_told_of_its_sam_in_any_pieces(self, data: st.DataObject) -> None:
        chip = SimulatedPn532()
        assert sent_in(chip, data.draw(in_pieces(WAKE_UP + SAM))) == ACK + SAM_DONE
        assert sent_in(chip, data.draw(in_pieces(VERSION))) == ACK + VERSION_SAID

    def test_is_woken_and_told_of_its_sam_byte_by_byte(self) -> None:
        assert sent_in(SimulatedPn532(), one_by_one(WAKE_UP + SAM)) == ACK + SAM_DONE

    def test_refuses_to_search_before_it_knows_of_its_sam(self) -> None:
        chip = SimulatedPn532()
        assert asked(chip, WAKE + SEARCH) == ACK + ERROR
        assert asked(chip, FEW_RETRIES) == ACK + ERROR
        assert asked(chip, SAM) == ACK + SAM_DONE

    def test_answers_as_published(self) -> None:
        chip = ready()
        assert asked(chip, VERSION) == ACK + VERSION_SAID
        chip.obey(["hold", "9EB36E66"], 1.0)
        assert asked(chip, SEARCH) == ACK + FOUND

    def test_acknowledges_before_it_works(self) -> None:
        chip = ready()
        chip.feed(VERSION, 1.0)
        assert chip.to_send() == ACK
        assert chip.next_deadline() is not None

    def test_is_silent_about_a_wrong_checksum(self) -> None:
        chip = ready()
        assert asked(chip, VERSION.replace(b"\x2a", b"\x2b")) == b""
        assert asked(chip, VERSION.replace(b"\xfe", b"\xfd")) == b""

    def test_searches_for_ever_as_it_is(self) -> None:
        chip = ready()
        assert asked(chip, SEARCH, for_s=1000.0) == ACK
        assert chip.next_deadline() is None
        chip.obey(["hold", "9EB36E66"], 3000.0)
        assert chip.to_send() == FOUND

    def test_ends_a_search_after_the_retries_that_it_was_told(self) -> None:
        chip = ready()
        asked(chip, FEW_RETRIES)
        assert asked(chip, SEARCH, for_s=0.003) == ACK
        chip.tick(2.0)
        assert chip.to_send() == bytes.fromhex("0000FF03FDD54B00E000")

    def test_finds_no_card_of_another_kind(self) -> None:
        chip = ready()
        asked(chip, FEW_RETRIES)
        chip.obey(["hold", "9EB36E66"], 0.0)
        chip.obey(["take"], 0.0)
        assert asked(chip, command(Code.IN_LIST_PASSIVE_TARGET, "0103"), for_s=9.0) == ACK

    def test_stops_at_an_ack_and_at_another_command(self) -> None:
        for stop, answer in ((ACK, b""), (VERSION, ACK + VERSION_SAID)):
            chip = ready()
            asked(chip, SEARCH)
            assert asked(chip, stop) == answer
            chip.obey(["hold", "9EB36E66"], 3.0)
            assert chip.to_send() == b""

    def test_repeats_its_last_response_at_a_nak(self) -> None:
        chip = ready()
        asked(chip, VERSION)
        assert asked(chip, Signal.NAK.to_bytes()) == VERSION_SAID

    @pytest.mark.parametrize(
        "wrong",
        [
            command(0x00),
            command(Code.GET_FIRMWARE_VERSION, "01"),
            command(Code.SAM_CONFIGURATION),
            command(Code.SAM_CONFIGURATION, "05"),
            command(Code.SAM_CONFIGURATION, "01140101"),
            command(Code.RF_CONFIGURATION),
            command(Code.RF_CONFIGURATION, "05FF01"),
            command(Code.RF_CONFIGURATION, "0601"),
            command(Code.IN_LIST_PASSIVE_TARGET, "01"),
            command(Code.IN_LIST_PASSIVE_TARGET, "0300"),
        ],
    )
    def test_answers_an_error_to_what_it_does_not_know(self, wrong: bytes) -> None:
        chip = ready()
        assert asked(chip, wrong) == ACK + ERROR
        assert asked(chip, Signal.NAK.to_bytes()) == ERROR


class TestTwn4:
    @pytest.mark.parametrize(
        ("request_", "response"),
        [
            (b"0005\r", b"0001\r"),
            (b"050010\r", b"000180200466CF4DC2\r"),
            (b"050002\r", b"00018010 0266CF\r".replace(b" ", b"")),
            (b"0500\r", b"02\r"),
            (b"05001000\r", b"03\r"),
            (b"000500\r", b"03\r"),
            (b"7777\r", b"01\r"),
            (b"05001\r", b""),
            (b"\r", b""),
            (b"050010", b""),
        ],
    )
    def test_answers_as_published_or_says_what_is_wrong(
        self, request_: bytes, response: bytes
    ) -> None:
        reader = SimulatedTwn4()
        reader.obey(["hold", "66CF4DC2"], 0.0)
        reader.feed(request_, 1.0)
        assert reader.to_send() == response

    def test_wants_and_sends_a_crc_where_it_is_so_configured(self) -> None:
        reader = SimulatedTwn4(crc=True)
        reader.feed(b"000515A7\r", 1.0)
        assert reader.to_send() == b"000131E1\r"
        reader.feed(b"0005\r000515A8\r", 1.0)
        assert reader.to_send() == b""

    @given(data=st.data())
    def test_is_asked_in_any_pieces(self, data: st.DataObject) -> None:
        pieces = data.draw(in_pieces(b"000515A7\r"))
        assert sent_in(SimulatedTwn4(crc=True), pieces) == b"000131E1\r"

    def test_says_nothing_that_it_was_not_asked(self) -> None:
        reader = SimulatedTwn4()
        reader.obey(["hold", "66CF4DC2"], 0.0)
        reader.tick(1.0)
        assert reader.to_send() == b""
        assert reader.next_deadline() is None

    def test_sees_a_card_only_while_it_is_there(self) -> None:
        reader = SimulatedTwn4()
        reader.obey(["hold", "3D00C000D4", "2"], 10.0)
        said = []
        for now in (11.9, 12.0):
            reader.feed(b"050010\r", now)
            said.append(reader.to_send())
        assert said == [b"00014028053D00C000D4\r", b"0000\r"]


def test_an_rdm6300_repeats_the_frame_of_a_held_card_and_then_falls_silent() -> None:
    reader = SimulatedRdm6300()
    reader.tick(0.0)
    assert reader.to_send() == b""
    reader.obey(["hold", "62E3086CED", "0.2"], 1.0)
    read = []
    while (due_s := reader.next_deadline()) is not None:
        reader.tick(due_s - 0.001)
        assert reader.to_send() == b""
        reader.tick(due_s)
        read += Em4100Ascii().feed(reader.to_send())
    assert read == [A] * (1 + int(0.2 / REPEAT_S))


def test_an_em18_sends_the_characters_alone() -> None:
    reader = SimulatedRdm6300(bare=True)
    reader.obey(["hold", "62E3086CED"], 1.0)
    reader.tick(1.0)
    assert reader.to_send() == GOOD["RDM630 data sheet"]


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("line A 1", b"A 1\r\n"),
        ("hold 2006ec0c86 0.5", b"2006ec0c86\r\n"),
        ("hold 5901234123457", b"5901234123457\r\n"),
        ("take", b""),
    ],
)
def test_a_reader_of_lines_writes_what_it_is_told_once(words: str, written: bytes) -> None:
    reader = SimulatedLine()
    reader.obey(words.split(), 1.0)
    assert reader.to_send() == written
    assert reader.to_send() == b""


def test_a_reader_of_lines_says_what_it_can_be_told() -> None:
    with pytest.raises(BridgeError, match="line TEXT"):
        SimulatedLine().obey(["line"], 0.0)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["hold", "XYZ"], "hexadecimal"),
        (["hold", "62E3"], "2 bytes, here it has 5"),
        (["hold", "62E3086CED", "soon"], "no number of seconds"),
        (["hold"], "say `hold HEX"),
        (["dance"], "say `hold HEX"),
    ],
)
def test_what_can_not_be_done_at_a_device_is_said(words: list[str], fault: str) -> None:
    with pytest.raises(BridgeError, match=fault):
        SimulatedRdm6300().obey(words, 0.0)
