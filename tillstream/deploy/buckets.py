"""Makes the buckets: the lake's, Flink's checkpoints, and where dumps land."""

from minio import Minio
from minio.commonconfig import ENABLED, Filter
from minio.error import S3Error
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
from urllib3.exceptions import HTTPError

from tillstream.errors import RetryableError
from tillstream.settings import S3Settings
from tillstream.waiting import await_condition

BUCKETS = ("lake", "flink", "landing", "voice-originals")
#: Texts that were set aside lie there as they were written, personal data and all: for a look at what went wrong, not longer.
KEPT_DAYS = {"voice-originals": 3}


def client() -> Minio:
    """A client of the object store, as its root user."""
    settings = S3Settings()
    return Minio(settings.endpoint, access_key=settings.user, secret_key=settings.password.get_secret_value(), secure=False)


def deploy_buckets() -> list[str]:
    """Creates what is missing and gives the names of those made."""
    s3 = client()

    def answers() -> set[str]:
        try:
            return {bucket.name for bucket in s3.list_buckets()} | {""}
        except (HTTPError, S3Error) as error:
            raise RetryableError(str(error)) from error

    there = await_condition("the object store to answer", answers, 60)
    made = [name for name in BUCKETS if name not in there]
    for name in made:
        s3.make_bucket(name)
    for name, days in KEPT_DAYS.items():
        s3.set_bucket_lifecycle(
            name, LifecycleConfig([Rule(ENABLED, rule_filter=Filter(prefix=""), rule_id="kept", expiration=Expiration(days=days))])
        )
    return made
