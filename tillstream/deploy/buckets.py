"""Create the buckets (lake, Flink's checkpoints, landing, originals of texts, photos and their copies), and the users that may access them."""

from minio import Minio, MinioAdmin
from minio.commonconfig import ENABLED, Filter
from minio.credentials import StaticProvider
from minio.error import S3Error
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
from minio.notificationconfig import NotificationConfig, QueueConfig
from urllib3.exceptions import HTTPError

from tillstream.core.buckets import BUCKETS, CHECKPOINTS, COPIES, LAKE, LANDING, ORIGINALS, PHOTOS
from tillstream.core.contracts import contracts
from tillstream.core.errors import RetryableError
from tillstream.core.rules import ORIGINALS_KEPT_DAYS, PHOTOS_KEPT_DAYS
from tillstream.core.settings import S3RootSettings
from tillstream.core.topology import PHOTOS as PHOTO_MESSAGES
from tillstream.core.waiting import await_condition

#: For how many days the objects of a bucket are kept. A copy of a photo is kept as long as its row in the lake.
KEPT_DAYS = {ORIGINALS: ORIGINALS_KEPT_DAYS, PHOTOS: PHOTOS_KEPT_DAYS, COPIES: contracts()[PHOTO_MESSAGES].longest_kept.days}
#: The notification target that compose configures in the object store: it announces new objects of PHOTOS on voice.photos.v1.
ANNOUNCED = "arn:minio:sqs::PHOTOS:kafka"
_PUT, _GET = ("s3:PutObject", "s3:GetBucketLocation"), ("s3:GetObject", "s3:GetBucketLocation")
#: Each user's rights: actions, and the buckets they apply to. A user who can read the lake cannot read originals or photos. A user who writes
#: originals or photos cannot read them back.
USERS: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    "lake": ((("s3:*",), (LAKE, CHECKPOINTS, LANDING)), (_GET, (COPIES,))),
    "originals": ((_PUT, (ORIGINALS, COPIES)), (_GET, (PHOTOS,))),
    "page": ((_PUT, (PHOTOS,)),),
    # Tagging a photo makes the store announce it again. The user needs no right to read the photo or its metadata.
    "announcer": ((("s3:ListBucket", "s3:GetBucketLocation", "s3:PutObjectTagging"), (PHOTOS,)),),
}


def deploy_buckets() -> list[str]:
    """Create the missing buckets, set each user's password and rights, and return the names of the new buckets.

    Raises:
        AwaitTimeoutError: the object store does not answer within 60 s.
    """
    settings = S3RootSettings()
    root = settings.password.get_secret_value()
    s3 = Minio(settings.endpoint, access_key=settings.user, secret_key=root, secure=False)

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
    admin = MinioAdmin(endpoint=settings.endpoint, credentials=StaticProvider(settings.user, root), secure=False)
    s3.set_bucket_notification(PHOTOS, NotificationConfig(queue_config_list=[QueueConfig(["s3:ObjectCreated:*"], queue=ANNOUNCED)]))
    passwords = {
        "lake": settings.lake_password,
        "originals": settings.originals_password,
        "page": settings.page_password,
        "announcer": settings.announcer_password,
    }
    for user in USERS:
        admin.user_add(user, passwords[user].get_secret_value())
        admin.policy_add(user, policy=policy(user))
        admin.policy_set(user, user=user)
    return made


def policy(user: str) -> dict[str, object]:
    """Return a user's rights as an S3 policy document."""
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": [f"arn:aws:s3:::{name}{part}" for name in buckets for part in ("", "/*")]}
        for actions, buckets in USERS[user]
    ]
    return {"Version": "2012-10-17", "Statement": statements}
