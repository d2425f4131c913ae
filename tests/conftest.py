"""Shared by all tests: markers by folder, the order, and the platform that integration, fault and browser tests use."""

import os
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.compose_platform import ROOT, Platform, eventually
from tests.support.workers import Run

#: No deadline for one example of Hypothesis: on busy cores its time says nothing. Other tests measure processor time.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

#: The image of Testcontainers' reaper cannot be pulled everywhere. The tests remove their containers themselves.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

#: The order in one process: cheap tests first, then tests that only read, then tests that break services.
ORDER = ("unit", "integration", "browser", "drills", "faults", "power_cut")
#: The order with workers: tests that wait for the platform first, so that the other tests fill the time.
ORDER_OF_WORKERS = ("integration", "unit", "browser", "drills", "faults", "power_cut")
#: These modules share Dagster's runs and the dumps' tables, so one worker runs them in this order. The first ones wait for less.
DUMPS = ("test_how_files_reach_their_tables", "test_what_moves_stock", "test_what_the_back_office_sends", "test_upkeep")
#: These tests share Superset, and some of them stop it, so one worker runs them.
SUPERSET = "test_queries_and_dashboards"
#: Groups that need data that is there only after minutes, such as built marts and many photos. They start after all others, in this order.
LATER = ("test_what_the_marts_say", "superset", "test_what_they_photograph")
#: Folders whose tests break services. They wait until all other workers have ended.
ALONE = ("drills", "faults", "power_cut")
HERE = Path(__file__).parent


def folder_of(item: pytest.Item) -> str:
    """Return the folder of tests/ that a test is in."""
    return item.path.relative_to(HERE).parts[0]


def group_of(item: pytest.Item) -> str:
    """Return the name of the group that a test is in; the tests of a group run one after another on one worker."""
    folder, module = folder_of(item), item.path.stem
    if folder in ALONE:
        return "alone"
    if folder == "browser" or module == SUPERSET:
        return "superset"
    if module in LATER:
        return module
    return "dumps" if module in DUMPS else str(item.path.relative_to(HERE))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by their folder and group, and put them in order."""
    side_by_side = hasattr(config, "workerinput")
    order = ORDER_OF_WORKERS if side_by_side else ORDER
    for item in items:
        folder = folder_of(item)
        if folder != "unit":
            item.add_marker(getattr(pytest.mark, folder))
        item.add_marker(pytest.mark.xdist_group(group_of(item)))

    def key(item: pytest.Item) -> tuple[object, ...]:
        needs_platform = "platform" in getattr(item, "fixturenames", ())
        folder, module = folder_of(item), item.path.stem
        if not side_by_side:
            # In a folder, the tests without a platform run first, while the machine is quiet.
            return order.index(folder), needs_platform
        group = group_of(item)
        late = LATER.index(group) + 1 if group in LATER else 0
        place = DUMPS.index(module) if module in DUMPS else len(DUMPS)
        return group == "alone", late, order.index(folder), not needs_platform, place

    items.sort(key=key)


@pytest.fixture
def day_with_time_left() -> None:
    """Wait for the next day if this one ends within five minutes. Tests that compare figures of today use it."""
    eventually("the next day", lambda: f"{datetime.now(tz=UTC):%H:%M}" < "23:55", 330)


#: The environment variable with the id of the run. Workers inherit it.
RUN = "TILLSTREAM_TEST_RUN"


def the_run() -> Run:
    """Return the test run that this process belongs to."""
    return Run(ROOT / ".build" / "test-runs" / os.environ[RUN])


def pytest_configure(config: pytest.Config) -> None:
    """Begin a test run, unless this process is a worker."""
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = uuid.uuid4().hex


@pytest.fixture(scope="session")
def platform() -> Platform:
    """Return the test platform. It is started once a run, with all kinds of faults on."""
    run = the_run()
    with run.exclusive():
        started = Platform()
        if not run.has("started"):
            assert not run.has("begun"), "the platform did not start; another worker says why"
            run.note("begun")
            started.up()
            run.note("started")
    return started


@pytest.fixture(scope="session")
def _others_have_ended() -> None:
    the_run().await_others()


@pytest.fixture(autouse=True)
def _waits_to_be_alone(request: pytest.FixtureRequest) -> None:
    """Before a test that breaks services, wait until the other workers have ended."""
    if folder_of(request.node) in ALONE:
        request.getfixturevalue("_others_have_ended")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Save the platform's logs and remove the platform, once all tests have ended."""
    run = the_run()
    if hasattr(session.config, "workerinput"):
        run.end()
        return
    if run.has("begun"):
        started = Platform()
        started.save_logs()
        if os.environ.get("KEEP_COMPOSE") != "1":
            started.down(volumes=True)
    run.forget()
