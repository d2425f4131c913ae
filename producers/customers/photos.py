"""Simulate the photos of the feedback page. Put them into a bucket, which announces each one to Kafka itself."""

import io
import random
import uuid
import zipfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import numpy as np
from minio import Minio
from minio.error import MinioException
from PIL import Image
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from producers.customers.feedback import Noted
from producers.customers.pictures import (
    Page,
    Printed,
    again,
    article_number,
    label,
    people,
    photographed,
    portrait,
    receipt,
    shelf,
    somewhere,
    with_exif,
)
from producers.customers.trade_feed import TradeFeed
from producers.customers.writing import Purchase, Writer
from tillstream.core import buckets, topology
from tillstream.core.errors import RetryableError
from tillstream.core.ledger import Entry, Ledger
from tillstream.core.settings import PageSettings

TOPIC = topology.PHOTOS
#: Faces of scikit-image, in the image of the company.
FACES = Path("/opt/faces.npy")
#: Probabilities: what a photo shows (OTHER is a person); a receipt names its customer; a person is in front of a receipt or shelf; so is a
#: second person; the form knows each of customer, store, order and product; the phone has written the photographer's name; an earlier photo
#: is repeated.
KINDS = {"RECEIPT": 0.5, "PRODUCT": 0.2, "SHELF": 0.2, "OTHER": 0.1}
NAMED, SOMEBODY, ANOTHER, KNOWN, SIGNED, REPEATED = 0.3, 0.15, 0.3, 0.5, 0.5, 0.04
#: Kinds of files that are not a photo, as in the ledger.
BAD = ("empty", "half", "bomb", "enormous")
ENORMOUS = (8_700, 5_800)
#: Number of recent photos that may be repeated.
REMEMBERED = 50


@dataclass(frozen=True)
class Photo:
    """A file for the bucket.

    Attributes:
        kind: kind of the ledger entry: good, or one of BAD.
        record: object metadata that the page writes.
        data: the bytes.
        minute: minutes since the epoch.
        noted: what the ledger records about it, as (kind, value).
    """

    kind: str
    record: dict[str, str]
    data: bytes
    minute: int
    noted: Noted


