"""What a walk measured is of the visit that it walked to, and of none before."""

from kiosk.sandbox.report import Report
from kiosk.wire.messages import Message, RemoteDrawn, Touch, Touched


def join_ms(*seen: Message) -> object:
    report = Report(card_at_s=10.0)
    for message in seen:
        report.take(message)
    return report.figures()["join_ms"]


def test_joining_takes_from_the_touch_to_the_first_picture() -> None:
    touch, drawn = Touched(1, Touch.JOIN, 12.0), RemoteDrawn(7, 12.5)
    assert join_ms(touch, drawn) == 500.0
    earlier = (Touched(1, Touch.JOIN, 5.0), RemoteDrawn(6, 6.0))
    assert join_ms(*earlier, touch, drawn) == 500.0
    assert join_ms(*earlier, touch) is None
