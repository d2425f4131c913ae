"""When a photo is fetched, a fault of the photo is told apart from a fault of the object store."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from minio import Minio
from minio.error import S3Error, ServerError
from urllib3.exceptions import MaxRetryError, ProtocolError

from flink_jobs.voice.photos.fetching import StoreError, fetched
from flink_jobs.voice.photos.picture import LARGEST_BYTES
from flink_jobs.voice.photos.stripping import UnusablePhotoError
from tillstream.core.announcements import Announcement

PHOTO = Announcement("id", "my receipt.jpg", None, datetime(2026, 11, 27, tzinfo=UTC))


def refusal(code: str, resource: str = "") -> S3Error:
    return S3Error(cast("Any", SimpleNamespace(status=400)), code, "", resource, "", "", "", "")


class Store:
    """Stand-in for the object store. It has one answer for the photo's name and another for all other names."""

    def __init__(self, photo: Callable[[], bytes], other: Callable[[], bytes], **headers: str) -> None:
        self._photo, self._other = photo, other
        self._headers = {name: value for name, value in {"x_amz_meta_event_id": PHOTO.event_id, **headers}.items() if value}
        self.read = 0

    def get_object(self, bucket: str, name: str, version_id: str | None = None) -> Any:
        assert bucket == "voice-photos"
        assert version_id is None
        data = (self._photo if name == PHOTO.name else self._other)()

        def read(most: int, *, decode_content: bool) -> bytes:
            assert not decode_content, "a packed photo may unpack to any size"
            self.read = min(most, len(data))
            return data[:most]

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
        fetch(Store(lambda: b"photo", ABSENT, x_amz_meta_event_id="another"))


def test_what_was_put_in_its_place_without_an_id_is_not_taken_for_it() -> None:
    with pytest.raises(UnusablePhotoError, match=r"^GONE: another"):
        fetch(Store(lambda: b"photo", ABSENT, x_amz_meta_event_id=""))


@pytest.mark.parametrize("length", ["", "0", "5"])
def test_of_a_photo_that_lies_about_its_length_no_more_is_read_than_may_be(length: str) -> None:
    store = Store(lambda: bytes(LARGEST_BYTES + 1000), ABSENT, Content_Length=length)
    assert len(fetch(store)) == LARGEST_BYTES + 1
    assert store.read == LARGEST_BYTES + 1


def test_a_photo_that_is_too_large_is_not_read() -> None:
    store = Store(lambda: b"photo", ABSENT, Content_Length=str(LARGEST_BYTES + 1))
    with pytest.raises(UnusablePhotoError, match=r"^TOO_LARGE: 16,000,001 bytes"):
        fetch(store)
    assert not store.read


@pytest.mark.parametrize("code", ["XMinioInvalidObjectName", "KeyTooLongError", "SignatureDoesNotMatch", "InternalError"])
def test_a_name_that_the_store_cannot_serve_while_it_serves_others_is_set_aside(code: str) -> None:
    with pytest.raises(UnusablePhotoError, match=f"^UNFETCHABLE: the store answers {code}"):
        fetch(Store(raising(refusal(code)), ABSENT))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ProtocolError("my receipt.jpg"), "ProtocolError"),
        (ServerError("my receipt.jpg", 431), "ServerError"),
        (TimeoutError("x"), "TimeoutError"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_photo_that_breaks_off_each_time_while_others_are_read_is_set_aside(error: Exception, told: str) -> None:
    with pytest.raises(UnusablePhotoError, match=f"^UNFETCHABLE: the store does not answer: {told}$"):
        fetch(Store(raising(error), ABSENT))


def test_a_name_that_the_client_refuses_is_set_aside() -> None:
    with pytest.raises(UnusablePhotoError, match=r"^UNFETCHABLE: the store's client"):
        fetch(Store(raising(ValueError("object name")), ABSENT))


@pytest.mark.parametrize("code", ["AccessDenied", "SlowDown", "NoSuchBucket", "XMinioServerNotInitialized"])
def test_a_store_that_fails_at_any_name_is_asked_again_later(code: str) -> None:
    with pytest.raises(StoreError, match=code):
        fetch(Store(raising(refusal(code)), raising(refusal(code))))


@pytest.mark.parametrize(
    "error",
    [
        refusal("SlowDown", "/voice-photos/my receipt.jpg"),
        MaxRetryError(cast("Any", None), "/voice-photos/my%20receipt.jpg"),
        ProtocolError("my receipt.jpg"),
        ServerError("my receipt.jpg", 503),
        ConnectionResetError("my receipt.jpg"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_a_failing_store_raises_has_nothing_of_the_photos_name(error: Exception) -> None:
    with pytest.raises(StoreError) as raised:
        fetch(Store(raising(error), raising(error)))
    assert "receipt" not in str(raised.value)
    assert raised.value.__suppress_context__
    assert raised.value.__cause__ is None
