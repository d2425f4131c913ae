"""Analyse the transcripts of calls: remove personal data, and derive what is kept of a call."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flink_jobs.voice.text.analysis import (
    Safe,
    TextAnalysis,
    link_entities,
    safe_and_english,
    score_document,
    sentences,
    taxonomy,
    vectors_and_sentiments,
)
from flink_jobs.voice.text.bounds import unusable
from flink_jobs.voice.text.entity_linking import Catalogue
from flink_jobs.voice.text.finding import Finding, replaced
from flink_jobs.voice.text.names import asks_a_name, cased

#: Limits of a call: the characters and words of two hours of talk of both sides, and twice its turns.
LONGEST, MOST_WORDS, MOST_TURNS = 150_000, 40_000, 3_000
#: Sentences of one turn of the caller. In a turn with more, neighbours are grouped: it bounds the work for a call of MOST_TURNS turns.
MOST_SENTENCES = 8
CUSTOMER, AGENT = "CUSTOMER", "AGENT"
#: The least cosine similarity to a sentence that says how a call ended. If no sentence comes near, the caller's last turn decides by its sentiment.
NEAR_END = 0.45
#: How many of the caller's last sentences decide how the call ended.
LAST = 3
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w'\u2019-]+(?:\s+(?:de|del|la|van|von|[A-ZÀ-ÖØ-Þ][\w'\u2019-]+))*")
#: Words that begin an answer and are not part of a name.
_NO_NAME = re.compile(
    r"(?:(?:Yes|Yeah|Sure|It(?:'s)?|My|Name|The|This|I(?:'m)?|Is|Of|Hello|Hi|OK|Okay|Sí|Si|Claro|Es|Mi|Me|Soy|El|La|Hola|Bueno|Vale)\b\s*)+",
    re.IGNORECASE,
)


@dataclass
class CallAnalysis(TextAnalysis):
    """The analysis of a call: the caller's words as those of a text, and how the call went.

    Attributes:
        text, text_en: the whole transcript, one line per turn, with the speaker in front.
        course: the caller's sentiment per turn, from -1 to 1.
        talk_share: the agent's share of the time in which somebody spoke, from 0 to 1.
        silence_ms: how long nobody spoke.
        interruptions: how many turns began before the other speaker's had ended.
        resolved: whether the matter was settled, judged by the caller's last sentences.
        duration_ms: the time from the first word to the last.
    """

    course: list[float] = field(default_factory=list)
    talk_share: float | None = None
    silence_ms: int | None = None
    interruptions: int | None = None
    resolved: bool | None = None
    duration_ms: int | None = None


def analyse_calls(payloads: list[str], catalogue: Catalogue | None = None) -> list[CallAnalysis]:
    """Analyse calls, each independently of the others. A payload is a JSON list of turns with speaker, start_ms, end_ms and text."""
    calls: list[list[dict[str, Any]]] = [json.loads(payload or "[]") for payload in payloads]
    analyses = [CallAnalysis(set_aside=_unusable(turns)) for turns in calls]
    languages_by = [_by(CUSTOMER, turns, " ") for turns in calls]
    parts = [[turn["text"].strip() for turn in turns] for turns in calls]
    for i, safe, english in safe_and_english(analyses, languages_by, parts, lambda i, own: _without_asked_names(calls[i], own)):
        analysis, turns = analyses[i], calls[i]
        analysis.text, analysis.text_en = _transcript(turns, safe), _transcript(turns, english)
        link_entities(analysis, _by(CUSTOMER, turns, "\n"), " ".join(safe), catalogue)
        _score_call(analysis, turns, english)
        _measure_times(analysis, turns)
    return analyses


def _unusable(turns: list[dict[str, Any]]) -> str | None:
    """Return why a call cannot be analysed, or None: the caller said nothing usable, or both speakers said too much."""
    if len(turns) > MOST_TURNS:
        return f"TOO_DENSE: {len(turns):,} turns, {MOST_TURNS:,} may be"
    reason = unusable("\n".join(turn["text"] for turn in turns), LONGEST, MOST_WORDS) if turns else None
    return reason or unusable(_by(CUSTOMER, turns, "\n"), LONGEST, MOST_WORDS)


def _without_asked_names(turns: list[dict[str, Any]], parts: list[Safe]) -> list[Safe]:
    """Replace names in the caller's answers to a question for the name. Without a sentence around it, the language model may miss such a name."""
    for i in range(1, len(turns)):
        if turns[i]["speaker"] == CUSTOMER and turns[i - 1]["speaker"] == AGENT and asks_a_name(turns[i - 1]["text"]):
            text, counts = parts[i]
            answer, more = replaced(text, [Finding(start, end, "PERSON") for start, end in _names(cased(text))])
            parts[i] = answer, {kind: counts.get(kind, 0) + more.get(kind, 0) for kind in counts.keys() | more.keys()}
    return parts


