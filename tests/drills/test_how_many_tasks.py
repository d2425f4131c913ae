"""Change the sales job's parallelism to 3 and back to 2 while trade flows: nothing is lost or counted twice."""

import pytest

from tests.support.compose_platform import HTTP, Platform, eventually
from tests.support.recovery import wait_until_the_job_goes_on


@pytest.mark.parametrize("tasks", [3, 2])
def test_a_setting_changes_the_tasks_of_the_sales_job(platform: Platform, tasks: int) -> None:
    platform.set("SALES_PARALLELISM", str(tasks))
    platform.start()

    def found() -> int:
        vertices = HTTP.get(f"{platform.flink}/jobs/{platform.job('sales')['jid']}").raise_for_status().json()["vertices"]
        return max(int(vertex["parallelism"]) for vertex in vertices)

    eventually(f"{tasks} tasks", lambda: found() == tasks, 180)
    wait_until_the_job_goes_on(platform)
    assert "verify: holds" in platform.verify()
