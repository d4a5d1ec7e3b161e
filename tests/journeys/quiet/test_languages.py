"""A terminal that shows what there is speaks each language, also those that nobody has reviewed."""

from pathlib import Path

from kiosk.sandbox.trial import LANGUAGES
from tests.journeys.hall import open_hall


async def test_a_demo_offers_every_language_there_is(tmp_path: Path) -> None:
    async with open_hall(tmp_path) as hall:
        await hall.touches("language")
        offered = await hall.sees("Idle")
        languages = {f"language:{tag}" for tag in LANGUAGES}
        assert offered.targets.keys() == languages | {"ask_officer", "close"}
        assert "do not offer" not in (tmp_path / "kiosk-core.log").read_text()
