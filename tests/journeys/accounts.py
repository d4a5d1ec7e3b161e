"""The users and directories of a terminal, as the project's own files for systemd name them."""

import contextlib
import fcntl
import grp
import json
import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.supervisor import Program, identity_of
from tests.project import ROOT, SHIPPED

SYSTEMD = ROOT / "systemd"
COPIED = (*SHIPPED, "assets")
NOT_NEEDED = {"playwright", "mypy", "mypyc", "babel", "__pycache__"}


@dataclass(frozen=True)
class TerminalAccounts:
    """Each program runs as the user of its name, who can reach what a terminal's would."""

    python: str
    environment: Mapping[str, str]

    def run_as_user(self, program: Program) -> Program:
        return replace(
            program,
            command=(self.python, *program.command[1:]),
            environment={**program.environment, **self.environment},
            user=program.name,
        )

    def make_directories(self, run: Path, lasting: Path) -> None:
        ours = {"/run/visit-kiosk": run, "/var/lib/visit-kiosk": lasting}
        for _, path, mode, user, group, *_ in lines_of("visit-kiosk.tmpfiles.conf"):
            top = next(top for top in ours if path == top or path.startswith(f"{top}/"))
            place = ours[top] / path.removeprefix(top).lstrip("/")
            place.mkdir(exist_ok=True)
            shutil.chown(place, user, group)
            place.chmod(int(mode, 8))

    def give(self, path: Path, program: str, /) -> None:
        shutil.chown(path, "root", program)
        path.chmod(0o640)

    def told_by(self, user: str, code: str, *arguments: object, group: str | None = None) -> object:
        """What a Python script prints as JSON when this user runs it, in one more group if need be."""
        identity = identity_of(user)
        if group is not None:
            identity["extra_groups"] = [*identity["extra_groups"], grp.getgrnam(group).gr_gid]
        command = (self.python, "-c", code, *map(json.dumps, arguments))
        found = subprocess.run(
            command,
            **identity,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            check=True,
            timeout=20,
        )
        return json.loads(found.stdout)


@contextlib.contextmanager
def terminal_accounts() -> Iterator[TerminalAccounts]:
    """The users exist while this is open; those that had to be made are removed after it."""
    with contextlib.ExitStack() as stack:
        stack.callback(os.umask, os.umask(0o022))
        stack.enter_context(alone())
        make_users(stack)
        place = Path(tempfile.mkdtemp(prefix="visit-programs-"))
        stack.callback(shutil.rmtree, place)
        place.chmod(0o755)
        yield readable_programs(place)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Nobody else makes or removes the users of a terminal on this machine meanwhile."""
    etc = os.open("/etc", os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(etc, fcntl.LOCK_EX)
        yield
    finally:
        os.close(etc)


def make_users(stack: contextlib.ExitStack) -> None:
    """As systemd-sysusers does: what is there is left as it is."""
    made = set()
    for kind, name, of, *_ in lines_of("visit-kiosk.sysusers.conf"):
        if kind == "u" and not known(pwd.getpwnam, name):
            alter("useradd", "--system", "--user-group", "--no-create-home", "--home-dir=/", name)
            stack.callback(alter, "userdel", name)
            made.add(name)
        if kind in ("g", "m"):
            make_group(name if kind == "g" else of, stack)
        if kind == "m" and name in made:
            alter("usermod", "--append", "--groups", of, name)


def make_group(name: str, stack: contextlib.ExitStack) -> None:
    if not known(grp.getgrnam, name):
        alter("groupadd", "--system", name)
        stack.callback(alter, "groupdel", name)


def known(look_up: Callable[[str], object], name: str) -> bool:
    try:
        look_up(name)
    except KeyError:
        return False
    return True


def alter(command: str, *arguments: str) -> None:
    subprocess.run((f"/usr/sbin/{command}", *arguments), check=True, stdout=subprocess.DEVNULL)


def lines_of(file: str) -> Iterator[list[str]]:
    """The fields of each line of one of our files for systemd."""
    for line in (SYSTEMD / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split()


def readable_programs(place: Path) -> TerminalAccounts:
    """The programs as they are here, or copies in `place` where other users can not read them."""
    here = TerminalAccounts(sys.executable, {})
    code = "import json, kiosk.supervisor, msgspec; print(json.dumps(kiosk.supervisor.__file__))"
    with contextlib.suppress(subprocess.CalledProcessError, PermissionError):
        if here.told_by("kiosk-core", code) == str(ROOT / "kiosk/supervisor.py"):
            return here
    copy(place, *(ROOT / name for name in COPIED))
    copy(place, *(p for p in libraries().iterdir() if p.name not in NOT_NEEDED))
    return TerminalAccounts(os.path.realpath(sys.executable), {"PYTHONPATH": str(place)})


def libraries() -> Path:
    return Path(sysconfig.get_path("platlib"))


def copy(place: Path, *sources: Path) -> None:
    # Their times stay, or Python would compile all of it each time that a program starts.
    keep = ("--no-preserve=mode", "--preserve=timestamps")
    command = ("cp", "--recursive", *keep, "--target-directory")
    subprocess.run((*command, str(place), *map(str, sources)), check=True)
