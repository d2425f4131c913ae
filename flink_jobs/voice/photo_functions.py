"""The function that looks at photos, called by a Python process of its own: its models are others, and a photo takes longer than a text may wait."""

import ctypes
import io
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd
from minio import Minio
from minio.error import S3Error
from pyflink.table import DataTypes
from pyflink.table.udf import udf

from flink_jobs.voice.functions import gives_way, originals_store
from flink_jobs.voice.photos.threads import THREADS

if TYPE_CHECKING:
    from flink_jobs.voice.photos.looking import Seen

PHOTOS, COPIES = "voice-photos", "voice-copies"
SEEN = DataTypes.ROW(
    [
        DataTypes.FIELD("set_aside", DataTypes.STRING()),
        DataTypes.FIELD("sent_ms", DataTypes.BIGINT()),
        DataTypes.FIELD("kind", DataTypes.STRING()),
        DataTypes.FIELD("width", DataTypes.INT()),
        DataTypes.FIELD("height", DataTypes.INT()),
        DataTypes.FIELD("sharpness", DataTypes.DOUBLE()),
        DataTypes.FIELD("brightness", DataTypes.DOUBLE()),
        DataTypes.FIELD("faces", DataTypes.INT()),
        DataTypes.FIELD("hidden", DataTypes.INT()),
        DataTypes.FIELD("barcodes", DataTypes.ARRAY(DataTypes.STRING())),
        DataTypes.FIELD("store_id", DataTypes.STRING()),
        DataTypes.FIELD("transaction_id", DataTypes.STRING()),
        DataTypes.FIELD("bought_on", DataTypes.STRING()),
        DataTypes.FIELD("total_cents", DataTypes.BIGINT()),
        DataTypes.FIELD("last_four", DataTypes.STRING()),
        DataTypes.FIELD("likeness", DataTypes.BIGINT()),
        DataTypes.FIELD("copy", DataTypes.STRING()),
        DataTypes.FIELD("thumbnail", DataTypes.BYTES()),
        DataTypes.FIELD("model", DataTypes.STRING()),
    ]
)


@lru_cache
def _store() -> Minio:
    return originals_store()


@lru_cache
def _threads() -> ThreadPoolExecutor:
    gives_way()
    return ThreadPoolExecutor(THREADS)


def _give_memory_back() -> None:
    """What a photo took and glibc keeps for the next one, which comes in ten seconds: 280 MB of 620, for 13 ms a photo."""
    ctypes.CDLL("libc.so.6").malloc_trim(0)


@udf(result_type=SEEN, func_type="pandas")
def look_at(photo: pd.Series, event_id: pd.Series, sent_at: pd.Series) -> pd.DataFrame:
    """A row of SEEN for each announcement; of what cannot be looked at only `set_aside`, which is its reason.

    The safe copy is put under the photo's name before its row is given. Where the store is away the job tries again from its last checkpoint.
    """
    return pd.DataFrame(list(_threads().map(_row, photo, event_id, sent_at)), columns=SEEN.field_names())


def _row(name: str | None, ident: str | None, sent: str | None) -> tuple[object, ...]:
    from flink_jobs.voice.photos.looking import Seen, model_version

    store = _store()
    seen, when = _unannounced(name, ident, sent)
    if seen is None:
        try:
            answer = store.get_object(PHOTOS, str(name))
            data = answer.read()
            answer.close()
            seen = _looked_at(data)
        except S3Error as error:
            if error.code != "NoSuchKey":
                raise
            seen = Seen(set_aside=f"GONE: {name} is not in the bucket any more")
    if seen.safe_copy:
        store.put_object(COPIES, str(name), io.BytesIO(seen.safe_copy), len(seen.safe_copy), "image/jpeg")
    _give_memory_back()
    return (
        seen.set_aside, None if when is None else int(when.timestamp() * 1000), seen.kind, seen.width, seen.height, seen.sharpness,
        seen.brightness, seen.faces, seen.hidden, seen.barcodes, seen.store_id, seen.transaction_id,
        seen.bought_on.isoformat() if seen.bought_on else None, seen.total_cents, seen.last_four, seen.likeness,
        name if seen.safe_copy else None, seen.thumbnail, model_version(),
    )  # fmt: skip


def _looked_at(data: bytes) -> "Seen":
    """What is on it. A photo that brings a library down is set aside with what it said: else the job would read it again for ever."""
    from flink_jobs.voice.photos.looking import Seen, looked_at

    try:
        return looked_at(data)
    except Exception as error:  # noqa: BLE001 - whatever four libraries may raise
        return Seen(set_aside=f"UNREADABLE: {type(error).__name__}: {error}")


def _unannounced(name: str | None, ident: str | None, sent: str | None) -> "tuple[Seen | None, pd.Timestamp | None]":
    """Set aside, where the message is no announcement of a photo with an id and a time; else nothing, and the time."""
    from flink_jobs.voice.photos.looking import Seen

    when = pd.to_datetime(sent, errors="coerce", utc=True) if isinstance(sent, str) else pd.NaT
    if not isinstance(name, str) or not isinstance(ident, str) or pd.isna(when):
        return Seen(set_aside="NO_ANNOUNCEMENT: not the store's notification of a photo with its id and time"), None
    return None, when
