"""Makes the Kafka topics that the contracts name."""

from datetime import timedelta

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic

from tillstream.core.contracts import Contract, contracts
from tillstream.core.errors import RetryableError
from tillstream.core.settings import KafkaSettings
from tillstream.core.waiting import await_condition

#: A message's time is the broker's, not its producer's, which may be any: one of 290 million years ago is in no reader's calendar, and one of a
#: clock that is a minute ahead looks to flink_jobs.common.positions like a record that came after the checkpoint that has read it.
APPENDED = {"message.timestamp.type": "LogAppendTime"}


def topic_config(contract: Contract) -> dict[str, str]:
    """Return the topic's configuration: time-based retention, or for hot.* compaction so that a rebuild reads only last values."""
    kept = str(int(contract.retention.total_seconds() * 1000))
    if contract.compacted:
        # Both: keys older than the retention go, so the topic stays as small as the day it describes.
        return {
            "cleanup.policy": "compact,delete",
            "retention.ms": kept,
            "segment.ms": "600000",
            "segment.bytes": "67108864",
            "min.cleanable.dirty.ratio": "0.2",
            "max.message.bytes": "2097152",
        }
    config = APPENDED | {"cleanup.policy": "delete", "retention.ms": kept, "max.message.bytes": "2097152"}
    # Kafka deletes whole segments: what is kept for hours must be in segments of less.
    return config | {"segment.ms": "3600000"} if contract.retention < timedelta(days=1) else config


def deploy_topics() -> list[str]:
    """Creates what is missing, sets each topic's configuration. Gives the topics made."""
    admin = AdminClient({"bootstrap.servers": KafkaSettings().bootstrap})
    listed = await_condition("Kafka to answer", lambda: _topics(admin), 120)
    made = [c for c in contracts().values() if c.topic not in listed]
    if made:
        for future in admin.create_topics([NewTopic(c.topic, c.partitions, 1, config=topic_config(c)) for c in made]).values():
            future.result()
    kept = [c for c in contracts().values() if c not in made]
    if kept:
        resources = [ConfigResource("topic", c.topic, set_config=topic_config(c)) for c in kept]
        for future in admin.alter_configs(resources).values():
            future.result()
    return [c.topic for c in made]


def _topics(admin: AdminClient) -> dict[str, object]:
    try:
        topics: dict[str, object] = admin.list_topics(timeout=5).topics
    except KafkaException as error:
        raise RetryableError(str(error)) from error
    return topics or {"": None}
