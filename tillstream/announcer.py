"""Compares the bucket of photos with the topic of their announcements, and has the store announce again what it has not.

The store writes an announcement to its disk before it answers whoever put the photo. One that it was killed in between has the photo and no
announcement, and neither has one whose announcement it could not write. A photo is announced again by being marked: the store tells of that as of a new
photo, with all that the page wrote beside it, so that this process reads neither. The job takes each photo once, by its id.
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

from tillstream.core.announcements import BUCKET, TOPIC, thing_of
from tillstream.core.contracts import contracts
from tillstream.core.errors import RetryableError
from tillstream.core.settings import AnnouncerSettings, KafkaSettings

log = logging.getLogger(__name__)

#: The store sends what waits on its disk every few seconds, and what waited for a broker as soon as it is back. Asked for again too early, a photo
#: is announced twice, which costs a message.
GRACE = timedelta(minutes=2)
#: Between two looks: the store reads a file for each photo of three days.
PAUSE_SECONDS = 120
#: The job knows for a day which photos it has taken; one announced again later would be in the lake twice.
REMEMBERED = timedelta(hours=20)
#: How long the topic is read at one look.
MOST_SECONDS = 120
GROUP = "photo-announcer"
_HEARTBEAT = Path("/tmp/heartbeat")  # noqa: S108 - inside its own container
Thing = tuple[str, str]
"""An object's name and its checksum."""


@dataclass(frozen=True)
class Photo:
    """An object of the bucket."""

    thing: Thing
    put_at: datetime


def lost(photos: Iterable[Photo], announced: set[Thing], since: datetime, now: datetime) -> list[Photo]:
    """The photos put since then that nothing has announced, though they had the time, the oldest first."""
    return sorted((p for p in photos if since <= p.put_at <= now - GRACE and p.thing not in announced), key=lambda p: p.put_at)


def beginning(checked: datetime | None, now: datetime) -> datetime:
    """From when on photos are compared: what was put before the last look was looked at, and of what is older than the topic nothing is known."""
    known = now - contracts()[TOPIC].retention + timedelta(minutes=30)
    return max(known if checked is None else checked, now - REMEMBERED)


class Announcer:
    """Looks once a turn. Up to when all is announced is kept with the group's offset in Kafka, for the day on which it starts again."""

    def __init__(self, kafka: KafkaSettings, settings: AnnouncerSettings) -> None:
        self._store = Minio(settings.endpoint, access_key=settings.user, secret_key=settings.password.get_secret_value(), secure=False)
        self._consumer = Consumer({**kafka.consumer(), "group.id": GROUP, "queued.max.messages.kbytes": 4096})
        self._at = dict.fromkeys(range(contracts()[TOPIC].partitions), 0)
        self._consumer.assign([TopicPartition(TOPIC, partition, OFFSET_BEGINNING) for partition in self._at])
        self._announced: dict[Thing, float] = {}
        self._asked: dict[Thing, datetime] = {}

    def look(self, now: datetime) -> list[str]:
        """One turn; gives the names of the photos that were marked.

        Raises:
            RetryableError: Kafka or the store does not answer.
        """
        try:
            since = beginning(self._checked(), now)
            # First the bucket, then the topic: what was there two minutes ago is announced by now.
            photos = [
                Photo((str(found.object_name), str(found.etag)), found.last_modified)
                for found in self._store.list_objects(BUCKET, recursive=True)
                if found.last_modified
            ]
            self._read_to_the_end()
            missing = lost(photos, set(self._announced), since, now)
            marked = [photo for photo in missing if now - self._asked.get(photo.thing, since - GRACE) >= GRACE]
            for photo in marked:
                self._mark(photo.thing[0])
                self._asked[photo.thing] = now
            self._keep(min((photo.put_at for photo in missing), default=now - GRACE))
        except (KafkaException, S3Error, HTTPError) as error:
            raise RetryableError(f"photos cannot be compared with their announcements: {error}") from error
        oldest = (now - REMEMBERED).timestamp()
        self._announced = {thing: at for thing, at in self._announced.items() if at >= oldest}
        self._asked = {photo.thing: self._asked[photo.thing] for photo in missing}
        return [photo.thing[0] for photo in marked]

    def _mark(self, name: str) -> None:
        tags = Tags.new_object_tags()
        tags["announced"] = "again"
        try:
            self._store.set_object_tags(BUCKET, name, tags)
        except S3Error as error:
            # It has just been deleted.
            if error.code != "NoSuchKey":
                raise

    def _read_to_the_end(self) -> None:
        ends = {p: self._consumer.get_watermark_offsets(TopicPartition(TOPIC, p), timeout=10)[1] for p in self._at}
        deadline = time.monotonic() + MOST_SECONDS
        while any(self._at[partition] < end for partition, end in ends.items()):
            if time.monotonic() > deadline:
                raise RetryableError(f"{TOPIC} was not read to its end within {MOST_SECONDS} s")
            for message in self._consumer.consume(500, timeout=1.0):
                error = message.error()
                if error and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the library's own name for it
                    raise RetryableError(f"{TOPIC} cannot be read: {error}")
                # The end lies behind the last message, and behind what a transaction leaves there.
                self._at[message.partition()] = message.offset() + (0 if error else 1)
                if not error and (thing := thing_of(message.value() or b"")):
                    self._announced[thing] = message.timestamp()[1] / 1000

    def _checked(self) -> datetime | None:
        (kept,) = self._consumer.committed([TopicPartition(TOPIC, 0)], timeout=10)
        return datetime.fromisoformat(kept.metadata) if kept.metadata else None

    def _keep(self, checked: datetime) -> None:
        self._consumer.commit(offsets=[TopicPartition(TOPIC, 0, self._at[0], checked.isoformat())], asynchronous=False)


def run() -> None:
    """The process: looks until it is ended; ends with an error where it cannot, and compose starts it again."""
    announcer = Announcer(KafkaSettings(), AnnouncerSettings())
    while True:
        if marked := announcer.look(datetime.now(tz=UTC)):
            log.warning("%d photos had no announcement; they are announced again", len(marked))
        _HEARTBEAT.touch()
        time.sleep(PAUSE_SECONDS)
