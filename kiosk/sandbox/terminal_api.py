"""The listener for terminals: holds every request against the contract before anything is done."""

import json
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware

from kiosk.core.contract import ROOT, Contract, Operation
from kiosk.sandbox.auditing import Auditing
from kiosk.sandbox.conduct import Conduct, House
from kiosk.sandbox.helplines import Helplines
from kiosk.sandbox.problems import Problem, bad_request
from kiosk.sandbox.recognising import Recognising
from kiosk.sandbox.taking import Taking

_log = logging.getLogger(__name__)

MAX_REQUEST_BYTES = 262_144


class TerminalApi:
    """Every operation of the contract, each under its operationId."""

    def __init__(
        self,
        house: House,
        contract: Contract,
        conduct: Conduct,
        recognising: Recognising,
        taking: Taking,
        auditing: Auditing,
        helplines: Helplines,
    ) -> None:
        self._house = house
        self._contract = contract
        self._conduct = conduct
        self._recognising = recognising
        self._taking = taking
        self._auditing = auditing
        self._helplines = helplines
        self._operations: dict[str, Callable[[_Call], Awaitable[web.StreamResponse]]] = {
            "identify": self._identify,
            "verifyPin": self._verify_pin,
            "todaysBookings": self._todays_bookings,
            "join": self._join,
            "leave": self._leave,
            "reportLost": self._report_lost,
            "wish": self._wish,
            "sayPhrase": self._say_phrase,
            "offer": self._offer,
            "answer": self._answer_offer,
            "hangUp": self._hang_up,
            "knowsCard": self._knows_card,
            "callSupport": self._call_support,
            "offerSupport": self._offer_support,
            "endSupport": self._end_support,
            "events": self._events,
            "askOfficer": self._ask_officer,
            "audit": self._audit,
            "heartbeat": self._heartbeat,
        }

    def application(self, *middlewares: Middleware) -> web.Application:
        application = web.Application(client_max_size=MAX_REQUEST_BYTES, middlewares=middlewares)
        application.router.add_route("*", "/{path:.*}", self._answer)
        return application

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            call = await self._checked(request)
            reply = await self._operations[call.operation.id](call)
            if isinstance(reply, web.Response):
                self._check_own(call.operation, reply)
            return reply
        except Problem as problem:
            return problem_reply(problem)
        except web.HTTPRequestEntityTooLarge:
            return problem_reply(bad_request([f"the body is over {MAX_REQUEST_BYTES} bytes"]))

    async def _checked(self, request: web.Request) -> "_Call":
        """The request as a call of one operation, by a terminal that may make it."""
        path = request.raw_path.partition("?")[0]
        below = path.removeprefix(ROOT)
        operation = self._contract.operation(request.method, below) if below != path else None
        if operation is None:
            status = 405 if below != path and self._contract.methods(below) else 404
            raise Problem(status, "unknown_operation")
        body = await request.read()
        faults = _repeated(request)
        faults += self._contract.faults_of_request(operation, request.headers, request.query, body)
        if faults:
            raise bad_request(faults)
        call = _Call(request, operation, body)
        self._check_terminal(call)
        return call

    def _check_terminal(self, call: "_Call") -> None:
        names = _certificate_names(call.request)
        hall = call.json.get("hall") if isinstance(call.json, dict) else None
        hall = hall or call.request.query.get("hall")
        if names is not None and names != [call.terminal]:
            raise Problem(403, "unknown_terminal", "The certificate is of another terminal.")
        if not self._house.terminals.knows(call.terminal, hall):
            raise Problem(403, "unknown_terminal", "It is not registered in this hall.")
        self._house.terminals.heard(call.terminal)

    def _check_own(self, operation: Operation, reply: web.Response) -> None:
        """A service as strict as this one breaks the contract no more than it lets others do."""
        body = reply.body if isinstance(reply.body, bytes) else b""
        faults = self._contract.faults_of_reply(operation, reply.status, reply.headers, body)
        if faults:
            _log.error("own reply breaks the contract: %s", "; ".join(faults))
            raise Problem(500, "fault")

    async def _identify(self, call: "_Call") -> web.Response:
        return _json(self._recognising.identify(call.terminal, call.json))

    async def _verify_pin(self, call: "_Call") -> web.Response:
        identification = call.operation.values["identification"]
        return _json(self._recognising.verify_pin(call.terminal, identification, call.json["pin"]))

    async def _todays_bookings(self, call: "_Call") -> web.Response:
        return _json(self._recognising.todays_bookings(call.request.query["hall"]))

    async def _join(self, call: "_Call") -> web.Response:
        return _json(self._taking.join(call.terminal, call.reference, call.json))

    async def _leave(self, call: "_Call") -> web.Response:
        self._taking.leave(call.terminal, call.reference, call.json)
        return web.Response(status=204)

    async def _report_lost(self, call: "_Call") -> web.Response:
        return _json(self._taking.report_lost(call.terminal, call.reference, call.json["lost"]))

    async def _wish(self, call: "_Call") -> web.Response:
        self._taking.wish(call.terminal, call.reference, call.json["wish"])
        return web.Response(status=204)

    async def _say_phrase(self, call: "_Call") -> web.Response:
        self._taking.say_phrase(call.terminal, call.reference, call.json["phrase"])
        return web.Response(status=204)

    async def _offer(self, call: "_Call") -> web.Response:
        medium, join_id = call.operation.values["medium"], call.request.query["join_id"]
        answer = await self._taking.offer(call.terminal, call.reference, medium, join_id, call.text)
        location = f"{ROOT}/visits/{call.reference}/media/{medium}/{answer.connection}"
        return web.Response(
            status=201,
            body=answer.sdp.encode(),
            headers={"Location": location, "Content-Type": "application/sdp"},
        )

    async def _answer_offer(self, call: "_Call") -> web.Response:
        connection = call.operation.values["connection"]
        await self._taking.answer(call.terminal, call.reference, connection, call.text)
        return web.Response(status=204)

    async def _hang_up(self, call: "_Call") -> web.Response:
        self._taking.hang_up(call.terminal, call.reference, call.operation.values["connection"])
        return web.Response(status=204)

    async def _knows_card(self, call: "_Call") -> web.Response:
        self._recognising.knows_card(call.json)
        return web.Response(status=204)

    async def _call_support(self, call: "_Call") -> web.Response:
        asked = call.json
        return _json(self._helplines.call(call.terminal, asked["line"], asked["request_id"]))

    async def _offer_support(self, call: "_Call") -> web.Response:
        call_id = call.operation.values["call"]
        answer = await self._helplines.offer(call.terminal, call_id, call.text)
        headers = {
            "Location": f"{ROOT}/support-calls/{call_id}",
            "Content-Type": "application/sdp",
        }
        return web.Response(status=201, body=answer.encode(), headers=headers)

    async def _end_support(self, call: "_Call") -> web.Response:
        self._helplines.end(call.terminal, call.operation.values["call"])
        return web.Response(status=204)

    async def _events(self, call: "_Call") -> web.StreamResponse:
        resume = call.request.headers.get("Last-Event-ID")
        after = int(resume) if resume is not None else None
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        reply = web.StreamResponse(headers=headers)
        await reply.prepare(call.request)
        stream = self._house.events.stream(call.terminal, after, self._house.settings.ping_s)
        begun = False
        try:
            async for event in stream:
                self._house.terminals.heard(call.terminal)
                await reply.write(event.encode() if event else b": ping\n\n")
                if not begun and after is None:
                    self._conduct.terminal_returned(call.terminal)
                begun = True
        except ConnectionError:
            pass  # the terminal hung up, and will come back with its Last-Event-ID
        finally:
            await stream.aclose()
        return reply

    async def _ask_officer(self, call: "_Call") -> web.Response:
        return _json({"request": str(self._house.desk.call(call.terminal)), "seen": False})

    async def _audit(self, call: "_Call") -> web.Response:
        return _json({"accepted": self._auditing.keep(call.terminal, call.json["records"])})

    async def _heartbeat(self, call: "_Call") -> web.Response:
        return _json(self._auditing.heartbeat(call.terminal, call.json))


