"""Fetching a photo: what is wrong with the photo is told from what is wrong with the store."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from minio import Minio
from minio.error import S3Error

from flink_jobs.voice.photos.fetching import fetched
from flink_jobs.voice.photos.picture import LARGEST_BYTES
from flink_jobs.voice.photos.stripping import UnusablePhotoError
from tillstream.announcements import Announcement

PHOTO = Announcement("id", "my receipt.jpg", None, datetime(2026, 11, 27, tzinfo=UTC))


def refusal(code: str) -> S3Error:
    return S3Error(cast("Any", SimpleNamespace(status=400)), code, "", "", "", "", "", "")


class Store:
    """Gives one answer for the photo's name and another for any other name."""

    def __init__(self, photo: Callable[[], bytes], other: Callable[[], bytes], **headers: str) -> None:
        self._photo, self._other, self._headers = photo, other, headers
        self.read = False

    def get_object(self, bucket: str, name: str, version_id: str | None = None) -> Any:
        assert bucket == "voice-photos"
        assert version_id is None
        data = (self._photo if name == PHOTO.name else self._other)()

        def read() -> bytes:
            self.read = True
            return data

        nothing = SimpleNamespace(close=lambda: None, release_conn=lambda: None)
        return SimpleNamespace(headers={k.replace("_", "-"): v for k, v in self._headers.items()}, read=read, **vars(nothing))


def raising(error: Exception) -> Callable[[], bytes]:
    def answer() -> bytes:
        raise error

    return answer


ABSENT = raising(refusal("NoSuchKey"))


def fetch(store: Store) -> bytes:
    return fetched(cast("Minio", store), PHOTO)


def test_a_photo_is_fetched_by_its_name() -> None:
    assert fetch(Store(lambda: b"photo", ABSENT)) == b"photo"


def test_a_photo_that_is_not_there_any_more_is_gone() -> None:
    with pytest.raises(UnusablePhotoError, match=r"^GONE: [^']*$") as refused:
        fetch(Store(ABSENT, ABSENT))
    assert PHOTO.name not in str(refused.value)


def test_another_photo_that_has_its_name_now_is_not_taken_for_it() -> None:
    with pytest.raises(UnusablePhotoError, match=r"^GONE: another"):
        fetch(Store(lambda: b"photo", ABSENT, **{"x-amz-meta-event-id": "another"}))


def test_a_photo_that_is_too_large_is_not_read() -> None:
    store = Store(lambda: b"photo", ABSENT, Content_Length=str(LARGEST_BYTES + 1))
    with pytest.raises(UnusablePhotoError, match=r"^TOO_LARGE: 16,000,001 bytes"):
        fetch(store)
    assert not store.read


@pytest.mark.parametrize("code", ["XMinioInvalidObjectName", "KeyTooLongError", "SignatureDoesNotMatch", "InternalError"])
def test_a_name_that_the_store_cannot_serve_while_it_serves_others_is_set_aside(code: str) -> None:
    with pytest.raises(UnusablePhotoError, match=f"^UNFETCHABLE: the store answers {code}"):
        fetch(Store(raising(refusal(code)), ABSENT))


def test_a_name_that_the_client_refuses_is_set_aside() -> None:
    with pytest.raises(UnusablePhotoError, match=r"^UNFETCHABLE: the store's client"):
        fetch(Store(raising(ValueError("object name")), ABSENT))


@pytest.mark.parametrize("code", ["AccessDenied", "SlowDown", "NoSuchBucket", "XMinioServerNotInitialized"])
def test_a_store_that_fails_at_any_name_is_asked_again_later(code: str) -> None:
    with pytest.raises(S3Error, match=code):
        fetch(Store(raising(refusal(code)), raising(refusal(code))))
