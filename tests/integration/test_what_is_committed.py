"""`make verify` reads the same messages from Kafka as the jobs: the committed ones. It names the open transaction that holds back the others."""

import uuid
from collections.abc import Iterator

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from tests.support.compose_platform import Platform, eventually
from tillstream.core.settings import KafkaSettings
from tillstream.verify.topics import committed_ends, first_offsets, has_more, log_ends, read
from tillstream.verify.transactions import open_transactions


@pytest.fixture
def kafka(platform: Platform) -> KafkaSettings:
    return KafkaSettings(bootstrap=platform.kafka)


@pytest.fixture
def topic(kafka: KafkaSettings) -> Iterator[str]:
    """Create a topic with one partition for the test, and yield its name."""
    admin, name = AdminClient({"bootstrap.servers": kafka.bootstrap}), f"test.{uuid.uuid4()}"
    admin.create_topics([NewTopic(name, 1, 1)])[name].result()
    eventually("the topic", lambda: committed_ends(kafka, (name,)), 30)
    yield name
    admin.delete_topics([name])[name].result()


def test_aborted_and_open_transactions_are_not_read_and_an_open_one_is_named(kafka: KafkaSettings, topic: str) -> None:
    plain = Producer({"bootstrap.servers": kafka.bootstrap, "acks": "all"})
    writer = Producer({"bootstrap.servers": kafka.bootstrap, "transactional.id": topic})
    writer.init_transactions(60)

    plain.produce(topic, b"first")
    assert plain.flush(30) == 0
    writer.begin_transaction()
    writer.produce(topic, b"aborted")
    assert writer.flush(30) == 0
    writer.abort_transaction(60)
    place = (topic, 0)
    # The broker confirms the end of a transaction before it has written the marker.
    eventually("the aborted message and its marker", lambda: committed_ends(kafka, (topic,)) == {place: 3}, 30)
    assert [message.value() for message in read(kafka, {place: (0, 3)})] == [b"first"]
    assert has_more(kafka, {place: (0, 3)})
    assert not has_more(kafka, {place: (1, 3)})
    assert open_transactions(kafka.bootstrap, [place]) == []

    writer.begin_transaction()
    writer.produce(topic, b"open")
    assert writer.flush(30) == 0
    plain.produce(topic, b"behind it")
    assert plain.flush(30) == 0
    assert (committed_ends(kafka, (topic,)), log_ends(kafka, (topic,))) == ({place: 3}, {place: 5})
    (held_back,) = open_transactions(kafka.bootstrap, [place])
    assert (held_back.topic, held_back.partition, held_back.start, held_back.producer_id >= 0) == (topic, 0, 3, True)
    writer.commit_transaction(60)
    eventually("the end of the transaction", lambda: committed_ends(kafka, (topic,)) == {place: 6}, 30)
    assert [message.value() for message in read(kafka, {place: (first_offsets(kafka, (topic,))[place], 6)})] == [
        b"first",
        b"open",
        b"behind it",
    ]
