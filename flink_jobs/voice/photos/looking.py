"""Analyse a photo: what is on it, and a copy on which nobody can be recognised."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import cv2
import zxingcpp

from flink_jobs.voice.photos.hiding import Box, blurred, faces
from flink_jobs.voice.photos.ocr import Row, read, row_text, touched
from flink_jobs.voice.photos.picture import Pixels, jpeg, opened, perceptual_hash, quality, smaller
from flink_jobs.voice.photos.receipts import Receipt, receipt
from flink_jobs.voice.photos.stripping import UnusablePhotoError
from flink_jobs.voice.text.labelled_numbers import LAST_FOUR
from flink_jobs.voice.text.patterns import by_form
from flink_jobs.voice.version import PHOTO_PACKAGES, PHOTOS, version_of

#: Labels that stand before a person's name in print.
_NAMED = re.compile(r"\b(?:CUSTOMER|CLIENTE?|MEMBER|SOCI[OA]|NAME|NOMBRE|CASHIER|CAJER[OA])\b", re.IGNORECASE)
#: A photo of a shelf has at least this many prices in a row; on a receipt, prices are below each other.
SHELF_PRICES = 2
_PRICE = re.compile(r"\D{0,2}\d{1,4}\s*[.,]\s*\d{2}\D{0,2}")
#: The longer side of the thumbnail, in pixels.
THUMBNAIL = 280


@dataclass(frozen=True)
class PhotoAnalysis:
    """The analysis of a photo, or in `set_aside` why there is none. `kind` is RECEIPT, PRODUCT, SHELF or OTHER."""

    set_aside: str | None = None
    kind: str | None = None
    width: int | None = None
    height: int | None = None
    sharpness: float | None = None
    brightness: float | None = None
    faces: int = 0
    hidden: int = 0
    barcodes: list[str] = field(default_factory=list)
    store_id: str | None = None
    transaction_id: str | None = None
    bought_on: date | None = None
    total_cents: int | None = None
    last_four: str | None = None
    likeness: int | None = None
    safe_copy: bytes | None = None
    thumbnail: bytes | None = None


@lru_cache
def model_version() -> str:
    """Return the version of everything that a result depends on."""
    return version_of("photos-1", PHOTOS, PHOTO_PACKAGES)


def analyse_or_set_aside(data: bytes) -> PhotoAnalysis:
    """Analyse a photo. Set it aside if a library raises, with the error's class only: else the job would fail at this photo for ever."""
    try:
        return analyse_photo(data)
    except Exception as error:  # noqa: BLE001 - whatever four libraries may raise
        return PhotoAnalysis(set_aside=f"UNREADABLE: {type(error).__name__}")


def analyse_photo(data: bytes) -> PhotoAnalysis:
    """Analyse a photo. Set it aside if its file is unusable."""
    try:
        pixels = opened(data)
    except UnusablePhotoError as error:
        return PhotoAnalysis(set_aside=str(error))
    face_boxes, face_count = faces(pixels)
    codes = barcodes(pixels)
    rows = read(pixels)
    fields = receipt([row_text(row) for row in rows])
    hidden = personal(rows)
    measured = quality(pixels)
    kind = "RECEIPT" if fields.is_one else "PRODUCT" if codes else "SHELF" if is_shelf(rows) else "OTHER"
    if not fields.is_one:
        fields = Receipt()
    safe = blurred(blurred(pixels, face_boxes), hidden, margin=0.05)
    height, width = pixels.shape[:2]
    return PhotoAnalysis(
        None, kind, width, height, measured.sharpness, measured.brightness, face_count, len(hidden), codes, fields.store_id,
        fields.transaction_id, fields.bought_on, fields.total_cents, fields.last_four, perceptual_hash(pixels), jpeg(safe),
        jpeg(smaller(safe, THUMBNAIL)),
    )  # fmt: skip


def is_shelf(rows: list[Row]) -> bool:
    """Return whether a row has several prices."""
    return any(sum(_PRICE.fullmatch(part.text.strip()) is not None for part in row) >= SHELF_PRICES for row in rows)


def barcodes(pixels: Pixels) -> list[str]:
    """Return the article numbers (EAN and UPC) with a correct check digit. If none is read, try again on a larger and sharper picture."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    formats = zxingcpp.BarcodeFormat.EAN13 | zxingcpp.BarcodeFormat.EAN8 | zxingcpp.BarcodeFormat.UPCA
    codes = zxingcpp.read_barcodes(grey, formats=formats)
    if not codes:
        larger = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        sharper = cv2.addWeighted(larger, 2.0, cv2.GaussianBlur(larger, (0, 0), 3), -1.0, 0)
        codes = zxingcpp.read_barcodes(sharper, formats=formats)
    return sorted({code.text for code in codes if code.valid})


def personal(rows: list[Row]) -> list[Box]:
    """Return the boxes of personal data: what follows a label on its row, and what has the form of personal data, which may span several parts."""
    boxes: list[Box] = []
    for row in rows:
        ranges = [(finding.start, finding.end) for finding in by_form(row_text(row)) if finding.kind not in ("ORDER", LAST_FOUR)]
        labelled = False
        for part, formed in zip(row, touched(row, ranges), strict=True):
            label = _NAMED.search(part.text)
            if labelled or label or formed:
                boxes.append(part.box)
            labelled = labelled or label is not None
    return boxes
