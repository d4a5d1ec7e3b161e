"""A proxy in front of a real visit service that breaks what it is told to break.

`HostileProxy` passes everything through, and does to the named operations what a broken network,
a broken service or a hostile one would do. The service behind it stays as strict as it is.
"""

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from aiohttp import ClientSession, ClientTimeout, web
from yarl import URL

from kiosk.core.contract import ROOT, Contract

Fault: TypeAlias = Literal[
    "error_500",
    "html",
    "half_json",
    "not_utf8",
    "slow",
    "huge",
    "endless_headers",
    "dead",
    "hangs_up",
    "redirect",
]
"""What happens to the bytes of a reply."""

HUGE_BYTES = 1 << 30
_CHUNK = b" " * 65_536


@dataclass(frozen=True, slots=True)
class Passing:
    """A reply on its way back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def with_json(self, change: Callable[[Any], Any]) -> "Passing":
        """The reply with its JSON changed."""
        return replace(self, body=json.dumps(change(json.loads(self.body))).encode())


Change: TypeAlias = Callable[[Passing], Passing]


def with_names(name: str) -> Change:
    """Everybody's name becomes `name`: markup, ten thousand characters, another script."""
    return lambda reply: reply.with_json(lambda body: _renamed(body, name))


def with_wrong_types(reply: Passing) -> Passing:
    """Every text becomes a number and every number a text."""
    return reply.with_json(_retyped)


class HostileProxy:
    """Stands before the service at `target`; `break_with` and `change` say what it does to whom."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._contract = Contract()
        self._faults: dict[str, Fault] = {}
        self._changes: dict[str, Change] = {}
        self.sent_bytes = 0
        self.url = ""
        self.asked: list[str] = []

    def break_with(self, fault: Fault | None, *operations: str) -> None:
        """From now on do this to these operations, to all when none is named; None heals them."""
        for operation in operations or self._contract.operations:
            self._faults.pop(operation, None)
            if fault is not None:
                self._faults[operation] = fault

    def change(self, change: Change | None, *operations: str) -> None:
        """From now on change these operations' good replies; None heals them."""
        for operation in operations or self._contract.operations:
            self._changes.pop(operation, None)
            if change is not None:
                self._changes[operation] = change

    @asynccontextmanager
    async def running(self) -> AsyncIterator["HostileProxy"]:
        application = web.Application(client_max_size=1 << 22)
        application.router.add_route("*", "/{path:.*}", self._pass)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with ClientSession(timeout=ClientTimeout(total=None)) as self._session:
            try:
                yield self
            finally:
                await runner.cleanup()

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        path = request.raw_path.partition("?")[0].removeprefix(ROOT)
        operation = self._contract.operation(request.method, path)
        name = operation.id if operation else ""
        self.asked.append(name)
        fault = self._faults.get(name)
        if fault is not None:
            return await self._misbehave(request, fault)
        return await self._forward(request, self._changes.get(name))

    async def _forward(self, request: web.Request, change: Change | None) -> web.StreamResponse:
        url = URL(f"{self._target}{request.raw_path}", encoded=True)
        headers = {name: value for name, value in request.headers.items() if name != "Host"}
        async with self._session.request(
            request.method,
            url,
            headers=headers,
            data=await request.read() or None,
            allow_redirects=False,
            skip_auto_headers=["Content-Type"],
        ) as got:
            if got.content_type == "text/event-stream" and change is None:
                return await _stream(request, got.content.iter_any())
            if got.content_type == "text/event-stream":
                return await _stream(request, _changed_lines(got.content, change))
            reply = Passing(got.status, dict(got.headers), await got.read())
        if change is not None:
            reply = change(reply)
        headers = {
            name: value
            for name, value in reply.headers.items()
            if name in ("Content-Type", "Location", "Allow")
        }
        return web.Response(status=reply.status, headers=headers, body=reply.body)

    async def _misbehave(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault:
            case "error_500":
                return web.Response(status=500, text="it broke")
            case "html":
                return web.Response(text="<h1>Log in</h1>", content_type="text/html")
            case "half_json":
                return _json(b'{"now": "2026-01-01T00:00:00.0')
            case "not_utf8":
                return _json(b'{"now": "\xff\xfe"}')
            case "redirect":
                return web.Response(status=302, headers={"Location": f"{self._target}/elsewhere"})
            case "slow":
                return await self._drip(request)
            case "huge":
                return await self._pour(request)
            case "endless_headers":
                return await self._pour_headers(request)
            case "dead":
                return await _never(request)
            case "hangs_up":
                _cut(request)
                return web.Response()

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        """One byte of a valid beginning each tenth of a second, for ever."""
        reply = await _begin(request, "application/json")
        try:
            while True:
                await reply.write(b" ")
                await asyncio.sleep(0.1)
        except ConnectionError:
            return reply

    async def _pour(self, request: web.Request) -> web.StreamResponse:
        """A body of a gigabyte, as fast as it is read."""
        reply = await _begin(request, "application/json")
        self.sent_bytes = 0
        try:
            while self.sent_bytes < HUGE_BYTES:
                await reply.write(_CHUNK)
                self.sent_bytes += len(_CHUNK)
        except ConnectionError:
            pass
        return reply

    async def _pour_headers(self, request: web.Request) -> web.StreamResponse:
        """A header block that never ends, as fast as it is read."""
        transport = request.transport
        assert transport is not None
        transport.write(b"HTTP/1.1 200 OK\r\n")
        while not transport.is_closing():
            transport.write(b"X-Header: " + b"x" * 1000 + b"\r\n")
            self.sent_bytes += 1012
            await asyncio.sleep(0)
            while transport.get_write_buffer_size() > 1 << 16 and not transport.is_closing():
                await asyncio.sleep(0.01)
        return web.Response()


def _json(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json")


async def _begin(request: web.Request, kind: str) -> web.StreamResponse:
    reply = web.StreamResponse(headers={"Content-Type": kind})
    await reply.prepare(request)
    return reply


async def _never(request: web.Request) -> web.StreamResponse:
    """Take the request, say nothing, until the other side gives up."""
    while request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(0.05)
    return web.Response()


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _stream(request: web.Request, chunks: AsyncIterator[bytes]) -> web.StreamResponse:
    reply = await _begin(request, "text/event-stream")
    try:
        async for chunk in chunks:
            await reply.write(chunk)
    except ConnectionError:
        pass
    return reply


async def _changed_lines(
    content: AsyncIterable[bytes], change: Change | None
) -> AsyncIterator[bytes]:
    """Each line of a stream as a body of its own; one that becomes empty is left out."""
    assert change is not None
    async for line in content:
        yield change(Passing(200, {}, line)).body


def _renamed(body: Any, name: str) -> Any:
    match body:
        case dict():
            renamed = ("first_name", "display_name")
            return {
                key: name if key in renamed else _renamed(value, name)
                for key, value in body.items()
            }
        case list():
            return [_renamed(item, name) for item in body]
        case _:
            return body


def _retyped(body: Any) -> Any:
    match body:
        case dict():
            return {key: _retyped(value) for key, value in body.items()}
        case list():
            return [_retyped(item) for item in body]
        case str():
            return len(body)
        case _:
            return str(body)
