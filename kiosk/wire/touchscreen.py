"""What kiosk-ui finds of its touchscreen; never what is touched."""

from kiosk.wire.messages import Message


class TouchscreenStatus(Message, frozen=True):
    """Whether the glass feels fingers, said at every hello and change; the newest is all that matters."""

    up: bool
