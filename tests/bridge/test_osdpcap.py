"""Captures of OSDP: those that others write are read, and ours are read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.capture import Captured, CaptureError
from firmware_bridge.osdpcap import osdpcap_line, read_osdpcap
from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet
from firmware_bridge.readers.reading import OtherFrame

# The example of osdpcap-format.md, and a line as OSDP.Net writes it.
CONFORMANCE = (
    '{ "timeSec" : "1580342115", "timeNano" : "984691851", "io" : "trace", '
    '"data" : " ff ff 53 80 08 00 01 4b 01 d8", "osdpTraceVersion":"1", '
    '"osdpSource":"libosdp-conformance 0.91-5" }\n'
)
OSDP_NET = (
    '{"timeSec":"1580342116","timeNano":"484691851","io":"output",'
    '"data":"53-00-0D-00-06-6A-00-02-02-02-01-59-92","osdpTraceVersion":"1","osdpSource":"OSDP.Net"}\n'
)


def test_the_example_of_the_format_is_a_reply_that_was_overheard() -> None:
    (found,) = read_osdpcap([CONFORMANCE])
    assert found == Captured(0.0, "<", bytes.fromhex("ffff53800800014b01d8"))


def test_lines_of_several_tools_are_read_with_the_time_between_them() -> None:
    _, found = read_osdpcap([CONFORMANCE, "\n", OSDP_NET])
    assert found == Captured(0.5, ">", bytes.fromhex("53000D00066A00020202015992"))


@pytest.mark.parametrize(
    ("io", "data", "direction"),
    [
        ("trace", "53000800046", ">"),
        ("trace", "", ">"),
        ("trace", "53", ">"),
        ("trace", "ff5380", "<"),
        ("input", "5300", "<"),
        ("output", "5380", ">"),
    ],
)
def test_who_spoke_is_said_by_the_line_or_by_the_packet(io: str, data: str, direction: str) -> None:
    data += "0" * (len(data) % 2)
    line = json.dumps({"timeSec": 1, "timeNano": 2, "io": io, "data": data})
    assert next(read_osdpcap([line])).direction == direction


@pytest.mark.parametrize(
    "line",
    [
        "53 00 08",
        "[]",
        '{"timeSec":"1","timeNano":"2","io":"input"}',
        '{"timeSec":"1","timeNano":"2","io":"both","data":""}',
        '{"timeSec":"-1","timeNano":"2","io":"input","data":""}',
        '{"timeSec":"1","timeNano":"2","io":"input","data":"5"}',
        '{"timeSec":"1","timeNano":"2","io":"input","data":"xy"}',
        '{"timeSec":1' + "0" * 400 + ',"timeNano":"2","io":"input","data":""}',
        '{"timeSec":"1","timeNano":"2","io":"input","data":"","more":' + "[" * 9999 + "]" * 9999,
    ],
)
def test_a_line_that_is_wrong_is_named_and_not_quoted(line: str) -> None:
    with pytest.raises(CaptureError, match=r"^line 2: expected one JSON object of an osdpcap$"):
        list(read_osdpcap([OSDP_NET, line]))


def test_a_capture_that_goes_back_in_time_is_refused() -> None:
    with pytest.raises(CaptureError, match="line 2: it goes back in time"):
        list(read_osdpcap([OSDP_NET, CONFORMANCE]))


captures = st.lists(
    st.builds(
        Captured,
        st.integers(0, 10**9).map(lambda microseconds: microseconds / 1e6),
        st.sampled_from(["<", ">"]),
        st.binary(max_size=40),
    ),
    max_size=8,
).map(lambda found: sorted(found, key=lambda captured: captured.at_s))


@given(captures, st.integers(0, 2 * 10**18))
def test_a_capture_that_was_written_is_read_as_it_was(
    capture: list[Captured], began_at_ns: int
) -> None:
    found = list(read_osdpcap([osdpcap_line(captured, began_at_ns) for captured in capture]))
    assert [(c.direction, c.data) for c in found] == [(c.direction, c.data) for c in capture]
    for one, other in zip(found, capture, strict=True):
        assert one.at_s == pytest.approx(other.at_s - capture[0].at_s, abs=1e-6)


anything = st.text() | st.integers(-(10**400), 10**400) | st.floats() | st.none()
objects = st.fixed_dictionaries(
    {
        "timeSec": anything | st.integers(0, 9),
        "timeNano": anything | st.integers(0, 9),
        "io": anything | st.sampled_from(["input", "output", "trace"]),
        "data": anything | st.binary(max_size=9).map(bytes.hex),
    }
).map(json.dumps)
noise = st.text(max_size=60) | st.binary(max_size=60).map(
    lambda raw: raw.decode(errors="surrogateescape")
)


@given(st.lists(noise | objects | st.just(OSDP_NET), max_size=4))
def test_whatever_a_file_holds_is_a_capture_or_refused(lines: list[str]) -> None:
    try:
        found = list(read_osdpcap(lines))
    except CaptureError:
        return
    assert len(found) == sum(bool(line.strip()) for line in lines)
    assert all(piece.at_s >= 0 and isinstance(piece.data, bytes) for piece in found)


def test_the_packets_of_captures_are_decoded_as_their_sources_name_them() -> None:
    sound: list[Packet] = []
    decoder = OsdpDecoder(sound.append)
    pieces = [captured.data for captured in read_osdpcap([CONFORMANCE, OSDP_NET])]
    found = [reading for piece in pieces for reading in decoder.feed(piece)]
    assert [*found, *decoder.quiet()] == [OtherFrame("RSTATR"), OtherFrame("BUZ")]
    assert [(packet.name, packet.is_reply) for packet in sound] == [
        ("RSTATR", True),
        ("BUZ", False),
    ]


def test_what_we_write_has_the_fields_that_others_read() -> None:
    line = json.loads(osdpcap_line(Captured(0.25, "<", b"\x53\x80"), 1_580_342_115_900_000_000))
    assert line == {
        "timeSec": "1580342116",
        "timeNano": "150000000",
        "io": "input",
        "data": "53 80",
        "osdpTraceVersion": "1",
        "osdpSource": "firmware-bridge",
    }
