"""A behaviour job without state takes from the lake what customers bought before the topics begin, and removes outdated figures. Part of `make drills`."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from confluent_kafka import Producer

from tests.support.compose_platform import Platform, eventually
from tillstream.core.avro_encoding import Encoder
from tillstream.core.clients.registry import schema_id
from tillstream.core.contracts import contracts

CUSTOMER = "drill-of-profiles"
SEARCHES = contracts()["hot.web_searches_by_day.v1"]


@pytest.fixture
def bought_long_ago(platform: Platform) -> Iterator[None]:
    """Put a line of nine days ago, which no topic has, into the lake. Remove it from lake, state and Redis at the end."""
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
    platform.one_off("init-jobs", "python3", "-m", "tillstream", "jobs", "rebuild", "behaviour", timeout=600)


@pytest.fixture
def named_before(platform: Platform) -> str:
    """Make a Redis key with a name that only an earlier job used, and return its pattern. A new job counts the same under OTHER."""
    with httpx.Client(base_url=platform.registry, timeout=20) as client:
        encoder = Encoder(SEARCHES, schema_id(client, SEARCHES))
    figure = {"day": f"{datetime.now(tz=UTC):%Y-%m-%d}", "device": "TABLET", "search_terms": CUSTOMER, "searches": 7, "without_result": 7}
    producer = Producer({"bootstrap.servers": platform.kafka, "acks": "all"})
    key = json.dumps({name: figure[name] for name in SEARCHES.keys})
    producer.produce(SEARCHES.topic, encoder.encode(figure), key=key)
    assert producer.flush(30) == 0
    pattern = f"web:searches_by_day:TABLET:{CUSTOMER}:*"
    eventually("the figure in Redis", lambda: CUSTOMER in platform.tools("ask", "redis", pattern), 60, every=2)
    return pattern


def test_a_behaviour_job_that_begins_again_has_what_the_topics_no_longer_keep(
    platform: Platform,
    bought_long_ago: None,  # noqa: ARG001
    named_before: str,
) -> None:
    begin_again(platform)
    eventually(
        "no figure under a name that nothing counts", lambda: CUSTOMER not in platform.tools("ask", "redis", named_before), 60, every=2
    )
    eventually(
        "the profile of a customer of long ago",
        lambda: "12.34" in platform.tools("ask", "redis", f"customers:profile:{CUSTOMER}"),
        300,
        every=3,
    )