def _names(answer: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each name in such an answer: capitalised words, without opening words and placeholders."""
    for match in _NAME.finditer(answer):
        begins = _NO_NAME.match(match[0])
        start = match.start() + (begins.end() if begins else 0)
        if start < match.end() and answer[start - 1 : start] != "<":
            yield start, match.end()


def _by(speaker: str, turns: list[dict[str, Any]], between: str) -> str:
    return between.join(turn["text"] for turn in turns if turn["speaker"] == speaker)


def _transcript(turns: list[dict[str, Any]], texts: list[str]) -> str:
    return "\n".join(f"{turn['speaker']}: {' '.join(text.split())}" for turn, text in zip(turns, texts, strict=True))


def turns_of(transcript: str) -> list[dict[str, Any]]:
    """Return the turns of a stored transcript, one per line, for `analyse_calls`.

    A stored transcript has no times. What depends on them (talk share, silence, interruptions, duration) needs no model and is not analysed again.
    """
    lines = (line.partition(": ") for line in transcript.split("\n"))
    return [{"speaker": speaker, "start_ms": 0, "end_ms": 0, "text": text} for speaker, _, text in lines]


def _score_call(analysis: CallAnalysis, turns: list[dict[str, Any]], english: list[str]) -> None:
    """Fill in topics, sentiment, its course and whether the call was resolved, from the caller's sentences."""
    parts = [sentences(text, MOST_SENTENCES) for turn, text in zip(turns, english, strict=True) if turn["speaker"] == CUSTOMER]
    flat = [sentence for part in parts for sentence in part]
    vectors, sentiments = vectors_and_sentiments(flat)
    lengths = np.array([max(1, len(sentence)) for sentence in flat], float)
    score_document(analysis, vectors, sentiments, lengths)
    at = 0
    for part in parts:
        own = slice(at, at + len(part))
        analysis.course.append(round(float(np.average(sentiments[own], weights=lengths[own])), 3))
        at += len(part)
    labels = taxonomy()
    ends = [end for end, near in (labels.nearest("endings", vector) for vector in vectors[-LAST:]) if near >= NEAR_END]
    analysis.resolved = ends[-1] == "RESOLVED" if ends else analysis.course[-1] > 0


def _measure_times(analysis: CallAnalysis, turns: list[dict[str, Any]]) -> None:
    """Fill in talk share, silence, interruptions and duration."""
    spoken = {speaker: sum(t["end_ms"] - t["start_ms"] for t in turns if t["speaker"] == speaker) for speaker in (AGENT, CUSTOMER)}
    analysis.talk_share = round(spoken[AGENT] / max(1, sum(spoken.values())), 3)
    analysis.silence_ms, analysis.interruptions, until = 0, 0, turns[0]["start_ms"]
    for i, turn in enumerate(turns):
        analysis.silence_ms += max(0, turn["start_ms"] - until)
        analysis.interruptions += i > 0 and turn["speaker"] != turns[i - 1]["speaker"] and turn["start_ms"] < turns[i - 1]["end_ms"]
        until = max(until, turn["end_ms"])
    analysis.duration_ms = until - turns[0]["start_ms"]
