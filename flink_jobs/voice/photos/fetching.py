"""Fetch a photo from its bucket, and tell a photo that cannot be fetched from a store that does not answer."""

from typing import Any

from minio import Minio
from minio.error import S3Error

from flink_jobs.voice.photos.picture import LARGEST_BYTES
from flink_jobs.voice.photos.stripping import UnusablePhotoError
from tillstream.core import buckets
from tillstream.core.announcements import Announcement
from tillstream.core.clients.minio import STORE_AWAY, is_available
from tillstream.core.errors import RetryableError

#: What the store's client raises if it cannot return the photo.
_FAILURES = (*STORE_AWAY, OSError)


class StoreError(RetryableError):
    """The object store fails for every object. The message has only its error code: Flink logs it, and a photo's name may be personal."""


def fetched(store: Minio, photo: Announcement) -> bytes:
    """Return the photo's bytes. A photo that is too large is not read.

    Raises:
        UnusablePhotoError: the photo is gone, another photo has its name, it is too large, or the store cannot return an object of this name.
        StoreError: the store fails or refuses access for any name. The photo can be fetched later.
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
        # The store may have failed only for a moment.
        return _read(store, photo)
    except _FAILURES as error:
        _raise_what_is_not_the_names_fault(store, error)
        raise UnusablePhotoError(f"UNFETCHABLE: {_said(error)}") from error


def _said(error: Exception) -> str:
    """Return what may be logged of a failure. The rest of its text contains the photo's name."""
    return f"the store answers {error.code}" if isinstance(error, S3Error) else f"the store does not answer: {type(error).__name__}"


def _read(store: Minio, photo: Announcement) -> bytes:
    answer: Any = store.get_object(buckets.PHOTOS, photo.name, version_id=photo.version)
    try:
        # An object that was put there by hand has no id at all.
        if answer.headers.get("x-amz-meta-event-id") != photo.event_id:
            raise UnusablePhotoError("GONE: another photo has its name now")
        if (length := int(answer.headers.get("Content-Length", 0))) > LARGEST_BYTES:
            raise UnusablePhotoError(f"TOO_LARGE: {length:,} bytes, {LARGEST_BYTES:,} may be")
        # Do not trust the stated length: one byte above the limit is enough to refuse the photo. Do not decode the content: the sender states its
        # encoding, and unpacked it could be of any size.
        data: bytes = answer.read(LARGEST_BYTES + 1, decode_content=False)
        return data
    finally:
        answer.close()
        answer.release_conn()


def _raise_what_is_not_the_names_fault(store: Minio, error: Exception) -> None:
    """Raise if the photo is gone, or if the store fails for other names too.

    Raises:
        UnusablePhotoError: the photo is gone.
        Exception: the given error, since the store fails for any name.
    """
    if isinstance(error, S3Error) and error.code in ("NoSuchKey", "NoSuchVersion", "MethodNotAllowed"):
        raise UnusablePhotoError("GONE: it is not in the bucket any more") from error
    if not is_available(store, buckets.PHOTOS):
        raise error
