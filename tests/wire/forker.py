"""A program of many peers, one after another, each of which is killed as soon as it is greeted.

Run as `python forker.py SOCKET COUNT HELLO`; it uses the standard library only, to start at once.
"""

import os
import signal
import socket
import sys


def peer(path: str, hello: bytes, ready: int) -> None:
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(path)
        link.sendall(hello)
        link.recv(1)
        os.write(ready, b".")
        signal.pause()


def main(path: str, count: int, hello: bytes) -> None:
    for _ in range(count):
        ready, report = os.pipe()
        child = os.fork()
        if child == 0:
            peer(path, hello, report)
        os.close(report)
        heard = os.read(ready, 1)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        assert heard == b".", "not greeted"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3].encode())
