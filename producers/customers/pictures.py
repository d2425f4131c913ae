"""Draw receipts, labels with barcodes, shelves and people, and add the defects of a phone's photo."""

import io
import random
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

Page = npt.NDArray[np.uint8]
"""Grey image, height x width."""

#: Width of a receipt and of a label, and the space between lines, in pixels.
PAPER, LABEL, LEADING = 520, 640, 10
#: Number of faces in scikit-image's `lfw_subset.npy`: 100 x 25 x 25, from 0 to 1 (people of the news, dataset LFW). The images after them
#: are not faces.
FACES = 100


@dataclass(frozen=True)
class Printed:
    """The content of a printed receipt. A line is (name, units, cents)."""

    store_id: str
    transaction_id: str
    sold_at: datetime
    lines: tuple[tuple[str, int, int], ...]
    last_four: str
    customer: str | None = None

    @property
    def total_cents(self) -> int:
        """Sum of the lines in cents."""
        return sum(cents for _, _, cents in self.lines)


def receipt(printed: Printed, draw: random.Random) -> Page:
    """Draw a receipt."""
    letters, large = _font(22), _font(30)
    height = 560 + len(printed.lines) * (letters.size + LEADING)
    image = Image.new("L", (PAPER, round(height)), draw.randint(225, 250))
    pen, y = ImageDraw.Draw(image), 24.0

    def middle(text: str, font: ImageFont.FreeTypeFont = letters) -> None:
        nonlocal y
        pen.text(((PAPER - pen.textlength(text, font=font)) / 2, y), text, fill=30, font=font)
        y += font.size + LEADING

    def pair(left: str, right: str, font: ImageFont.FreeTypeFont = letters) -> None:
        nonlocal y
        pen.text((28, y), left, fill=35, font=font)
        pen.text((PAPER - 28 - pen.textlength(right, font=font), y), right, fill=35, font=font)
        y += font.size + LEADING

    middle("TILLSTREAM MARKET", large)
    middle(f"STORE {printed.store_id}")
    middle(f"RECEIPT {printed.transaction_id}")
    middle(f"{printed.sold_at:%Y-%m-%d %H:%M}")
    if printed.customer:
        middle(f"CUSTOMER {printed.customer}")
    y += 12
    for name, units, cents in printed.lines:
        pair(f"{units} x {name.upper()}"[:30], f"{cents / 100:.2f}")
    y += 8
    pen.line((28, y, PAPER - 28, y), fill=60, width=2)
    y += 12
    pair("TOTAL", f"{printed.total_cents / 100:.2f}", large)
    pair("CARD", f"**** {printed.last_four}")
    y += 14
    middle("THANK YOU")
    return np.asarray(image.crop((0, 0, PAPER, round(y) + 30)))


def label(name: str, cents: int, code: str, draw: random.Random) -> Page:
    """Draw a product label with price and barcode (13 digits)."""
    image = Image.new("L", (LABEL, 420), draw.randint(215, 250))
    pen = ImageDraw.Draw(image)
    pen.text((40, 36), name.upper()[:26], fill=30, font=_font(34))
    pen.text((40, 100), f"{cents / 100:.2f}", fill=20, font=_font(56))
    bars = np.asarray(zxingcpp.write_barcode(zxingcpp.BarcodeFormat.EAN13, code, width=360, height=150, quiet_zone=10))
    image.paste(Image.fromarray(bars), (draw.randint(60, 220), 210))
    return np.asarray(image)


def shelf(names: list[tuple[str, int]], draw: random.Random) -> Page:
    """Draw a row of packages with price labels and one gap, where a product is sold out. A name comes with its price in cents."""
    width = 260 * len(names)
    image = Image.new("L", (width, 620), draw.randint(120, 170))
    pen, empty = ImageDraw.Draw(image), draw.randrange(len(names))
    for i, (name, cents) in enumerate(names):
        x = i * 260
        if i != empty:
            pen.rectangle((x + 30, 60 + draw.randint(0, 60), x + 230, 440), fill=draw.randint(60, 210), outline=20, width=3)
        pen.rectangle((x + 10, 470, x + 250, 590), fill=240)
        pen.text((x + 22, 482), name.upper()[:16], fill=25, font=_font(24))
        pen.text((x + 22, 528), f"{cents / 100:.2f}", fill=20, font=_font(40))
    return np.asarray(image)


