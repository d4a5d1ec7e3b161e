"""What is counted between a terminal and its service."""

import asyncio

import pytest

from tests.bench.counting import Counting, counting, operation_of


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", "heartbeat", "POST heartbeat"),
        ("GET", "bookings?hall=Hall%20A", "GET bookings"),
        ("POST", "visits/v1/join", "POST visits/-/join"),
        ("POST", "visits/v1/media/0?join_id=j", "POST visits/-/media/-"),
        ("DELETE", "visits/v1/media/0/abc", "DELETE visits/-/media/-/-"),
    ],
)
def test_an_operation_is_the_same_for_every_visit(method: str, path: str, operation: str) -> None:
    assert operation_of(method, path) == operation


def test_only_the_beginning_of_a_request_counts() -> None:
    count = Counting()
    count.look(b"POST /terminal/v1/heartbeat HTTP/1.1\r\nHost: x\r\n\r\n")
    count.look(b'{"said": "POST /terminal/v1/heartbeat HTTP/1.1\r\n"}')
    assert count.asked == {"POST heartbeat": 1}


async def test_without_a_service_it_hangs_up() -> None:
    async with counting() as count:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", int(count.url.rsplit(":", 1)[1])
        )
        assert await reader.read() == b""
        writer.close()