class _Call:
    """A request that keeps to the contract."""

    def __init__(self, request: web.Request, operation: Operation, body: bytes) -> None:
        self.request = request
        self.operation = operation
        self.terminal = request.headers["Terminal"]
        self.reference = operation.values.get("reference", "")
        self.text = body.decode() if body else ""
        self.json: Any = json.loads(body) if request.content_type == "application/json" else None


def _repeated(request: web.Request) -> list[str]:
    """Parameters given twice, of which one side might read the first and the other the last."""
    repeated = {name for name in request.query if len(request.query.getall(name)) > 1}
    repeated |= {"Terminal"} if len(request.headers.getall("Terminal", [])) > 1 else set()
    return [f"{name}: is given twice" for name in sorted(repeated)]


def _certificate_names(request: web.Request) -> list[str] | None:
    """The common names of the client's certificate; None where there is no mutual TLS."""
    transport = request.transport
    if transport is None or not isinstance(transport.get_extra_info("ssl_object"), ssl.SSLObject):
        return None
    context: ssl.SSLContext = transport.get_extra_info("sslcontext")
    if context.verify_mode is not ssl.CERT_REQUIRED:
        return None
    subject = (transport.get_extra_info("peercert") or {}).get("subject", ())
    return [value for part in subject for name, value in part if name == "commonName"]


def problem_reply(problem: Problem) -> web.Response:
    return _json(problem.body, problem.status, "application/problem+json")


def _json(
    body: Mapping[str, Any], status: int = 200, content_type: str = "application/json"
) -> web.Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    headers = {"Content-Type": content_type, "Cache-Control": "no-store"}
    return web.Response(body=text.encode(), status=status, headers=headers)
