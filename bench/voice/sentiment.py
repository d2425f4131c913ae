"""Measure the sentiment model on sentences that people have rated: python -m bench.voice.sentiment FOLDER [--write].

FOLDER has the rated sentences of the VADER study (films, editorials, tweets): id, rating from -4 to 4, text; tab-separated. Prints the
correlation on each kind and the sentences furthest from their rating. With --write the scale is fitted to them, and nothing else:
flink_jobs/voice/text/sentiment.json.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from flink_jobs.voice.text.embedding import encoder
from flink_jobs.voice.text.sentiment import FITTED, WEIGHTS, features

FILES = {"films": "movieReviewSnippets.tsv", "editorials": "nytEditorialSnippets.tsv", "tweets": "tweets.tsv"}
VADER = 2
SHOWN = 4


@dataclass
class Rated:
    """The sentences of one kind, with features of shape (sentences, features) and ratings from -1 to 1."""

    texts: list[str]
    features: npt.NDArray[np.float64]
    ratings: npt.NDArray[np.float64]


def read(path: Path) -> Rated:
    """Return all sentences of a file."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8", errors="replace").split("\n") if line.count("\t") >= 2]
    texts = [row[2].strip() for row in rows]
    return Rated(texts, features(texts, encoder()(texts)), np.array([float(row[1]) / 4 for row in rows]))


def scale(parts: list[Rated]) -> dict[str, list[float] | float]:
    """Fit the scale: mean and deviation of each feature, and the line from the weighted sum to ratings with the spread of people's ratings.

    Each kind of sentence has the same weight.
    """
    weights = np.concatenate([np.full(len(part.ratings), 1 / len(part.ratings)) for part in parts]) / len(parts)
    x, y = np.vstack([part.features for part in parts]), np.concatenate([part.ratings for part in parts])
    middle = weights @ x
    spread = np.sqrt(weights @ (x - middle) ** 2)
    raw, height = (x - middle) / spread @ np.array(WEIGHTS), float(weights @ y)
    slope = float(np.sqrt((weights @ (y - height) ** 2) / (weights @ raw**2)))
    return {
        "middle": [round(float(m), 5) for m in middle],
        "spread": [round(float(s), 5) for s in spread],
        "slope": round(slope, 5),
        "intercept": round(height, 5),
    }


def main() -> None:
    """Print correlations and examples; write the scale if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    rated = {kind: read(arguments.folder / file) for kind, file in FILES.items()}
    if arguments.write:
        FITTED.write_text(json.dumps(scale(list(rated.values()))) + "\n", encoding="utf-8")
        print(f"written: {FITTED}")
    known = json.loads(FITTED.read_text(encoding="utf-8"))
    for kind, held in rated.items():
        raw = (held.features - np.array(known["middle"])) / np.array(known["spread"]) @ np.array(WEIGHTS)
        scores = np.clip(raw * known["slope"] + known["intercept"], -1, 1)
        own, vader = (np.corrcoef(values, held.ratings)[0, 1] for values in (scores, held.features[:, VADER]))
        print(f"{kind}: {own:.3f} on {len(held.ratings):,} sentences; VADER alone {vader:.3f}")
        for i in np.argsort(-np.abs(scores - held.ratings))[:SHOWN]:
            print(f"  people {held.ratings[i]:+.2f}, model {scores[i]:+.2f}: {held.texts[i][:150]}")


if __name__ == "__main__":
    main()
