"""Photos on the running platform: the bucket announces them, their content is read, and copies hide who is on them."""

import io
import re

import pytest
from PIL import Image

from tests.support.compose_platform import Platform, eventually

#: Receipts that the tests need. These tests run last, when so many photos have come.
ENOUGH = 20
#: The least percentage of photos that must be read correctly. Four fifths are; of 20 photos, fewer than 12 are by chance once in a hundred
#: runs. bench/voice/photos.py measures the share on many photos.
LEAST = {"KIND": 70, "TOTAL": 60, "DAY": 60, "MATCHED": 60, "BARCODE": 50}


@pytest.fixture(scope="module")
def photos(platform: Platform) -> Platform:
    """Return the platform once the lake has enough photos of receipts."""
    query = "SELECT count(*) AS n FROM lake.voice.photos WHERE kind = 'RECEIPT'"
    eventually("photos of receipts in the lake", lambda: platform.sql(query)[0]["n"] >= ENOUGH, 900, every=3)
    return platform


def test_what_is_on_them_is_what_was_photographed(photos: Platform) -> None:
    printed = photos.company("produce", "photo-quality")
    shares = {what: float(share) for what, share in re.findall(r"^(\w+): .*\(([\d.]+)%\)", printed, re.MULTILINE)}
    assert shares.keys() >= {"KIND", "FACES", "TOTAL", "DAY", "MATCHED"}, printed
    assert {what: shares[what] for what, least in LEAST.items() if shares.get(what, 100) < least} == {}, printed


def test_a_receipt_is_tied_to_the_lines_of_its_sale(photos: Platform) -> None:
    def matched() -> list[dict[str, object]]:
        return photos.sql("SELECT lines, net_amount, total_amount FROM lake.live.receipt_photos WHERE matched")

    for row in eventually("a receipt whose sale is known", matched, 120, every=3):
        assert row["net_amount"] == row["total_amount"]


def test_what_is_no_photo_is_set_aside_with_its_reason(photos: Platform) -> None:
    query = (
        "SELECT kind, min(reason) AS least, max(reason) AS most FROM lake.quality.dead_letters WHERE topic = 'voice.photos.v1' GROUP BY 1"
    )
    wanted = {"EMPTY", "TRUNCATED", "NO_PHOTO", "TOO_LARGE"}

    def all_seen() -> list[dict[str, object]]:
        rows = photos.sql(query)
        return rows if {row["kind"] for row in rows} >= wanted else []

    for row in eventually("each kind of what is no photo", all_seen, 900, every=5):
        assert str(row["least"]).startswith(str(row["kind"]))
        assert str(row["most"]).startswith(str(row["kind"]))


#: Prints the errors that the lake's user gets when it lists and reads photos, and then a copy in hexadecimal. argv: the copy's name.
LOOK = """
import sys
from minio import Minio
from minio.error import S3Error
from tillstream.core.buckets import COPIES, PHOTOS
from tillstream.core.settings import JobSettings
settings = JobSettings()
store = Minio("minio:9000", access_key=settings.s3_user, secret_key=settings.s3_password.get_secret_value(), secure=False)
for look in (lambda: list(store.list_objects(PHOTOS)), lambda: store.get_object(PHOTOS, sys.argv[1])):
    try:
        look()
    except S3Error as error:
        print(error.code)
print(store.get_object(COPIES, sys.argv[1]).read().hex())
"""


def test_who_reads_the_lake_sees_copies_without_what_the_phone_wrote_and_no_photo(photos: Platform) -> None:
    name = str(photos.sql("SELECT copy FROM lake.voice.photos LIMIT 1")[0]["copy"])
    printed = photos.python("init-jobs", LOOK, name).splitlines()
    assert printed[:2] == ["AccessDenied"] * 2
    copy = Image.open(io.BytesIO(bytes.fromhex(printed[2])))
    assert copy.format == "JPEG"
    assert dict(copy.getexif()) == {}
