"""What lights and buzzers tell, for every stage."""

from kiosk.core.indications import indication_of
from kiosk.wire.devices import Indication
from tests.core.stages import EVERY_KIND


def test_each_stage_is_told_and_the_important_ones_apart() -> None:
    told = {type(stage).__name__: indication_of(stage) for stage in EVERY_KIND}
    assert told == {
        "Idle": Indication.READY,
        "CheckingCard": Indication.BUSY,
        "EnterPin": Indication.BUSY,
        "Welcome": Indication.ACCEPTED,
        "WaitingRoom": Indication.VISIT,
        "Connecting": Indication.VISIT,
        "InVisit": Indication.VISIT,
        "Goodbye": Indication.BUSY,
        "Refused": Indication.REFUSED,
        "Support": Indication.BUSY,
        "SupportCall": Indication.BUSY,
        "SupportOver": Indication.BUSY,
        "MaintenanceDoor": Indication.BUSY,
        "OutOfService": Indication.CLOSED,
    }


def test_an_idle_screen_that_rests_is_told_so_that_the_board_can_dim_it_and_no_other() -> None:
    told = {type(stage).__name__: indication_of(stage, resting=True) for stage in EVERY_KIND}
    assert [name for name, each in told.items() if each is Indication.RESTING] == ["Idle"]
