"""What a service may not do to its terminal, one test for each way to try."""

import logging
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.core.service.http import (
    MAX_BOOKINGS_BYTES,
    MAX_REPLY_BYTES,
    ContractBroken,
    Request,
    Transport,
    Unreachable,
)
from kiosk.core.service.leash import Leash
from tests.core.service.conftest import CLOCK, Exchange
from tests.core.service.hostile import Asked, Peer, always, head, hostile, once, whole

GIGABYTE = 1 << 30
CHUNK = b"x" * 65_536
CHUNKED = "Transfer-Encoding: chunked"


def peak_kib() -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


def gzip_bomb() -> bytes:
    """65 megabytes in 64 kilobytes, made without ever holding them."""
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(b"\0" * 65_536) for _ in range(1000)) + packer.flush()


@pytest.fixture
def little_memory() -> Iterator[None]:
    """The test may not make the process grow by more than a few megabytes."""
    Path("/proc/self/clear_refs").write_text("5")
    before_kib = peak_kib()
    yield
    assert peak_kib() - before_kib < 8 * 1024


def test_a_whole_reply_is_taken(exchange: Exchange) -> None:
    with hostile(always(whole(b'{"a": 1}', 200, "application/json; charset=utf-8"))) as server:
        reply = exchange(server.url)
    assert (reply.status, reply.content_type, reply.body) == (200, "application/json", b'{"a": 1}')
    assert reply.sent_at_s <= reply.got_at_s


def test_a_chunked_reply_is_taken(exchange: Exchange) -> None:
    body = b"3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n"
    with hostile(always(head(200, "text/plain", CHUNKED) + body)) as server:
        assert exchange(server.url).body == b"abcdefg"


def test_the_request_says_who_asks_and_wants_no_encoding(exchange: Exchange) -> None:
    with hostile(always(whole(b"{}"))) as server:
        exchange(server.url)
    headers = server.asked[0].headers
    assert headers["terminal"] == "t1"
    assert headers["accept-encoding"] == "identity"
    assert headers["content-length"] == "2"
    assert server.asked[0].line == "POST /terminal/v1/audit HTTP/1.1"


def test_one_connection_carries_one_request_after_the_other(
    transport_to: Callable[[str], Transport],
) -> None:
    with hostile(always(whole(b"{}"))) as server:
        transport = transport_to(server.url)
        for _ in range(5):
            with Leash(CLOCK, 5.0) as leash:
                transport.exchange(Request("GET", f"{server.url}/terminal/v1/bookings"), leash)
        assert server.connections == 1


