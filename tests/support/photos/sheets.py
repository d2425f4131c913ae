"""A test picture, a dark stroke on light paper, in each mode of Pillow and each format of a photo."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageDraw

#: The size of the picture, a point on the stroke, and a point on the paper.
SIZE, STROKE, PAPER = (160, 120), (80, 60), (8, 8)


def sheet(ink: Any = 20, paper: Any = 235, mode: str = "L") -> Image.Image:
    image = Image.new(mode, SIZE, paper)
    ImageDraw.Draw(image).rectangle((60, 40, 100, 80), fill=ink)
    return image


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def is_the_sheet(pixels: np.ndarray, tolerance: int = 25) -> bool:
    """Return whether the pixels are dark on the stroke and light on the paper."""
    ink, paper = (pixels[y, x].astype(int) for x, y in (STROKE, PAPER))
    return bool((abs(ink - 20) <= tolerance).all() and (abs(paper - 235) <= tolerance).all())


GREY = np.asarray(sheet())
CLEAR = np.where(GREY > 100, 0, 255).astype(np.uint8)
SIXTEEN = GREY.astype(np.uint16) * 257


def from_bytes(mode: str, data: bytes) -> Image.Image:
    made = Image.new(mode, SIZE)
    made.frombytes(data)
    return made


def grey_and_clear() -> Image.Image:
    return Image.merge("LA", [Image.fromarray(np.full_like(GREY, 20)), Image.fromarray(CLEAR)])


def palette_and_clear() -> Image.Image:
    made = grey_and_clear()
    made.putpalette([20, 20, 20] * 256)
    return made


def with_a_clear_colour(levels: np.ndarray, clear: Any, mode: str | None = None) -> Image.Image:
    image = Image.fromarray(levels)
    return Image.open(io.BytesIO(saved(image.convert(mode) if mode else image, "PNG", transparency=clear)))


def palette_with_a_clear_entry() -> Image.Image:
    made = Image.fromarray(np.where(GREY > 100, 1, 0).astype(np.uint8))
    made.putpalette([20, 20, 20, 0, 0, 0])
    return Image.open(io.BytesIO(saved(made, "PNG", transparency=1)))


def lightness() -> Image.Image:
    found = ImageCms.profileToProfile(
        sheet().convert("RGB"), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert found is not None
    return found


INK = np.where(GREY > 100, 0, 20)
#: The picture in each mode of Pillow. In modes with transparency, the paper is transparent.
MODES: dict[str, Callable[[], Image.Image]] = {
    "1": lambda: sheet().convert("1", dither=Image.Dither.NONE),
    **{mode: (lambda mode=mode: sheet().convert("RGB").convert(mode)) for mode in ("L", "P", "RGB", "RGBX", "CMYK", "YCbCr", "HSV")},
    "LA": grey_and_clear,
    "La": lambda: grey_and_clear().convert("La"),
    "PA": palette_and_clear,
    "RGBA": lambda: grey_and_clear().convert("RGBA"),
    "RGBa": lambda: grey_and_clear().convert("RGBA").convert("RGBa"),
    "LAB": lightness,
    "I": lambda: Image.fromarray(SIXTEEN.astype(np.int32)),
    "I of eight bits": lambda: Image.fromarray(GREY.astype(np.int32)),
    "I;16": lambda: Image.fromarray(SIXTEEN),
    "I;16L": lambda: from_bytes("I;16L", SIXTEEN.astype("<u2").tobytes()),
    "I;16N": lambda: from_bytes("I;16N", SIXTEEN.astype("=u2").tobytes()),
    "I;16B": lambda: from_bytes("I;16B", SIXTEEN.astype(">u2").tobytes()),
    "F": lambda: Image.fromarray((GREY / 255).astype(np.float32)),
    "F of eight bits": lambda: Image.fromarray(GREY.astype(np.float32)),
    "P with a clear entry": palette_with_a_clear_entry,
    "L with a clear level": lambda: with_a_clear_colour(INK.astype(np.uint8), 0),
    "RGB with a clear colour": lambda: with_a_clear_colour(INK.astype(np.uint8), (0, 0, 0), "RGB"),
    "I;16 with a clear level": lambda: with_a_clear_colour((INK * 257).astype(np.uint16), 0),
}

FILES = {
    "JPEG of grey": lambda: saved(sheet(), "JPEG", quality=95),
    "JPEG of CMYK, which Adobe inverts": lambda: saved(MODES["CMYK"](), "JPEG", quality=95),
    "progressive JPEG": lambda: saved(sheet(), "JPEG", progressive=True),
    "MPO of two pictures": lambda: saved(sheet(), "MPO", save_all=True, append_images=[sheet(200, 10)]),
    "PNG of 16 bits": lambda: saved(MODES["I;16"](), "PNG"),
    "PNG of one bit": lambda: saved(MODES["1"](), "PNG"),
    "PNG of one bit with a clear colour": lambda: saved(MODES["1"](), "PNG", transparency=1),
    "PNG with a clear ground": lambda: saved(MODES["RGBA"](), "PNG"),
    "PNG with a clear entry of its palette": lambda: saved(palette_with_a_clear_entry(), "PNG", transparency=1),
    "moving PNG": lambda: saved(sheet(), "PNG", save_all=True, append_images=[sheet(200, 10)]),
    "WebP": lambda: saved(sheet().convert("RGB"), "WEBP"),
    "WebP with a clear ground": lambda: saved(MODES["RGBA"](), "WEBP"),
    "WebP without loss, with a clear ground": lambda: saved(MODES["RGBA"](), "WEBP", lossless=True),
    "moving WebP": lambda: saved(sheet().convert("RGB"), "WEBP", save_all=True, append_images=[sheet(200, 10).convert("RGB")]),
    "GIF": lambda: saved(sheet(), "GIF"),
    "GIF with a clear ground": lambda: saved(MODES["RGBA"](), "GIF"),
    "moving GIF with a remark": lambda: saved(sheet(), "GIF", save_all=True, append_images=[sheet(200, 10)], comment=b"x" * 600),
}
