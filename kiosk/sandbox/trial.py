"""A whole terminal on one machine: the four programs, and around them what a prison has."""

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Self, TypeAlias

from kiosk.clock import Seconds, SystemClock
from kiosk.programs import PROGRAMS, programs
from kiosk.sandbox.accounts import Accounts, OneAccount
from kiosk.sandbox.authority import Authority
from kiosk.sandbox.bookings import Bookings
from kiosk.sandbox.database import Database
from kiosk.sandbox.display import VirtualDisplay
from kiosk.sandbox.files import Nested, Scalar, Table, write_settings
from kiosk.sandbox.instants import now_ms
from kiosk.sandbox.janus_process import JanusProcess
from kiosk.sandbox.observer import Observer
from kiosk.sandbox.people import People
from kiosk.sandbox.ports import free_ports
from kiosk.sandbox.reader import SandboxReader
from kiosk.sandbox.samples import HALL, PRISON, add_samples
from kiosk.sandbox.service_process import ServiceProcess
from kiosk.supervisor import Exit, Program, Supervisor
from kiosk.wire.messages import Drawn, Message
from kiosk.wire.users import uid_of

TERMINAL_ID = "MDI-A-01"
TERMINAL_NAME = "Terminal 1"
LANGUAGES = (
    "en",
    "cy",
    "ga",
    "pl",
    "ro",
    "sq",
    "lt",
    "uk",
    "es",
    "fr",
    "pt",
    "vi",
    "ar",
    "ur",
    "hi",
)
"""All that there are, also those that no person has reviewed."""

DESK_PASSWORD_BYTES = 6
_TMPFS = Path("/dev/shm")  # noqa: S108 - memory, so that nothing of a trial reaches a disk


Sfu: TypeAlias = Literal["none", "janus"]


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the programs of a trial find around them.

    `environment` is what they need to reach a sound server, and whatever else; `of_program` adds to
    it for single programs. `audio` names the sound device that the call uses, `camera` its source;
    `call_network` is its table `[network]`.
    `sfu` is what the media go through. `service_url` takes another service than the sandbox, without
    mutual TLS. `web_host` is where families reach it. `terminal_settings` are more of core.toml's
    `[terminal]`, `readers` more readers of bridge.toml. `accounts` are the users of the programs;
    without them all is ours.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    of_program: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    display: VirtualDisplay | None = None
    audio: str = "none"
    camera: str = "pattern"
    call_network: Table = field(default_factory=dict)
    service_url: str | None = None
    service_settings: Mapping[str, Scalar | Table | list[Table]] = field(default_factory=dict)
    service_host: str = "127.0.0.1"
    web_host: str = "127.0.0.1"
    sfu: Sfu = "none"
    terminal_settings: Nested = field(default_factory=dict)
    readers: tuple[Table, ...] = ()
    accounts: Accounts = field(default_factory=OneAccount)


