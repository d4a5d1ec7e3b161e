"""A terminal that speaks to a visit service as the contract says, and takes nothing else for an answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import ClientResponse, ClientSession
from yarl import URL

from kiosk.core.contract import ROOT, Contract

CONTRACT = Contract()
PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that keeps to the contract."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


@dataclass
class Heard:
    """One server-sent event."""

    id: int
    name: str
    data: dict[str, Any]


@dataclass
class Stream:
    """An open event stream, read line by line."""

    response: ClientResponse
    pings: int = 0
    events: list[Heard] = field(default_factory=list)

    async def next(self, patience_s: float = PATIENCE_S) -> Heard:
        """The next event; pings on the way are counted."""
        async with asyncio.timeout(patience_s):
            fields: dict[str, str] = {}
            while True:
                line = (await self.response.content.readline()).decode()
                if line == "":
                    raise EOFError
                if line == "\n":
                    if fields:
                        return self._heard(fields)
                elif line.startswith(":"):
                    self.pings += 1
                else:
                    name, _, value = line.rstrip("\n").partition(": ")
                    fields[name] = value

    def _heard(self, fields: dict[str, str]) -> Heard:
        faults = CONTRACT.faults_of_event(fields["event"], fields["data"])
        assert not faults, faults
        heard = Heard(int(fields["id"]), fields["event"], json.loads(fields["data"]))
        self.events.append(heard)
        return heard

    async def until(self, name: str, patience_s: float = PATIENCE_S) -> Heard:
        """The next event of that name; none comes later than `patience_s` after the one before it."""
        while True:
            heard = await self.next(patience_s)
            if heard.name == name:
                return heard


class Terminal:
    """Calls operations by name and checks each reply against the contract."""

    def __init__(
        self, session: ClientSession, url: str, id_: str = "t1", hall: str = "Hall A"
    ) -> None:
        self._session = session
        self.url = url
        self.id = id_
        self.hall = hall

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Reply:
        """Make one request and check its reply."""
        data = (
            None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        )
        sent = {"Terminal": self.id, **(headers or {})}
        if data is not None:
            sent["Content-Type"] = content_type
        url = URL(f"{self.url}{ROOT}{path}", encoded=True)
        async with self._session.request(
            method,
            url,
            data=data,
            headers=sent,
            allow_redirects=False,
            skip_auto_headers=["Content-Type"],
        ) as response:
            reply = Reply(response.status, dict(response.headers), await response.read())
        operation = CONTRACT.operation(method, path.partition("?")[0])
        if operation is not None:
            faults = CONTRACT.faults_of_reply(operation, reply.status, reply.headers, reply.body)
            assert not faults, faults
        return reply

    async def identify(self, value: str, technology: str = "em4100") -> Reply:
        credential = {"technology": technology, "assurance": "identifier", "value": value}
        return await self.call(
            "POST", "/identifications", {"credential": credential, "hall": self.hall}
        )

    async def verify_pin(self, identification: str, pin: str) -> Reply:
        return await self.call("POST", f"/identifications/{identification}/pin", {"pin": pin})

    async def join(self, reference: str, number: str, request_id: str | None = None) -> Reply:
        body = {
            "request_id": request_id or uuid4().hex,
            "prisoner_number": number,
            "hall": self.hall,
        }
        return await self.call("POST", f"/visits/{reference}/join", body)

    async def leave(self, reference: str, reason: str = "left", talked_s: float = 1.5) -> Reply:
        body = {"reason": reason, "talked_s": talked_s}
        return await self.call("POST", f"/visits/{reference}/leave", body)

    async def report_lost(self, reference: str, **lost: float) -> Reply:
        causes = ("prison", "visitor", "link", "hold", "terminal")
        body = {"lost": {cause: lost.get(cause, 0.0) for cause in causes}}
        return await self.call("POST", f"/visits/{reference}/lost", body)

    async def say_phrase(self, reference: str, phrase: str) -> Reply:
        return await self.call("POST", f"/visits/{reference}/phrase", {"phrase": phrase})

    async def offer(self, reference: str, join_id: str, sdp: str, medium: str = "0") -> Reply:
        path = f"/visits/{reference}/media/{medium}?join_id={join_id}"
        return await self.call("POST", path, sdp.encode(), content_type="application/sdp")

    async def ask_offer(self, reference: str, join_id: str, medium: str = "1") -> Reply:
        return await self.call("POST", f"/visits/{reference}/media/{medium}?join_id={join_id}")

    async def answer(self, location: str, sdp: str) -> Reply:
        path = location.removeprefix(ROOT)
        return await self.call("PATCH", path, sdp.encode(), content_type="application/sdp")

    async def hang_up(self, location: str) -> Reply:
        return await self.call("DELETE", location.removeprefix(ROOT))

    @asynccontextmanager
    async def events(self, after: int | None = None) -> AsyncIterator[Stream]:
        """Listen for commands; returns once the service said its first word."""
        headers = {"Terminal": self.id}
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        async with self._session.get(f"{self.url}{ROOT}/events", headers=headers) as response:
            assert response.status == 200
            assert response.content_type == "text/event-stream"
            first = await response.content.readline()
            assert first == b": ping\n"
            yield Stream(response, pings=1)
