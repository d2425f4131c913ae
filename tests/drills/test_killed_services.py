"""Kill the services that `make test` does not kill: each comes back by itself. `make drills` runs this; it adds a quarter of an hour."""

import json

import pytest

from tests.support.compose_platform import Platform, eventually
from tests.support.landing import SEND_ROWS, file_status, in_batch
from tests.support.recovery import wait_until_the_job_goes_on


def test_a_killed_jobmanager_takes_up_its_jobs_from_their_last_checkpoint(platform: Platform) -> None:
    before = platform.job("sales")["jid"]
    platform.kill("flink-jobmanager")
    eventually("the jobmanager back", lambda: platform.health("flink-jobmanager") == "healthy", 120)
    eventually(
        "the same job again", lambda: platform.job("sales").get("jid") == before and platform.job("sales")["state"] == "RUNNING", 120
    )
    wait_until_the_job_goes_on(platform)


def test_redis_being_away_holds_up_nothing_else(platform: Platform) -> None:
    platform.stop_service("redis")
    try:
        wait_until_the_job_goes_on(platform)
    finally:
        platform.start_service("redis")
    eventually("Redis back", lambda: platform.health("redis") == "healthy", 60)
    eventually("the hot store's job to go on", lambda: platform.job("hot_store")["state"] == "RUNNING", 120)


def test_a_load_that_is_killed_with_its_service_is_ended_and_tried_again(platform: Platform) -> None:
    query = "SELECT store_id, store_name, region, country FROM lake.catalog.stores LIMIT 1"
    (store,) = eventually("a store in the catalogue", lambda: platform.sql(query), 1200, every=3)
    path = in_batch(platform, SEND_ROWS, "catalog.stores.v1", "78", json.dumps([store | {"store_name": "Killed"}])).splitlines()[-1]
    run = eventually(
        "its load under way", lambda: next((i for i, s in platform.runs("load_dumps").items() if s == "STARTED"), ""), 240, every=1
    )
    platform.kill("batch-code")
    eventually("batch-code back", lambda: platform.health("batch-code") == "healthy", 180)
    eventually("the killed load to be ended", lambda: platform.runs("load_dumps")[run] == "FAILURE", 120, every=1)
    eventually("the file to be loaded", lambda: file_status(platform, path) == "LOADED", 300, every=3)


#: Groups of services that are killed together. A service that the jobs need is killed alone; the services that they can do without, all at once.
KILLED = (("postgres",), ("minio",), ("zookeeper",), ("redis", "registry", "trino"))


@pytest.mark.parametrize("services", KILLED, ids=" ".join)
def test_any_other_killed_service_comes_back_and_the_job_goes_on(platform: Platform, services: tuple[str, ...]) -> None:
    for service in services:
        platform.kill(service)
    for service in services:
        eventually(f"{service} back", lambda service=service: platform.health(service) == "healthy", 180)
    wait_until_the_job_goes_on(platform)


def test_killed_pages_and_their_worker_come_back(platform: Platform) -> None:
    services = ("superset", "superset-worker", "front", "web")
    for service in services:
        platform.kill(service)
    for service in services:
        eventually(f"{service} back", lambda service=service: platform.health(service) == "healthy", 240)
