"""The stage survives kiosk-core, and nothing else is taken for one."""

import pytest

from kiosk.core.service.clock_offset import Sample
from kiosk.core.snapshot import Snapshot, pack, unpack
from kiosk.visit.asking import Asked, OfficerCall
from kiosk.visit.beside import Beside, Panel, Standing
from kiosk.visit.manner import Mode, Wishes
from kiosk.visit.stages import Stage
from kiosk.visit.waits import Wait
from tests.core.stages import AT, EVERY_KIND

BESIDE = Beside(
    Wishes("cy", frozenset({Mode.SLOW}), "ur", frozenset({Mode.LIGHT}), frozenset({Mode.SPOKEN})),
    Panel.ACCESS,
    Wait(60.0, 300.0, slow=True),
    OfficerCall(Asked.ASKED, 12.5, "7"),
    forget_at=44.0,
    rest_at=300.0,
    resting=True,
)
BOOT = "this boot"
TOLD = Sample(AT, at_s=17.0, half_trip_s=0.25)


@pytest.mark.parametrize("stage", EVERY_KIND, ids=lambda stage: type(stage).__name__)
def test_every_stage_comes_back_as_it_was(stage: Stage) -> None:
    snapshot = Snapshot(Standing(stage, BESIDE), "17", TOLD)
    assert unpack(pack(snapshot, BOOT), BOOT) == snapshot


def test_a_stage_of_another_boot_is_no_stage() -> None:
    assert (
        unpack(pack(Snapshot(Standing(EVERY_KIND[6]), "17", TOLD), "an earlier boot"), BOOT) is None
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'{"kind":"Idle"}',
        (
            b'{"boot_id":"this boot","kind":"Nowhere","stage":{},"beside":{},"last_event_id":null,'
            b'"service_time":null}'
        ),
    ],
)
def test_anything_else_is_no_stage(data: bytes) -> None:
    assert unpack(data, BOOT) is None


def test_half_a_snapshot_is_no_stage() -> None:
    whole = pack(Snapshot(Standing(EVERY_KIND[6]), None, None), BOOT)
    assert all(unpack(whole[:length], BOOT) is None for length in range(len(whole)))
