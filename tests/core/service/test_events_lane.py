"""Commands arrive at once, in order, each once, over whatever happens to the stream."""

import asyncio
import logging
import threading
from itertools import pairwise

import pytest

from kiosk.core.service import events as events_module
from kiosk.core.service.address import address_of
from kiosk.core.service.events import EventsLane
from kiosk.core.service.http import Transport
from kiosk.core.service.replies import HoldVisit, ReleaseVisit
from tests.core.service.conftest import CLOCK
from tests.core.service.hostile import Asked, Peer, head, hostile, whole
from tests.core.service.jitter import ASKED, STEP_S, Pauses
from tests.core.service.listening import OPEN, Heard, Listen, event, streaming

SILENCE_S = 0.5


async def test_commands_arrive_typed_and_in_order(listen: Listen) -> None:
    hold = event(8, '{"visit": "v1", "reason": "officer"}', "hold")
    with hostile(streaming(": ping\n\n", event(7), hold), events=True) as server:
        heard = listen(server)
        assert await heard.next() == "up"
        assert await heard.next() == ("7", ReleaseVisit("v1"))
        assert await heard.next() == ("8", HoldVisit("v1", "officer"))
    asked = server.asked[0]
    assert asked.line == "GET /terminal/v1/events HTTP/1.1"
    assert (asked.headers["terminal"], asked.headers["accept"]) == ("t1", "text/event-stream")
    assert "last-event-id" not in asked.headers


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_command_is_told_within_milliseconds(listen: Listen, chunked: bool) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        more = ["Transfer-Encoding: chunked"] if chunked else []
        peer.send(head(200, "text/event-stream", *more))
        for number in range(1, 51):
            wanted.acquire()
            data = event(number).encode()
            sent_at_s.append(CLOCK.monotonic())
            peer.send(b"%x\r\n%b\r\n" % (len(data), data) if chunked else data)
        peer.wait()

    wanted = threading.Semaphore(0)
    sent_at_s: list[float] = []
    took_s = []
    with hostile(behave, events=True) as server:
        heard = listen(server)
        assert await heard.next() == "up"
        for number in range(1, 51):
            wanted.release()
            assert (await heard.next())[0] == str(number)
            took_s.append(CLOCK.monotonic() - sent_at_s[-1])
    assert sorted(took_s)[25] < 0.005


async def test_a_stream_that_ends_is_resumed_after_the_last_command(listen: Listen) -> None:
    def behave(peer: Peer, asked: Asked) -> None:
        if len(server.asked) == 1:
            peer.send(OPEN + event(7).encode() + b"id: 8\nevent: rel")
            peer.close()
        else:
            streaming(event(8))(peer, asked)

    with hostile(behave, events=True) as server:
        heard = listen(server, "6")
        told = [await heard.next() for _ in range(5)]
    assert told == [
        "up",
        ("7", ReleaseVisit("v1")),
        ("down", "the stream ended"),
        "up",
        ("8", ReleaseVisit("v1")),
    ]
    assert [asked.headers["last-event-id"] for asked in server.asked] == ["6", "7"]


async def test_a_reset_stream_is_resumed(listen: Listen) -> None:
    def behave(peer: Peer, asked: Asked) -> None:
        if len(server.asked) == 1:
            peer.send(OPEN + event(7).encode())
            heard_it.wait()
            peer.reset()
        else:
            streaming(event(8))(peer, asked)

    heard_it = threading.Event()
    with hostile(behave, events=True) as server:
        heard = listen(server)
        assert (await heard.next_command())[0] == "7"
        heard_it.set()
        assert (await heard.next_command())[0] == "8"


