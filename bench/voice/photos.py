"""Measure how much of photos is read and hidden: simulated receipts, labels and people, with the noise of a phone.

python -m bench.voice.photos FACES.npy [PHOTOS_A_KIND]; FACES.npy is skimage/data/lfw_subset.npy of scikit-image's wheel. Needs the Flink
image. Prints the share of right values of each field, the seconds a photo, and the errors.
"""

import argparse
import base64
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.results import record
from producers.customers.pictures import Printed, article_number, label, people, photographed, portrait, receipt, shelf, somewhere
from tests.support.flink_image import analyse

PHOTOS = 100
RECORDED = ("total_cents", "bought_on", "transaction_id")
COMMAND = "python -m bench.voice.photos FACES.npy"
#: A face is not hidden if more than this share of its detail is left.
MOST_DETAIL = 0.3
NAMES = (
    "bananas", "fluid milk white only", "cheese shredded", "soft drinks 12 pk", "white bread", "ground beef", "eggs large", "potato chips",
    "ice cream", "yogurt", "frozen pizza", "paper towels", "coffee beans", "apples gala", "tomatoes", "cereal",
)  # fmt: skip


def printed(draw: random.Random, customer: str | None = None) -> Printed:
    """Return a receipt of two to nine lines."""
    lines = tuple(
        (draw.choice(NAMES), units, units * draw.randint(59, 1899))
        for units in (draw.choice((1, 1, 1, 2, 3)) for _ in range(draw.randint(2, 9)))
    )
    at = datetime(2026, 11, 25, 9, tzinfo=UTC) + timedelta(minutes=draw.randint(-9000, 600))
    return Printed(str(draw.randint(1, 3100)), str(draw.randint(10**10, 10**11)), at, lines, f"{draw.randint(0, 9999):04d}", customer)


def analyse_photos(photos: list[bytes]) -> list[dict[str, Any]]:
    """Return the image's analysis of each photo, with the safe copy in base64 and the seconds of a core."""
    return analyse("analyse-photos", (base64.b64encode(photo).decode() for photo in photos))


