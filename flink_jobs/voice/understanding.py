"""From a text as it was written to what is kept of it: free of personal data, and understood."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from flink_jobs.voice.embedding import encoder, packed
from flink_jobs.voice.languages import TranslationError, language_of, to_english
from flink_jobs.voice.redaction import without_personal_data
from flink_jobs.voice.sentiment import FITTED, sentiment

HERE = Path(__file__).parent
TAXONOMY = HERE / "taxonomy.yaml"
#: A letter of three pages; what is longer is no feedback.
LONGEST = 10_000
#: As near as this to a sentence of the taxonomy speaks of its topic; below, of none. From the sentences of bench/voice.
NEAR_TOPIC, NEAR_INTENT = 0.3, 0.45
#: A topic that is this much less near than the sentence's nearest is not meant too.
BESIDE = 0.08
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+|\s+(?:but|however|although)\s+")
#: What cannot be waited with: the model's share beside how bad it sounds.
_URGENT = {"SAFETY": 1.0, "CANCELLATION": 0.7, "COMPLAINT": 0.4}
#: Nobody who is content wants these, however near the sentence is.
_UNHAPPY = {"SAFETY", "CANCELLATION", "COMPLAINT"}
#: What counts most in a text of several sentences.
FIRST = ("SAFETY", "SPAM", "CANCELLATION", "QUESTION")
#: A text beyond it is happy or, below its negative, unhappy.
CLEARLY = 0.2
OTHER = "OTHER"


@dataclass
class Understood:
    """What is kept of a text; `set_aside` says why nothing is."""

    set_aside: str | None = None
    language: str | None = None
    text: str | None = None
    text_en: str | None = None
    sentiment: float | None = None
    topics: list[str] = field(default_factory=list)
    aspects: dict[str, float] = field(default_factory=dict)
    intent: str | None = None
    urgency: float | None = None
    redactions: dict[str, int] = field(default_factory=dict)
    embedding: bytes | None = None


class Taxonomy:
    """The vectors of the sentences that tell topics and intents."""

    def __init__(self, path: Path = TAXONOMY) -> None:
        kinds = yaml.safe_load(path.read_text(encoding="utf-8"))
        self._of = {kind: [name for name, examples in names.items() for _ in examples] for kind, names in kinds.items()}
        self._vectors = {kind: encoder()([s for examples in names.values() for s in examples]) for kind, names in kinds.items()}

    def nearest(self, kind: str, vector: npt.NDArray[np.float32], near: float, beside: float = 0.0) -> list[str]:
        """The names that a sentence is near to, the nearest first."""
        best: dict[str, float] = {}
        for name, nearness in zip(self._of[kind], self._vectors[kind] @ vector, strict=True):
            best[name] = max(best.get(name, -1.0), float(nearness))
        top = max(best.values())
        return sorted((name for name, value in best.items() if value >= max(near, top - beside)), key=lambda name: -best[name])


@lru_cache
def taxonomy() -> Taxonomy:
    """The process's own."""
    return Taxonomy()


@lru_cache
def model_version() -> str:
    """Names all that a result depends on: a change of any of it is a new version."""
    whole = hashlib.sha256()
    for path in (*sorted(HERE.glob("*.py")), TAXONOMY, FITTED):
        whole.update(path.read_bytes())
    return f"voice-1+{whole.hexdigest()[:8]}"


def understood(texts: list[str]) -> list[Understood]:
    """Each text on its own: what is made of it is the same whatever it comes with, now and after a recovery. Apertium alone takes all at once."""
    made = [Understood(set_aside=_unusable(text)) for text in texts]
    for one, text in zip(made, texts, strict=True):
        if not one.set_aside:
            one.language = language_of(text)
            if one.language is None:
                one.set_aside = "UNKNOWN_LANGUAGE: neither English nor Spanish"
    for language in ("en", "es"):
        part = [i for i, one in enumerate(made) if one.language == language]
        for i, (text, counts) in zip(part, without_personal_data([texts[i].strip() for i in part], language), strict=True):
            made[i].text, made[i].redactions = text, counts
    for one in made:
        one.text_en = one.text if one.language == "en" else None
    _translate([one for one in made if one.language == "es"])
    _read([one for one in made if one.language and not one.set_aside])
    return made


def _translate(those: list[Understood]) -> None:
    """The English of safe texts in Spanish; where all of them together cannot be translated, each on its own."""
    try:
        for one, text in zip(those, to_english([str(one.text) for one in those]), strict=True):
            one.text_en = text
    except TranslationError as error:
        if len(those) == 1:
            those[0].set_aside = f"UNTRANSLATED: {error}"
            return
        for one in those:
            _translate([one])


def _unusable(text: str) -> str | None:
    """Why a text cannot be analysed; nothing where it can."""
    if len(text) > LONGEST:
        return f"TOO_LONG: {len(text):,} characters, {LONGEST:,} may be"
    if not text.strip():
        return "EMPTY: there is nothing in it"
    if "\ufffd" in text or sum(c.isprintable() or c.isspace() for c in text) < 0.95 * len(text):
        return "ENCODING: its characters are not text"
    if not any(c.isalpha() for c in text):
        return "NO_WORDS: there is no letter in it"
    return None


def _read(those: list[Understood]) -> None:
    """Topics, sentiment, intent and the vector of texts in English, sentence by sentence."""
    sentences = [[s.strip() for s in _SENTENCE.split(str(one.text_en)) if any(map(str.isalpha, s))] or [str(one.text_en)] for one in those]
    flat = [s for part in sentences for s in part]
    if not flat:
        return
    vectors = encoder()(flat)
    feelings = sentiment()(flat, vectors)
    at = 0
    for one, part in zip(those, sentences, strict=True):
        own, felt = vectors[at : at + len(part)], feelings[at : at + len(part)]
        at += len(part)
        _fill(one, own, felt, np.array([len(s) for s in part], float))


def _fill(one: Understood, vectors: npt.NDArray[np.float32], felt: npt.NDArray[np.float64], lengths: npt.NDArray[np.float64]) -> None:
    known = taxonomy()
    by_topic: dict[str, list[float]] = {}
    intents: list[str] = []
    for vector, feeling in zip(vectors, felt, strict=True):
        for topic in known.nearest("topics", vector, NEAR_TOPIC, BESIDE):
            by_topic.setdefault(topic, []).append(float(feeling))
        wanted = known.nearest("intents", vector, NEAR_INTENT)[:1]
        intents += [intent for intent in wanted if feeling < 0 or intent not in _UNHAPPY]
    one.sentiment = round(float(np.average(felt, weights=lengths)), 3)
    one.aspects = {topic: round(sum(values) / len(values), 3) for topic, values in by_topic.items()}
    one.topics = list(by_topic) or [OTHER]
    one.intent = next((intent for intent in FIRST if intent in intents), intents[0] if intents else _felt(one.sentiment))
    one.urgency = round(min(1.0, _URGENT.get(one.intent, 0.0) + max(0.0, -one.sentiment) * 0.3), 3)
    mean = vectors.mean(axis=0)
    one.embedding = packed(mean / np.linalg.norm(mean))


def _felt(sentiment: float) -> str:
    """The intent of a text that is near to no sentence of the taxonomy."""
    return "COMPLAINT" if sentiment < -CLEARLY else "PRAISE" if sentiment > CLEARLY else "STATEMENT"


def as_json(value: dict[str, float] | dict[str, int]) -> str:
    """A small mapping as the lake keeps it."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True)
