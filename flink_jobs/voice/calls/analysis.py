"""From a call as it was transcribed to what is kept of it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flink_jobs.voice.text.analysis import (
    Safe,
    Understood,
    fill,
    name_what_is_meant,
    safe_and_english,
    sentences,
    taxonomy,
    vectors_and_feelings,
)
from flink_jobs.voice.text.bounds import unusable
from flink_jobs.voice.text.entity_linking import Catalogue
from flink_jobs.voice.text.finding import Finding, replaced
from flink_jobs.voice.text.names import asks_a_name, cased

#: Two hours of talk, of both sides; of words as many as these have, and twice the turns.
LONGEST, MOST_WORDS, MOST_TURNS = 150_000, 40_000, 3_000
#: Sentences of a caller's turn that are read one by one: a call has 2,000 turns at most of so few.
MOST_SENTENCES = 8
CUSTOMER, AGENT = "CUSTOMER", "AGENT"
#: As near as this to a sentence that tells how a call ended; where none is, the caller's last words are asked how they feel.
NEAR_END = 0.45
#: The customer's last sentences, which tell how it ended.
LAST = 3
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w'\u2019-]+(?:\s+(?:de|del|la|van|von|[A-ZÀ-ÖØ-Þ][\w'\u2019-]+))*")
#: Words that begin an answer and are no name.
_NO_NAME = re.compile(
    r"(?:(?:Yes|Yeah|Sure|It(?:'s)?|My|Name|The|This|I(?:'m)?|Is|Of|Hello|Hi|OK|Okay|Sí|Si|Claro|Es|Mi|Me|Soy|El|La|Hola|Bueno|Vale)\b\s*)+",
    re.IGNORECASE,
)


@dataclass
class UnderstoodCall(Understood):
    """What is kept of a call: of the caller's words as of a text's, and how it went.

    Attributes:
        text, text_en: all that was said, a line a turn, with the speaker before it.
        course: the caller's sentiment turn by turn, from -1 to 1.
        talk_share: the agent's part of the time in which somebody spoke, from 0 to 1.
        silence_ms: how long nobody spoke.
        interruptions: turns that began before the other had ended.
        resolved: whether the matter was settled, by what was said at the end.
        duration_ms: from the first word to the last.
    """

    course: list[float] = field(default_factory=list)
    talk_share: float | None = None
    silence_ms: int | None = None
    interruptions: int | None = None
    resolved: bool | None = None
    duration_ms: int | None = None


def understood_calls(payloads: list[str], catalogue: Catalogue | None = None) -> list[UnderstoodCall]:
    """Each call on its own. A payload is the JSON of its turns: a list of speaker, start_ms, end_ms and text."""
    turns: list[list[dict[str, Any]]] = [json.loads(payload or "[]") for payload in payloads]
    made = [UnderstoodCall() for _ in turns]
    for one, said in zip(made, turns, strict=True):
        one.set_aside = _unusable(said)
    judged, parts = [_by(CUSTOMER, said, " ") for said in turns], [[turn["text"].strip() for turn in said] for said in turns]
    for i, safe, english in safe_and_english(made, judged, parts, lambda i, own: _without_asked_names(turns[i], own)):
        one, said = made[i], turns[i]
        one.text, one.text_en = _transcript(said, safe), _transcript(said, english)
        name_what_is_meant(one, _by(CUSTOMER, said, "\n"), " ".join(safe), catalogue)
        _listen(one, said, english)
        _time(one, said)
    return made


def _unusable(turns: list[dict[str, Any]]) -> str | None:
    """Why a call cannot be analysed: the caller said nothing that can be, or both together too much."""
    if len(turns) > MOST_TURNS:
        return f"TOO_DENSE: {len(turns):,} turns, {MOST_TURNS:,} may be"
    whole = unusable("\n".join(turn["text"] for turn in turns), LONGEST, MOST_WORDS) if turns else None
    return whole or unusable(_by(CUSTOMER, turns, "\n"), LONGEST, MOST_WORDS)


def _without_asked_names(turns: list[dict[str, Any]], parts: list[Safe]) -> list[Safe]:
    """An answer to the question for a name is searched for one: without a sentence around it the language's model may not know it."""
    for i in range(1, len(turns)):
        if turns[i]["speaker"] == CUSTOMER and turns[i - 1]["speaker"] == AGENT and asks_a_name(turns[i - 1]["text"]):
            text, counts = parts[i]
            answer, more = replaced(text, [Finding(start, end, "PERSON") for start, end in _names(cased(text))])
            parts[i] = answer, {kind: counts.get(kind, 0) + more.get(kind, 0) for kind in counts.keys() | more.keys()}
    return parts


def _names(answer: str) -> Iterator[tuple[int, int]]:
    """Where the answer to the question for a name has one: capitals, without the words that begin it and without placeholders."""
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
    """The turns of a transcript as it is kept, a line a turn, for `understood_calls`. It has no times: what is told by these (talk share,
    silence, interruptions, duration) rests on no model and stays as it was told when the call came."""
    those = (line.partition(": ") for line in transcript.split("\n"))
    return [{"speaker": speaker, "start_ms": 0, "end_ms": 0, "text": text} for speaker, _, text in those]


def _listen(one: UnderstoodCall, turns: list[dict[str, Any]], english: list[str]) -> None:
    """Topics, sentiment, its course and how it ended, from what the caller said."""
    parts = [sentences(text, MOST_SENTENCES) for turn, text in zip(turns, english, strict=True) if turn["speaker"] == CUSTOMER]
    flat = [sentence for part in parts for sentence in part]
    vectors, felt = vectors_and_feelings(flat)
    lengths = np.array([max(1, len(sentence)) for sentence in flat], float)
    fill(one, vectors, felt, lengths)
    at = 0
    for part in parts:
        own = slice(at, at + len(part))
        one.course.append(round(float(np.average(felt[own], weights=lengths[own])), 3))
        at += len(part)
    known = taxonomy()
    ends = [end for end, near in (known.nearest("endings", vector) for vector in vectors[-LAST:]) if near >= NEAR_END]
    one.resolved = ends[-1] == "RESOLVED" if ends else one.course[-1] > 0


def _time(one: UnderstoodCall, turns: list[dict[str, Any]]) -> None:
    """How long who spoke, and who did not let the other end."""
    spoken = {speaker: sum(t["end_ms"] - t["start_ms"] for t in turns if t["speaker"] == speaker) for speaker in (AGENT, CUSTOMER)}
    one.talk_share = round(spoken[AGENT] / max(1, sum(spoken.values())), 3)
    one.silence_ms, one.interruptions, until = 0, 0, turns[0]["start_ms"]
    for i, turn in enumerate(turns):
        one.silence_ms += max(0, turn["start_ms"] - until)
        one.interruptions += i > 0 and turn["speaker"] != turns[i - 1]["speaker"] and turn["start_ms"] < turns[i - 1]["end_ms"]
        until = max(until, turn["end_ms"])
    one.duration_ms = until - turns[0]["start_ms"]
