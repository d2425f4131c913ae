"""Create the Kafka topics of the contracts."""

from datetime import timedelta

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic

from tillstream.core.contracts import Contract, contracts
from tillstream.core.errors import RetryableError
from tillstream.core.settings import KafkaSettings
from tillstream.core.waiting import await_condition

#: The broker sets a message's timestamp. A producer could set any: no reader can parse a time of 290 million years ago, and with a clock one
#: minute ahead, flink_jobs.common.positions takes a record for newer than the checkpoint that has read it.
APPENDED = {"message.timestamp.type": "LogAppendTime"}


def topic_config(contract: Contract) -> dict[str, str]:
    """Return the topic's configuration: time-based retention, and for hot topics also compaction, so that a rebuild reads only last values."""
    retention_ms = str(int(contract.retention.total_seconds() * 1000))
    if contract.compacted:
        # Both policies: deletion removes keys older than the retention, so the topic stays as small as the day it describes.
        return {
            "cleanup.policy": "compact,delete",
            "retention.ms": retention_ms,
            "segment.ms": "600000",
            "segment.bytes": "67108864",
            "min.cleanable.dirty.ratio": "0.2",
            "max.message.bytes": "2097152",
        }
    config = APPENDED | {"cleanup.policy": "delete", "retention.ms": retention_ms, "max.message.bytes": "2097152"}
    # Kafka deletes whole segments: a retention of hours needs shorter segments.
    return config | {"segment.ms": "3600000"} if contract.retention < timedelta(days=1) else config


def deploy_topics() -> list[str]:
    """Create the missing topics, set the configuration of the others, and return the names of the new topics.

    Raises:
        AwaitTimeoutError: Kafka does not answer within two minutes.
    """
    admin = AdminClient({"bootstrap.servers": KafkaSettings().bootstrap})
    topics = await_condition("Kafka to answer", lambda: _topics(admin), 120)
    missing = [c for c in contracts().values() if c.topic not in topics]
    if missing:
        for future in admin.create_topics([NewTopic(c.topic, c.partitions, 1, config=topic_config(c)) for c in missing]).values():
            future.result()
    existing = [c for c in contracts().values() if c not in missing]
    if existing:
        resources = [ConfigResource("topic", c.topic, set_config=topic_config(c)) for c in existing]
        for future in admin.alter_configs(resources).values():
            future.result()
    return [c.topic for c in missing]


def _topics(admin: AdminClient) -> dict[str, object]:
    try:
        topics: dict[str, object] = admin.list_topics(timeout=5).topics
    except KafkaException as error:
        raise RetryableError(str(error)) from error
    return topics or {"": None}