def somewhere(draw: random.Random) -> Page:
    """Draw a wall, a floor and objects, without any print."""
    image = Image.new("L", (780, 620), draw.randint(130, 220))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, draw.randint(380, 480), 780, 620), fill=draw.randint(60, 120))
    for _ in range(draw.randint(2, 5)):
        x, width, height = draw.randint(0, 640), draw.randint(60, 180), draw.randint(80, 260)
        pen.rounded_rectangle((x, 600 - height, x + width, 600), radius=20, fill=draw.randint(40, 230))
    return np.asarray(image)


def portrait(page: Page, face: npt.NDArray[np.float64], draw: random.Random, size: int = 150) -> Page:
    """Return a page with a face (25 x 25, from 0 to 1) in front of it, `size` pixels wide."""
    resized = cv2.resize((face * 255).astype(np.uint8), (size, size), interpolation=cv2.INTER_CUBIC)
    result, (height, width) = page.copy(), page.shape
    y, x = draw.randint(0, height - size), draw.randint(0, width - size)
    result[y : y + size, x : x + size] = resized
    return result


def photographed(page: Page, draw: random.Random) -> bytes:
    """Return a phone's JPEG of a page, with creases, perspective, rotation, uneven light, blur, noise and compression."""
    noise = np.random.default_rng(draw.randrange(2**32))
    height, width = page.shape
    creased = page.copy()
    for _ in range(draw.randint(0, 3)):
        y = draw.randint(40, height - 40)
        creased[y : y + 3] = (creased[y : y + 3] * draw.uniform(0.75, 0.95)).astype(np.uint8)
    wide, high = round(width * 1.5), round(height * 1.3)
    left, top = (wide - width) // 2, (high - height) // 2
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    moved = corners + np.array([(left + draw.uniform(-30, 30), top + draw.uniform(-30, 30)) for _ in range(4)], dtype=np.float32)
    turned = np.vstack([cv2.getRotationMatrix2D((wide / 2, high / 2), draw.uniform(-7, 7), 1), [0, 0, 1]])
    table = np.full((high, wide), draw.randint(60, 140), np.uint8)
    warped = cv2.warpPerspective(
        creased, turned @ cv2.getPerspectiveTransform(corners, moved), (wide, high), dst=table, borderMode=cv2.BORDER_TRANSPARENT
    )
    light = np.linspace(draw.uniform(0.7, 1), 1, wide)[None, :] * np.linspace(1, draw.uniform(0.75, 1), high)[:, None]
    soft = cv2.GaussianBlur(warped * light, (0, 0), draw.uniform(0.4, 1.3))
    grainy = np.clip(soft + noise.normal(0, draw.uniform(3, 9), soft.shape), 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", grainy, [cv2.IMWRITE_JPEG_QUALITY, draw.randint(55, 90)])[1])


def with_exif(photo: bytes, text: str) -> bytes:
    """Return a photo with EXIF data of a phone: the owner's name and a position."""
    image = Image.open(io.BytesIO(photo))
    exif = Image.Exif()
    exif[0x013B] = text
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


def again(photo: bytes, draw: random.Random) -> bytes:
    """Return a photo as another app would forward it: a little smaller and brighter, and compressed again."""
    pixels = np.asarray(Image.open(io.BytesIO(photo)).convert("L"))
    scale = draw.uniform(0.8, 0.95)
    smaller = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    brighter = cv2.convertScaleAbs(smaller, alpha=draw.uniform(0.95, 1.1), beta=draw.randint(0, 12))
    return bytes(cv2.imencode(".jpg", brighter, [cv2.IMWRITE_JPEG_QUALITY, 70])[1])


def article_number(product_id: str) -> str:
    """Return the 13 digits of a product's label: prefix 20, which shops may use themselves, the product id, and the check digit (GS1)."""
    digits = f"20{int(product_id):010d}"
    check = -sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(digits)) % 10
    return f"{digits}{check}"


def people(path: Path) -> npt.NDArray[np.float64]:
    """Load the faces: FACES x 25 x 25, from 0 to 1."""
    faces: npt.NDArray[np.float64] = np.load(path)[:FACES].astype(np.float64)
    return faces


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return cast("ImageFont.FreeTypeFont", ImageFont.load_default(size))
