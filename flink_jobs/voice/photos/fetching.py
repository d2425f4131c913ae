"""Fetches a photo from its bucket, and tells a photo that cannot be fetched from a store that cannot be asked."""

from typing import Any

from minio import Minio
from minio.error import S3Error

from flink_jobs.voice.photos.picture import LARGEST_BYTES
from flink_jobs.voice.photos.stripping import UnusablePhotoError
from tillstream.core.announcements import BUCKET, Announcement
from tillstream.core.clients.minio import STORE_AWAY, is_at_work
from tillstream.core.errors import RetryableError

#: What the store's client raises where it has no photo to give.
_FAILURES = (*STORE_AWAY, OSError)


class StoreError(RetryableError):
    """The store fails, whatever is asked for; it has the store's code and nothing of the photo, whose name a customer wrote: it stands in Flink's log."""


def fetched(store: Minio, photo: Announcement) -> bytes:
    """The photo's bytes. One that is too large is not read.

    Raises:
        UnusablePhotoError: it is not there any more, another has its name, it is too large, or the store cannot give out what has such a name.
        StoreError: the store fails, or refuses whoever asks: nothing can be said of the photo, and it is asked for again later.
    """
    try:
        return _looked_for(store, photo)
    except _FAILURES as error:
        raise StoreError(_said(error)) from None


def _looked_for(store: Minio, photo: Announcement) -> bytes:
    try:
        return _read(store, photo)
    except ValueError as error:
        raise UnusablePhotoError("UNFETCHABLE: the store's client takes no such name") from error
    except _FAILURES as error:
        _raise_what_is_not_the_names_fault(store, error)
    try:
        # It may have failed for a moment before it answered again.
        return _read(store, photo)
    except _FAILURES as error:
        _raise_what_is_not_the_names_fault(store, error)
        raise UnusablePhotoError(f"UNFETCHABLE: {_said(error)}") from error


def _said(error: Exception) -> str:
    """What may be told of a failure: all else that it says has the photo's name."""
    return f"the store answers {error.code}" if isinstance(error, S3Error) else f"the store does not answer: {type(error).__name__}"


def _read(store: Minio, photo: Announcement) -> bytes:
    answer: Any = store.get_object(BUCKET, photo.name, version_id=photo.version)
    try:
        # What was put in its place by hand has no id at all.
        if answer.headers.get("x-amz-meta-event-id") != photo.event_id:
            raise UnusablePhotoError("GONE: another photo has its name now")
        if (length := int(answer.headers.get("Content-Length", 0))) > LARGEST_BYTES:
            raise UnusablePhotoError(f"TOO_LARGE: {length:,} bytes, {LARGEST_BYTES:,} may be")
        # Whatever it says of its length: one byte more than may be is enough to be refused. As it lies in the bucket: what it says of how it is
        # packed is its sender's word, and unpacked it could be of any size.
        data: bytes = answer.read(LARGEST_BYTES + 1, decode_content=False)
        return data
    finally:
        answer.close()
        answer.release_conn()


def _raise_what_is_not_the_names_fault(store: Minio, error: Exception) -> None:
    """Raises where the photo is gone, and where the store fails at another name too."""
    if isinstance(error, S3Error) and error.code in ("NoSuchKey", "NoSuchVersion", "MethodNotAllowed"):
        raise UnusablePhotoError("GONE: it is not in the bucket any more") from error
    if not is_at_work(store, BUCKET):
        raise error
