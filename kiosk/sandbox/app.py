"""Builds the sandbox, starts its two listeners in order and stops them in reverse."""

import asyncio
import contextlib
import logging
import ssl

from aiohttp import web
from aiohttp.typedefs import Handler

from kiosk.clock import Clock, SystemClock
from kiosk.core.contract import Contract
from kiosk.sandbox.auditing import Auditing
from kiosk.sandbox.bookings import Bookings
from kiosk.sandbox.conduct import Conduct, House
from kiosk.sandbox.database import Database
from kiosk.sandbox.desk import Desk
from kiosk.sandbox.events import Events
from kiosk.sandbox.family_api import FamilyApi
from kiosk.sandbox.helpline_api import HelplineApi
from kiosk.sandbox.helplines import Helplines
from kiosk.sandbox.lobby import Lobby, Page
from kiosk.sandbox.officer_api import OfficerApi
from kiosk.sandbox.pages import add_headers, page_routes
from kiosk.sandbox.people import People
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.recognising import Recognising
from kiosk.sandbox.relay import Relay
from kiosk.sandbox.sessions import Sessions
from kiosk.sandbox.settings import Listener, Settings
from kiosk.sandbox.signalling import Signalling
from kiosk.sandbox.taking import Taking
from kiosk.sandbox.terminal_api import TerminalApi, problem_reply
from kiosk.sandbox.terminals import Terminals
from kiosk.sandbox.visits import Visits
from kiosk.sandbox.watching import Watching

_log = logging.getLogger(__name__)

_LOOK_EACH_S = 0.25
_SHUTDOWN_S = 0.5


class Sandbox:
    """The whole visit service in one process; `people` and `bookings` may change at any time."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self._database = Database(settings.database)
        self.people = People(self._database, settings.pin_tries)
        self.bookings = Bookings(self._database)
        signalling = Signalling(settings.answer_s)
        self.house = House(
            settings=settings,
            clock=self.clock,
            people=self.people,
            bookings=self.bookings,
            visits=Visits(self._database),
            terminals=Terminals(
                self._database, self.clock, settings.terminals, settings.terminal_silent_s
            ),
            events=Events(self._database, self.clock),
            lobby=Lobby(settings.grace_s, self._page_gone),
            signalling=signalling,
            desk=Desk(self._database, self.clock),
            relay=Relay(settings.janus, signalling) if settings.janus else None,
        )
        self._conduct = Conduct(self.house)
        self.helplines = Helplines(settings, self.clock)
        self.auditing = Auditing(self.house, self._database)
        self._stack = contextlib.AsyncExitStack()
        self._watching: asyncio.Task[None] | None = None
        self._api_port = self._web_port = 0

    async def start(self) -> None:
        """Listen for terminals and for browsers."""
        self._stack.callback(self._database.close)
        terminal_api = TerminalApi(
            self.house,
            Contract(),
            self._conduct,
            Recognising(self.house, self._database),
            Taking(self.house, self._conduct),
            self.auditing,
            self.helplines,
        )
        self._api_port = await self._listen(self.settings.api, terminal_api.application(_own_fault))
        self._web_port = await self._listen(self.settings.web, self._web())
        if (relay := self.house.relay) is not None:
            relay.start()
            self._stack.push_async_callback(relay.stop)
            self._conduct.begin()
        self._stack.callback(self.house.lobby.close)
        self._stack.callback(self.house.events.close)
        self._watching = asyncio.create_task(self._watch())
        self._stack.push_async_callback(_cancelled, self._watching)

    async def run(self) -> None:
        """Until closed; raises what stopped the service from looking after its visits."""
        assert self._watching is not None, "start first"
        await asyncio.shield(self._watching)

    async def close(self) -> None:
        await self._stack.aclose()

    @property
    def api_url(self) -> str:
        """What a terminal is configured with."""
        return _url(self.settings.api, self._api_port)

    @property
    def officer_url(self) -> str:
        return f"{_url(self.settings.web, self._web_port)}/officer"

    def helpline_url(self, line_id: str) -> str:
        """The link of who answers for a line."""
        key = next(line.key for line in self.settings.support_lines if line.id == line_id)
        return f"{_url(self.settings.web, self._web_port)}/helpline#{key}"

    def family_url(self, reference: str) -> str:
        """The link that the family of this booking was sent."""
        link = self.bookings.link(reference)
        return f"{_url(self.settings.web, self._web_port)}/visit#{link}"

    def _web(self) -> web.Application:
        application = web.Application(client_max_size=16 * 1024)
        application.on_response_prepare.append(add_headers)
        application.add_routes(page_routes())
        application.add_routes(FamilyApi(self.house, self._conduct).routes())
        sessions = Sessions(self.settings.desk_password, self.clock)
        application.add_routes(OfficerApi(self.house, self._conduct, sessions).routes())
        application.add_routes(HelplineApi(self.helplines, self.settings).routes())
        application.add_routes(Watching(self.house, self._conduct, sessions).routes())
        return application

    async def _listen(self, listener: Listener, application: web.Application) -> int:
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=_SHUTDOWN_S)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        context = _tls(listener)
        site = web.TCPSite(runner, listener.host, listener.port, ssl_context=context)
        await site.start()
        port: int = runner.addresses[0][1]
        return port

    def _page_gone(self, page: Page) -> None:
        self._conduct.page_gone(page)

    async def _watch(self) -> None:
        while True:
            self._conduct.look_at_time()
            self.helplines.look_at_time()
            await asyncio.sleep(_LOOK_EACH_S)


@web.middleware
async def _own_fault(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What nobody expected is told as the contract says, and logged with where it happened."""
    try:
        return await handler(request)
    except Exception:
        _log.exception("a request could not be answered")
        return problem_reply(Problem(500, "fault"))


def _tls(listener: Listener) -> ssl.SSLContext | None:
    if listener.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(listener.certificate, listener.key)
    if listener.client_ca is not None:
        context.load_verify_locations(listener.client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _url(listener: Listener, port: int) -> str:
    scheme = "http" if listener.certificate is None else "https"
    host = f"[{listener.host}]" if ":" in listener.host else listener.host
    return f"{scheme}://{host}:{port}"


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
