"""What waits for a slow peer."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.wire.devices import HandsetStatus, ReaderStatus
from kiosk.wire.messages import EndCall, MediaDevice, Message, PictureStats, UseHandset
from kiosk.wire.outbox import Outbox
from kiosk.wire.touchscreen import TouchscreenStatus


def _taken(outbox: Outbox[Message]) -> list[Message]:
    return list(iter(outbox.take, None))


def _stats(number: int) -> PictureStats:
    return PictureStats(1, number, 30.0, 33.0)


def test_events_come_out_in_order() -> None:
    outbox: Outbox[Message] = Outbox()
    assert all(outbox.put(EndCall(n)) for n in range(5))
    assert _taken(outbox) == [EndCall(n) for n in range(5)]
    assert outbox.take() is None


def test_a_state_supersedes_its_older_self_and_never_overtakes_an_event() -> None:
    outbox: Outbox[Message] = Outbox()
    for message in (_stats(1), EndCall(1), _stats(2), EndCall(2)):
        assert outbox.put(message)
    assert _taken(outbox) == [EndCall(1), _stats(2), EndCall(2)]


def test_each_reader_and_each_device_has_a_state_of_its_own() -> None:
    outbox: Outbox[Message] = Outbox()
    states: list[Message] = [
        ReaderStatus("a", True),
        ReaderStatus("b", True),
        MediaDevice("camera", True),
        MediaDevice("speaker", True),
    ]
    for state in [*states, ReaderStatus("a", False, "unplugged")]:
        assert outbox.put(state)
    assert _taken(outbox) == [*states[1:], ReaderStatus("a", False, "unplugged")]


def test_of_the_handset_only_the_newest_matters() -> None:
    outbox: Outbox[Message] = Outbox()
    for lifted in (True, False, True):
        assert outbox.put(HandsetStatus(lifted))
        assert outbox.put(UseHandset(lifted))
    assert _taken(outbox) == [HandsetStatus(True), UseHandset(True)]


def test_of_the_touchscreen_only_the_newest_matters() -> None:
    outbox: Outbox[Message] = Outbox(limit=1)
    for number in range(1000):
        assert outbox.put(TouchscreenStatus(up=number % 2 == 0))
    assert _taken(outbox) == [TouchscreenStatus(up=False)]


def test_latest_wins_messages_never_fill_it() -> None:
    outbox: Outbox[Message] = Outbox(limit=2)
    assert all(outbox.put(_stats(n)) for n in range(10_000))
    assert outbox.put(EndCall(1))
    assert outbox.put(EndCall(2))
    assert not outbox.put(EndCall(3))
    assert outbox.put(_stats(1))
    assert len(outbox) == 3


def test_states_of_ever_new_names_are_bounded_too() -> None:
    outbox: Outbox[Message] = Outbox(limit=4)
    assert [outbox.put(ReaderStatus(str(n), True)) for n in range(6)] == [True] * 4 + [False] * 2
    assert outbox.put(EndCall(1))


def test_what_is_taken_makes_room() -> None:
    outbox: Outbox[Message] = Outbox(limit=1)
    assert outbox.put(EndCall(1))
    assert not outbox.put(EndCall(2))
    assert outbox.take() == EndCall(1)
    assert outbox.put(EndCall(3))


def test_cleared_it_is_as_new() -> None:
    outbox: Outbox[Message] = Outbox(limit=1)
    outbox.put(EndCall(1))
    outbox.put(_stats(1))
    outbox.clear()
    assert len(outbox) == 0
    assert outbox.put(EndCall(2))
    assert _taken(outbox) == [EndCall(2)]


_PUTS = st.lists(
    st.one_of(
        st.builds(EndCall, st.integers(0, 9)),
        st.builds(_stats, st.integers(0, 9)),
        st.builds(ReaderStatus, st.sampled_from("abc"), st.booleans()),
        st.none(),
    ),
    max_size=60,
)


@given(_PUTS, st.integers(1, 6))
def test_no_accepted_event_is_lost_and_the_length_is_bounded(
    puts: list[Message | None], limit: int
) -> None:
    outbox: Outbox[Message] = Outbox(limit)
    accepted: list[Message] = []
    taken: list[Message | None] = []
    for message in puts:
        if message is None:
            taken.append(outbox.take())
        elif outbox.put(message):
            accepted.append(message)
        assert len(outbox) <= 2 * limit
    taken += _taken(outbox)
    assert [m for m in taken if isinstance(m, EndCall)] == [
        m for m in accepted if isinstance(m, EndCall)
    ]
    for kind in (PictureStats, ReaderStatus):
        newest = [m for m in accepted if isinstance(m, kind)][-1:]
        assert [m for m in taken if isinstance(m, kind)][-1:] == newest
