"""Shared by all tests: markers by folder, and the platform that integration, fault and browser tests use."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.compose_platform import Platform, eventually

#: An example may take its time while two cores are busy with everything else; what is too slow is measured, not timed by the clock of one example.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

#: The reaper's image cannot be pulled everywhere; containers are removed by the tests themselves.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

#: Cheap tests first, then those that only look, then those that break things.
ORDER = ("unit", "integration", "browser", "drills", "faults", "power_cut")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests by their folder and puts the folders in order; of a folder, what needs no platform first, while the machine is quiet."""
    here = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(here).parts[0]
        if folder != "unit":
            item.add_marker(getattr(pytest.mark, folder))
    items.sort(key=lambda item: (ORDER.index(item.path.relative_to(here).parts[0]), "platform" in getattr(item, "fixturenames", ())))


@pytest.fixture
def day_with_time_left() -> None:
    """For what compares figures of today: where the day ends within five minutes, the next one is awaited."""
    eventually("the next day", lambda: f"{datetime.now(tz=UTC):%H:%M}" < "23:55", 330, every=5)


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """The test platform: started once, with all faults on; its logs are kept where it fails."""
    started = Platform()
    try:
        started.up()
        yield started
    finally:
        started.save_logs()
        if os.environ.get("KEEP_COMPOSE") != "1":
            started.down(volumes=True)
