"""A photo in any format and colour mode becomes the pixels that a person sees."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from flink_jobs.voice.photos.modes import eight_bit, on_white
from flink_jobs.voice.photos.picture import LARGEST_PIXELS, SIDE, opened
from flink_jobs.voice.photos.stripping import UnusablePhotoError
from tests.support.compose_platform import ROOT
from tests.support.photos.sheets import FILES, MODES, is_the_sheet, saved, sheet

CASES = ROOT / "tests/support/photos"


@pytest.mark.parametrize("mode", MODES)
def test_a_picture_of_any_mode_looks_as_it_does_on_white_paper(mode: str) -> None:
    flat = on_white(eight_bit(MODES[mode]()))
    assert flat.mode == "RGB"
    assert is_the_sheet(np.asarray(flat))


@pytest.mark.parametrize("name", ["transparent", "palette_alpha", "grey_alpha"])
def test_a_receipt_on_a_clear_ground_is_dark_on_light(name: str) -> None:
    pixels = opened((CASES / f"{name}.png").read_bytes())
    assert pixels.mean() > 200
    assert pixels.min() < 60


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_format_is_read_as_a_person_sees_it(name: str) -> None:
    assert is_the_sheet(opened(FILES[name]()))


@pytest.mark.parametrize("up", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_it_is_turned_the_way_up_that_its_file_tells(form: str, up: int) -> None:
    upright = sheet()
    ImageDraw.Draw(upright).rectangle((0, 0, 40, 15), fill=90)
    image = upright.convert("RGB")
    turned = image if up == 1 else image.transpose({2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[up])
    exif = Image.Exif()
    exif[0x0112] = up
    exif[0x013B] = "Jane Doe"
    seen = opened(saved(turned, form, exif=exif, quality=95))
    assert abs(seen.astype(int) - np.asarray(image).astype(int)).mean() < 4


def outcome(data: bytes) -> str:
    try:
        opened(data)
    except UnusablePhotoError as refused:
        return str(refused).split(":")[0]
    return "read"


@pytest.mark.parametrize("name", FILES)
def test_half_a_file_of_each_format_is_told_from_a_whole_one(name: str) -> None:
    data = FILES[name]()
    for end in range(1, len(data), max(1, len(data) // 40)):
        assert outcome(data[:end]) in {"read", "TRUNCATED", "NO_PHOTO"}
    assert outcome(data[: len(data) // 4]) in {"TRUNCATED", "NO_PHOTO"}


def test_a_picture_of_a_palette_that_has_none_is_told_as_broken() -> None:
    whole = saved(sheet().convert("P"), "PNG")
    start = whole.index(b"PLTE") - 4
    assert outcome(whole[:start] + whole[whole.index(b"IDAT") - 4 :]) == "TRUNCATED"


@pytest.mark.parametrize(
    "levels",
    [[np.nan, 0.1, 0.9], [np.inf, -np.inf, 1.0], [-3e38, 0.0, 3e38], [0.0, 0.0, 0.0], [np.nan] * 3, [-40.0, 0.0, 900.0]],
    ids=["NaN", "infinite", "the ends of floats", "all alike", "nothing", "measured"],
)
def test_numbers_with_a_fraction_become_grey_whatever_they_are(levels: list[float]) -> None:
    grey = np.asarray(eight_bit(Image.fromarray(np.array([levels], dtype=np.float32))))
    assert grey.dtype == np.uint8
    assert all(grey[0, i, 0] == 255 for i, level in enumerate(levels) if not np.isfinite(level))


def test_twelve_megapixels_are_made_as_small_as_they_are_looked_at() -> None:
    assert LARGEST_PIXELS > 12_000_000
    photo = bytes(cv2.imencode(".jpg", cv2.resize(np.asarray(sheet()), (4000, 3000)))[1])
    assert opened(photo).shape == (SIDE * 3 // 4, SIDE, 3)
