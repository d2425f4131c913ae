"""Services are killed, and Redis is wiped. Everything recovers by itself, and afterwards every event is counted once."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

from tests.support.compose_platform import HTTP, Platform, eventually
from tests.support.recovery import wait_until_the_job_goes_on


@contextmanager
def watched_figure(platform: Platform) -> Iterator[list[int]]:
    """Yield a list that grows five times a second by a figure from Redis: the lines of the largest department today.

    The figure includes the next day, because a day may begin meanwhile.
    """
    now = datetime.now(tz=UTC)
    of_days = [f"sales:by_department:GROCERY:STORE:{day:%Y%m%d}" for day in (now, now + timedelta(days=1))]
    get = "$(REDISCLI_AUTH=$(cat /run/secrets/redis_reader_password) redis-cli --user reader --raw hget {} lines)"
    loop = f"while :; do echo $(( {' + '.join(get.format(key) + '+ 0' for key in of_days)} )); sleep 0.2; done"
    command = ["docker", "exec", platform.container("redis"), "timeout", "600", "sh", "-c", loop]
    seen: list[int] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watcher:

        def note() -> None:
            for line in watcher.stdout or ():
                # The last line may have been cut off in the middle of its digits.
                if line.endswith("\n"):
                    seen.append(int(line))  # noqa: PERF401 - it is read while it grows

        noting = Thread(target=note)
        noting.start()
        try:
            yield seen
        finally:
            watcher.terminate()
            noting.join()


def killed_in_a_checkpoint(platform: Platform) -> dict[str, Any]:
    """Kill the TaskManager right after a checkpoint began, and wait until the job goes on. Return how that checkpoint ended."""
    checkpoint = platform.trigger_checkpoint()
    platform.kill("flink-taskmanager")
    eventually("the taskmanager back", lambda: platform.health("flink-taskmanager") == "healthy", 120)
    told = eventually("the end of that checkpoint", lambda: HTTP.get(checkpoint).raise_for_status().json().get("operation"), 60)
    wait_until_the_job_goes_on(platform)
    return dict(told)


def test_a_taskmanager_killed_in_the_middle_of_a_checkpoint_loses_nothing_and_no_figure_steps_back(platform: Platform) -> None:
    with watched_figure(platform) as seen:
        eventually("a first figure", lambda: any(seen), 30)
        # The checkpoint may be complete before the kill reaches the process. Then another one is tried.
        told = next((told for _ in range(3) if "failureCause" in (told := killed_in_a_checkpoint(platform))), None)
        assert told, "it was never killed in the middle of a checkpoint"
        before = seen[-1]
        eventually("the figure to move again after the recovery", lambda: seen[-1] > before, 120)
    assert seen == sorted(seen)


def test_a_killed_broker_and_killed_producers_come_back(platform: Platform) -> None:
    for service in ("tills", "voice", "kafka"):
        platform.kill(service)
    for service in ("kafka", "tills", "voice"):
        eventually(f"{service} back", lambda service=service: platform.health(service) == "healthy", 180)
    wait_until_the_job_goes_on(platform)


def test_a_wiped_redis_is_rebuilt(platform: Platform) -> None:
    password = "REDISCLI_AUTH=$(cat /run/secrets/redis_writer_password)"  # noqa: S105 - a command that reads it
    platform.compose("exec", "-T", "redis", "sh", "-c", f"{password} redis-cli --user writer flushdb")
    platform.one_off("init-jobs", "python3", "-m", "tillstream", "jobs", "rebuild", "hot_store")
    minute = f"{datetime.now(tz=UTC):%Y%m%d}"
    eventually("figures in Redis", lambda: minute in platform.tools("ask", "redis", "sales:by_department:*"), 60, every=1)


def test_after_all_of_that_nothing_is_lost_nothing_doubled_and_nothing_unaccounted_for(platform: Platform) -> None:
    """Verify once, after all faults and kills: a lost or doubled event stays wrong, and verify names its minute."""
    printed = platform.verify()
    assert "verify: holds" in printed
    assert "loyalty.members.v1" in printed, "each row of each dump's file is loaded or quarantined"