@pytest.mark.usefixtures("little_memory")
def test_a_gigabyte_that_is_announced_is_not_read(exchange: Exchange) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(head(200, "application/json", f"Content-Length: {GIGABYTE}"))
        peer.flood(CHUNK, GIGABYTE // len(CHUNK))

    with hostile(behave) as server, pytest.raises(ContractBroken, match="longer than 262144"):
        exchange(server.url)


def test_a_gigabyte_that_is_announced_is_not_waited_for(exchange: Exchange) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(head(200, "application/json", f"Content-Length: {GIGABYTE}"))
        peer.wait()

    with hostile(behave) as server, pytest.raises(ContractBroken, match="longer than 262144"):
        exchange(server.url, limit_s=2.0)


@pytest.mark.usefixtures("little_memory")
def test_a_gigabyte_in_chunks_is_given_up_at_the_limit(exchange: Exchange) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(head(200, "application/json", CHUNKED))
        peer.flood(b"10000\r\n" + CHUNK + b"\r\n", GIGABYTE // len(CHUNK))

    with hostile(behave) as server, pytest.raises(ContractBroken, match="longer than 262144"):
        exchange(server.url)
    assert server.gone.wait(5)


@pytest.mark.usefixtures("little_memory")
def test_a_gigabyte_until_the_end_of_the_connection_is_given_up(exchange: Exchange) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n")
        peer.flood(CHUNK, GIGABYTE // len(CHUNK))

    with hostile(behave) as server, pytest.raises(ContractBroken, match="longer than 262144"):
        exchange(server.url)


@pytest.mark.usefixtures("little_memory")
def test_a_chunk_size_without_end_fills_no_memory(exchange: Exchange) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(head(200, "application/json", CHUNKED))
        peer.flood(b"0" * 65_536, GIGABYTE // 65_536)

    with hostile(behave) as server, pytest.raises((ContractBroken, Unreachable)):
        exchange(server.url)


@pytest.mark.usefixtures("little_memory")
def test_trailers_without_end_fill_no_memory(exchange: Exchange) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(head(200, "application/json", CHUNKED) + b"2\r\n{}\r\n0\r\n")
        peer.flood(b"X-A: " + b"b" * 1000 + b"\r\n", GIGABYTE // 1000)

    with hostile(behave) as server, pytest.raises(Unreachable, match="took too long"):
        exchange(server.url, limit_s=1.0)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("line", [b"X-A: b\r\n", b"X-" + b"a" * 65_536 * 4, b"\0" * 100_000])
def test_headers_without_end_are_refused(exchange: Exchange, line: bytes) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n")
        peer.flood(line, GIGABYTE // len(line))

    with hostile(behave) as server, pytest.raises(ContractBroken, match="not HTTP"):
        exchange(server.url)


def test_interim_replies_without_end_run_out_of_time(exchange: Exchange) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.flood(b"HTTP/1.1 100 Continue\r\n\r\n", GIGABYTE)

    with hostile(behave) as server, pytest.raises(Unreachable, match="took too long"):
        exchange(server.url, limit_s=0.5)


def test_the_list_of_bookings_may_be_longer(exchange: Exchange) -> None:
    body = b"x" * MAX_BOOKINGS_BYTES
    with hostile(always(whole(body))) as server:
        assert exchange(server.url, limit_bytes=MAX_BOOKINGS_BYTES).body == body


def test_a_reply_of_just_the_limit_is_taken_and_one_byte_more_is_not(exchange: Exchange) -> None:
    with hostile(always(whole(b"x" * MAX_REPLY_BYTES))) as server:
        assert len(exchange(server.url).body) == MAX_REPLY_BYTES
    with (
        hostile(
            once(head(200, "a/b", "Connection: close") + b"x" * (MAX_REPLY_BYTES + 1))
        ) as server,
        pytest.raises(ContractBroken),
    ):
        exchange(server.url)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate", "identity, gzip"])
def test_an_encoded_reply_is_refused_before_it_is_unpacked(
    exchange: Exchange, encoding: str
) -> None:
    with (
        hostile(
            always(whole(gzip_bomb(), 200, "application/json", f"Content-Encoding: {encoding}"))
        ) as server,
        pytest.raises(ContractBroken, match="encoded"),
    ):
        exchange(server.url)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 399])
def test_redirects_are_not_followed(exchange: Exchange, status: int) -> None:
    with hostile(always(whole(b"{}"))) as elsewhere:
        to = f"Location: {elsewhere.url}/terminal/v1/audit"
        with (
            hostile(always(whole(b"", status, "a/b", to))) as server,
            pytest.raises(ContractBroken, match="redirects"),
        ):
            exchange(server.url)
        assert len(server.asked) == 1
        assert elsewhere.connections == 0


@pytest.mark.usefixtures("little_memory")
def test_the_body_of_a_redirect_is_not_read(exchange: Exchange) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(head(302, "a/b", "Location: /", f"Content-Length: {GIGABYTE}"))
        peer.flood(CHUNK, GIGABYTE // len(CHUNK))

    with hostile(behave) as server, pytest.raises(ContractBroken, match="redirects"):
        exchange(server.url)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_a_service_that_is_out_of_order_is_away(exchange: Exchange, status: int) -> None:
    with (
        hostile(always(whole(b"<html>", status, "text/html"))) as server,
        pytest.raises(Unreachable, match=f"answered {status}"),
    ):
        exchange(server.url)


def test_a_reply_that_ends_early_is_no_reply(exchange: Exchange) -> None:
    with (
        hostile(
            once(head(200, "application/json", "Content-Length: 100") + b'{"half": ')
        ) as server,
        pytest.raises(Unreachable, match="ended within the reply"),
    ):
        exchange(server.url)


def test_a_chunked_reply_that_ends_early_is_no_reply(exchange: Exchange) -> None:
    with (
        hostile(once(head(200, "application/json", CHUNKED) + b"50\r\nabc")) as server,
        pytest.raises(Unreachable, match="ended within the reply"),
    ):
        exchange(server.url)


def test_a_reset_connection_is_no_reply(exchange: Exchange) -> None:
    with hostile(lambda peer, _: peer.reset()) as server, pytest.raises(Unreachable, match="reset"):
        exchange(server.url)


def test_a_connection_that_is_closed_without_a_word_is_no_reply(exchange: Exchange) -> None:
    with hostile(lambda peer, _: peer.close()) as server, pytest.raises(Unreachable, match="ended"):
        exchange(server.url)


def test_nobody_listening_is_away(exchange: Exchange) -> None:
    with hostile(always(b"")) as server:
        url = server.url
    with pytest.raises(Unreachable, match="refused"):
        exchange(url)


@pytest.mark.parametrize(
    "junk",
    [
        b"\0" * 1000,
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/9.9 200 OK\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused(exchange: Exchange, junk: bytes) -> None:
    with hostile(once(junk)) as server, pytest.raises(ContractBroken, match="not HTTP"):
        exchange(server.url)


def test_a_bad_chunk_size_is_refused(exchange: Exchange) -> None:
    with (
        hostile(once(head(200, "application/json", CHUNKED) + b"zz\r\nabc\r\n")) as server,
        pytest.raises((ContractBroken, Unreachable)),
    ):
        exchange(server.url)


def test_cookies_are_not_kept(transport_to: Callable[[str], Transport]) -> None:
    with hostile(always(whole(b"{}", 200, "a/b", "Set-Cookie: a=b; Path=/"))) as server:
        transport = transport_to(server.url)
        for _ in range(2):
            with Leash(CLOCK, 5.0) as leash:
                transport.exchange(Request("GET", f"{server.url}/terminal/v1/bookings"), leash)
    assert all("cookie" not in asked.headers for asked in server.asked)


def test_the_environment_changes_nothing(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with hostile(always(whole(b"{}"))) as proxy, hostile(always(whole(b"{}"))) as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        exchange(server.url)
        assert proxy.connections == 0
    assert "authorization" not in server.asked[0].headers


def test_a_request_goes_to_the_service_whatever_its_url_says(
    transport_to: Callable[[str], Transport],
) -> None:
    with hostile(always(whole(b"{}"))) as elsewhere, hostile(always(whole(b"{}"))) as server:
        with Leash(CLOCK, 5.0) as leash:
            transport_to(server.url).exchange(Request("GET", f"{elsewhere.url}/"), leash)
        assert (elsewhere.connections, server.connections) == (0, 1)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nbroken header with Aisha\r\nContent-Type: a/b\r\n\r\n",
        b"Aisha\r\n",
        b"HTTP/1.1 Aisha\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nAisha\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: Aisha\r\n\r\nAisha",
        b"HTTP/1.1 302 OK\r\nLocation: http://Aisha/\r\n\r\n",
    ],
)
def test_nothing_that_the_service_sent_is_logged_or_told(
    exchange: Exchange, caplog: pytest.LogCaptureFixture, reply: bytes
) -> None:
    caplog.set_level(logging.INFO)
    with hostile(once(reply)) as server:
        told = ""
        try:
            exchange(server.url)
        except (ContractBroken, Unreachable) as error:
            told = str(error)
    assert "Aisha" not in caplog.text + told


def test_no_thread_is_left_behind(exchange: Exchange) -> None:
    before = threading.active_count()
    with hostile(always(whole(b"{}"))) as server:
        for _ in range(3):
            exchange(server.url)
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(5)
    assert threading.active_count() <= before
