"""Messages of other writers stop no job and make no figure wrong. All of them are sent at once, so that the tests wait once."""

import io
from collections.abc import Iterator
from typing import Any

import fastavro
import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Producer, TopicPartition

from tests.support.compose_platform import HTTP, Platform, eventually
from tests.support.strangers import REFERRED, SALES, STOCK, Strangers, of_scale_four, with_a_reference
from tillstream.core import topology
from tillstream.core.contracts import contracts

#: The kind of dead letter that each bad message becomes, by the message's name.
DEAD = {
    "tombstone": "TOMBSTONE",
    "JSON Schema": "WRONG_SCHEMA",
    "Protobuf": "WRONG_SCHEMA",
    "store of 600 KB": "IMPOSSIBLE_VALUE",
    "junk of 2 MB": "UNFRAMED",
    "compressed junk of 4 MB": "UNFRAMED",
    "text of no encoding": "IMPOSSIBLE_VALUE",
    "tombstone of stock": "TOMBSTONE",
    "junk of stock": "UNFRAMED",
}
#: Store, lines, baskets and amount that lake and Redis must have for each good basket, by the basket's name.
COUNTED: dict[str, tuple[str, int, int, str]] = {
    "scale 4": ("stranger-scale", 1, 1, "12.34"),
    "reference": ("stranger-reference", 1, 1, "12.34"),
    "lines 2 and 3": ("stranger-numbers-2-3", 2, 1, "6.00"),
    "lines 1 and 1": ("stranger-numbers-1-1", 2, 1, "8.00"),
    "stranger:12": ("stranger:12", 1, 1, "9.00"),
    "stranger_12": ("stranger_12", 1, 1, "11.00"),
    "after all": ("stranger-last", 1, 1, "1.00"),
}
ABORTED = "stranger-aborted"
#: Days of the archive, back to the oldest day that an event may have. The lake's writers have a file open for each of them.
DAYS = 400


def restarts(platform: Platform) -> dict[str, str]:
    """Return the id of each job with the number of its restarts."""
    found = {}
    for name in topology.JOBS:
        job = platform.job(name)
        assert job.get("state") == "RUNNING", f"{name}: {job}"
        (metric,) = HTTP.get(f"{platform.flink}/jobs/{job['jid']}/metrics", params={"get": "numRestarts"}).raise_for_status().json()
        found[name] = f"{job['jid']} {metric['value']}"
    return found


@pytest.fixture(scope="module")
def before(platform: Platform) -> dict[str, str]:
    return restarts(platform)


@pytest.fixture(scope="module")
def strangers(platform: Platform, before: dict[str, str]) -> Iterator[Strangers]:  # noqa: ARG001 - asked before anything is sent
    """Send all messages of these tests."""
    with Strangers(platform) as strangers:
        strangers.aborted_basket(77_777, ABORTED)
        four, (referring, of_line) = of_scale_four(contracts()[SALES].document), with_a_reference()
        strangers.basket(
            "scale 4", 1234, COUNTED["scale 4"][0], id=strangers.register("stranger-scale-4", four), schema=four, unscaled=123_400
        )
        strangers.register("stranger-line", of_line)
        refers = [{"name": REFERRED, "subject": "stranger-line", "version": 1}]
        strangers.basket(
            "reference", 1234, COUNTED["reference"][0], id=strangers.register("stranger-reference", referring, references=refers)
        )
        strangers.basket("lines 2 and 3", 300, COUNTED["lines 2 and 3"][0], (2, 3))
        strangers.basket("lines 1 and 1", 400, COUNTED["lines 1 and 1"][0], (1, 1))
        strangers.basket("stranger:12", 900, "stranger:12")
        strangers.basket("stranger_12", 1100, "stranger_12")
        strangers.send("tombstone", None)
        as_json = strangers.register("stranger-json", '{"type": "object", "properties": {"id": {}}}', schemaType="JSON")
        as_protobuf = strangers.register("stranger-protobuf", 'syntax = "proto3"; message Basket { string id = 1; }', schemaType="PROTOBUF")
        strangers.basket("JSON Schema", 100, "stranger-json", id=as_json)
        strangers.basket("Protobuf", 100, "stranger-protobuf", id=as_protobuf)
        strangers.basket("store of 600 KB", 100, "s" * 600_000)
        strangers.send("junk of 2 MB", b"\x01" + bytes(1_990_000))
        strangers.send("compressed junk of 4 MB", b"\x01" * 4_000_000)
        strangers.text("text of no encoding", b"el caf\xe9 estaba fr\xedo ya")
        strangers.send("tombstone of stock", None, STOCK)
        strangers.send("junk of stock", b"five units more", STOCK)
        strangers.a_basket_a_day(DAYS, "stranger-archive")
        strangers.basket("after all", 100, COUNTED["after all"][0])
        strangers.flush()
        yield strangers


@pytest.fixture(scope="module")
def letters(platform: Platform, strangers: Strangers) -> dict[str, dict[str, Any]]:
    """Return the dead letter of each bad message. They are read from the topic, because the voice job's reach the lake half a minute later."""
    places = {(sent.topic, *sent.place): name for name, sent in strangers.sent.items()}
    schema, found = contracts()["dead_letters.v1"].parsed, dict[str, dict[str, Any]]()
    consumer = Consumer({"bootstrap.servers": platform.kafka, "group.id": "strangers", "fetch.message.max.bytes": 4_000_000})
    consumer.assign([TopicPartition("dead_letters.v1", 0, OFFSET_BEGINNING)])

    def all_there() -> bool:
        for message in consumer.consume(500, timeout=0.5):
            letter: Any = fastavro.schemaless_reader(io.BytesIO((message.value() or b"")[5:]), schema) if message.error() is None else {}
            if name := places.get((letter.get("topic"), letter.get("partition"), letter.get("offset"))):
                found[name] = letter
        return found.keys() >= DEAD.keys()

    try:
        eventually("a dead letter of each bad message", all_there, 90, every=0.1)
    finally:
        consumer.close()
    return found


