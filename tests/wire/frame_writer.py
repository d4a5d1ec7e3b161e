"""A writer of frames in a process of its own, until its input ends; run as `python -m ... FILE`.

Every byte of picture `n` is `n` modulo 251, so that a mixture of two pictures shows.
"""

import itertools
import select
import sys
from pathlib import Path

from kiosk.wire.frames import FrameWriter, plane_bytes

SIZE_PX = (640, 480)
CALL = 7


def main(path: Path) -> None:
    y_bytes, c_bytes = plane_bytes(*SIZE_PX)
    writer = FrameWriter(path)
    for n in itertools.count(1):
        if select.select([sys.stdin], [], [], 0)[0]:
            break
        shade = bytes([n % 251])
        writer.write(CALL, n, SIZE_PX, [shade * y_bytes, shade * c_bytes, shade * c_bytes])
    writer.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
