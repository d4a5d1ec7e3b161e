"""A server in a process of its own that answers each EndCall; run as `python -m ... SOCKET`."""

import asyncio
import os
import sys
from pathlib import Path

from kiosk.wire.aio import WireServer
from kiosk.wire.messages import Message, Program


async def main(path: Path) -> None:
    def echo(who: Program, message: Message) -> None:
        server.send(who, message)

    server = WireServer(
        path,
        Program.CORE,
        {Program.CALL: os.getuid(), Program.UI: os.getuid()},
        on_peer=lambda who: None,
        on_message=echo,
        on_gone=lambda who, reason: None,
    )
    await server.start()
    print("listening", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
