"""Analyse texts: remove personal data, translate to English, and derive topics, sentiment, intent, urgency and a vector."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from flink_jobs.voice.text.bounds import LONGEST, MOST_SENTENCES, grouped, unusable
from flink_jobs.voice.text.embedding import encoder, packed
from flink_jobs.voice.text.entity_linking import Catalogue
from flink_jobs.voice.text.languages import TranslationError, language_of, to_english
from flink_jobs.voice.text.near_duplicates import fingerprints
from flink_jobs.voice.text.patterns import order_number
from flink_jobs.voice.text.redaction import AT_ONCE, without_personal_data
from flink_jobs.voice.text.sentiment import sentiment
from flink_jobs.voice.version import TEXT_PACKAGES, TEXTS, version_of
from tillstream.core.analysis_fields import VECTOR_LENGTH
from tillstream.core.rules import HAPPY, UNHAPPY

HERE = Path(__file__).parent
TAXONOMY = HERE / "taxonomy.yaml"
#: The least cosine similarity to a sentence of the taxonomy for its topic or intent to count. Tuned on the sentences of bench/voice.
NEAR_TOPIC, NEAR_INTENT = 0.3, 0.45
#: Customers speak of gifts and cards as spam does, with a similarity of up to 0.55; garbled spam has 0.65.
NEAR_SPAM = 0.6
#: A second topic counts only if its similarity is at most this much below the nearest topic's.
BESIDE = 0.08
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+|\s{1,9}(?:but|however|although)\s+")
#: The intent's part of a text's urgency; the sentiment is the other part.
_URGENT = {"SAFETY": 1.0, "CANCELLATION": 0.7, "COMPLAINT": 0.4}
#: Intents that a sentence with positive sentiment cannot have, however near it is.
_UNHAPPY = {"SAFETY", "CANCELLATION", "COMPLAINT"}
#: Intents that win, in this order, over the others of a text with several sentences.
FIRST = ("SAFETY", "SPAM", "CANCELLATION", "QUESTION")
OTHER = "OTHER"


Safe = tuple[str, dict[str, int]]
"""A text without personal data, and the number of its placeholders by kind."""


@dataclass
class TextAnalysis:
    """The analysis of a text, or in `set_aside` why there is none."""

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
    products_named: list[str] = field(default_factory=list)
    store_named: str | None = None
    order_named: str | None = None
    fingerprints: tuple[str, str] | None = None


class Taxonomy:
    """The vectors of the taxonomy's example sentences for topics, intents and endings of calls."""

    def __init__(self, path: Path = TAXONOMY) -> None:
        kinds = yaml.safe_load(path.read_text(encoding="utf-8"))
        self._of = {kind: [name for name, examples in names.items() for _ in examples] for kind, names in kinds.items()}
        self._vectors = {kind: encoder()([s for examples in names.values() for s in examples]) for kind, names in kinds.items()}

    def nearness(self, kind: str, vector: npt.NDArray[np.float32]) -> dict[str, float]:
        """Return a sentence's cosine similarity to each name of the kind (topics, intents, endings), by the name's nearest example; nearest first."""
        best: dict[str, float] = {}
        for name, near in zip(self._of[kind], self._vectors[kind] @ vector, strict=True):
            best[name] = max(best.get(name, -1.0), float(near))
        return dict(sorted(best.items(), key=lambda item: -item[1]))

    def nearest(self, kind: str, vector: npt.NDArray[np.float32]) -> tuple[str, float]:
        """Return the name nearest to a sentence, and its cosine similarity."""
        return next(iter(self.nearness(kind, vector).items()))


@lru_cache
def taxonomy() -> Taxonomy:
    """Return the taxonomy, loaded once per process."""
    return Taxonomy()


@lru_cache
def model_version() -> str:
    """Return the version of everything that a result depends on."""
    return version_of("voice-1", TEXTS, TEXT_PACKAGES, (UNHAPPY, HAPPY, VECTOR_LENGTH))


def analyse_texts(texts: list[str], catalogue: Catalogue | None = None) -> list[TextAnalysis]:
    """Analyse texts. A text's analysis does not depend on the other texts, so it is the same after a recovery.

    Args:
        texts: the texts as they were written.
        catalogue: the product types and stores that a text may name; without it, none is found.
    """
    analyses = [TextAnalysis(set_aside=unusable(text, LONGEST)) for text in texts]
    encoded: list[tuple[TextAnalysis, list[str], Future[npt.NDArray[np.float32]]]] = []
    with ThreadPoolExecutor(1) as executor:
        for i, (safe,), (english,) in safe_and_english(analyses, texts, [[text.strip()] for text in texts]):
            analysis = analyses[i]
            analysis.text, analysis.text_en = safe, english
            link_entities(analysis, texts[i], safe, catalogue)
            analysis.fingerprints = fingerprints(safe)
            parts = sentences(english)
            # The encoder releases the interpreter lock: personal data is removed from the next text meanwhile.
            encoded.append((analysis, parts, executor.submit(encoder(), parts)))
        for analysis, parts, vectors in encoded:
            lengths = np.array([len(sentence) for sentence in parts], float)
            score_document(analysis, vectors.result(), sentiment()(parts, vectors.result()), lengths)
    return analyses


