"""Open a photo's file safely, and measure its quality and its perceptual hash."""

import io
import struct
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from flink_jobs.voice.photos.modes import eight_bit, on_white
from flink_jobs.voice.photos.stripping import UnusablePhotoError, stripped

Pixels = npt.NDArray[np.uint8]
"""Height x width x (blue, green, red)."""

#: Larger photos are refused. A phone's largest photo has about 12 MB and 12 megapixels.
LARGEST_BYTES, LARGEST_PIXELS = 16_000_000, 25_000_000
#: The least shorter side, in pixels, after scaling to SIDE. The nets take nothing narrower.
NARROWEST = 16
#: The longer side, in pixels, of what is analysed and kept. A receipt's letters are still 15 pixels high.
SIDE = 1280
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


#: What Pillow raises for a broken file.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error, AssertionError)


@dataclass(frozen=True)
class Quality:
    """A photo's quality: sharpness is the variance of its Laplacian at 640 pixels (below about 50 it is blurred), brightness its mean from 0 to 255."""

    sharpness: float
    brightness: float


def opened(data: bytes) -> Pixels:
    """Return the pixels: upright, no larger than SIDE, on a white background. Nothing else of the file is kept.

    Raises:
        UnusablePhotoError: the file is no photo, cut short, broken, too large or too narrow. The size is checked before pixels are unpacked.
    """
    if not data:
        raise UnusablePhotoError("EMPTY: no byte")
    if len(data) > LARGEST_BYTES:
        raise UnusablePhotoError(f"TOO_LARGE: {len(data):,} bytes, {LARGEST_BYTES:,} may be")
    file = stripped(data)
    try:
        with warnings.catch_warnings():
            # Pillow warns at 89 megapixels; our own limit is lower.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(file.data), formats=(file.format,))
    except Image.DecompressionBombError as error:
        raise UnusablePhotoError(f"TOO_LARGE: {LARGEST_PIXELS:,} pixels may be") from error
    except (UnidentifiedImageError, *_BROKEN) as error:
        raise UnusablePhotoError(f"TRUNCATED: it begins as {file.format} does, and is none") from error
    width, height = image.size
    if width * height > LARGEST_PIXELS:
        raise UnusablePhotoError(f"TOO_LARGE: {width} x {height} pixels, {LARGEST_PIXELS:,} may be")
    if min(width, height) * min(1, SIDE / max(width, height)) < NARROWEST:
        raise UnusablePhotoError(f"TOO_SMALL: {width} x {height} pixels, too narrow to show anything")
    try:
        # Unpack a much larger JPEG at reduced size.
        image.draft(None, (2 * SIDE, 2 * SIDE))
        flat = eight_bit(image)
    except _BROKEN as error:
        raise UnusablePhotoError("TRUNCATED: its pixels end before the picture does, or are broken") from error
    flat.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    upright = on_white(flat)
    if file.way_up in _TURNS:
        upright = upright.transpose(_TURNS[file.way_up])
    return np.ascontiguousarray(np.asarray(upright)[:, :, ::-1])


def quality(pixels: Pixels) -> Quality:
    """Measure sharpness and brightness."""
    small = smaller(_grey(pixels), 640)
    return Quality(float(cv2.Laplacian(small, cv2.CV_64F).var()), float(small.mean()))


def perceptual_hash(pixels: Pixels) -> int:
    """Return the pHash as a signed integer of 64 bits: the 8 x 8 lowest frequencies of the picture at 32 x 32, each compared with their median.

    Photos whose hashes differ in few bits look alike.
    """
    frequencies = cv2.dct(cv2.resize(_grey(pixels), (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32))[:8, :8].ravel()
    bits = frequencies > np.median(frequencies[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)


def jpeg(pixels: Pixels) -> bytes:
    """Return a JPEG file with these pixels and no metadata.

    Raises:
        UnusablePhotoError: OpenCV could not encode the pixels.
    """
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])
    if not done:
        raise UnusablePhotoError("UNWRITABLE: its copy could not be made")
    return bytes(data)


def smaller(pixels: Pixels, side: int) -> Pixels:
    """Return the picture scaled so that its longer side has `side` pixels; a smaller picture is returned unchanged."""
    scale = side / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _grey(pixels: Pixels) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
