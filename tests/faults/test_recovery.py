"""What is killed, restarted, wiped or stopped: afterwards every event is in its place, with nobody's help."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from tests.integration.test_what_the_back_office_sends import SEND_ROWS, file_status, in_batch
from tests.platform import Platform, eventually


def last_checkpoint(platform: Platform) -> int:
    latest = platform.checkpoints()["latest"]["completed"]
    return latest["id"] if latest else 0


def wait_until_the_job_goes_on(platform: Platform) -> None:
    """Two checkpoints more, and running: the second completes only when the files of the first are in the lake's catalog.

    One is not enough. A job whose commit fails has completed that checkpoint, and restarts.
    """
    before = eventually("a completed checkpoint", lambda: last_checkpoint(platform), 180)
    eventually(
        "the sales job to run and to complete two more checkpoints",
        lambda: last_checkpoint(platform) >= before + 2 and platform.job("sales").get("state") == "RUNNING",
        240,
    )


@contextmanager
def watched_figure(platform: Platform) -> Iterator[list[int]]:
    """Reads today's lines of the largest department from Redis five times a second; the list is filled at the end."""
    key = f"sales:by_department:GROCERY:STORE:{datetime.now(tz=UTC):%Y%m%d}"
    loop = f"while :; do REDISCLI_AUTH=$(cat /run/secrets/redis_reader_password) redis-cli --user reader --raw hget {key} lines; sleep 0.2; done"
    command = ["docker", "exec", platform.container("redis"), "timeout", "600", "sh", "-c", loop]
    seen: list[int] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watcher:
        try:
            yield seen
        finally:
            watcher.terminate()
            # The last one may have been cut off in the middle of its digits.
            seen.extend(int(line) for line in watcher.communicate()[0].split()[:-1])


def test_a_taskmanager_killed_in_the_middle_of_a_checkpoint_loses_nothing_and_no_figure_steps_back(platform: Platform) -> None:
    with watched_figure(platform) as seen:
        eventually("a checkpoint under way", lambda: platform.checkpoints()["counts"]["in_progress"] > 0, 60, every=0.02)
        platform.kill("flink-taskmanager")
        eventually("the taskmanager back", lambda: platform.health("flink-taskmanager") == "healthy", 120)
        wait_until_the_job_goes_on(platform)
    assert seen[0] < seen[-1], "the figure moved again after the recovery"
    assert seen == sorted(seen)


def test_a_killed_jobmanager_takes_up_its_jobs_from_their_last_checkpoint(platform: Platform) -> None:
    before = platform.job("sales")["jid"]
    platform.kill("flink-jobmanager")
    eventually("the jobmanager back", lambda: platform.health("flink-jobmanager") == "healthy", 120)
    eventually(
        "the same job again", lambda: platform.job("sales").get("jid") == before and platform.job("sales")["state"] == "RUNNING", 120
    )
    wait_until_the_job_goes_on(platform)


def test_a_killed_broker_and_killed_producers_come_back(platform: Platform) -> None:
    for service in ("tills", "voice", "kafka"):
        platform.kill(service)
    for service in ("kafka", "tills", "voice"):
        eventually(f"{service} back", lambda service=service: platform.health(service) == "healthy", 180)
    wait_until_the_job_goes_on(platform)


def test_a_wiped_redis_is_rebuilt(platform: Platform) -> None:
    password = "REDISCLI_AUTH=$(cat /run/secrets/redis_writer_password)"  # noqa: S105 - a command that reads it
    platform.compose("exec", "-T", "redis", "sh", "-c", f"{password} redis-cli --user writer flushdb")
    platform.compose("run", "--rm", "--no-deps", "-T", "jobs", "python3", "-m", "flink_jobs.submit", "--rebuild", "hot_store")
    minute = f"{datetime.now(tz=UTC):%Y%m%d}"
    eventually("figures in Redis", lambda: minute in platform.tools("redis", "sales:by_department:*"), 60)


def test_redis_being_away_holds_up_nothing_else(platform: Platform) -> None:
    platform.compose("stop", "redis")
    try:
        wait_until_the_job_goes_on(platform)
    finally:
        platform.compose("start", "redis")
    eventually("Redis back", lambda: platform.health("redis") == "healthy", 60)
    eventually("the hot store's job to go on", lambda: platform.job("hot_store")["state"] == "RUNNING", 120)


def test_a_load_that_is_killed_with_its_service_is_ended_and_tried_again(platform: Platform) -> None:
    store = platform.sql("SELECT store_id, store_name, region, country FROM lake.catalog.stores LIMIT 1")[0]
    path = in_batch(platform, SEND_ROWS, "catalog.stores.v1", "78", json.dumps([store | {"store_name": "Killed"}])).splitlines()[-1]
    run = eventually("its load under way", lambda: next((i for i, s in platform.runs("load_dumps").items() if s == "STARTED"), ""), 240)
    platform.kill("batch-code")
    eventually("batch-code back", lambda: platform.health("batch-code") == "healthy", 180)
    eventually("the killed load to be ended", lambda: platform.runs("load_dumps")[run] == "FAILURE", 120)
    eventually("the file to be loaded", lambda: file_status(platform, path) == "LOADED", 300, every=3)


#: What the jobs write to or start from is killed by itself; of what they can do without, all at once.
KILLED = (("postgres",), ("minio",), ("zookeeper",), ("redis", "registry", "trino"))


@pytest.mark.parametrize("services", KILLED, ids=" ".join)
def test_any_other_killed_service_comes_back_and_the_job_goes_on(platform: Platform, services: tuple[str, ...]) -> None:
    for service in services:
        platform.kill(service)
    for service in services:
        eventually(f"{service} back", lambda service=service: platform.health(service) == "healthy", 180)
    wait_until_the_job_goes_on(platform)


def test_killed_pages_and_their_worker_come_back(platform: Platform) -> None:
    services = ("superset", "superset-worker", "web")
    for service in services:
        platform.kill(service)
    for service in services:
        eventually(f"{service} back", lambda service=service: platform.health(service) == "healthy", 240)


def test_down_and_up_again_goes_on_where_it_was(platform: Platform) -> None:
    job = platform.job("sales")["jid"]
    count = platform.sql("SELECT count(*) AS lines FROM lake.sales.lines")[0]["lines"]
    platform.down()
    platform.start()
    assert platform.job("sales")["jid"] == job, "the job was started afresh, not taken up again"
    assert platform.sql("SELECT count(*) AS lines FROM lake.sales.lines")[0]["lines"] >= count


def test_after_all_of_that_nothing_is_lost_nothing_doubled_and_nothing_unaccounted_for(platform: Platform) -> None:
    """Once for all faults and kills: what one has lost or doubled stays so, and is named with its minute; Redis was wiped and rebuilt on the way."""
    printed = platform.verify()
    assert "verify: holds" in printed
    assert "loyalty.members.v1" in printed, "each row of each dump's file is loaded or quarantined"
