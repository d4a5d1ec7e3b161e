"""Listening sockets and who is at the other end."""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kiosk.errors import WireError
from kiosk.wire.sockets import listen, peer_uid


@contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_the_socket_is_for_user_and_group_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    path = tmp_path / "core.sock"
    with _umask(mask), closing(listen(path)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_the_socket_is_never_open_to_others_even_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "core.sock"
    before: list[int] = []
    monkeypatch.setattr(Path, "chmod", lambda self, _: before.append(self.stat().st_mode))
    with _umask(0), closing(listen(path)):
        assert [stat.S_IMODE(mode) for mode in before] == [0o660]


def test_the_directory_is_made_when_it_is_absent(tmp_path: Path) -> None:
    with closing(listen(tmp_path / "run" / "core" / "core.sock")):
        assert (tmp_path / "run" / "core" / "core.sock").is_socket()


def test_the_place_of_a_dead_server_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "core.sock"
    listen(path).close()
    assert path.is_socket()
    with closing(listen(path)), closing(socket.socket(socket.AF_UNIX)) as client:
        client.connect(str(path))


def test_the_place_of_a_living_server_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "core.sock"
    with closing(listen(path)):
        with pytest.raises(WireError, match="another program does"):
            listen(path)
        with closing(socket.socket(socket.AF_UNIX)) as client:
            client.connect(str(path))


def test_a_living_server_with_a_full_queue_is_not_taken_for_dead(tmp_path: Path) -> None:
    path = tmp_path / "core.sock"
    waiting: list[socket.socket] = []
    with closing(socket.socket(socket.AF_UNIX)) as busy:
        busy.bind(str(path))
        busy.listen(0)
        with pytest.raises(BlockingIOError):
            while True:
                waiting.append(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
                waiting[-1].setblocking(False)
                waiting[-1].connect(str(path))
        with pytest.raises(WireError, match="another program does"):
            listen(path)
    for client in waiting:
        client.close()


def test_what_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "core.sock"
    path.write_text("precious")
    with pytest.raises(WireError, match="no socket"):
        listen(path)
    assert path.read_text() == "precious"


@pytest.mark.parametrize("place", ["/proc/core.sock", "/tmp/" + "x" * 120 + "/core.sock"])
def test_a_place_that_cannot_be_had_is_told(place: str) -> None:
    with pytest.raises(WireError, match="cannot listen"):
        listen(Path(place))


def test_the_user_at_the_other_end_is_known_to_both() -> None:
    near, far = socket.socketpair()
    with closing(near), closing(far):
        assert peer_uid(near) == peer_uid(far) == os.getuid()
