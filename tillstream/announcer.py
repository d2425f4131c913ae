"""Compare the photo bucket with the topic of its notifications, and make the object store send the missing ones again.

The object store writes a notification to its disk before it confirms an upload. If it is killed before that, or cannot write the
notification, the bucket has the photo but Kafka has no notification. This process then sets a tag on the photo. The store sends a
notification for the tag as it does for a new photo, with the same user metadata, so this process needs no right to read photos. The job
accepts each photo once, by its id, so a second notification does no harm.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition
from minio import Minio
from minio.commonconfig import Tags
from minio.error import S3Error
from urllib3.exceptions import HTTPError

from tillstream.core import buckets
from tillstream.core.announcements import announced_object
from tillstream.core.contracts import contracts
from tillstream.core.errors import RetryableError
from tillstream.core.settings import AnnouncerSettings, KafkaSettings
from tillstream.core.topology import PHOTOS

log = logging.getLogger(__name__)

#: How long a notification may take. The store sends the ones on its disk every few seconds, and those that waited for the broker as soon as it is
#: back. A photo that is tagged too early is announced twice, which costs one message.
GRACE = timedelta(minutes=2)
#: Pause between two comparisons. A comparison makes the store read one file for each photo of the last three days.
PAUSE_SECONDS = 120
#: How far back photos are compared. The job remembers for one day which photos it has read: an older photo would be in the lake twice.
REMEMBERED = timedelta(hours=20)
#: Bound of one read of the topic.
MOST_SECONDS = 120
GROUP = "photo-announcer"
_HEARTBEAT = Path("/tmp/heartbeat")  # noqa: S108 - inside its own container
ObjectVersion = tuple[str, str]
"""An object's name and its checksum."""


@dataclass(frozen=True)
class Photo:
    """An object of the bucket."""

    version: ObjectVersion
    uploaded_at: datetime


def find_lost(photos: Iterable[Photo], announced: set[ObjectVersion], since: datetime, now: datetime) -> list[Photo]:
    """Return the photos uploaded between `since` and GRACE ago that have no notification, oldest first."""
    return sorted((p for p in photos if since <= p.uploaded_at <= now - GRACE and p.version not in announced), key=lambda p: p.uploaded_at)


def comparison_start(checked: datetime | None, now: datetime) -> datetime:
    """Return the time from which photos are compared.

    Photos before `checked`, the last comparison, were compared already. The topic says nothing about photos older than its retention.
    """
    known = now - contracts()[PHOTOS].retention + timedelta(minutes=30)
    return max(known if checked is None else checked, now - REMEMBERED)


class Announcer:
    """The comparison of the bucket with the topic. The time up to which all photos are announced is kept as metadata of the group's offset in Kafka."""

    def __init__(self, kafka: KafkaSettings, settings: AnnouncerSettings) -> None:
        self._store = Minio(settings.endpoint, access_key=settings.user, secret_key=settings.password.get_secret_value(), secure=False)
        self._consumer = Consumer({**kafka.consumer(), "group.id": GROUP, "queued.max.messages.kbytes": 4096})
        self._positions = dict.fromkeys(range(contracts()[PHOTOS].partitions), 0)
        self._consumer.assign([TopicPartition(PHOTOS, partition, OFFSET_BEGINNING) for partition in self._positions])
        self._announced: dict[ObjectVersion, float] = {}
        self._tagged_at: dict[ObjectVersion, datetime] = {}

    def compare(self, now: datetime) -> list[str]:
        """Compare once, and return the names of the photos that were tagged.

        Raises:
            RetryableError: Kafka or the object store does not answer.
        """
        try:
            since = comparison_start(self._checked(), now)
            # The bucket first, then the topic: a photo that was there two minutes ago is announced by now.
            photos = [
                Photo((str(item.object_name), str(item.etag)), item.last_modified)
                for item in self._store.list_objects(buckets.PHOTOS, recursive=True)
                if item.last_modified
            ]
            self._read_to_the_end()
            missing = find_lost(photos, set(self._announced), since, now)
            tagged = [photo for photo in missing if now - self._tagged_at.get(photo.version, since - GRACE) >= GRACE]
            for photo in tagged:
                self._tag(photo.version[0])
                self._tagged_at[photo.version] = now
            self._commit(min((photo.uploaded_at for photo in missing), default=now - GRACE))
        except (KafkaException, S3Error, HTTPError) as error:
            raise RetryableError(f"photos cannot be compared with their announcements: {error}") from error
        oldest = (now - REMEMBERED).timestamp()
        self._announced = {version: at for version, at in self._announced.items() if at >= oldest}
        self._tagged_at = {photo.version: self._tagged_at[photo.version] for photo in missing}
        return [photo.version[0] for photo in tagged]

    def _tag(self, name: str) -> None:
        tags = Tags.new_object_tags()
        tags["announced"] = "again"
        try:
            self._store.set_object_tags(buckets.PHOTOS, name, tags)
        except S3Error as error:
            # The photo was deleted in the meantime.
            if error.code != "NoSuchKey":
                raise

    def _read_to_the_end(self) -> None:
        ends = {p: self._consumer.get_watermark_offsets(TopicPartition(PHOTOS, p), timeout=10)[1] for p in self._positions}
        deadline = time.monotonic() + MOST_SECONDS
        while any(self._positions[partition] < end for partition, end in ends.items()):
            if time.monotonic() > deadline:
                raise RetryableError(f"{PHOTOS} was not read to its end within {MOST_SECONDS} s")
            for message in self._consumer.consume(500, timeout=1.0):
                error = message.error()
                if error and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the library's own name for it
                    raise RetryableError(f"{PHOTOS} cannot be read: {error}")
                # An end-of-partition event has the position after the last message and after any transaction marker.
                self._positions[message.partition()] = message.offset() + (0 if error else 1)
                if not error and (version := announced_object(message.value() or b"")):
                    self._announced[version] = message.timestamp()[1] / 1000

    def _checked(self) -> datetime | None:
        (committed,) = self._consumer.committed([TopicPartition(PHOTOS, 0)], timeout=10)
        return datetime.fromisoformat(committed.metadata) if committed.metadata else None

    def _commit(self, checked: datetime) -> None:
        self._consumer.commit(offsets=[TopicPartition(PHOTOS, 0, self._positions[0], checked.isoformat())], asynchronous=False)


def run() -> None:
    """Compare until the process is stopped. An error ends the process, and compose restarts it."""
    announcer = Announcer(KafkaSettings(), AnnouncerSettings())
    while True:
        if tagged := announcer.compare(datetime.now(tz=UTC)):
            log.warning("%d photos had no announcement; they are announced again", len(tagged))
        _HEARTBEAT.touch()
        time.sleep(PAUSE_SECONDS)
