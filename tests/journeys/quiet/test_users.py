"""The programs under users of their own, as on a terminal: a visit, and what nobody else can reach."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from kiosk import RELEASE
from kiosk.sandbox.family import Family
from kiosk.sandbox.trial import Equipment
from kiosk.wire.codec import encode
from kiosk.wire.messages import PROTOCOL, Hello, Program, RemoteDrawn
from tests.journeys.accounts import TerminalAccounts, terminal_accounts
from tests.journeys.hall import Hall, card_of, open_hall

pytestmark = pytest.mark.root

CORE = "core/core.sock"
BRIDGE = "bridge/bridge.sock"
PICTURES = {"frames/remote", "frames/self"}
DATABASE = {"lasting/core/audit.db", "lasting/core/audit.db-shm", "lasting/core/audit.db-wal"}
KEPT = {"state/stage", "state/today", *DATABASE}
NOTHING: set[str] = set()

READS = {
    "firmware-bridge": {"etc/bridge.toml", "card-reader"},
    "kiosk-core": {"etc/core.toml", "trust/terminal.key", *KEPT},
    "kiosk-call": {"etc/call.toml", *PICTURES},
    "kiosk-ui": {"etc/ui.toml", *PICTURES},
    "nobody": NOTHING,
}
WRITES = {
    "firmware-bridge": {"card-reader"},
    "kiosk-core": KEPT,
    "kiosk-call": PICTURES,
    "kiosk-ui": NOTHING,
    "nobody": NOTHING,
}
CREATES = {
    "firmware-bridge": {"bridge"},
    "kiosk-core": {"core", "state", "lasting/core"},
    "kiosk-call": {"frames"},
    "kiosk-ui": NOTHING,
    "nobody": NOTHING,
}

OPENS = """
import json, os, sys
paths, mode = map(json.loads, sys.argv[1:])
opened = []
for name, path in paths.items():
    try:
        os.close(os.open(path, mode | os.O_NOCTTY | os.O_NONBLOCK))
        opened.append(name)
    except PermissionError:
        pass
print(json.dumps(opened))
"""
PUTS = """
import json, os, sys
put = []
for name, place in json.loads(sys.argv[1]).items():
    path = os.path.join(place, "put-by-a-test")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.unlink(path)
        put.append(name)
    except PermissionError:
        pass
print(json.dumps(put))
"""
GREETS = """
import json, socket, sys
path, hello = map(json.loads, sys.argv[1:])
peer = socket.socket(socket.AF_UNIX)
peer.settimeout(10)
try:
    peer.connect(path)
    peer.sendall(hello.encode())
    print(json.dumps("greeted" if peer.recv(1) else "turned away"))
except PermissionError:
    print(json.dumps("can not connect"))
except ConnectionError:
    print(json.dumps("turned away"))
"""


@pytest.fixture(scope="module")
def accounts() -> Iterator[TerminalAccounts]:
    with terminal_accounts() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hall(accounts: TerminalAccounts) -> AsyncIterator[Hall]:
    # A test's own directory is below one that is root's alone, where no program could reach it.
    lasting = Path(tempfile.mkdtemp(prefix="visit-users-"))
    try:
        async with open_hall(lasting, Equipment(accounts=accounts)) as opened:
            await opened.has_todays_bookings()
            yield opened
    finally:
        shutil.rmtree(lasting)


async def test_a_card_leads_to_a_visit_and_the_screen_draws_what_the_call_writes(
    hall: Hall,
) -> None:
    async with Family() as family:
        await family.open(hall.trial.family_url("v1-sam-mum"))
        await family.enter_lobby()
        hall.book("Sam", visit_s=60)
        await hall.shows_card(card_of("Sam"))
        await hall.sees("Welcome")
        await hall.touches("join")
        await hall.trial.observer.wait_for(RemoteDrawn)
    assert not hall.exits


@pytest.mark.parametrize("user", READS)
async def test_a_user_reads_what_its_program_needs_and_nothing_else(
    hall: Hall, accounts: TerminalAccounts, user: str
) -> None:
    assert accounts.told_by(user, OPENS, files(hall), os.O_RDONLY) == sorted(READS[user])


@pytest.mark.parametrize("user", WRITES)
async def test_a_user_writes_what_its_program_keeps_and_nothing_else(
    hall: Hall, accounts: TerminalAccounts, user: str
) -> None:
    assert accounts.told_by(user, OPENS, files(hall), os.O_WRONLY) == sorted(WRITES[user])


@pytest.mark.parametrize("user", CREATES)
async def test_a_user_puts_files_where_its_program_does_and_nowhere_else(
    hall: Hall, accounts: TerminalAccounts, user: str
) -> None:
    assert accounts.told_by(user, PUTS, directories(hall)) == sorted(CREATES[user])


@pytest.mark.parametrize(
    ("user", "path", "named", "outcome"),
    [
        ("kiosk-ui", CORE, Program.UI, "greeted"),
        ("kiosk-call", CORE, Program.CALL, "greeted"),
        ("kiosk-call", CORE, Program.UI, "turned away"),
        ("kiosk-ui", CORE, Program.CALL, "turned away"),
        ("kiosk-ui", CORE, Program.OBSERVER, "turned away"),
        ("firmware-bridge", CORE, Program.BRIDGE, "turned away"),
        ("nobody", CORE, Program.UI, "can not connect"),
        ("kiosk-core", BRIDGE, Program.CORE, "greeted"),
        ("kiosk-ui", BRIDGE, Program.UI, "turned away"),
        ("kiosk-ui", BRIDGE, Program.CORE, "turned away"),
        ("kiosk-call", BRIDGE, Program.CORE, "turned away"),
        ("nobody", BRIDGE, Program.CORE, "can not connect"),
    ],
)
async def test_on_the_wire_a_user_is_its_program_and_no_other(
    hall: Hall, accounts: TerminalAccounts, user: str, path: str, named: Program, outcome: str
) -> None:
    hello = encode(Hello(named, PROTOCOL, RELEASE)).decode()
    assert accounts.told_by(user, GREETS, str(hall.trial.run / path), hello) == outcome


async def test_a_stranger_who_gets_to_the_socket_is_turned_away(
    hall: Hall, accounts: TerminalAccounts
) -> None:
    hello = encode(Hello(Program.UI, PROTOCOL, RELEASE)).decode()
    path = str(hall.trial.run / CORE)
    assert accounts.told_by("nobody", GREETS, path, hello, group="kiosk-wire") == "turned away"


def files(hall: Hall) -> dict[str, str]:
    """All that a terminal's programs find, but for sockets and what is public."""
    return {
        name: str(path)
        for name, path in found(hall)
        if (path.is_file() or path.is_char_device()) and path.suffix != ".pem"
    }


def directories(hall: Hall) -> dict[str, str]:
    return {name: str(path) for name, path in found(hall) if path.is_dir()}


def found(hall: Hall) -> list[tuple[str, Path]]:
    """By name; what core is just about to replace is named with a dot, and is left out."""
    run, lasting = hall.trial.run, hall.trial.logs
    paths = [(path.relative_to(run), path) for path in run.rglob("*")]
    paths += [("lasting" / path.relative_to(lasting), path) for path in lasting.rglob("core/**/*")]
    paths += [(Path("lasting/core"), lasting / "core")]
    return sorted((str(name), path) for name, path in paths if not name.name.startswith("."))
