"""The stage survives kiosk-core, and nothing else is taken for one."""

import pytest

from kiosk.core.snapshot import pack, unpack
from kiosk.visit.stages import Stage
from tests.core.stages import EVERY_KIND


@pytest.mark.parametrize("stage", EVERY_KIND, ids=lambda stage: type(stage).__name__)
def test_every_stage_comes_back_as_it_was(stage: Stage) -> None:
    assert unpack(pack(stage, "17")) == (stage, "17")


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"kind":"Idle"}', b'{"kind":"Nowhere","stage":{},"last_event_id":null}'],
)
def test_anything_else_is_no_stage(data: bytes) -> None:
    assert unpack(data) is None


def test_half_a_snapshot_is_no_stage() -> None:
    whole = pack(EVERY_KIND[6], None)
    assert all(unpack(whole[:length]) is None for length in range(len(whole)))
