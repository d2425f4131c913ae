"""How a sentence feels, from -1 to 1: a linear model on its meaning (the encoder's vector) and on what lexicons say of its words.

Fitted by bench/voice/sentiment.py to sentences that people have rated; what it takes from each kind of text it was not fitted to is in
bench/README.md.
"""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from afinn import Afinn
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

FITTED = Path(__file__).parent / "sentiment.json"


@lru_cache
def _vader() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@lru_cache
def _afinn() -> Afinn:
    return Afinn(emoticons=True)


def lexicons(sentence: str) -> list[float]:
    """What the lexicons say: VADER (compound, share of good and of bad words) and AFINN (by the root of the length, and bent to 1)."""
    vader, afinn = _vader().polarity_scores(sentence), _afinn().score(sentence)
    words = max(1, len(sentence.split()))
    return [vader["compound"], vader["pos"], vader["neg"], afinn / words**0.5, float(np.tanh(afinn / 4))]


class Sentiment:
    """The fitted model."""

    def __init__(self, path: Path = FITTED) -> None:
        fitted = json.loads(path.read_text(encoding="utf-8"))
        self._weights, self._intercept = np.array(fitted["weights"]), fitted["intercept"]

    def __call__(self, sentences: list[str], vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """A value a sentence."""
        features = np.hstack([vectors, np.array([lexicons(sentence) for sentence in sentences])])
        return np.clip(features @ self._weights + self._intercept, -1, 1)


@lru_cache
def sentiment() -> Sentiment:
    """The process's own."""
    return Sentiment()
