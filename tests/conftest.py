"""What holds for every test: the order, who may run as root only, and no stop-watch on laws."""

import os

import pytest
from hypothesis import settings

import catalogues

settings.register_profile("house", settings.default, deadline=None)
settings.load_profile("house")


def pytest_sessionstart() -> None:
    """What the programs read of the catalogues is as new as they are."""
    catalogues.compile_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys come last, and what needs root is skipped, with its reason, for anybody else."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
        if item.get_closest_marker("root") and os.geteuid() != 0:
            item.add_marker(pytest.mark.skip(reason="needs root, for users of its own"))
    items.sort(key=lambda item: item.get_closest_marker("journey") is not None)
