"""Make files of photos: in every mode and format of Pillow, cut off, damaged, joined, and with false sizes."""

import random
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
from PIL import Image

from producers.customers.pictures import Printed, receipt
from tests.support.photos.sheets import FILES, MODES, saved

#: Personal data that is put beside the pixels. It must not be in anything that is kept.
PLANTED = b"Jane Doe jane.doe@example.com"
#: The formats that Pillow writes, each with its modes.
FORMATS = {
    "JPEG": ("L", "RGB", "CMYK"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "WEBP": ("RGB", "RGBA"),
    "GIF": ("1", "L", "P", "RGB", "RGBA"),
    "TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I", "I;16", "F"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "ICO": ("RGBA",),
    "AVIF": ("RGB", "RGBA"),
    "JPEG2000": ("L", "LA", "RGB", "RGBA"),
    "PPM": ("1", "L", "RGB"),
    "TGA": ("L", "LA", "P", "RGB", "RGBA"),
    "PCX": ("1", "L", "P", "RGB"),
    "SGI": ("L", "RGB", "RGBA"),
    "EPS": ("L", "RGB", "CMYK"),
    "PDF": ("L", "RGB", "CMYK"),
}


def picture(draw: random.Random, mode: str) -> Image.Image:
    """Return a picture of noise, of a gradient or of one colour, in a size that is quick to write."""
    width, height = draw.choice([(64, 48), (200, 150), (1, 300), (300, 1), (17, 16), (640, 480), (15, 900), (1500, 40)])
    noise = np.random.default_rng(draw.randrange(2**32))
    grey = {
        "noise": lambda: noise.integers(0, 256, (height, width), dtype=np.uint8),
        "slope": lambda: np.linspace(0, 255, width * height).reshape(height, width).astype(np.uint8),
        "level": lambda: np.full((height, width), draw.randrange(256), np.uint8),
    }[draw.choice(["noise", "slope", "level"])]()
    if mode == "F":
        return Image.fromarray((grey.astype(np.float32) - draw.choice([0, 100])) * draw.choice([1 / 255, 1, 1e30, float("nan")]))
    if mode == "I":
        return Image.fromarray((grey.astype(np.int32) - draw.choice([0, 128])) * draw.choice([1, 257, 8_000_000]))
    if mode == "I;16":
        return Image.fromarray(grey.astype(np.uint16) * 257)
    rgba = np.dstack([grey, grey[::-1], grey[:, ::-1], noise.integers(0, 256, grey.shape, dtype=np.uint8)])
    image = Image.fromarray(rgba)
    return image.convert("RGB").convert(mode) if mode not in ("RGBA", "LA") else image.convert(mode)


def valid(draw: random.Random) -> bytes:
    """Return a valid file of a random mode and format, often with metadata beside its pixels."""
    if draw.random() < 0.15:
        return FILES[draw.choice(list(FILES))]()
    form = draw.choice(list(FORMATS))
    mode = draw.choice(FORMATS[form])
    image = Image.new("LAB", (40, 30), draw.randrange(256)) if mode == "LAB" else picture(draw, mode)
    options: dict[str, object] = {}
    if form in ("JPEG", "PNG", "WEBP", "AVIF", "TIFF") and draw.random() < 0.4:
        exif = Image.Exif()
        exif[0x0112], exif[0x013B] = draw.randrange(0, 12), PLANTED.decode()
        options["exif"] = exif
    if form == "JPEG":
        options |= {"quality": draw.randrange(1, 100), "progressive": draw.random() < 0.4}
    if form == "WEBP":
        options |= {"lossless": draw.random() < 0.5, "quality": draw.randrange(100), "method": 0}
    if form in ("PNG", "WEBP", "GIF") and draw.random() < 0.2:
        options |= {"save_all": True, "append_images": [image] * draw.randrange(1, 4)}
    try:
        return saved(image, form, **options)
    except (OSError, ValueError, KeyError, SystemError, struct.error):
        # Some sizes and colours cannot be written in every format.
        return FILES[draw.choice(list(FILES))]()


def paper(draw: random.Random) -> Image.Image:
    """Return the picture of a receipt, upright and sharp."""
    lines = tuple(
        (name, draw.randrange(1, 4), draw.randrange(99, 2000)) for name in draw.sample(["MILK", "BREAD", "APPLES", "RICE", "TEA"], 3)
    )
    day = datetime(2026, draw.randrange(1, 12), draw.randrange(1, 28), 10, 12, tzinfo=UTC)
    printed = Printed(str(draw.randrange(100, 999)), str(draw.randrange(10**10, 10**11)), day, lines, f"{draw.randrange(10_000):04d}")
    return Image.fromarray(receipt(printed, draw))


def _on_clear(page: Image.Image) -> Image.Image:
    """Return the ink of a page on a transparent background, as dark as on white paper."""
    return Image.merge("LA", [Image.new("L", page.size, 0), page.point(lambda level: 255 - level)])


#: Lossless ways to write the same receipt.
SAME: dict[str, Callable[[Image.Image], bytes]] = {
    "L": lambda page: saved(page, "PNG"),
    "P": lambda page: saved(page.convert("P"), "PNG"),
    "LA": lambda page: saved(_on_clear(page), "PNG"),
    "RGBA": lambda page: saved(_on_clear(page).convert("RGBA"), "PNG"),
    "RGBA in WebP": lambda page: saved(_on_clear(page).convert("RGBA"), "WEBP", lossless=True, exact=True),
    "RGB in WebP": lambda page: saved(page.convert("RGB"), "WEBP", lossless=True),
    "I;16": lambda page: saved(Image.fromarray(np.asarray(page).astype(np.uint16) * 257), "PNG"),
    "GIF": lambda page: saved(page, "GIF"),
    "turned": lambda page: saved(page.transpose(Image.Transpose.ROTATE_90), "PNG", exif=_turned()),
}


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def bent(data: bytes, draw: random.Random, other: bytes) -> bytes:
    """Return the file with one to three changes. Parts of `other` may be copied into it."""
    for _ in range(draw.randrange(1, 4)):
        data = draw.choice(_WAYS)(data, draw, other) or b"\0"
    return data


def _cut(data: bytes, draw: random.Random, _: bytes) -> bytes:
    return data[: draw.randrange(len(data))]


def _flipped(data: bytes, draw: random.Random, _: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice([1, 1, 2, 10, 100])):
        changed[draw.randrange(min(len(changed), draw.choice([40, 400, 10**9])))] = draw.choice([0, 1, 0x7F, 0xFF, draw.randrange(256)])
    return bytes(changed)


def _glued(data: bytes, draw: random.Random, other: bytes) -> bytes:
    return data[: draw.randrange(len(data))] + other[draw.randrange(len(other)) :]


def _repeated(data: bytes, draw: random.Random, _: bytes) -> bytes:
    start = draw.randrange(len(data))
    end = min(len(data), start + draw.choice([1, 2, 12, 100, 5000]))
    return data[:end] + data[start:end] * draw.choice([1, 2, 30, 400]) + data[end:]


def _without(data: bytes, draw: random.Random, _: bytes) -> bytes:
    start = draw.randrange(len(data))
    return data[:start] + data[start + draw.choice([1, 2, 4, 12, 500]) :]


def _sized(data: bytes, draw: random.Random, _: bytes) -> bytes:
    """Return the file with another number at a place near its beginning, where sizes usually are."""
    at = draw.randrange(min(len(data), 64))
    number = draw.choice([0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x3FFF, 5000, 12_000])
    return data[:at] + struct.pack(draw.choice(["<H", ">H", "<I", ">I"]), number) + data[at + 2 :]


def _checked(data: bytes, draw: random.Random, _: bytes) -> bytes:
    """Return a PNG with a changed chunk that has a correct checksum. Other files stay as they are."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return data
    made, at = data[:8], 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if draw.random() < 0.5 and body:
            place = draw.randrange(len(body))
            body = body[:place] + bytes([draw.randrange(256)]) + body[place + draw.randrange(2) :]
        made += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        at += 12 + length
    return made


_WAYS = (_cut, _cut, _flipped, _flipped, _glued, _repeated, _without, _sized, _checked)
ANY_MODE = MODES
