"""How a connection begins, without any socket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import WireError
from kiosk.wire.codec import encode
from kiosk.wire.conversation import Conversation
from kiosk.wire.messages import EndCall, Hello, Mute, Program
from tests.wire.kit import hello
from tests.wire.strategies import in_pieces


def _core(*allowed: Program) -> Conversation:
    return Conversation(Program.CORE, allowed or (Program.CALL,))


def test_two_conversations_greet_each_other() -> None:
    core, call = _core(), Conversation(Program.CALL, (Program.CORE,))
    assert len(list(core.receive(call.hello()))) == 1
    assert len(list(call.receive(core.hello()))) == 1
    assert (core.peer, call.peer) == (Program.CALL, Program.CORE)


@given(data=st.data())
def test_what_follows_hello_is_heard_in_any_chunking(data: st.DataObject) -> None:
    core = _core()
    said = hello() + encode(EndCall(1)) + encode(Mute(1, True))
    heard = [message for piece in data.draw(in_pieces(said)) for message in core.receive(piece)]
    assert heard == [Hello(Program.CALL, 1, "x"), EndCall(1), Mute(1, True)]
    assert core.peer is Program.CALL


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (hello(protocol=2), "speaks another protocol than 1"),
        (hello(protocol=10**4000), "speaks another protocol than 1"),
        (hello("kiosk-ui"), "may not be kiosk-ui"),
        (hello("kiosk-core"), "may not be kiosk-core"),
        (hello("kiosk-spy"), "Hello of .* wrong field"),
        (encode(EndCall(1)), "said EndCall before Hello"),
        (encode(EndCall(1)) + hello(), "said EndCall before Hello"),
        (b"GET / HTTP/1.1\r\n\r\n", "a line of 15 bytes is not JSON"),
        (hello() + hello(), "said Hello twice"),
    ],
)
def test_a_peer_that_begins_wrongly_is_refused(said: bytes, told: str) -> None:
    with pytest.raises(WireError, match=told):
        list(_core().receive(said))


def test_hello_is_said_once_only() -> None:
    core = _core()
    list(core.receive(hello() + encode(EndCall(1))))
    with pytest.raises(WireError, match="said Hello twice"):
        list(core.receive(hello()))


def test_nobody_is_known_before_hello_has_all_come() -> None:
    core = _core()
    assert list(core.receive(hello()[:-1])) == []
    assert core.peer is None
    assert core.unfinished_bytes == len(hello()) - 1
    assert len(list(core.receive(b"\n"))) == 1
    assert core.peer is Program.CALL


def test_what_was_sound_before_a_bad_line_is_heard() -> None:
    heard = _core().receive(hello() + encode(EndCall(1)) + b"noise\n" + encode(EndCall(2)))
    assert [next(heard), next(heard)] == [Hello(Program.CALL, 1, "x"), EndCall(1)]
    with pytest.raises(WireError):
        next(heard)
