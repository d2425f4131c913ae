"""What is blurred on the copy that is kept: faces, and names and numbers of people that can be read."""

from functools import lru_cache

import cv2
import numpy as np

from flink_jobs.voice.photos.picture import Pixels

Box = tuple[int, int, int, int]
"""Left, top, width, height."""

#: The smallest face that is looked for, and the longer side of the picture it is looked for in.
SMALLEST, LOOKED_AT = 26, 800
#: Each pass looks for faces larger by so much: at 1.1 it took 1.3 s of a core a photo, and counted worse.
STEP = 1.2
#: As many of a cascade's windows have to agree; for counting more than for blurring, which does no harm where there is none.
TO_BLUR, TO_COUNT = 1, 5
#: A face is wider than what a cascade frames.
MARGIN = 0.25


@lru_cache
def _cascades() -> dict[str, cv2.CascadeClassifier]:
    names = ("frontalface_default", "frontalface_alt2", "profileface")
    return {name: cv2.CascadeClassifier(f"{cv2.data.haarcascades}haarcascade_{name}.xml") for name in names}


def faces(pixels: Pixels) -> tuple[list[Box], int]:
    """Where faces may be, in pixels of the picture, and how many of them are sure."""
    height, width = pixels.shape[:2]
    scale = min(1.0, LOOKED_AT / max(height, width))
    grey = cv2.equalizeHist(cv2.cvtColor(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY))
    found: list[Box] = []
    sure: list[Box] = []
    for name, cascade in _cascades().items():
        for mirrored in (False, True) if name == "profileface" else (False,):
            seen = np.ascontiguousarray(grey[:, ::-1]) if mirrored else grey
            boxes, agreeing = cascade.detectMultiScale2(seen, STEP, TO_BLUR, minSize=(SMALLEST, SMALLEST))
            for (x, y, w, h), count in zip(boxes, np.ravel(agreeing), strict=True):
                left = grey.shape[1] - x - w if mirrored else x
                box = (round(left / scale), round(y / scale), round(w / scale), round(h / scale))
                _add(found, box)
                if count >= TO_COUNT:
                    _add(sure, box)
    return found, len(sure)


def _add(boxes: list[Box], box: Box) -> None:
    """Adds it, where it is not one of them."""
    x, y, w, h = box
    for left, top, width, height in boxes:
        if (
            left - w / 2 < x + w / 2 - width / 2 < left + w / 2
            and abs(x + w / 2 - left - width / 2) < (w + width) / 4
            and abs(y + h / 2 - top - height / 2) < (h + height) / 4
        ):
            return
    boxes.append(box)


def blurred(pixels: Pixels, boxes: list[Box], margin: float = MARGIN) -> Pixels:
    """A copy on which each box, a margin around it too, is too coarse to be read or recognised: eight blocks across, and noise of none."""
    copy, (height, width) = pixels.copy(), pixels.shape[:2]
    for x, y, w, h in boxes:
        left, top = max(0, round(x - margin * w)), max(0, round(y - margin * h))
        right, bottom = min(width, round(x + w + margin * w)), min(height, round(y + h + margin * h))
        if right - left < 2 or bottom - top < 2:
            continue
        part = copy[top:bottom, left:right]
        across = 6
        blocks = cv2.resize(part, (across, max(2, round(across * (bottom - top) / (right - left)))), interpolation=cv2.INTER_AREA)
        copy[top:bottom, left:right] = cv2.resize(blocks, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
    return copy
