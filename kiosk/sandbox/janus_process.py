"""A Janus of its own for a demo or a test: Debian's program, with the room plugin and nothing else."""

import asyncio
import secrets
import shutil
from pathlib import Path

from kiosk.clock import Seconds
from kiosk.errors import KioskError
from kiosk.sandbox.files import Table
from kiosk.sandbox.ports import free_ports

PROGRAM = "/usr/bin/janus"
_LIBRARIES = "*/janus"
_PARTS = {
    "plugins": "libjanus_videoroom.so",
    "transports": "libjanus_websockets.so",
    "events": None,
    "loggers": None,
}
_FIRST_PORTS = range(21_000, 32_000, 500)
PORTS = 200
"""For media, of which each connection takes one: enough for 49 visits."""

START_S: Seconds = 10.0
STOP_S: Seconds = 5.0
_LOOK_EACH_S: Seconds = 0.05

_CORE = """\
general: {{
  configs_folder = "{etc}"
  plugins_folder = "{plugins}"
  transports_folder = "{transports}"
  events_folder = "{events}"
  loggers_folder = "{loggers}"
  debug_level = 3
  debug_colors = false
  api_secret = "{api_secret}"
  admin_secret = "{admin_secret}"
  session_timeout = 15
  event_loops = 2
}}
media: {{
  ipv6 = false
  rtp_port_range = "{first_port}-{last_port}"
}}
nat: {{
  ignore_mdns = true
}}
"""
_WEBSOCKETS = """\
general: {{
  ws = true
  ws_ip = "127.0.0.1"
  ws_port = {port}
  json = "compact"
}}
admin: {{
  admin_ws = true
  admin_ws_ip = "127.0.0.1"
  admin_ws_port = {admin_port}
}}
"""
_ROOMS = """\
general: {{
  admin_key = "{admin_key}"
  string_ids = true
}}
"""


class JanusProcess:
    """Started again it has the same ports and secrets, and no rooms.

    All of its files are in `directory`, which nobody else may read; it listens on loopback for whoever
    knows the secrets, and for media at the addresses of this machine.
    """

    def __init__(self, directory: Path, log_file: Path, ports: int = PORTS) -> None:
        self._directory = directory
        self._log_file = log_file
        self._ports = ports
        self._process: asyncio.subprocess.Process | None = None
        self.admin_secret = secrets.token_urlsafe(16)
        self._api_secret = secrets.token_urlsafe(16)
        self._admin_key = secrets.token_urlsafe(16)
        self._port, self._admin_port = free_ports(2)
        self.recordings = directory / "recordings"

    @property
    def settings(self) -> Table:
        """What the service must know of it."""
        return {
            "url": f"ws://127.0.0.1:{self._port}",
            "api_secret": self._api_secret,
            "admin_key": self._admin_key,
            "recordings": self.recordings,
        }

    @property
    def admin_url(self) -> str:
        return f"ws://127.0.0.1:{self._admin_port}"

    @property
    def pid(self) -> int | None:
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process and running else None

    async def start(self) -> None:
        """Start it and wait until it listens; raises KioskError when it does not."""
        if not Path(PROGRAM).exists():
            raise KioskError(f"{PROGRAM} is not there: run `make setup`")
        etc = self._written()
        with self._log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(PROGRAM, "--configs-folder", str(etc)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            async with asyncio.timeout(START_S):
                await self._until_it_listens()
        except TimeoutError as error:
            await self.stop()
            raise KioskError(f"Janus was not ready in {START_S:g} s") from error

    async def stop(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """Kill it as a power cut would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _until_it_listens(self) -> None:
        assert self._process is not None
        while True:
            if self._process.returncode is not None:
                raise KioskError(f"Janus ended at once; its words are in {self._log_file}")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self._port)
            except ConnectionError:
                await asyncio.sleep(_LOOK_EACH_S)
            else:
                writer.close()
                return

    def _written(self) -> Path:
        """Its configuration, and folders in which it finds the one plugin and the one transport."""
        etc = self._directory / "etc"
        shutil.rmtree(etc, ignore_errors=True)
        self.recordings.mkdir(parents=True, exist_ok=True)
        etc.mkdir(mode=0o700)
        library = next(Path("/usr/lib").glob(_LIBRARIES))
        folders = {}
        for kind, part in _PARTS.items():
            folders[kind] = etc / kind
            folders[kind].mkdir()
            if part is not None:
                (folders[kind] / part).symlink_to(library / kind / part)
        first_port = secrets.choice(_FIRST_PORTS)
        core = _CORE.format(
            etc=etc,
            **folders,
            api_secret=self._api_secret,
            admin_secret=self.admin_secret,
            first_port=first_port,
            last_port=first_port + self._ports - 1,
        )
        sockets = _WEBSOCKETS.format(port=self._port, admin_port=self._admin_port)
        (etc / "janus.jcfg").write_text(core)
        (etc / "janus.transport.websockets.jcfg").write_text(sockets)
        rooms = _ROOMS.format(admin_key=self._admin_key)
        (etc / "janus.plugin.videoroom.jcfg").write_text(rooms)
        return etc