class PhotoPage:
    """The photo page: it makes photos of trade events and puts them into the bucket."""

    def __init__(
        self, feed: TradeFeed, writer: Writer, run_id: str, draw: random.Random, unreadable: float, settings: PageSettings
    ) -> None:
        self._feed, self._writer, self._run_id, self._random, self._unreadable = feed, writer, run_id, draw, unreadable
        self._faces = people(FACES)
        self._s3 = Minio(
            settings.endpoint,
            access_key=settings.user,
            secret_key=settings.password.get_secret_value(),
            secure=False,
            http_client=PoolManager(timeout=5, retries=1),
        )
        #: Each kind in turn, so that every kind occurs.
        self._kinds = cycle(BAD)
        self._sent: deque[tuple[str, str, bytes]] = deque(maxlen=REMEMBERED)

    def photos(self, now: datetime) -> list[Photo]:
        """Return a photo, and at the set rate a file that is not one. Empty if nothing has happened in the trade yet."""
        draw = self._random
        if (trade_event := self._feed.draw(draw)) is None:
            return []
        about = trade_event.about
        if self._sent and draw.random() < REPEATED:
            earlier, kind, data = draw.choice(self._sent)
            return [self._photo("good", again(data, draw), about, now, [("KIND", kind), ("REPEATS", earlier)])]
        kind = "SHELF" if trade_event.cause == "EMPTY_SHELF" else draw.choices(list(KINDS), list(KINDS.values()))[0]
        if kind == "RECEIPT" and not about.lines:
            kind = "PRODUCT"
        page, noted = self._drawn(kind, about, now)
        data = photographed(page, draw)
        if draw.random() < SIGNED:
            name = self._writer.person("en", about)["PERSON"]
            data = with_exif(data, name)
            noted = [*noted, ("PERSON", name)]
        photo = self._photo("good", data, about, now, [("KIND", kind), *noted])
        self._sent.append((photo.record["event-id"], kind, data))
        if draw.random() >= self._unreadable * len(BAD):
            return [photo]
        bad = next(self._kinds)
        return [photo, self._photo(bad, self._spoilt(bad, data), about, now, [])]

    def put(self, ledger: Ledger, photos: list[Photo]) -> None:
        """Record photos in the ledger, put them into the bucket, and mark them as sent.

        Only the store knows the offset in Kafka: -1 means that the photo is in the bucket.

        Raises:
            RetryableError: the object store does not accept a photo, which stays in doubt.
        """
        ids = ledger.intend([Entry(p.kind, TOPIC, p.record["event-id"], self._run_id, p.minute) for p in photos])
        for number, photo in zip(ids, photos, strict=True):
            ledger.note({photo.record["event-id"]: photo.noted})
            try:
                self._s3.put_object(
                    buckets.PHOTOS, photo.record["event-id"] + ".jpg", io.BytesIO(photo.data), len(photo.data), "image/jpeg", photo.record
                )
            except (MinioException, HTTPError) as error:
                raise RetryableError(f"the photo {photo.record['event-id']} was not taken: {error}") from error
            ledger.acknowledge([(number, 0, -1)])

    def _photo(self, kind: str, data: bytes, about: Purchase, now: datetime, noted: Noted) -> Photo:
        draw = self._random
        record = {
            "event-id": str(uuid.UUID(int=draw.getrandbits(128))),
            "run-id": self._run_id,
            "event-time": now.astimezone(UTC).isoformat(),
        }
        known = {
            "customer-id": about.customer_id,
            "store-id": about.store_id,
            "order-id": about.transaction_id,
            "product-id": about.product_id,
        }
        record |= {name: value for name, value in known.items() if value and draw.random() < KNOWN}
        return Photo(kind, record, data, int(now.timestamp()) // 60, noted)

    def _drawn(self, kind: str, about: Purchase, now: datetime) -> tuple[Page, Noted]:
        draw, makers = self._random, {"RECEIPT": self._receipt, "PRODUCT": self._label, "SHELF": self._shelf, "OTHER": self._elsewhere}
        page, noted = makers[kind](about, now)
        count = 1 if kind == "OTHER" else (draw.random() < SOMEBODY) + (draw.random() < SOMEBODY * ANOTHER)
        for _ in range(count):
            page = portrait(page, self._faces[draw.randrange(len(self._faces))], draw)
        return page, [*noted, ("FACES", str(count))]

    def _receipt(self, about: Purchase, now: datetime) -> tuple[Page, Noted]:
        draw = self._random
        customer = self._writer.person("en", about)["PERSON"] if draw.random() < NAMED else None
        lines = tuple((self._writer.name(product), quantity, cents) for product, quantity, cents in about.lines)
        printed = Printed(about.store_id, str(about.transaction_id), about.sold_at or now, lines, f"{draw.randrange(10_000):04d}", customer)
        noted = [("TOTAL", str(printed.total_cents)), ("STORE", printed.store_id), ("RECEIPT", printed.transaction_id)]
        noted += [("DAY", f"{printed.sold_at:%Y-%m-%d}"), ("LAST_FOUR", printed.last_four)]
        return receipt(printed, draw), [*noted, *([("PERSON", customer)] if customer else [])]

    def _label(self, about: Purchase, _: datetime) -> tuple[Page, Noted]:
        code = article_number(about.product_id)
        return label(self._writer.name(about.product_id), self._random.randint(59, 1899), code, self._random), [("BARCODE", code)]

    def _shelf(self, about: Purchase, _: datetime) -> tuple[Page, Noted]:
        draw = self._random
        others = [self._writer.name(p.product_id) for p in draw.sample(list(self._feed.purchases), min(2, len(self._feed.purchases)))]
        return shelf([(name, draw.randint(59, 1899)) for name in (self._writer.name(about.product_id), *others)], draw), []

    def _elsewhere(self, _: Purchase, __: datetime) -> tuple[Page, Noted]:
        return somewhere(self._random), []

    def _spoilt(self, kind: str, photo: bytes) -> bytes:
        makers: dict[str, Callable[[bytes], bytes]] = {
            "empty": lambda _: b"",
            "half": lambda p: p[: len(p) // 2],
            "bomb": _bomb,
            "enormous": _enormous,
        }
        return makers[kind](photo)


def _bomb(_: bytes) -> bytes:
    """Return a zip file of a hundred million zeros."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("photo.jpg", bytes(100_000_000))
    return out.getvalue()


def _enormous(_: bytes) -> bytes:
    """Return a JPEG of fifty megapixels in one grey."""
    out = io.BytesIO()
    Image.fromarray(np.full(ENORMOUS[::-1], 200, np.uint8)).save(out, "JPEG", quality=30)
    return out.getvalue()
