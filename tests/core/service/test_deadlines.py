"""A request ends at its deadline, or when it is told to, whatever the service does meanwhile."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from kiosk.core.service import dialling
from kiosk.core.service.address import address_of
from kiosk.core.service.http import Request, Transport, Unreachable
from kiosk.core.service.leash import Leash
from kiosk.errors import ServiceError
from tests.core.service.conftest import CLOCK, Exchange
from tests.core.service.hostile import Asked, Behaviour, Peer, always, head, hostile, whole

LIMIT_S = 0.6
MARGIN_S = 1.0


def drip_headers(peer: Peer, _: Asked) -> None:
    peer.drip(head(200, "application/json", *["X-A: b"] * 90), 0.02)


def drip_status(peer: Peer, _: Asked) -> None:
    peer.drip(b"HTTP/1.1 200 " + b"x" * 1000, 0.2)


def drip_body(peer: Peer, _: Asked) -> None:
    peer.send(head(200, "application/json", "Content-Length: 200000"))
    peer.drip(b"x" * 200_000, 0.02)


def drip_body_until_close(peer: Peer, _: Asked) -> None:
    peer.send(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n")
    peer.drip(b"x" * 200_000, 0.02)


def drip_chunks(peer: Peer, _: Asked) -> None:
    peer.send(head(200, "application/json", "Transfer-Encoding: chunked"))
    peer.drip(b"1\r\na\r\n" * 100_000, 0.01)


def drip_chunk_size(peer: Peer, _: Asked) -> None:
    peer.send(head(200, "application/json", "Transfer-Encoding: chunked"))
    peer.drip(b"0" * 100_000, 0.02)


def say_nothing(peer: Peer, _: Asked) -> None:
    peer.wait()


def stop_within_the_body(peer: Peer, _: Asked) -> None:
    peer.send(head(200, "application/json", "Content-Length: 100") + b"{")
    peer.wait()


@contextmanager
def lasting(at_least_s: float, at_most_s: float) -> Iterator[None]:
    begun_s = CLOCK.monotonic()
    yield
    assert at_least_s <= CLOCK.monotonic() - begun_s <= at_most_s


@pytest.mark.parametrize(
    "behave",
    [
        drip_headers,
        drip_status,
        drip_body,
        drip_body_until_close,
        drip_chunks,
        drip_chunk_size,
        say_nothing,
        stop_within_the_body,
    ],
)
def test_a_reply_that_takes_too_long_is_given_up_in_time(
    exchange: Exchange, behave: Behaviour
) -> None:
    with (
        hostile(behave) as server,
        lasting(LIMIT_S, LIMIT_S + MARGIN_S),
        pytest.raises(Unreachable, match="took too long"),
    ):
        exchange(server.url, LIMIT_S)


def test_the_deadline_holds_on_a_connection_that_is_used_again(
    transport_to: Callable[[str], Transport],
) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        if len(server.asked) == 1:
            peer.send(whole(b"{}"))
        else:
            drip_headers(peer, _)

    with hostile(behave) as server:
        transport = transport_to(server.url)
        request = Request("GET", address_of(server.url).operation("bookings"))
        with Leash(CLOCK, LIMIT_S) as leash:
            transport.exchange(request, leash)
        with (
            lasting(LIMIT_S, LIMIT_S + MARGIN_S),
            Leash(CLOCK, LIMIT_S) as leash,
            pytest.raises(Unreachable, match="took too long"),
        ):
            transport.exchange(request, leash)
        assert server.connections == 1


def test_a_service_that_does_not_accept_is_given_up_in_time(exchange: Exchange) -> None:
    with (
        never_accepting() as url,
        lasting(LIMIT_S, LIMIT_S + MARGIN_S),
        pytest.raises(Unreachable),
    ):
        exchange(url, LIMIT_S)


def test_a_request_body_that_nobody_reads_is_given_up_in_time(
    transport_to: Callable[[str], Transport],
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://localhost:{listener.getsockname()[1]}"
    request = Request("POST", address_of(url).operation("audit"), b"x" * 50_000_000)
    with (
        lasting(LIMIT_S, LIMIT_S + MARGIN_S),
        Leash(CLOCK, LIMIT_S) as leash,
        pytest.raises(Unreachable, match="took too long"),
    ):
        transport_to(url).exchange(request, leash)
    listener.close()


def test_a_service_that_says_nothing_to_tls_is_given_up_in_time() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    address = address_of(f"https://localhost:{listener.getsockname()[1]}")
    transport = Transport(address, None, "t1", CLOCK)
    with (
        lasting(LIMIT_S, LIMIT_S + MARGIN_S),
        Leash(CLOCK, LIMIT_S) as leash,
        pytest.raises(Unreachable, match="took too long"),
    ):
        transport.exchange(Request("GET", address.operation("bookings")), leash)
    transport.close()
    listener.close()


@pytest.mark.parametrize("behave", [say_nothing, drip_headers, drip_body])
def test_a_request_under_way_can_be_cut_from_another_thread(
    transport_to: Callable[[str], Transport], behave: Behaviour
) -> None:
    with hostile(behave) as server, lasting(0.2, 1.5), Leash(CLOCK, 30.0) as leash:
        cut = threading.Timer(0.2, leash.cut, ("given up",))
        cut.start()
        with pytest.raises(Unreachable, match="given up"):
            transport_to(server.url).exchange(
                Request("GET", address_of(server.url).operation("bookings")), leash
            )
        assert server.gone.wait(5)
        cut.join()


def test_connecting_can_be_cut_from_another_thread(
    transport_to: Callable[[str], Transport],
) -> None:
    with never_accepting() as url, lasting(0.2, 1.5), Leash(CLOCK, 30.0) as leash:
        cut = threading.Timer(0.2, leash.cut, ("given up",))
        cut.start()
        with pytest.raises(Unreachable, match="given up"):
            transport_to(url).exchange(Request("GET", f"{url}/"), leash)
        cut.join()


def test_a_name_that_is_never_found_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = stuck_resolver(monkeypatch)
    with (
        lasting(LIMIT_S, LIMIT_S + MARGIN_S),
        Leash(CLOCK, LIMIT_S) as leash,
        pytest.raises(ServiceError, match="took too long"),
    ):
        dialling.dial("visits.example", 443, leash)
    assert asked.is_set()
    answer.set()


def test_looking_up_a_name_can_be_cut_from_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = stuck_resolver(monkeypatch)
    with lasting(0.0, 1.5), Leash(CLOCK, 30.0) as leash:

        def cut_when_asked() -> None:
            asked.wait()
            leash.cut("given up")

        cut = threading.Thread(target=cut_when_asked)
        cut.start()
        with pytest.raises(ServiceError, match="given up"):
            dialling.dial("visits.example", 443, leash)
        cut.join()
    answer.set()


def test_a_name_that_nobody_has_is_away(exchange: Exchange) -> None:
    with pytest.raises(Unreachable):
        exchange("http://nobody.invalid")


def test_every_address_of_a_name_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with hostile(always(whole(b"{}"))) as server:
        shut = socket.create_server(("127.0.0.1", 0))
        port = shut.getsockname()[1]
        shut.close()
        places = [
            (socket.AF_INET, ("127.0.0.1", port)),
            (socket.AF_INET, ("127.0.0.1", server.port)),
        ]
        monkeypatch.setattr(dialling, "look_up", lambda *_: places)
        with Leash(CLOCK, 5.0) as leash:
            connection = dialling.dial("visits.example", 443, leash)
            assert connection.getpeername()[1] == server.port
            connection.close()


def test_a_connection_is_tried_again_sooner_than_the_kernel_would() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        place = server.getsockname()
        fill = [socket.socket() for _ in range(4)]
        for connection in fill:  # nobody accepts them: a SYN more is dropped
            connection.setblocking(False)
            connection.connect_ex(place)

        def make_room() -> None:
            server.accept()[0].close()

        drain = threading.Timer(1.1, make_room)
        drain.start()
        with lasting(1.1, 1.9), Leash(CLOCK, 10.0) as leash:
            dialling.dial("127.0.0.1", place[1], leash).close()
        drain.join()
        for connection in fill:
            connection.close()


def test_a_cut_after_the_end_harms_nobody(transport_to: Callable[[str], Transport]) -> None:
    with hostile(always(whole(b"{}"))) as server:
        transport = transport_to(server.url)
        request = Request("GET", address_of(server.url).operation("bookings"))
        with Leash(CLOCK, 5.0) as first:
            transport.exchange(request, first)
        first.cut("too late")
        with Leash(CLOCK, 5.0) as second:
            assert transport.exchange(request, second).status == 200
        assert server.connections == 1


def test_a_connection_that_is_forgotten_carries_nothing_more(
    transport_to: Callable[[str], Transport],
) -> None:
    with hostile(always(whole(b"{}"))) as server:
        transport = transport_to(server.url)
        request = Request("GET", address_of(server.url).operation("bookings"))
        for _ in range(2):
            with Leash(CLOCK, 5.0) as leash:
                assert transport.exchange(request, leash).status == 200
            transport.forget()
        assert server.connections == 2


def test_a_leash_that_was_cut_before_sends_nothing(exchange: Exchange) -> None:
    with hostile(always(whole(b"{}"))) as server:
        with pytest.raises(Unreachable, match="took too long"):
            exchange(server.url, limit_s=0.0)
        assert server.asked == []


@contextmanager
def never_accepting() -> Iterator[str]:
    """A port that is listened to, but whose queue is full, so that the kernel drops what comes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for filler in fillers:
            filler.close()


def stuck_resolver(
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[threading.Event, threading.Event]:
    """The system's resolver, waiting for a name server that is off: no test can turn one off."""
    asked, answer = threading.Event(), threading.Event()
    really = socket.getaddrinfo

    def stuck(host: str, port: int, **options: int) -> object:
        if options.get("flags"):
            return really(host, port, **options)
        asked.set()
        answer.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", stuck)
    return asked, answer