def safe_and_english(
    analyses: Sequence[TextAnalysis],
    languages_by: list[str],
    parts: list[list[str]],
    redact_more: Callable[[int, list[Safe]], list[Safe]] | None = None,
) -> Iterator[tuple[int, list[str], list[str]]]:
    """Yield index, safe parts and English parts of each document that is not set aside.

    English documents come first: meanwhile Apertium translates the Spanish ones on the other core.

    Args:
        analyses: the analyses, in which language, placeholders or the reason to set a document aside are filled in.
        languages_by: the text of each document by which its language is detected.
        parts: the original parts of each document.
        redact_more: removes from a document's safe parts what is known to be personal by its place; called with the document's index.
    """
    for analysis, text in zip(analyses, languages_by, strict=True):
        if not analysis.set_aside:
            analysis.language = language_of(text)
            analysis.set_aside = None if analysis.language else "UNKNOWN_LANGUAGE: neither English nor Spanish"

    def safe(indices: list[int], language: str) -> Iterator[tuple[int, list[str]]]:
        redacted = iter(without_personal_data([part for i in indices for part in parts[i]], language))
        for i in indices:
            own = [next(redacted) for _ in parts[i]]
            own = redact_more(i, own) if redact_more else own
            analyses[i].redactions = dict(sum((Counter(counts) for _, counts in own), Counter()))
            yield i, [part for part, _ in own]

    by_language = {language: [i for i, analysis in enumerate(analyses) if analysis.language == language] for language in ("en", "es")}
    spanish = dict(safe(by_language["es"], "es"))
    with ThreadPoolExecutor(1) as executor:
        translation = executor.submit(_translated, analyses, spanish)
        for start in range(0, len(by_language["en"]), AT_ONCE):
            yield from ((i, own, own) for i, own in safe(by_language["en"][start : start + AT_ONCE], "en"))
        yield from ((i, spanish[i], english) for i, english in translation.result().items())


def _translated(analyses: Sequence[TextAnalysis], documents: dict[int, list[str]]) -> dict[int, list[str]]:
    """Translate safe Spanish documents. If they cannot be translated together, translate each half alone; set a single one aside that fails."""
    try:
        flat = iter(to_english([part for parts in documents.values() for part in parts]))
        return {i: [next(flat) for _ in parts] for i, parts in documents.items()}
    except TranslationError as error:
        if len(documents) == 1:
            (i,) = documents
            analyses[i].set_aside = f"UNTRANSLATED: {error}"
            return {}
        order = list(documents)
        halves = order[: len(order) // 2], order[len(order) // 2 :]
        return {j: parts for half in halves for j, parts in _translated(analyses, {i: documents[i] for i in half}).items()}


def link_entities(analysis: TextAnalysis, original: str, safe: str, catalogue: Catalogue | None) -> None:
    """Fill in the product types and the store that the safe text names, and the order number, which only the original has."""
    if catalogue:
        analysis.products_named, analysis.store_named = catalogue.product_types(safe), catalogue.store(safe)
    analysis.order_named = order_number(original)


def sentences(text: str, most: int = MOST_SENTENCES) -> list[str]:
    """Split a text into its sentences that have a letter, grouped if there are more than `most`; the whole text if there is none."""
    return grouped([s.strip() for s in _SENTENCE.split(text) if any(map(str.isalpha, s))], most) or [text]


def vectors_and_sentiments(english: list[str]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
    """Return for English sentences a vector of length 1 each (n x 384), and the sentiment of each (n), from -1 to 1."""
    vectors = encoder()(english)
    return vectors, sentiment()(english, vectors)


def score_document(
    analysis: TextAnalysis, vectors: npt.NDArray[np.float32], sentiments: npt.NDArray[np.float64], lengths: npt.NDArray[np.float64]
) -> None:
    """Fill in topics, aspects, sentiment, intent, urgency and vector of a document from its sentences.

    Args:
        analysis: the analysis to fill in.
        vectors: a vector of length 1 per sentence (n x 384).
        sentiments: the sentiment of each sentence (n), from -1 to 1.
        lengths: the weight of each sentence in the document's sentiment (n).
    """
    labels = taxonomy()
    by_topic: dict[str, list[float]] = {}
    intents: list[str] = []
    for vector, value in zip(vectors, sentiments, strict=True):
        topics = labels.nearness("topics", vector)
        threshold = max(NEAR_TOPIC, max(topics.values()) - BESIDE)
        for topic in (topic for topic, near in topics.items() if near >= threshold):
            by_topic.setdefault(topic, []).append(float(value))
        intent, near = labels.nearest("intents", vector)
        counts = near >= (NEAR_SPAM if intent == "SPAM" else NEAR_INTENT) and (value < 0 or intent not in _UNHAPPY)
        intents += [intent] if counts else []
    analysis.sentiment = round(float(np.average(sentiments, weights=lengths)), 3)
    analysis.aspects = {topic: round(sum(values) / len(values), 3) for topic, values in by_topic.items()}
    analysis.topics = list(by_topic) or [OTHER]
    by_sentiment = _intent_by_sentiment(analysis.sentiment)
    analysis.intent = next((intent for intent in FIRST if intent in intents), intents[0] if intents else by_sentiment)
    analysis.urgency = round(min(1.0, _URGENT.get(analysis.intent, 0.0) + max(0.0, -analysis.sentiment) * 0.3), 3)
    mean = vectors.mean(axis=0)
    analysis.embedding = packed(mean / np.linalg.norm(mean))


def _intent_by_sentiment(sentiment: float) -> str:
    """Return the intent of a text that is near to no intent of the taxonomy, by its sentiment."""
    return "COMPLAINT" if sentiment < UNHAPPY else "PRAISE" if sentiment > HAPPY else "STATEMENT"


def as_json(value: dict[str, float] | dict[str, int]) -> str:
    """Return a mapping as the compact JSON that the lake keeps."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True)
