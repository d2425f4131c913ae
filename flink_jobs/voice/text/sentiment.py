"""Rate the sentiment of a sentence from -1 to 1, by its meaning and by two lexicons of words.

The meaning counts by how much nearer the sentence is to good example sentences than to bad ones (feelings.yaml). The weights are round numbers.
Only the scale (sentiment.json) is fitted to texts that people have rated; bench/README.md has the results.
"""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml
from afinn import Afinn
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from flink_jobs.voice.text.embedding import encoder

HERE = Path(__file__).parent
FEELINGS = HERE / "feelings.yaml"
FITTED = HERE / "sentiment.json"
#: The weights of the four features, each in its standard deviations: mean similarity, similarity to the nearest few, VADER, AFINN.
WEIGHTS = (0.5, 0.5, 0.4, 0.2)
#: The sharpness of the soft maximum: how much more the nearest few count than the others.
SHARPNESS = 10.0


@lru_cache
def _vader() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@lru_cache
def _afinn() -> Afinn:
    return Afinn(emoticons=True)


def lexicons(sentence: str) -> list[float]:
    """Return VADER's compound score, and AFINN's sum divided by the square root of the number of words."""
    return [_vader().polarity_scores(sentence)["compound"], _afinn().score(sentence) / max(1, len(sentence.split())) ** 0.5]


class Feelings:
    """The vectors of the good and bad example sentences."""

    def __init__(self, path: Path = FEELINGS) -> None:
        examples = yaml.safe_load(path.read_text(encoding="utf-8"))
        self._good, self._bad = encoder()(examples["good"]), encoder()(examples["bad"])

    def __call__(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return how much nearer each vector is to the good examples than to the bad ones: by the mean, and by the nearest few (n x 2)."""
        good, bad = (vectors.astype(np.float64) @ side.T.astype(np.float64) for side in (self._good, self._bad))
        return np.column_stack([good.mean(axis=1) - bad.mean(axis=1), _nearest_few(good) - _nearest_few(bad)])


def _nearest_few(nearness: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    similarity: npt.NDArray[np.float64] = np.log(np.exp(SHARPNESS * nearness).sum(axis=1)) / SHARPNESS
    return similarity


@lru_cache
def feelings() -> Feelings:
    """Return the example sentences' vectors, loaded once per process."""
    return Feelings()


def features(sentences: list[str], vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return the four features of each sentence, in the order of WEIGHTS (n x 4)."""
    return np.hstack([feelings()(vectors), np.array([lexicons(sentence) for sentence in sentences])])


class Sentiment:
    """The weighted sum of the features, on the scale of people's ratings."""

    def __init__(self, path: Path = FITTED) -> None:
        scale = json.loads(path.read_text(encoding="utf-8"))
        self._middle, self._spread = np.array(scale["middle"]), np.array(scale["spread"])
        self._slope, self._intercept = scale["slope"], scale["intercept"]

    def __call__(self, sentences: list[str], vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return the sentiment of each sentence (n), from -1 to 1."""
        raw = (features(sentences, vectors) - self._middle) / self._spread @ np.array(WEIGHTS)
        ratings: npt.NDArray[np.float64] = np.clip(raw * self._slope + self._intercept, -1, 1)
        return ratings


@lru_cache
def sentiment() -> Sentiment:
    """Return the fitted sentiment, loaded once per process."""
    return Sentiment()
