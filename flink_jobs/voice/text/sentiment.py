"""How a sentence feels, from -1 to 1: how much nearer it is in meaning to sentences that feel good than to such that feel bad, and what two
lexicons say of its words.

Nothing is learnt from rated texts but the scale: the sentences are in feelings.yaml, the weights are round numbers, and what it takes from
texts that people have rated is in bench/README.md.
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
#: Of nearness on the whole, of nearness to the nearest few, of VADER and of AFINN, each in its own standard deviations.
WEIGHTS = (0.5, 0.5, 0.4, 0.2)
#: How much more the nearest few count than the others.
SHARPNESS = 10.0


@lru_cache
def _vader() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@lru_cache
def _afinn() -> Afinn:
    return Afinn(emoticons=True)


def lexicons(sentence: str) -> list[float]:
    """What the lexicons say: VADER's compound, and AFINN's sum by the root of the length."""
    return [_vader().polarity_scores(sentence)["compound"], _afinn().score(sentence) / max(1, len(sentence.split())) ** 0.5]


class Feelings:
    """The vectors of the sentences that feel good and bad."""

    def __init__(self, path: Path = FEELINGS) -> None:
        known = yaml.safe_load(path.read_text(encoding="utf-8"))
        self._good, self._bad = encoder()(known["good"]), encoder()(known["bad"])

    def __call__(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """How much nearer each is to the good ones: on the whole, and to the nearest few. Two columns."""
        good, bad = (vectors.astype(np.float64) @ side.T.astype(np.float64) for side in (self._good, self._bad))
        return np.column_stack([good.mean(axis=1) - bad.mean(axis=1), _nearest_few(good) - _nearest_few(bad)])


def _nearest_few(nearness: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = np.log(np.exp(SHARPNESS * nearness).sum(axis=1)) / SHARPNESS
    return found


@lru_cache
def feelings() -> Feelings:
    """The process's own."""
    return Feelings()


def features(sentences: list[str], vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Four columns, as WEIGHTS has them."""
    return np.hstack([feelings()(vectors), np.array([lexicons(sentence) for sentence in sentences])])


class Sentiment:
    """The features' sum on the scale of people's ratings."""

    def __init__(self, path: Path = FITTED) -> None:
        scale = json.loads(path.read_text(encoding="utf-8"))
        self._middle, self._spread = np.array(scale["middle"]), np.array(scale["spread"])
        self._slope, self._intercept = scale["slope"], scale["intercept"]

    def __call__(self, sentences: list[str], vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """A value a sentence."""
        raw = (features(sentences, vectors) - self._middle) / self._spread @ np.array(WEIGHTS)
        found: npt.NDArray[np.float64] = np.clip(raw * self._slope + self._intercept, -1, 1)
        return found


@lru_cache
def sentiment() -> Sentiment:
    """The process's own."""
    return Sentiment()
