"""Photos: from the bucket that announces them to what is on them and to copies on which nobody is to be recognised."""

import io

import pytest
from PIL import Image

from tests.platform import Platform, eventually

ENOUGH = 12


@pytest.fixture(scope="module")
def photos(platform: Platform) -> Platform:
    eventually("photos in the lake", lambda: platform.sql("SELECT count(*) AS n FROM lake.voice.photos")[0]["n"] >= ENOUGH, 600, every=3)
    return platform


def test_what_is_on_them_is_what_was_photographed(photos: Platform) -> None:
    printed = photos.tools("photo-quality")
    shares = {line.split(":")[0]: float(line.split("(")[1].rstrip("%)")) for line in printed.splitlines()}
    assert {what: shares[what] for what in ("TOTAL", "DAY", "MATCHED", "BARCODE") if what in shares and shares[what] < 75} == {}, printed


def test_what_is_no_photo_is_set_aside_with_its_reason(photos: Platform) -> None:
    query = "SELECT DISTINCT kind FROM lake.quality.dead_letters WHERE topic = 'voice.photos.v1'"
    wanted = {"EMPTY", "TRUNCATED", "NO_PHOTO", "TOO_LARGE"}
    eventually("each kind of what is no photo", lambda: {row["kind"] for row in photos.sql(query)} >= wanted, 600, every=5)


def test_copies_have_nothing_of_the_phone_with_them(photos: Platform) -> None:
    name = photos.sql("SELECT copy FROM lake.voice.photos LIMIT 1")[0]["copy"]
    data = photos.compose("run", "--rm", "--no-deps", "-T", "--entrypoint", "python3", "tools", "-c", COPY, name)
    image = Image.open(io.BytesIO(bytes.fromhex(data.strip())))
    assert image.getexif() == {}


COPY = """
import sys
from tillstream.deploy.buckets import client
print(client().get_object("voice-copies", sys.argv[1]).read().hex())
"""
