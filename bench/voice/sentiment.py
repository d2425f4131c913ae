"""Fits the sentiment model, and measures it on texts of a kind it was not fitted to: python -m bench.voice.sentiment FOLDER [--write].

FOLDER has the rated sentences of the VADER study (films, editorials, tweets): id, rating from -4 to 4, text; tab-separated. Each kind weighs
alike. With --write the coefficients fitted to all of them replace flink_jobs/voice/sentiment.json.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from flink_jobs.voice.embedding import encoder
from flink_jobs.voice.sentiment import FITTED, lexicons

FILES = {"films": "movieReviewSnippets.tsv", "editorials": "nytEditorialSnippets.tsv", "tweets": "tweets.tsv"}
#: Ridge's penalty: 10 to 30 differ by a hundredth or two.
PENALTY = 20.0


@dataclass
class Rated:
    """Sentences of one kind."""

    features: npt.NDArray[np.float64]
    ratings: npt.NDArray[np.float64]


def read(path: Path) -> Rated:
    """The sentences' features and their ratings, from -1 to 1."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8", errors="replace").split("\n") if line.count("\t") >= 2]
    texts = [row[2].strip() for row in rows]
    features = np.hstack([encoder()(texts), np.array([lexicons(text) for text in texts])])
    return Rated(features, np.array([float(row[1]) / 4 for row in rows]))


def fitted(parts: list[Rated]) -> tuple[npt.NDArray[np.float64], float]:
    """Ridge regression by its normal equations, each part of the same weight, the intercept without penalty.

    The penalty draws all values to the middle: they are spread again as the ratings are, so that -0.5 means what a person means by it.
    """
    weights = np.concatenate([np.full(len(part.ratings), 1 / len(part.ratings)) for part in parts])
    weights *= len(weights) / weights.sum()
    x, y = np.vstack([part.features for part in parts]), np.concatenate([part.ratings for part in parts])
    middle, height = np.average(x, axis=0, weights=weights), np.average(y, weights=weights)
    x, y = x - middle, y - height
    found = np.linalg.solve((x * weights[:, None]).T @ x + PENALTY * np.eye(x.shape[1]), (x * weights[:, None]).T @ y)
    found *= np.sqrt(np.average(y**2, weights=weights) / np.average((x @ found) ** 2, weights=weights))
    return found, float(height - middle @ found)


def main() -> None:
    """Prints the correlation on each kind, fitted to the others; writes what is fitted to all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    rated = {kind: read(arguments.folder / file) for kind, file in FILES.items()}
    for kind, held in rated.items():
        weights, intercept = fitted([part for other, part in rated.items() if other != kind])
        own = np.corrcoef(held.features @ weights + intercept, held.ratings)[0, 1]
        vader = np.corrcoef(held.features[:, -5], held.ratings)[0, 1]
        print(f"{kind}: {own:.3f} on {len(held.ratings):,} sentences, fitted to the others; VADER alone {vader:.3f}")
    if arguments.write:
        weights, intercept = fitted(list(rated.values()))
        # Rounded: a sentence's value differs by less than a thousandth.
        text = json.dumps({"weights": [round(float(w), 5) for w in weights], "intercept": round(intercept, 5)})
        FITTED.write_text(text + "\n", encoding="utf-8")
        print(f"written: {FITTED}")


if __name__ == "__main__":
    main()