def main() -> None:
    """Print a line for each kind of photo."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    parser.add_argument("photos", type=int, nargs="?", default=PHOTOS)
    parser.add_argument("--keep", type=Path, help="folder for photos with errors and their safe copies")
    arguments = parser.parse_args()
    draw, wrong = random.Random(5), list[str]()  # noqa: S311 - the same each time
    paper = [printed(draw, draw.choice((None, "Maria Gomez", "John Smith"))) for _ in range(arguments.photos)]
    shots = [photographed(receipt(bill, draw), draw) for bill in paper]
    analyses = analyse_photos(shots)
    right = dict.fromkeys(("total_cents", "bought_on", "store_id", "last_four", "transaction_id"), 0)
    for i, (want, got) in enumerate(zip(paper, analyses, strict=True)):
        expected = {
            "total_cents": want.total_cents, "bought_on": f"{want.sold_at:%Y-%m-%d}", "store_id": want.store_id, "last_four": want.last_four,
            "transaction_id": want.transaction_id,
        }  # fmt: skip
        for field, value in expected.items():
            right[field] += got[field] == value
            if got[field] != value:
                wrong.append(f"  receipt {i}: {field} is {value}, read {got[field]}")
                _keep(arguments.keep, f"receipt{i}", shots[i], got)
    print(
        f"receipts, of {len(paper)}: kind {_of_kind('RECEIPT', analyses)}, "
        + ", ".join(f"{field} {n / len(paper):.1%}" for field, n in right.items())
        + _took(analyses)
    )

    codes = [article_number(str(draw.randint(25_000, 18_000_000))) for _ in range(arguments.photos)]
    shots = [photographed(label(draw.choice(NAMES), draw.randint(59, 1899), code, draw), draw) for code in codes]
    analyses = analyse_photos(shots)
    for i, (code, got) in enumerate(zip(codes, analyses, strict=True)):
        if code not in got["barcodes"]:
            wrong.append(f"  label {i}: barcode {code}, read {got['barcodes']}")
            _keep(arguments.keep, f"label{i}", shots[i], got)
    print(
        f"barcodes, of {len(codes)}: {np.mean([c in got['barcodes'] for c, got in zip(codes, analyses, strict=True)]):.1%}; "
        f"kind {_of_kind('PRODUCT', analyses)}" + _took(analyses)
    )

    faces = people(arguments.faces)
    backs = [shelf([(draw.choice(NAMES), draw.randint(59, 1899)) for _ in range(3)], draw) for _ in faces]
    shots = []
    for back, face in zip(backs, faces, strict=True):
        shots.append(photographed(portrait(back, face, draw), draw))
    analyses = analyse_photos(shots)
    left = []
    for i, (face, got) in enumerate(zip(faces, analyses, strict=True)):
        copy = cv2.imdecode(np.frombuffer(base64.b64decode(got["safe_copy"]), np.uint8), cv2.IMREAD_GRAYSCALE)
        whole = cv2.imdecode(np.frombuffer(shots[i], np.uint8), cv2.IMREAD_GRAYSCALE)
        shown = _detail_left(copy, whole, face)
        if shown > MOST_DETAIL:
            left.append(i)
            wrong.append(f"  face {i}: {shown:.0%} of its detail is on the copy; {got['faces']} faces were counted")
            _keep(arguments.keep, f"face{i}", shots[i], got)
    counted = np.mean([got["faces"] == 1 for got in analyses])
    print(f"faces left to be recognised, of {len(faces)}: {len(left)}; counted right {counted:.1%}" + _took(analyses))

    shelves = [photographed(back, draw) for back in backs[: arguments.photos]]
    others = [photographed(portrait(somewhere(draw), face, draw), draw) for face in faces[: arguments.photos]]
    for kind, shots in (("SHELF", shelves), ("OTHER", others)):
        analyses = analyse_photos(shots)
        for i, got in enumerate(analyses):
            if got["kind"] != kind:
                wrong.append(f"  {kind} {i}: taken for {got['kind']}")
                _keep(arguments.keep, f"{kind.lower()}{i}", shots[i], got)
        print(f"taken for {kind}, of {len(shots)}: {_of_kind(kind, analyses)}" + _took(analyses))
    print("\n".join(wrong[:60]))
    _record(arguments.photos, {field: right[field] / len(paper) for field in RECORDED}, len(left), len(faces))


def _record(photos: int, right: dict[str, float], left: int, faces: int) -> None:
    """Record the share of receipts whose fields were read, and the faces left, unless fewer photos were taken."""
    if photos != PHOTOS:
        return
    for field, share in right.items():
        record(f"photos.receipts.{field}", round(share * 100, 1), "%", COMMAND, f"read right of {photos} receipts")
    record("photos.faces_left", left, f"of {faces} faces", COMMAND, "faces left to be recognised")
    record("photos.faces_tried", faces, "faces", COMMAND)


def _detail_left(copy: Any, whole: Any, face: Any) -> float:
    """Return the share of a face's detail (variance of its Laplacian) that is left on the copy, at the best match of the face in the photo."""
    best = (-1.0, 0, 0, 0)
    for size in (110, 130, 150):
        known = cv2.resize((face * 255).astype(np.uint8), (size, size), interpolation=cv2.INTER_CUBIC)
        _, score, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(whole, known, cv2.TM_CCOEFF_NORMED))
        best = max(best, (score, x, y, size))
    _, x, y, size = best
    # The middle of the face: eyes, nose and mouth.
    part = np.s_[y + size // 5 : y + size * 4 // 5, x + size // 5 : x + size * 4 // 5]
    return float(cv2.Laplacian(copy[part], cv2.CV_64F).var() / cv2.Laplacian(whole[part], cv2.CV_64F).var())


def _of_kind(kind: str, analyses: list[dict[str, Any]]) -> str:
    return f"{np.mean([got['kind'] == kind for got in analyses]):.1%}"


def _took(analyses: list[dict[str, Any]]) -> str:
    rate = len(analyses) / (max(got["ended"] for got in analyses) - min(got["began"] for got in analyses))
    return f"; {np.mean([got['seconds'] for got in analyses]):.2f} s of a core a photo, {rate:.1f} photos/s"


def _keep(folder: Path | None, name: str, photo: bytes, got: dict[str, Any]) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.jpg").write_bytes(photo)
        (folder / f"{name}-safe.jpg").write_bytes(base64.b64decode(got["safe_copy"] or ""))


if __name__ == "__main__":
    main()
