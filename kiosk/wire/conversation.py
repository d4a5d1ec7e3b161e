"""How a connection begins, without any I/O: who may speak, and the hello on both sides.

The side that connects says Hello at once. The side that listens answers with its own when it has
accepted the first, so that each side knows, on hearing Hello, that it is heard.
"""

from collections.abc import Collection

from kiosk import RELEASE
from kiosk.errors import WireError
from kiosk.wire.codec import LineDecoder, encode
from kiosk.wire.messages import PROTOCOL, Hello, Message, Program


class Conversation:
    """One connection's state: silent until the peer's Hello, then messages as they come."""

    def __init__(self, me: Program, allowed: Collection[Program]) -> None:
        """`allowed` are the programs that the peer may be, as its user says."""
        self._me = me
        self._allowed = allowed
        self._decoder = LineDecoder()
        self.peer: Program | None = None

    @property
    def unfinished_bytes(self) -> int:
        """How much of a line has come whose end has not."""
        return self._decoder.unfinished_bytes

    def hello(self) -> bytes:
        """This side's first line."""
        return encode(Hello(self._me, PROTOCOL, RELEASE))

    def receive(self, data: bytes) -> list[Message]:
        """The messages in `data` after the Hello; `peer` is set from the Hello on.

        Raises WireError when the peer is to be dropped.
        """
        messages = self._decoder.feed(data)
        if self.peer is None and messages:
            self.peer = self._greet(messages.pop(0))
        if any(isinstance(message, Hello) for message in messages):
            raise WireError("said Hello twice")
        return messages

    def _greet(self, first: Message) -> Program:
        if not isinstance(first, Hello):
            raise WireError(f"said {type(first).__name__} before Hello")
        if first.protocol != PROTOCOL:
            raise WireError(f"speaks protocol {first.protocol}, not {PROTOCOL}")
        if first.program not in self._allowed:
            raise WireError(f"may not be {first.program}")
        return first.program