@pytest.mark.parametrize("sent", [b"", b"id: 7\nevent: hold"])
async def test_a_silent_stream_is_left_and_resumed(listen: Listen, sent: bytes) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(OPEN + sent)
        peer.wait()

    with hostile(behave, events=True) as server:
        begun_s = CLOCK.monotonic()
        heard = listen(server, silence_s=SILENCE_S)
        assert await heard.next_down() == "took too long"
        assert SILENCE_S <= CLOCK.monotonic() - begun_s < SILENCE_S + 1.0
        assert await heard.next() == "up"
        assert len(server.asked) == 2


async def test_bytes_without_a_line_are_no_sign_of_life(listen: Listen) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(OPEN)
        peer.drip(b"x" * 1000, 0.05)

    with hostile(behave, events=True) as server:
        begun_s = CLOCK.monotonic()
        assert await listen(server, silence_s=SILENCE_S).next_down() == "took too long"
        assert CLOCK.monotonic() - begun_s < SILENCE_S + 1.0


async def test_pings_keep_a_stream_open(listen: Listen) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(OPEN)
        for number in range(20):
            peer.send(b": ping\n\n" if number < 19 else event(7).encode())
            if closing.wait(SILENCE_S / 5):
                return
        peer.wait()

    closing = threading.Event()
    with hostile(behave, events=True) as server:
        heard = listen(server, silence_s=SILENCE_S)
        assert await heard.next() == "up"
        assert (await heard.next())[0] == "7"
        closing.set()


async def test_a_service_that_never_answers_is_asked_again(listen: Listen) -> None:
    with hostile(lambda peer, _: peer.wait(), events=True) as server:
        heard = listen(server, silence_s=SILENCE_S)
        assert await heard.next_down() == "took too long"
        assert await heard.next_down() == "took too long"


async def test_a_last_id_that_makes_no_sense_is_forgotten(listen: Listen) -> None:
    with hostile(streaming(event(7)), events=True) as server:
        assert (await listen(server, "seven\r\nX: y").next_command())[0] == "7"
    assert "last-event-id" not in server.asked[0].headers


async def test_repeated_and_older_commands_are_dropped(listen: Listen) -> None:
    with hostile(
        streaming(event(6), event(7), event(7), event(5), event(10)), events=True
    ) as server:
        heard = listen(server, "6")
        assert [(await heard.next_command())[0] for _ in range(2)] == ["7", "10"]


@pytest.mark.parametrize(
    "bad",
    [
        event(7, "{half"),
        event(7, '{"visit": 7}'),
        event(7, "{}"),
        event(7, "x" * 100_000),
        event(7, '{"visit": "Aisha!"}'),
        event(7, '{"visit": "v1", "reason": "Aisha"}', "hold"),
        event(7, "{}", "new_in_two_years"),
        event(7, "{}", "Aisha was here\x07"),
        "id: 7\ndata: garbage\n\n",
        "\0\1\2 garbage : \r\r\n\n",
        "id: Aisha\nevent: release\ndata: {}\n\n",
        "id: -1\nevent: release\ndata: {}\n\n",
        "id: \u0661\nevent: release\ndata: {}\n\n",
        "id: " + "9" * 19 + "\nevent: release\ndata: {}\n\n",
    ],
)
async def test_a_bad_event_is_passed_over_and_its_text_is_not_logged(
    listen: Listen, caplog: pytest.LogCaptureFixture, bad: str
) -> None:
    caplog.set_level(logging.INFO)
    with hostile(streaming(bad, event(8)), events=True) as server:
        heard = listen(server)
        assert await heard.next() == "up"
        assert await heard.next() == ("8", ReleaseVisit("v1"))
    assert "Aisha" not in caplog.text
    assert len(server.asked) == 1


