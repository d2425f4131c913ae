"""Makes the buckets (the lake's, Flink's checkpoints, where dumps land, originals of texts) and the users that may read and write each."""

from minio import Minio, MinioAdmin
from minio.commonconfig import ENABLED, Filter
from minio.credentials import StaticProvider
from minio.error import S3Error
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
from minio.notificationconfig import NotificationConfig, QueueConfig
from urllib3.exceptions import HTTPError

from tillstream.core.errors import RetryableError
from tillstream.core.settings import S3RootSettings
from tillstream.core.waiting import await_condition

#: Texts that were set aside lie there as they were written, personal data and all: for a look at what went wrong by who has the root password.
ORIGINALS = "voice-originals"
#: Photos as customers sent them, for as long as a job needs to see them; and the copies on which nobody is to be recognised.
PHOTOS, COPIES = "voice-photos", "voice-copies"
BUCKETS = ("lake", "flink", "landing", ORIGINALS, PHOTOS, COPIES)
KEPT_DAYS = {ORIGINALS: 3, PHOTOS: 3, COPIES: 730}
#: The target that compose gives the object store: what comes into PHOTOS is announced on voice.photos.v1.
ANNOUNCED = "arn:minio:sqs::PHOTOS:kafka"
_PUT, _GET = ("s3:PutObject", "s3:GetBucketLocation"), ("s3:GetObject", "s3:GetBucketLocation")
#: What each user may do, and in which buckets. Nobody who can read the lake can read originals or photos, and who writes those cannot read them.
USERS: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    "lake": ((("s3:*",), ("lake", "flink", "landing")), (_GET, (COPIES,))),
    "originals": ((_PUT, (ORIGINALS, COPIES)), (_GET, (PHOTOS,))),
    "page": ((_PUT, (PHOTOS,)),),
    # Marking a photo makes the store announce it: it need not be read, nor its customer's words beside it.
    "announcer": ((("s3:ListBucket", "s3:GetBucketLocation", "s3:PutObjectTagging"), (PHOTOS,)),),
}


def deploy_buckets() -> list[str]:
    """Creates what is missing, gives each user its password and rights, and gives the names of the buckets made."""
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
    """The user's rights as S3's policy document."""
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": [f"arn:aws:s3:::{name}{part}" for name in buckets for part in ("", "/*")]}
        for actions, buckets in USERS[user]
    ]
    return {"Version": "2012-10-17", "Statement": statements}
