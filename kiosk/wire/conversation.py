"""How a connection begins, without any I/O: who may speak, and the hello on both sides.

The side that connects says Hello at once. The side that listens answers with its own when it has
accepted the first, so that each side knows, on hearing Hello, that it is heard.
"""

from collections.abc import Collection, Iterator

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

    def receive(self, data: bytes) -> Iterator[Message]:
        """The messages in `data`, one by one; the first of all is the peer's Hello.

        Raises WireError, after what was sound, when the peer is to be dropped.
        """
        for message in self._decoder.read(data):
            if isinstance(message, Hello):
                self._greet(message)
            elif self.peer is None:
                raise WireError(f"said {type(message).__name__} before Hello")
            yield message

    def _greet(self, hello: Hello) -> None:
        if self.peer is not None:
            raise WireError("said Hello twice")
        if hello.protocol != PROTOCOL:
            raise WireError(f"speaks another protocol than {PROTOCOL}")
        if hello.program not in self._allowed:
            raise WireError(f"may not be {hello.program}")
        self.peer = hello.program
