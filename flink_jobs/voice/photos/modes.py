"""Convert a picture of any Pillow mode to eight bits per colour, on a white background."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

#: The highest level of a picture of 16 bits.
_SIXTEEN = 65_535
_ROWS = 128
_SEE_THROUGH = {"La": "LA", "RGBa": "RGBA"}


def eight_bit(image: Image.Image) -> Image.Image:
    """Return the picture as RGB, or as RGBA if it has transparent parts. Levels of 16 bits and more are scaled; Pillow itself would clip them."""
    if image.mode.startswith("I") or image.mode == "F":
        return _scaled(image)
    if image.mode == "La":
        return _unmultiplied(image)
    if image.has_transparency_data:
        return image.convert(_SEE_THROUGH.get(image.mode, image.mode)).convert("RGBA")
    return image.convert("RGB")


def on_white(image: Image.Image) -> Image.Image:
    """Return an RGBA picture on a white background; an RGB picture is returned unchanged."""
    if image.mode != "RGBA":
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def _scaled(image: Image.Image) -> Image.Image:
    """Return grey levels of 16 or 32 bits, or floats, as eight bits. NaN, infinite and transparent pixels become white."""
    levels = np.asarray(image)
    grey = np.empty(levels.shape, np.uint8)
    clear = image.info.get("transparency")
    lowest, highest = _range(image.mode, levels)
    # Some rows at a time: in double precision a whole photo would take 800 MB, and in single precision the extremes of 32-bit floats overflow.
    for top in range(0, len(levels), _ROWS):
        part = levels[top : top + _ROWS].astype(np.float64)
        blank = ~np.isfinite(part)
        if isinstance(clear, int):
            blank |= part == clear
        scaled = np.clip((part - lowest) * (255.0 / (highest - lowest)), 0, 255, where=~blank, out=np.full(part.shape, 255.0))
        grey[top : top + _ROWS] = np.rint(scaled)
    return Image.fromarray(grey).convert("RGB")


def _range(mode: str, levels: npt.NDArray[Any]) -> tuple[float, float]:
    """Return the levels of black and white: the mode's if it defines them, else the picture's own minimum and maximum."""
    if mode.startswith("I;16"):
        return 0.0, float(_SIXTEEN)
    finite = levels[np.isfinite(levels)] if mode == "F" else levels
    least, greatest = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    for white in (1.0, 255.0, float(_SIXTEEN))[0 if mode == "F" else 1 :]:
        if least >= 0 and greatest <= white:
            return 0.0, white
    return least, greatest if greatest > least else least + 1.0


def _unmultiplied(image: Image.Image) -> Image.Image:
    """Convert grey with premultiplied alpha to RGBA, which Pillow cannot do."""
    grey, solid = (np.asarray(image)[:, :, band].astype(np.float32) for band in (0, 1))
    plain = np.clip(np.rint(np.divide(grey * 255.0, solid, where=solid > 0, out=np.zeros_like(grey))), 0, 255).astype(np.uint8)
    return Image.fromarray(np.dstack([plain, plain, plain, solid.astype(np.uint8)]))