class Trial:
    """Starts service, reader and programs in order, stops them in reverse, leaves nothing behind.

    The sample people have visits of `visit_s` that begin with the service.
    """

    def __init__(
        self,
        logs: Path,
        visit_s: Seconds,
        equipment: Equipment,
        *,
        on_exit: Callable[[Exit], None] | None = None,
        on_message: Callable[[Message], None] | None = None,
    ) -> None:
        self.logs = logs
        self.clock = SystemClock()
        self._visit_s = visit_s
        self._equipment = equipment
        self._on_exit = on_exit
        self._on_message = on_message
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _start(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        place = _TMPFS if _TMPFS.is_dir() else None
        self.run = Path(tempfile.mkdtemp(prefix="visit-trial-", dir=place))
        self._stack.callback(shutil.rmtree, self.run, ignore_errors=True)
        await self._start_service()
        (self.run / "etc").mkdir()
        self._equipment.accounts.make_directories(self.run, self.logs)
        terminal = self.programs
        users = {program.name: uid_of(program.user, program.name) for program in terminal}
        self._reader_path = self.run / "card-reader"
        self.reader = SandboxReader(self._reader_path, owner_uid=users["firmware-bridge"])
        await self.reader.plug_in()
        self._stack.push_async_callback(self.reader.unplug)
        self._write_programs_settings(users)
        self.supervisor = Supervisor(terminal, self.clock, self._on_exit)
        self._stack.push_async_callback(self.supervisor.stop)
        await self.supervisor.start()
        self.observer = Observer(self.run / "core/core.sock", self._on_message)
        self._stack.push_async_callback(self.observer.stop)
        await self.observer.start()

    # the prison's side

    async def _start_service(self) -> None:
        settings = self.run / "service.toml"
        self.database_file = self.logs / "service.db"
        self.database_file.unlink(missing_ok=True)
        api_port, web_port = free_ports(2)
        self.desk_password = secrets.token_urlsafe(DESK_PASSWORD_BYTES)
        authority = Authority(self.clock)
        trust = self.run / "trust"
        certificate, key = authority.service(self._equipment.service_host).write(trust, "service")
        self._identity = authority.terminal(TERMINAL_ID).write(trust, "terminal")
        self._equipment.accounts.give(self._identity[1], "kiosk-core")
        self._trusted = trust / "authority.pem"
        self._trusted.write_bytes(authority.certificate)
        janus = {"janus": await self._start_janus()} if self._equipment.sfu == "janus" else {}
        write_settings(
            settings,
            {
                **janus,
                "database": self.database_file,
                "desk_password": self.desk_password,
                **self._equipment.service_settings,
                "api": {
                    "host": self._equipment.service_host,
                    "port": api_port,
                    "certificate": certificate,
                    "key": key,
                    "client_ca": self._trusted,
                },
                "web": {"host": self._equipment.web_host, "port": web_port},
                "terminals": [{"id": TERMINAL_ID, "hall": HALL}],
            },
        )
        self.service = ServiceProcess(settings, self.logs / "visit-service.log")
        self._stack.push_async_callback(self.service.stop)
        self.addresses = await self.service.start()
        database = Database(self.database_file)
        self._stack.callback(database.close)
        self.people = People(database, pin_tries=3)
        self.bookings = Bookings(database)
        self.book_samples()

    async def _start_janus(self) -> Table:
        directory = self.run / "janus"
        directory.mkdir(mode=0o700)
        self.janus = JanusProcess(directory, self.logs / "janus.log")
        self._stack.push_async_callback(self.janus.stop)
        await self.janus.start()
        return self.janus.settings

    def book_samples(self) -> None:
        """Put the sample people into the service, their visits beginning now."""
        add_samples(self.people, self.bookings, now_ms(self.clock), self._visit_s)

    def family_url(self, reference: str) -> str:
        """The link that the family of a booking was sent."""
        return f"{self.addresses.web}/visit#{self.bookings.link(reference)}"

    # the terminal's side

    @property
    def programs(self) -> list[Program]:
        """The terminal's programs as they are started here."""
        return [
            self._equipment.accounts.run_as_user(
                replace(
                    program,
                    environment=self._environment_of(program.name),
                    log_file=self.logs / f"{program.name}.log",
                )
            )
            for program in programs(self.run / "etc")
        ]

    def _environment_of(self, program: str) -> dict[str, str]:
        display = self._equipment.display
        return {
            **self._equipment.environment,
            **(display.environment if display else {}),
            **self._equipment.of_program.get(program, {}),
        }

    def _write_programs_settings(self, users: Mapping[str, int]) -> None:
        core: Table = {"socket": self.run / "core/core.sock", "core_user": users["kiosk-core"]}
        bridge: Table = {
            "socket": self.run / "bridge/bridge.sock",
            "core_user": users["kiosk-core"],
            "observer_user": os.getuid(),
        }
        frames: Table = {"directory": self.run / "frames"}
        sound = self._equipment.audio
        reader: Table = {"name": "desk", "kind": "em4100_ascii", "port": self._reader_path}
        settings: dict[str, Mapping[str, Nested | list[Table]]] = {
            "firmware-bridge": {"wire": bridge, "reader": [reader, *self._equipment.readers]},
            "kiosk-core": self._core_tables(users),
            "kiosk-call": {
                "wire": core,
                "frames": frames,
                "camera": {"source": self._equipment.camera},
                "audio": {"input": sound, "output": sound},
                "network": self._equipment.call_network,
            },
            "kiosk-ui": {"wire": core, "frames": frames, "screen": {"time_zone": "Europe/London"}},
        }
        for program, _, file in PROGRAMS:
            path = self.run / "etc" / file
            write_settings(path, settings[program])
            self._equipment.accounts.give(path, program)

    def _core_tables(self, users: Mapping[str, int]) -> Mapping[str, Nested]:
        return {
            "terminal": {
                "id": TERMINAL_ID,
                "name": TERMINAL_NAME,
                "prison": PRISON,
                "hall": HALL,
                "languages": LANGUAGES,
                "unreviewed_languages": True,
                **self._equipment.terminal_settings,
            },
            "service": self._service_table(),
            "wire": {
                "socket": self.run / "core/core.sock",
                "bridge_socket": self.run / "bridge/bridge.sock",
                "bridge_user": users["firmware-bridge"],
                "ui_user": users["kiosk-ui"],
                "call_user": users["kiosk-call"],
                "observer_user": os.getuid(),
            },
            "state": {"fleeting": self.run / "state", "lasting": self.logs / "core"},
        }

    def _service_table(self) -> Table:
        if self._equipment.service_url is not None:
            return {"url": self._equipment.service_url}
        certificate, key = self._identity
        return {
            "url": self.addresses.api,
            "ca": self._trusted,
            "certificate": certificate,
            "key": key,
        }

    async def tap(self, drawn: Drawn, target: str) -> None:
        """Touch the middle of a target of the screen that was drawn."""
        assert self._equipment.display is not None
        left, top, width, height = drawn.targets[target]
        await self._equipment.display.tap(left + width // 2, top + height // 2)
