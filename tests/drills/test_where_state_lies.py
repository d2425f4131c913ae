"""Move the state of all jobs from the heap to RocksDB and back while trade flows: nothing is lost or counted twice."""

import pytest

from flink_jobs.common.submit import JOBS
from tests.support.compose_platform import HTTP, Platform, eventually
from tests.support.recovery import wait_until_the_job_goes_on

BACKENDS = {"rocksdb": "EmbeddedRocksDBStateBackend", "heap": "HashMapStateBackend"}


@pytest.mark.parametrize("state", BACKENDS)
def test_a_setting_moves_the_state_of_all_jobs(platform: Platform, state: str) -> None:
    platform.set("FLINK_STATE", state)
    platform.start()

    def found() -> dict[str, str]:
        urls = {name: f"{platform.flink}/jobs/{platform.job(name)['jid']}/checkpoints/config" for name in JOBS}
        return {name: HTTP.get(url).raise_for_status().json()["state_backend"] for name, url in urls.items()}

    # The inventory job always uses RocksDB (flink_jobs/inventory/job.py).
    wanted = dict.fromkeys(JOBS, BACKENDS[state]) | {"inventory": BACKENDS["rocksdb"]}
    eventually(f"all jobs with {BACKENDS[state]}", lambda: found() == wanted, 180)
    wait_until_the_job_goes_on(platform)
    assert "verify: holds" in platform.verify()