async def test_a_bad_event_is_not_asked_for_again(listen: Listen) -> None:
    def behave(peer: Peer, asked: Asked) -> None:
        if len(server.asked) == 1:
            peer.send(OPEN + event(7, "{half").encode())
            peer.close()
        else:
            streaming(event(8))(peer, asked)

    with hostile(behave, events=True) as server:
        assert (await listen(server).next_command())[0] == "8"
    assert server.asked[1].headers["last-event-id"] == "7"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (whole(b"<html>", 200, "text/html"), "answered 200 without a stream of events"),
        (whole(b"{}", 403, "application/problem+json"), "answered 403"),
        (whole(b"", 500, "text/html"), "answered 500"),
        (whole(b"", 302, "a/b", "Location: /"), "redirects"),
        (whole(b"", 204, "text/event-stream"), "answered 204"),
        (b"nonsense\r\n", "not HTTP"),
    ],
)
async def test_what_is_no_stream_is_down_and_tried_again(
    listen: Listen, reply: bytes, reason: str
) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(reply)
        peer.close()

    with hostile(behave, events=True) as server:
        heard = listen(server)
        first = await heard.next()
        assert first[0] == "down"
        assert reason in first[1]
        assert (await heard.next())[0] == "down"


async def test_a_service_that_hangs_up_at_once_is_asked_less_and_less_often(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(events_module, "LONGEST_PAUSE_S", 0.3)

    def behave(peer: Peer, _: Asked) -> None:
        asked_at_s.append(CLOCK.monotonic())
        peer.send(OPEN)
        peer.close()

    asked_at_s: list[float] = []
    with hostile(behave, events=True) as server:
        heard = listen(server)
        while len(asked_at_s) < 8:
            await heard.next()
    pauses_s = [b - a for a, b in pairwise(asked_at_s)]
    assert all(pause_s > 0.12 for pause_s in pauses_s[-2:])


async def test_terminals_that_lost_the_service_do_not_all_come_back_at_the_same_moments(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "FIRST_PAUSE_S", STEP_S)
    monkeypatch.setattr(events_module, "LONGEST_PAUSE_S", STEP_S)
    pauses = Pauses()
    with hostile(pauses.behave, events=True) as server:
        heard = listen(server)
        for _ in range(ASKED):
            await heard.next_down()
    pauses.are_spread()


async def test_a_flood_of_commands_loses_none(listen: Listen) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(OPEN)
        for number in range(1, 20_001):
            peer.send(event(number).encode())
        peer.wait()

    with hostile(behave, events=True) as server:
        heard = listen(server)
        assert await heard.next() == "up"
        for number in range(1, 20_001):
            assert (await heard.next())[0] == str(number)


@pytest.mark.parametrize("streams", [True, False])
async def test_closing_ends_the_thread_at_once_and_tells_nothing_more(streams: bool) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        asking.set()
        if streams:
            peer.send(OPEN)
        peer.wait()

    asking = threading.Event()
    with hostile(behave, events=True) as server:
        address = address_of(server.url)
        transport = Transport(address, None, "t1", CLOCK)
        lane = EventsLane(address.operation("events"), transport, CLOCK)
        heard = Heard()
        lane.start(None, heard.listener)
        if streams:
            assert await heard.next() == "up"
        await asyncio.to_thread(asking.wait)
        begun_s = CLOCK.monotonic()
        lane.stop()
        lane.join()
        assert CLOCK.monotonic() - begun_s < 0.5
        assert not lane._thread.is_alive()
        await asyncio.sleep(0)
        assert heard.told.empty()


async def test_a_loop_that_hears_nothing_is_not_buried_and_does_not_hold_up_the_end() -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(OPEN)
        for number in range(1, 1_000_000):
            peer.send(event(number).encode())

    with hostile(behave, events=True) as server:
        address = address_of(server.url)
        transport = Transport(address, None, "t1", CLOCK)
        lane = EventsLane(address.operation("events"), transport, CLOCK)
        lane.start(None, Heard().listener)
        pause = threading.Event()
        while lane._room._value:  # on the loop, which therefore hears nothing
            pause.wait(0.01)
        assert len(asyncio.get_running_loop()._ready) <= events_module.UNHEARD_LIMIT + 5  # type: ignore[attr-defined]
        lane.stop()
        lane.join()
        assert not lane._thread.is_alive()