@pytest.fixture(scope="module")
def lake(platform: Platform, strangers: Strangers) -> dict[str, tuple[str, int, str]]:
    """Return store, lines and amount of each basket in the lake, by event id."""
    ids = ", ".join(f"'{strangers.sent[name].event_id}'" for name in COUNTED)
    query = f"SELECT event_id, store_id, count(*) AS n, CAST(sum(net_amount) AS varchar) AS amount FROM lake.sales.lines WHERE event_id IN ({ids}) GROUP BY 1, 2"

    def all_there() -> dict[str, tuple[str, int, str]] | None:
        found = {row["event_id"]: (row["store_id"], row["n"], row["amount"]) for row in platform.sql(query)}
        return found if len(found) == len(COUNTED) else None

    return eventually("the strangers' baskets in the lake", all_there, 90, every=1)


def test_each_bad_message_is_set_aside_as_what_it_is(letters: dict[str, dict[str, Any]]) -> None:
    assert {name: letter["kind"] for name, letter in letters.items()} == DEAD
    assert letters["tombstone"]["raw"] == b""
    assert all(len(letter["raw"]) <= 1 << 20 for letter in letters.values())
    assert b"caf" not in letters["text of no encoding"]["raw"], "what customers write is in the restricted bucket alone"
    assert "caf" not in letters["text of no encoding"]["reason"]


@pytest.mark.usefixtures("letters")
def test_what_is_no_movement_of_stock_is_in_the_lakes_dead_letters_once(platform: Platform, strangers: Strangers) -> None:
    query = (
        f"SELECT \"offset\" AS place, kind, count(*) AS n FROM lake.quality.dead_letters WHERE topic = '{STOCK}' GROUP BY 1, 2 ORDER BY 1"
    )
    names = ("tombstone of stock", "junk of stock")
    wanted = [{"place": strangers.sent[name].place[1], "kind": DEAD[name], "n": 1} for name in names]
    eventually("them in the lake, with a checkpoint each minute", lambda: platform.sql(query) == wanted, 150, every=1)


def test_each_basket_is_in_the_lake_to_the_cent(strangers: Strangers, lake: dict[str, tuple[str, int, str]]) -> None:
    told = {name: lake[strangers.sent[name].event_id] for name in COUNTED}
    assert told == {name: (store, lines, amount) for name, (store, lines, _, amount) in COUNTED.items()}


@pytest.mark.usefixtures("lake")
def test_each_basket_is_counted_once_in_the_hot_store_under_its_own_store(platform: Platform) -> None:
    stores = ", ".join(f"'{store}'" for store, *_ in COUNTED.values())
    query = f"SELECT store_id, baskets, lines, CAST(net_amount AS varchar) AS amount FROM hot.sales.by_store WHERE store_id IN ({stores})"
    rows = eventually(
        "each store in the hot store", lambda: found if len(found := platform.sql(query)) == len(COUNTED) else None, 30, every=1
    )
    told = {row["store_id"]: (row["lines"], row["baskets"], row["amount"]) for row in rows}
    assert told == {store: (lines, baskets, amount) for store, lines, baskets, amount in COUNTED.values()}


@pytest.mark.usefixtures("lake")
def test_an_aborted_basket_is_counted_nowhere(platform: Platform) -> None:
    """Check after the last basket has landed. It is behind the aborted one in the same partition, so the jobs have passed the aborted one."""
    for table in ("lake.sales.lines", "hot.sales.by_store"):
        assert platform.sql(f"SELECT count(*) AS n FROM {table} WHERE store_id = '{ABORTED}'") == [{"n": 0}], table


def test_a_basket_of_each_day_of_an_archive_is_in_the_lake(platform: Platform, strangers: Strangers) -> None:  # noqa: ARG001 - they are sent
    query = "SELECT count(DISTINCT event_id) AS n, CAST(sum(net_amount) AS varchar) AS amount FROM lake.sales.lines WHERE store_id = 'stranger-archive'"
    wanted = [{"n": DAYS, "amount": f"{DAYS}.00"}]
    eventually("all of the archive in the lake", lambda: platform.sql(query) == wanted, 120, every=1)


@pytest.mark.usefixtures("lake", "letters")
def test_no_job_has_restarted(platform: Platform, before: dict[str, str]) -> None:
    assert restarts(platform) == before


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
def test_what_is_unpacked_to_more_than_a_reader_may_have_to_hold_is_refused_by_kafka(platform: Platform, codec: str) -> None:
    """Check a batch of a few kilobytes that unpacks to 9 MB. Plain Kafka accepts it, and no reader of the partition gets past it."""
    producer = Producer({"bootstrap.servers": platform.kafka, "compression.type": codec, "message.max.bytes": 1_000_000_000})
    refused: list[Any] = []
    producer.produce(SALES, b"\x01" * 9_000_000, on_delivery=lambda error, _: refused.append(error and error.code()))
    assert producer.flush(30) == 0
    assert refused == [KafkaError.MSG_SIZE_TOO_LARGE]
