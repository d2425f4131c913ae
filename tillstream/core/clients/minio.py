"""Connect to the object store, and tell a missing object from an unavailable store."""

from xml.etree.ElementTree import ParseError

from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError

from tillstream.core.settings import S3Settings

#: What the client raises where the store is unavailable, or a proxy answers in its place. S3Error is one of them, though it also says that an
#: object is missing: `is_available` tells the two apart.
STORE_AWAY = (MinioException, HTTPError, ParseError)
#: A name that no object has.
_MISSING_NAME = "no object has this name"


def client() -> Minio:
    """Return a client of the object store, logged in as the lake's user."""
    settings = S3Settings()
    return Minio(settings.endpoint, access_key=settings.user, secret_key=settings.password.get_secret_value(), secure=False)


def is_available(store: Minio, bucket: str) -> bool:
    """Return whether the store reports a missing object as missing. If it does, the store works and the user may read the bucket."""
    try:
        store.get_object(bucket, _MISSING_NAME)
    except S3Error as error:
        return bool(error.code == "NoSuchKey")
    except (*STORE_AWAY, OSError):
        return False
    return False
