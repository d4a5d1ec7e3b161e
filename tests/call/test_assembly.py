"""Frames come whole, in order and as soon as they can, whatever a line does to their packets."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.assembly import (
    LEAST_PATIENCE_S,
    MAX_BYTES,
    MAX_PACKETS,
    MOST_PATIENCE_S,
    Assembly,
    Piece,
)
from kiosk.call.missing import MAX_MISSING
from kiosk.call.parts import Part
from tests.call.streams import OTHER, Sent, stream


def put(assembly: Assembly, pieces: Iterable[Piece], now: float = 0.0) -> list[bytes]:
    return [frame.data for piece in pieces for frame in assembly.add(piece, now)]


def data_of(frames: Iterable[Sent]) -> list[bytes]:
    return [frame.data for frame in frames]


def all_of(frames: Iterable[Sent]) -> list[Piece]:
    return [piece for frame in frames for piece in frame.pieces]


def test_a_frame_is_whole_with_its_last_packet_and_not_with_the_next_frames_first() -> None:
    assembly, (key, other) = Assembly(), stream(["K3", "F2"])
    assert [len(assembly.add(piece, 0.0)) for piece in key.pieces] == [0, 0, 1]
    assert [len(assembly.add(piece, 0.0)) for piece in other.pieces] == [0, 1]


def test_a_frame_whose_end_is_not_marked_ends_where_another_time_begins() -> None:
    assembly, frames = Assembly(), stream(["K2", "F1", "F1"])
    unmarked = [replace(piece, last=False) for piece in all_of(frames)]
    assert put(assembly, unmarked) == data_of(frames[:2])


def test_packets_in_another_order_make_the_same_frames() -> None:
    assembly, frames = Assembly(), stream(["K3", "F2", "F2"])
    a, b, c, d, e, f, g = all_of(frames)
    assert put(assembly, [a, c, b, f, g, e, d]) == data_of(frames)


def test_a_packet_that_comes_again_changes_nothing() -> None:
    assembly, frames = Assembly(), stream(["K2", "F2"])
    pieces = all_of(frames)
    assert put(assembly, [*pieces[:1], *pieces[:3], *pieces]) == data_of(frames)


def test_what_waited_for_a_lost_packet_comes_with_it() -> None:
    assembly, frames = Assembly(), stream(["K1", "F2", "F1", "F1"])
    lost = frames[1].pieces[1]
    assert put(assembly, [p for p in all_of(frames) if p is not lost]) == data_of(frames[:1])
    assert assembly.missing.ask(0.0) == [lost.number]
    assert put(assembly, [lost], 0.1) == data_of(frames[1:])
    assert assembly.missing.next_s() is None


def test_what_came_is_not_asked_for_again_though_it_waits_for_others() -> None:
    assembly, frames = Assembly(), stream(["K1", "F3", "F1"])
    pieces = all_of(frames)
    put(assembly, [pieces[0], pieces[4]])
    assert assembly.missing.ask(0.0) == [pieces[at].number for at in (1, 2, 3)]
    put(assembly, [pieces[2]], 0.1)
    assert assembly.missing.ask(9.0) == [pieces[at].number for at in (1, 3)]


def test_a_packet_of_padding_alone_is_no_frame_and_holds_nothing_up() -> None:
    assembly, frames = Assembly(), stream(["K1", "P1", "P1", "F1"])
    pieces = all_of(frames)
    for at in (1, 2):
        pieces[at] = replace(pieces[at], last=False, time=0, data=b"", part=Part())
    assert put(assembly, pieces) == data_of([frames[0], frames[3]])


def test_padding_before_a_frame_is_not_its_beginning() -> None:
    assembly, (key, padding, other) = Assembly(), stream(["K1", "P1", "F1"])
    (empty,) = padding.pieces
    empty = replace(empty, last=False, time=other.pieces[0].time, data=b"", part=Part())
    assert put(assembly, [*key.pieces, empty, *other.pieces]) == data_of([key, other])


def test_padding_within_a_frame_adds_nothing_to_it() -> None:
    assembly, (frame,) = Assembly(), stream(["K3"])
    a, b, c = frame.pieces
    assert put(assembly, [a, replace(b, data=b""), c]) == [a.data + c.data]


def test_nothing_is_decoded_before_the_first_keyframe_which_is_asked_for() -> None:
    assembly, frames = Assembly(), stream(["F1", "F1", "K2", "F1"])
    assert put(assembly, all_of(frames[:2])) == []
    assert assembly.ask_for_key(0.0)
    assert put(assembly, all_of(frames[2:])) == data_of(frames[2:])
    assert not assembly.ask_for_key(9.0)


def test_a_stream_that_begins_with_a_keyframe_asks_for_none() -> None:
    assembly, frames = Assembly(), stream(["K2", "F1"])
    assembly.add(frames[0].pieces[0], 0.0)
    assert assembly.key_s() is None


def test_a_keyframe_is_asked_for_when_a_packet_does_not_come_and_again_while_none_does() -> None:
    assembly, frames = Assembly(), stream(["K1", "F2", "F1"])
    put(assembly, all_of(frames)[:2])
    put(assembly, all_of(frames)[3:], 1.0)
    assert not assembly.ask_for_key(1.0 + LEAST_PATIENCE_S - 0.01)
    first_s = assembly.key_s()
    assert first_s == 1.0 + LEAST_PATIENCE_S
    assert assembly.ask_for_key(first_s)
    second_s = assembly.key_s()
    assert second_s is not None
    assert 0.1 <= second_s - first_s <= 0.5
    assert not assembly.ask_for_key(second_s - 0.01)
    assert assembly.ask_for_key(second_s)


def test_on_a_long_line_there_is_more_patience_but_not_without_end() -> None:
    assembly, frames = Assembly(), stream(["K1", "F2", "F1"])
    put(assembly, all_of(frames)[:2])
    put(assembly, all_of(frames)[3:])
    assembly.missing.round_trip_s = 0.2
    assert assembly.key_s() == 4 * 0.2
    assembly.missing.round_trip_s = 0.9
    assert assembly.key_s() == MOST_PATIENCE_S


def test_a_whole_keyframe_is_shown_at_once_whatever_is_missing_before_it() -> None:
    assembly, frames = Assembly(), stream(["K1", "F2", "F1", "K2", "F1"])
    lost = frames[1].pieces[1]
    came = [piece for piece in all_of(frames) if piece is not lost]
    assert put(assembly, came) == data_of([frames[0], *frames[3:]])
    assert len(assembly.missing) == 0
    assert put(assembly, [lost]) == []


def test_a_keyframe_is_gone_on_with_though_its_end_is_not_marked() -> None:
    assembly, frames = Assembly(), stream(["K1", "F2", "F1", "K2", "F1"])
    pieces = [replace(piece, last=False) for piece in all_of(frames)]
    assert put(assembly, [*pieces[:2], *pieces[3:]]) == data_of([frames[0], frames[3]])


def test_nothing_is_given_up_for_a_keyframe_that_is_not_whole() -> None:
    assembly, frames = Assembly(), stream(["K1", "F2", "K3", "F1"])
    pieces = all_of(frames)
    lost = [pieces[2], pieces[4]]
    put(assembly, [piece for piece in pieces if piece not in lost])
    assert put(assembly, lost[:1]) == data_of(frames[1:2])


def test_of_several_keyframes_the_newest_is_shown() -> None:
    assembly, frames = Assembly(), stream(["K1", "F2", "K2", "F1", "K1"])
    pieces = all_of(frames)
    withheld = [frames[1].pieces[1], frames[2].pieces[0], frames[4].pieces[0]]
    put(assembly, [piece for piece in pieces if piece not in withheld])
    assert put(assembly, withheld[2:]) == data_of(frames[4:])


def test_a_keyframe_that_is_coming_is_waited_for_before_another_is_asked_for() -> None:
    assembly, frames = Assembly(), stream(["K1", "F2", "F1", "K3"])
    lost = (frames[1].pieces[1], frames[3].pieces[1])
    put(assembly, [p for p in all_of(frames[:3]) if p not in lost])
    assert assembly.ask_for_key(LEAST_PATIENCE_S)
    put(assembly, [p for p in frames[3].pieces if p not in lost], 0.5)
    assert assembly.key_s() == 0.5 + LEAST_PATIENCE_S
    assert put(assembly, [lost[1]], 0.6) == data_of(frames[3:])
    assert assembly.key_s() is None


def test_a_keyframe_of_h264_without_parameter_sets_counts_when_what_was_before_it_is_known() -> (
    None
):
    frames = stream(["K1", "F2", "F1", "K2"])
    idr = Part(begins=True, key=True)
    first, second = frames[3].pieces
    lost = frames[1].pieces[0]
    came = [p for p in all_of(frames[:3]) if p is not lost] + [replace(first, part=idr), second]
    assert put(Assembly(), came) == data_of([frames[0], frames[3]])
    unknown = [piece for piece in came if piece is not frames[2].pieces[0]]
    assert put(Assembly(), unknown) == data_of(frames[:1])


def test_a_later_slice_of_a_keyframe_of_h264_is_not_its_beginning() -> None:
    frames = stream(["K1", "F2", "F1", "K3"])
    idr = Part(begins=True, key=True)
    _, second, third = frames[3].pieces
    came = [
        *frames[0].pieces,
        frames[1].pieces[0],
        replace(second, part=idr),
        replace(third, part=idr),
    ]
    assert put(Assembly(), came) == data_of(frames[:1])


def test_a_frame_that_begins_in_its_middle_is_not_decoded_nor_what_needs_it() -> None:
    assembly, frames = Assembly(), stream(["K1", "F1", "F1", "K1", "F1"])
    pieces = all_of(frames)
    pieces[1] = replace(pieces[1], part=Part())
    assert put(assembly, pieces[:3]) == data_of(frames[:1])
    assert assembly.ask_for_key(0.0)
    assert put(assembly, pieces[3:]) == data_of(frames[3:])


def test_a_stream_that_begins_anew_far_away_is_followed() -> None:
    for far in (100 + MAX_PACKETS + 5, 100 + 20_000, 100 - MAX_PACKETS - 5):
        assembly, before, after = Assembly(), stream(["K1", "F1"]), stream(["F1", "K2"], far)
        assert put(assembly, all_of([*before, *after])) == data_of([*before, *after[1:]])
        assert len(assembly.missing) == 0


def test_who_lost_a_second_asks_for_a_keyframe_at_once_and_for_nothing_else() -> None:
    assembly, frames = Assembly(), stream(["K1"] + ["F1"] * (MAX_MISSING + 3))
    put(assembly, [frames[0].pieces[0], frames[-1].pieces[0]])
    assert assembly.missing.ask(0.0) == []
    assert assembly.ask_for_key(0.0)


def test_what_is_never_whole_takes_little_memory() -> None:
    assembly, at = Assembly(), 0
    for at in range(0, 10_000, 2):
        assembly.add(Piece(at, at, False, OTHER, bytes(1200)), 0.0)
        assert len(assembly._pieces) <= MAX_PACKETS
        assert len(assembly.missing) <= MAX_MISSING + 1
        assert sum(len(p.data) for p in assembly._pieces.values()) == assembly._bytes <= MAX_BYTES
    large = bytes(MAX_BYTES // 3)
    for number in range(at + 2, at + 40):
        assembly.add(Piece(number, at, False, OTHER, large), 0.0)
        assert sum(len(p.data) for p in assembly._pieces.values()) == assembly._bytes <= MAX_BYTES


KINDS = st.lists(st.sampled_from(["K1", "K3", "F1", "F2", "F4"]), min_size=1, max_size=40)


@given(kinds=KINDS, chance=st.randoms(use_true_random=False), loss=st.floats(0, 0.5))
def test_what_comes_is_in_order_and_never_without_what_it_needs(
    kinds: list[str], chance: st.DataObject, loss: float
) -> None:
    frames = stream(kinds)
    pieces = [piece for piece in all_of(frames) if chance.random() >= loss]  # type: ignore[attr-defined]
    pieces += [piece for piece in pieces if chance.random() < 0.1]  # type: ignore[attr-defined]
    pieces.sort(key=lambda piece: piece.number + chance.uniform(0, 8))  # type: ignore[attr-defined]
    by_data = {frame.data: frame for frame in frames}
    shown = [by_data[data] for data in put(Assembly(), pieces)]
    for before, frame in zip([None, *shown], shown, strict=False):
        assert before is None or frame.number > before.number
        assert frame.key or (before is not None and before.number == frame.number - 1)


@given(kinds=KINDS, chance=st.randoms(use_true_random=False))
def test_everything_comes_when_all_that_was_asked_for_is_sent_again(
    kinds: list[str], chance: st.DataObject
) -> None:
    frames = stream(["K1", *kinds, "F1"])
    pieces = {piece.number: piece for piece in all_of(frames)}
    (first, *middle, last), assembly, now = list(pieces), Assembly(), 0.0
    kept = [n for n in middle if chance.random() > 0.3]  # type: ignore[attr-defined]
    shown = put(assembly, [pieces[number] for number in (first, *kept, last)])
    while (next_s := assembly.missing.next_s()) is not None:
        now = next_s
        shown += put(assembly, [pieces[number] for number in assembly.missing.ask(now)], now)
    by_data = {frame.data: frame for frame in frames}
    assert by_data[shown[-1]] is frames[-1]
    skipped = {frame.number for frame in frames} - {by_data[data].number for data in shown}
    assert all(any(f.key and f.number > number for f in frames) for number in skipped)


PIECES = st.builds(
    Piece,
    st.integers(0, 3000),
    st.integers(0, 3),
    st.booleans(),
    st.builds(Part, st.booleans(), st.booleans(), st.booleans()),
    st.binary(max_size=2),
)


@given(st.lists(PIECES, max_size=200))
def test_noise_raises_nothing(pieces: list[Piece]) -> None:
    assembly = Assembly()
    for at, piece in enumerate(pieces):
        assembly.add(piece, at / 10)
        assembly.ask_for_key(at / 10)
        assembly.missing.ask(at / 10)
        assert assembly._bytes == sum(len(held.data) for held in assembly._pieces.values())
