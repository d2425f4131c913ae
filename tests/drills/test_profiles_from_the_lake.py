"""A behaviour job that begins without state still knows what customers bought before the topics begin. Run by `make drills`."""

from collections.abc import Iterator

import pytest

from tests.platform import Platform, eventually

CUSTOMER = "drill-of-profiles"


@pytest.fixture
def bought_long_ago(platform: Platform) -> Iterator[None]:
    """A line that the lake has of nine days ago and no topic has; gone again afterwards, from lake, state and Redis."""
    changed = {
        "event_id": "'drill-of-profiles'",
        "customer_id": f"'{CUSTOMER}'",
        "event_time": "current_timestamp - INTERVAL '9' DAY",
        "ingested_at": "current_timestamp - INTERVAL '9' DAY",
        "net_amount": "DECIMAL '12.34'",
        "transaction_type": "'SALE'",
        "line_no": "1",
    }
    names = [row["Column"] for row in platform.sql("SHOW COLUMNS FROM lake.sales.lines")]
    given = ", ".join(changed.get(name, f'"{name}"') for name in names)
    platform.sql(f"INSERT INTO lake.sales.lines SELECT {given} FROM lake.sales.lines WHERE line_no = 1 LIMIT 1")
    yield
    platform.sql(f"DELETE FROM lake.sales.lines WHERE customer_id = '{CUSTOMER}'")
    begin_again(platform)
    command = f'REDISCLI_AUTH=$(cat /run/secrets/redis_writer_password) redis-cli --user writer del "customers:profile:{CUSTOMER}"'
    platform.compose("exec", "-T", "redis", "sh", "-c", command)


def begin_again(platform: Platform) -> None:
    platform.compose("run", "--rm", "--no-deps", "-T", "jobs", "python3", "-m", "flink_jobs.submit", "--rebuild", "behaviour", timeout=600)


def test_a_behaviour_job_that_begins_again_has_what_the_topics_no_longer_keep(platform: Platform, bought_long_ago: None) -> None:  # noqa: ARG001
    begin_again(platform)
    eventually(
        "the profile of a customer of long ago", lambda: "12.34" in platform.tools("redis", f"customers:profile:{CUSTOMER}"), 300, every=3
    )
