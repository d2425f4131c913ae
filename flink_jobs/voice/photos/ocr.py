"""Read the text printed on a photo, in rows as a person reads them."""

import logging
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from flink_jobs.voice.photos.picture import Pixels
from flink_jobs.voice.photos.threads import one_a_thread

#: The longer side, in pixels, of the picture in which text is detected. It is read at full size.
DETECTED_AT = 640
#: The least length, in pixels, of an edge that counts for the angle of the page.
TELLING = 60
#: Parts whose centres are nearer than this, in heights of their text, are on one row.
SAME_ROW = 0.55


@dataclass(frozen=True)
class Part:
    """A piece of text: its four corners in pixels, clockwise from the top left (4 x 2), and the text."""

    corners: npt.NDArray[np.float64]
    text: str

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, width and height of the upright box around it."""
        left, top = self.corners.min(axis=0)
        right, bottom = self.corners.max(axis=0)
        return round(left), round(top), round(right - left), round(bottom - top)


Row = list[Part]
"""Parts beside each other, from left to right."""


@one_a_thread
def _reader() -> Any:
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    one_thread = {"EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1}
    return RapidOCR(
        params={
            **one_thread,
            "Global.use_cls": False,
            "Global.log_level": "error",
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECTED_AT,
            # Each part alone and at its own width: half are prices, which a batch of six would pad to its widest part, and to 320 pixels.
            "Rec.rec_batch_num": 1,
            "Rec.rec_img_shape": [3, 48, 48],
        }
    )


def read(pixels: Pixels) -> list[Row]:
    """Return the rows of text from top to bottom, or an empty list if there is none."""
    result = _reader()(pixels)
    if result.boxes is None:
        return []
    return rows([Part(np.asarray(box, dtype=np.float64), text) for box, text in zip(result.boxes, result.txts, strict=True)])


def rows(parts: list[Part]) -> list[Row]:
    """Group parts into rows: level them by the page's median angle, then add each, from top to bottom, to the last row if that is near, or to a new row."""
    edges = [part.corners[1] - part.corners[0] for part in parts]
    tilt = float(np.median([np.arctan2(edge[1], edge[0]) for edge in edges if np.hypot(*edge) > TELLING] or [0.0]))
    level = np.array([[np.cos(-tilt), -np.sin(-tilt)], [np.sin(-tilt), np.cos(-tilt)]])
    grouped: list[tuple[float, float, list[tuple[float, Part]]]] = []
    for (x, y), height, part in sorted(
        ((level @ part.corners.mean(axis=0), float(np.linalg.norm(part.corners[3] - part.corners[0])), part) for part in parts),
        key=lambda p: p[0][1],
    ):
        if grouped and abs(y - grouped[-1][0]) < SAME_ROW * max(height, grouped[-1][1]):
            before, tallest, members = grouped[-1]
            members.append((x, part))
            grouped[-1] = (before + (y - before) / len(members), max(tallest, height), members)
        else:
            grouped.append((y, height, [(x, part)]))
    return [[part for _, part in sorted(members, key=lambda member: member[0])] for _, _, members in grouped]


def row_text(row: Row) -> str:
    """Return a row as one text."""
    return " ".join(part.text for part in row)


def touched(row: Row, stretches: list[tuple[int, int]]) -> list[bool]:
    """Return for each part of a row whether one of the (start, end) ranges of the row's text touches it."""
    hits, start = [], 0
    for part in row:
        end = start + len(part.text)
        hits.append(any(first < end and start < last for first, last in stretches))
        start = end + 1
    return hits
