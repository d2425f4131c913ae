"""A robot searches for a new word each time. The hot store stays small, and every search is counted."""

import pytest

from tests.support.compose_platform import Platform, eventually
from tillstream.core.rules import NAMED_TERMS, OTHER_TERMS

#: Number of searches: more than the terms that the job keeps apart for a day and a device.
FLOOD = NAMED_TERMS + 500
SEND = """
import sys, uuid
from datetime import UTC, datetime
from confluent_kafka import Producer
from tillstream.core.avro_encoding import encoders, micros
from tillstream.core.settings import KafkaSettings
topic, now = "web.events.v1", micros(datetime.now(tz=UTC))
encoder, producer = encoders(topic)[topic], Producer(KafkaSettings().producer() | {"queue.buffering.max.messages": 100000})
robot = str(uuid.uuid4())
for number in range(int(sys.argv[1])):
    event = dict(event_id=str(uuid.uuid4()), run_id="test", session_id=robot, customer_id=None, event_type="SEARCH", product_id=None,
                 search_terms=f"flood: {number} *?%", quantity=None, order_id=None, device="TABLET", event_time=now, result_count=0, promised_at=None)
    producer.produce(topic, encoder.encode(event), key=robot)
assert producer.flush(60) == 0
print(robot)
"""


@pytest.mark.usefixtures("day_with_time_left")
def test_a_flood_of_search_terms_takes_a_bounded_number_of_keys_and_every_search_counts(platform: Platform) -> None:
    robot = platform.python("tools", SEND, str(FLOOD), timeout=120).strip()
    landed = f"SELECT count(*) AS n FROM lake.web.events WHERE session_id = '{robot}'"
    eventually("the flood in the lake", lambda: platform.sql(landed)[0]["n"] == FLOOD, 120, every=2)
    told = (
        f"SELECT count(*) AS names, sum(searches) AS n, sum(searches) FILTER (WHERE search_terms = '{OTHER_TERMS}') AS other "
        "FROM lake.live.searches_today WHERE device = 'TABLET'"
    )
    searched = (
        "SELECT count(*) AS n FROM lake.web.events WHERE event_type = 'SEARCH' AND search_terms IS NOT NULL AND device = 'TABLET' "
        "AND event_time >= date_trunc('day', current_timestamp AT TIME ZONE 'UTC')"
    )
    # Trade goes on, so the hot store is awaited to have at least what the lake has now.
    at_least = platform.sql(searched)[0]["n"]
    hot = eventually(
        "the searches in the hot store", lambda: row if ((row := platform.sql(told)[0])["n"] or 0) >= at_least else None, 60, every=1
    )
    assert hot["names"] <= NAMED_TERMS + 1
    assert hot["other"] >= FLOOD - NAMED_TERMS
    visits = "SELECT count(*) AS n FROM lake.live.web_sessions_today WHERE device = 'TABLET' AND sessions > 0"
    assert platform.sql(visits)[0]["n"] > 0, "the robot is one visit"
