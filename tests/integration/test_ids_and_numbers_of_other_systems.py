"""Baskets of another system: its ids contain any characters, and it numbers the lines of a basket in its own way."""

import json
import time
from typing import Any

import pytest

from tests.support.compose_platform import Platform, eventually

#: Two ids that differ in a colon and an underscore, one with special characters of keys, patterns, shells and queries, and one that is not ASCII.
STORES = ("EU:12", "EU_12", "50% *?[a-z]\\ 'x' \"y\" $z;`", "é e\u0301 \U0001f9c0 " + "x" * 50)
#: The line numbers of each store's basket. In the last one, line 2 comes before line 1.
NUMBERINGS = ([2, 3], [1, 1], [1, 2], [2, 1])

#: Sends a basket for each [store, customer, line numbers, minutes ago] of the JSON input, and prints their event ids. Each line is 1.00.
SEND = """
import json, sys, uuid
from datetime import UTC, datetime, timedelta
from confluent_kafka import Producer
from tillstream.core.avro_encoding import encoders, micros, money
from tillstream.core.settings import KafkaSettings
topic = "pos.transactions.v1"
encoder, producer = encoders(topic)[topic], Producer(KafkaSettings().producer())
for store, customer, numbers, ago in json.load(sys.stdin):
    now = micros(datetime.now(tz=UTC) - timedelta(minutes=ago))
    lines = [dict(line_no=number, product_id="995242", quantity=1, net_amount=money(100), retail_discount=money(0), coupon_discount=money(0),
                  coupon_match_discount=money(0)) for number in numbers]
    event = dict(event_id=str(uuid.uuid4()), run_id="test", transaction_id="test", transaction_type="SALE", original_event_id=None,
                 store_id=store, terminal_id="1", customer_id=customer, event_time=now, source_time=now, currency="USD",
                 payment_method="CARD", coupon_id=None, total_amount=money(100 * len(lines)), lines=lines)
    producer.produce(topic, encoder.encode(event), key=store.encode())
    print(event["event_id"])
assert producer.flush(30) == 0
"""


def quoted(texts: list[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)


def send(platform: Platform, baskets: list[list[Any]]) -> list[str]:
    """Send baskets and return their event ids."""
    return platform.python("tools", SEND, given=json.dumps(baskets), timeout=120).split()


#: Lines of one basket: more than any simulated basket and any minute of history has.
MANY = 500


@pytest.fixture(scope="module")
def sent(platform: Platform) -> dict[str, str]:
    """Send a basket of each store, and return their event ids by store."""
    baskets = [[store, f"test:{store}"[:64], numbers, 0] for store, numbers in zip(STORES, NUMBERINGS, strict=True)]
    return dict(zip(STORES, send(platform, baskets), strict=True))


@pytest.mark.usefixtures("day_with_time_left")
def test_a_basket_is_one_in_the_hot_store_however_its_lines_are_numbered_and_its_store_is_called(
    platform: Platform, sent: dict[str, str]
) -> None:
    query = f"SELECT store_id, baskets, lines, CAST(net_amount AS varchar) AS amount FROM lake.live.stores_today WHERE store_id IN ({quoted(list(sent))})"
    rows = eventually("four stores in the hot store", lambda: found if len(found := platform.sql(query)) == 4 else None, 60, every=1)
    assert {row["store_id"]: (row["baskets"], row["lines"], row["amount"]) for row in rows} == dict.fromkeys(STORES, (1, 2, "2.00"))
    profiles = (
        f"SELECT customer_id, baskets, lines FROM hot.customers.profile WHERE customer_id IN ({quoted([f'test:{s}'[:64] for s in sent])})"
    )
    rows = eventually("four profiles", lambda: found if len(found := platform.sql(profiles)) == 4 else None, 60, every=1)
    assert [(row["baskets"], row["lines"]) for row in rows] == [(1, 2)] * 4
    told = platform.make("redis", "K=sales:by_store:EU%3A12:*")
    assert "EU:12" in told
    assert "EU_12" not in told


@pytest.mark.usefixtures("day_with_time_left")
def test_a_basket_is_one_in_the_lake_and_its_lines_keep_their_numbers(platform: Platform, sent: dict[str, str]) -> None:
    query = f"SELECT store_id, line_no, line_position FROM lake.sales.lines WHERE event_id IN ({quoted(list(sent.values()))}) ORDER BY store_id, line_position"
    rows = eventually("eight lines in the lake", lambda: found if len(found := platform.sql(query)) == 8 else None, 120, every=2)
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row["store_id"], []).append((row["line_position"], row["line_no"]))
    assert found == {store: [(1, numbers[0]), (2, numbers[1])] for store, numbers in zip(STORES, NUMBERINGS, strict=True)}
    counted = f"SELECT store_id, count_if(line_position = 1 AND transaction_type = 'SALE') AS baskets FROM lake.live.lines_today WHERE store_id IN ({quoted(list(sent))}) GROUP BY 1"
    assert {row["store_id"]: row["baskets"] for row in platform.sql(counted)} == dict.fromkeys(STORES, 1)


def test_what_the_hot_store_shows_of_a_minute_is_in_the_joined_view_before_the_lake_has_it(platform: Platform) -> None:
    """Send a basket of a minute that is hours old, as if the lake were far behind. Late simulated baskets may add to the same minute."""
    ago = 7 * 60
    (event,) = send(platform, [["367", None, list(range(1, MANY + 1)), ago]])
    at = f"CAST(date_trunc('minute', from_unixtime({time.time() - ago * 60})) AT TIME ZONE 'UTC' AS timestamp(6))"
    near = f"channel = 'STORE' AND \"minute\" BETWEEN {at} - INTERVAL '2' MINUTE AND {at} + INTERVAL '2' MINUTE"
    hot = f'SELECT "minute", lines FROM lake.live.sales_by_minute WHERE {near} AND lines >= {MANY}'
    (shown,) = eventually("the minute in the hot store", lambda: platform.sql(hot), 60, every=0.2)
    joined = f'SELECT "minute", lines FROM lake.live.sales WHERE {near} AND lines >= {MANY}'
    (before,) = platform.sql(joined)
    assert before["minute"] == shown["minute"]
    assert before["lines"] < 2 * MANY
    landed = f"SELECT count(*) AS n FROM lake.sales.lines WHERE event_id = '{event}'"
    eventually("its lines in the lake", lambda: platform.sql(landed)[0]["n"] == MANY, 120, every=2)
    (after,) = platform.sql(joined)
    assert after["lines"] < 2 * MANY, "a line is counted once, though both have it"
