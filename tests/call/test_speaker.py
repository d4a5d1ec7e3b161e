"""What waits before the loudspeaker."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.flow import Flow
from kiosk.call.sound import BLOCK_BYTES, PortAudio
from kiosk.call.speaker import FIRST_BLOCKS, MOST_BLOCKS, SILENCE, Playout, Speaker

LOUD = b"\x11\x22" * (BLOCK_BYTES // 2)


def test_playing_begins_when_enough_waits() -> None:
    playout = Playout()
    for _ in range(FIRST_BLOCKS - 1):
        playout.put(LOUD)
    assert playout.take() == SILENCE
    playout.put(LOUD)
    assert [playout.take() for _ in range(FIRST_BLOCKS)] == [LOUD] * FIRST_BLOCKS
    assert playout.take() == SILENCE


def test_after_a_gap_it_waits_again() -> None:
    playout = Playout()
    playout.put(LOUD * FIRST_BLOCKS)
    while playout.take() != SILENCE:
        pass
    playout.put(LOUD)
    assert playout.take() == SILENCE


def test_sound_of_any_length_comes_out_in_order() -> None:
    playout = Playout()
    sound = bytes(range(1, 241)) * 2 * 10
    for at in range(0, len(sound), 701):
        playout.put(sound[at : at + 701])
    taken = b""
    while (block := playout.take()) != SILENCE:
        taken += block
    assert taken
    assert sound.startswith(taken)
    assert len(sound) - len(taken) < BLOCK_BYTES


@given(st.lists(st.one_of(st.none(), st.integers(0, 5 * BLOCK_BYTES)), max_size=100))
def test_never_more_than_200_ms_wait(steps: list[int | None]) -> None:
    playout = Playout()
    for step in steps:
        if step is None:
            assert len(playout.take()) == BLOCK_BYTES
        else:
            playout.put(bytes(step))
        assert len(playout._blocks) <= MOST_BLOCKS


def test_nothing_is_played_that_may_not_flow() -> None:
    flow = Flow(call=7)
    speaker = Speaker("default", PortAudio(), flow)
    block = bytearray(BLOCK_BYTES)
    speaker.put(LOUD * 10)
    speaker._fill(block)
    assert block == LOUD
    for name in ("held", "alone"):
        setattr(flow, name, True)
        speaker._fill(block)
        assert block == SILENCE
        setattr(flow, name, False)
    flow.call = None
    speaker._fill(block)
    assert block == SILENCE
