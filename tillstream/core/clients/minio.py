"""The object store: a client, and how to tell an object that the store does not give from a store that is away."""

from xml.etree.ElementTree import ParseError

from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError

from tillstream.core.settings import S3Settings

#: What the store's client raises where the store is away, or what answers in its place is a proxy. S3Error, which tells of an object too, is among them.
STORE_AWAY = (MinioException, HTTPError, ParseError)
#: A name that no object has.
_NOWHERE = "no object has this name"


def client() -> Minio:
    """Return a client of the object store as the user of the lake."""
    settings = S3Settings()
    return Minio(settings.endpoint, access_key=settings.user, secret_key=settings.password.get_secret_value(), secure=False)


def is_at_work(store: Minio, bucket: str) -> bool:
    """Whether the store says of a name that no object has that there is none: it does where it and the rights of who asks are as they should be."""
    try:
        store.get_object(bucket, _NOWHERE)
    except S3Error as error:
        return bool(error.code == "NoSuchKey")
    except (*STORE_AWAY, OSError):
        return False
    return False
