"""The job's UDF for photos. It runs in its own Python process: it has other models, and a photo takes longer than a text may wait."""

import ctypes
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache

import pandas as pd
from minio import Minio
from pyflink.table.udf import udf

from flink_jobs.common.row_types import row_type
from flink_jobs.voice.functions import lower_priority, originals_store
from flink_jobs.voice.photos.fetching import fetched
from flink_jobs.voice.photos.stripping import UnusablePhotoError
from flink_jobs.voice.photos.threads import THREADS
from tillstream.core.analysis_fields import PHOTO_FIELDS
from tillstream.core.announcements import Announcement, parse_announcement
from tillstream.core.buckets import COPIES, ORIGINALS
from tillstream.core.errors import AnnouncementError

SEEN = row_type(PHOTO_FIELDS)


@lru_cache
def _store() -> Minio:
    return originals_store()


@lru_cache
def _threads() -> ThreadPoolExecutor:
    lower_priority()
    return ThreadPoolExecutor(THREADS)


def _give_memory_back() -> None:
    """Return freed memory to the system. glibc would keep 280 of 620 MB for the next photo, which comes in ten seconds; this costs 13 ms."""
    ctypes.CDLL("libc.so.6").malloc_trim(0)


@udf(result_type=SEEN, func_type="pandas")
def look_at(said: pd.Series, event_id: pd.Series, topic: pd.Series, partition: pd.Series, offset: pd.Series) -> pd.DataFrame:
    """Return a row of SEEN for each announcement `said`. If a photo is set aside, its row has only `set_aside`, the reason.

    The safe copy is written under the photo's id before the row is returned. An announcement that is set aside is written to the restricted
    bucket under its place in Kafka. If the store does not answer, the job tries again from its last checkpoint.
    """
    return pd.DataFrame(
        list(_threads().map(_row, said, event_id, topic, partition, offset)), columns=[field.name for field in PHOTO_FIELDS]
    )


def _row(said: str | None, ident: str | None, topic: str, partition: int, offset: int) -> tuple[object, ...]:
    from flink_jobs.voice.photos.looking import PhotoAnalysis, analyse_or_set_aside, model_version

    store = _store()
    said, ident = (value if isinstance(value, str) else None for value in (said, ident))
    photo: Announcement | None = None
    try:
        photo = parse_announcement(said, datetime.now(tz=UTC))
        if photo.event_id != ident:
            # The SQL that drops copies has read another id, or none.
            raise AnnouncementError("NO_ANNOUNCEMENT", "it is read in two ways")
        analysis = analyse_or_set_aside(fetched(store, photo))
    except (AnnouncementError, UnusablePhotoError) as error:
        analysis = PhotoAnalysis(set_aside=str(error))
    copy = None
    if photo and analysis.safe_copy:
        # Not under the photo's own name, which may be a person's.
        copy = f"{photo.event_id}.jpg"
        store.put_object(COPIES, copy, io.BytesIO(analysis.safe_copy), len(analysis.safe_copy), "image/jpeg")
    if analysis.set_aside:
        original = (said or "").encode(errors="replace")
        store.put_object(ORIGINALS, f"{topic}/{partition}/{offset}", io.BytesIO(original), len(original))
    _give_memory_back()
    kept = vars(analysis) | {
        "sent_ms": int(photo.sent_at.timestamp() * 1000) if photo else None,
        "bought_on": analysis.bought_on.isoformat() if analysis.bought_on else None,
        "copy": copy,
        "model": model_version(),
    }
    return tuple(kept[field.name] for field in PHOTO_FIELDS)
