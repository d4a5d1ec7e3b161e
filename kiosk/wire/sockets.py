"""Unix sockets: who is at the other end, and a listening one with the right permissions."""

import os
import socket
import stat
import struct
from pathlib import Path
from typing import Protocol

from kiosk.errors import WireError

_UCRED = struct.Struct("iII")  # pid, uid, gid: unix(7), SO_PEERCRED
_MODE = 0o660


class HasOptions(Protocol):
    """A socket, or what an event loop gives of one."""

    def getsockopt(self, level: int, optname: int, buflen: int, /) -> bytes: ...


def peer_uid(connected: HasOptions) -> int:
    """The user that connected, or listened, at the other end; the kernel vouches for it."""
    raw = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    _, uid, _ = _UCRED.unpack(raw)
    return int(uid)


def listen(path: Path) -> socket.socket:
    """A listening socket at `path`, for its user and group; takes the place of a dead one.

    Raises WireError when something else is there, alive, or the place can not be had.
    """
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(path)
        # The mode a socket has when it is bound is the widest it ever has on disk.
        os.fchmod(server.fileno(), _MODE)
        server.bind(str(path))
        path.chmod(_MODE)
        server.listen(64)
        server.setblocking(False)
    except OSError as error:
        server.close()
        raise WireError(f"{path}: cannot listen: {error.strerror or error}") from error
    except WireError:
        server.close()
        raise
    return server


def _remove_stale(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise WireError(f"{path}: cannot listen: there is something that is no socket")
    if _answers(path):
        raise WireError(f"{path}: cannot listen: another program does")
    path.unlink()


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return False
        except BlockingIOError:  # its queue of connections is full, so somebody holds it
            return True
        return True
