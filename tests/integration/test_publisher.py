"""The producers' publisher with a real Kafka broker in a container."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from testcontainers.core.container import DockerContainer

from producers.publisher import Outgoing, Publisher
from tests.support.compose_platform import eventually
from tests.support.containers import running
from tillstream.core.ledger import Entry, Ledger, read_ledgers
from tillstream.core.settings import KafkaSettings


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """Start a broker and yield its address. Its port is chosen before the start, because the broker tells clients its own address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(DockerContainer("tillstream/kafka:dev").with_env("KAFKA_HOST_PORT", str(port)).with_bind_ports(9094, port)):
        admin = AdminClient({"bootstrap.servers": f"127.0.0.1:{port}", "log_level": 0})
        eventually("the broker to take a topic", lambda: made(admin), 180)
        yield f"127.0.0.1:{port}"


def made(admin: AdminClient) -> bool:
    """Create the topic, and return True. A slow broker may have created it after an earlier attempt timed out."""
    try:
        admin.create_topics([NewTopic("some.topic.v1", 2, 1)])["some.topic.v1"].result(timeout=5)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise ConnectionError(str(error)) from error
    return True


def test_every_message_is_in_the_ledger_at_the_place_where_kafka_has_it(broker: str, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "tills.sqlite")
    batch = [
        Outgoing(Entry("good", "some.topic.v1", f"event-{i}", "run", 1, 2, 300), str(i).encode(), f"value-{i}".encode())
        for i in range(5000)
    ]
    with Publisher(ledger, KafkaSettings(KAFKA_BOOTSTRAP=broker)) as publisher:
        for start in range(0, len(batch), 500):
            publisher.send(batch[start : start + 500])
    consumer = Consumer({"bootstrap.servers": broker, "group.id": "test", "auto.offset.reset": "earliest"})
    consumer.assign([TopicPartition("some.topic.v1", p, 0) for p in (0, 1)])
    there: dict[tuple[int, int], str] = {}

    def all_read() -> bool:
        for message in consumer.consume(1000, timeout=1.0):
            if not message.error():
                there[message.partition(), message.offset()] = message.value().decode()
        return len(there) >= len(batch)

    eventually("all messages", all_read, 30)
    consumer.close()
    assert {(s.partition, s.offset): s.event_id.replace("event", "value") for s in read_ledgers(tmp_path)} == there
    ledger.close()
