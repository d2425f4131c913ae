"""A photo whose announcement was lost is announced again, and a photo that is uploaded while the store is killed is not lost."""

import base64
import io
import uuid

from PIL import Image

from tests.support.compose_platform import Platform, eventually

#: Uploads a photo while announcements are switched off. argv: its id, a name. Standard input: the photo in base64.
PUT = """
import base64, io, sys
from datetime import UTC, datetime
from minio import Minio
from tillstream.deploy.buckets import PHOTOS, deploy_buckets
from tillstream.core.settings import S3RootSettings
settings = S3RootSettings()
store = Minio(settings.endpoint, settings.user, settings.password.get_secret_value(), secure=False)
photo = base64.b64decode(sys.stdin.read())
beside = {"event-id": sys.argv[1], "run-id": "drill", "event-time": datetime.now(tz=UTC).isoformat()}
store.delete_bucket_notification(PHOTOS)
try:
    store.put_object(PHOTOS, sys.argv[2], io.BytesIO(photo), len(photo), "image/jpeg", beside)
finally:
    deploy_buckets()
"""
#: The longest wait: the announcer's grace time, its pause, and the analysis of the photo, on two busy cores.
MOST_SECONDS = 900


def in_the_lake(platform: Platform, ident: str) -> bool:
    return bool(platform.sql(f"SELECT count(*) AS n FROM lake.voice.photos WHERE event_id = '{ident}'")[0]["n"])


def test_a_photo_that_was_never_announced_is_looked_at_all_the_same(platform: Platform) -> None:
    ident = str(uuid.uuid4())
    photo = io.BytesIO()
    Image.effect_noise((320, 240), 60).save(photo, "JPEG")
    given = base64.b64encode(photo.getvalue()).decode("ascii")
    platform.python("init-buckets", PUT, ident, f"2026/my photo+ü%/{ident}.jpg", given=given)
    eventually("the photo in the lake", lambda: in_the_lake(platform, ident), MOST_SECONDS, every=5)


def test_photos_put_while_the_store_is_killed_are_neither_lost_nor_doubled(platform: Platform) -> None:
    for _ in range(3):
        platform.kill("minio")
        eventually("the store back", lambda: platform.health("minio") == "healthy", 180)
    printed = platform.verify()
    assert "verify: holds" in printed
