"""Write a day's digest for each department: what customers are unhappy and happy about. Each claim cites the texts and calls that support it.

Without a language model a claim is extractive: it counts, and quotes the text that is nearest in meaning to all others of its topic. With
LLM_BASE_URL a server with OpenAI's API writes the claims, from safe texts only. A claim that cites no given text is dropped.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tillstream.core.clients.trino import Trino
from tillstream.core.errors import TerminalError
from tillstream.core.rules import HAPPY, UNHAPPY
from tillstream.core.settings import LlmSettings
from tillstream.core.sql_templates import quoted, statements
from tillstream.core.topology import DIGESTS

CONTACTS = Path(__file__).parent / "digest_contacts.sql"
#: Department of contacts that are about no product.
WHOLE_SHOP = "WHOLE SHOP"
#: Fewest contacts of a department for a digest, and of a topic for a claim.
FEWEST, FEWEST_OF_TOPIC = 3, 2
UNHAPPY_CLAIMS, HAPPY_CLAIMS, CITED = 3, 1, 5
#: Characters of a text that are quoted, and texts that are given to a language model.
QUOTED, READ = 240, 150
PROMPT = (
    "You summarise what customers of a retailer said about one department on one day. You are given JSON: a list of texts with their ids. "
    'Answer with JSON alone: {"claims": [{"claim": "one sentence", "ids": ["ids of the texts it rests on"]}]}, at most five claims, the most '
    "important first. Claim nothing that is not in the texts, and name for each claim every text that it rests on. Placeholders such as <PERSON> stay as they are."
)


@dataclass(frozen=True)
class Contact:
    """A safe text or call in English, with its embedding: an int8 vector of norm 127."""

    event_id: str
    text: str
    topics: tuple[str, ...]
    sentiment: float
    vector: np.ndarray[Any, Any]

    @property
    def feeling(self) -> str:
        """Whether the customer is unhappy, happy or neither."""
        return "unhappy" if self.sentiment < UNHAPPY else "happy" if self.sentiment > HAPPY else "neither"


@dataclass(frozen=True)
class Claim:
    """One sentence of a digest, and the ids of the contacts that support it."""

    text: str
    event_ids: tuple[str, ...]


def extracted(department: str, contacts: list[Contact]) -> list[Claim]:
    """Return extractive claims: for the topics with the most unhappy contacts, and for the one with the most happy contacts."""
    by_topic: dict[str, list[Contact]] = {}
    for contact in contacts:
        for topic in contact.topics:
            by_topic.setdefault(topic, []).append(contact)
    claims = []
    for feeling, most in (("unhappy", UNHAPPY_CLAIMS), ("happy", HAPPY_CLAIMS)):
        matching = {topic: [c for c in group if c.feeling == feeling] for topic, group in by_topic.items()}
        ranked = sorted(
            (topic for topic, group in matching.items() if len(group) >= FEWEST_OF_TOPIC), key=lambda topic: (-len(matching[topic]), topic)
        )
        for topic in ranked[:most]:
            group = matching[topic]
            nearest = _nearest_to_all(group)
            text = f"{len(group)} of {len(by_topic[topic])} who speak of {topic.lower()} in {department} are {feeling}: “{_quoted(nearest[0].text)}”"
            claims.append(Claim(text, tuple(c.event_id for c in nearest[:CITED])))
    return claims


def _nearest_to_all(contacts: list[Contact]) -> list[Contact]:
    """Sort contacts by how near they are to all others. The first one represents them best."""
    vectors = np.stack([c.vector for c in contacts]).astype(np.float64)
    nearness = vectors @ vectors.sum(axis=0)
    return [contacts[i] for i in sorted(range(len(contacts)), key=lambda i: (-nearness[i], contacts[i].event_id))]


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTED else flat[:QUOTED].rsplit(" ", 1)[0] + " …"


class AnswerError(TerminalError):
    """A language model's answer is not what was asked for."""


class LanguageModel:
    """A server with OpenAI's API that writes claims."""

    def __init__(self, settings: LlmSettings) -> None:
        self.name = settings.model
        self._url = settings.base_url.rstrip("/") + "/chat/completions"
        self._headers = {"Authorization": f"Bearer {settings.api_key.get_secret_value()}"}
        self._seconds = settings.timeout_seconds

    def __call__(self, department: str, contacts: list[Contact]) -> list[Claim]:
        """Return the model's claims that cite at least one given contact.

        Raises:
            httpx.HTTPError: the server does not answer, or refuses the request.
            AnswerError: the answer is not the requested JSON, or no claim cites a given contact.
        """
        worst_first = sorted(contacts, key=lambda c: (c.sentiment, c.event_id))
        given = {c.event_id: c for c in worst_first[: READ // 2] + worst_first[-READ // 2 :]}
        texts = [{"id": c.event_id, "text": _quoted(c.text)} for c in given.values()]
        messages = [
            {"role": "system", "content": PROMPT},
            {"role": "user", "content": json.dumps({"department": department, "texts": texts}, ensure_ascii=False)},
        ]
        body = {"model": self.name, "messages": messages, "temperature": 0, "response_format": {"type": "json_object"}}
        try:
            answer = httpx.post(self._url, json=body, headers=self._headers, timeout=self._seconds).raise_for_status().json()
            answered = json.loads(answer["choices"][0]["message"]["content"])["claims"]
            claims = [Claim(str(c["claim"]), tuple(dict.fromkeys(i for i in c["ids"] if i in given))) for c in answered]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise AnswerError(f"{self.name} did not answer as it was asked to: {error!r}") from error
        if not (cited := [c for c in claims if c.event_ids]):
            raise AnswerError(f"none of the {len(claims)} claims of {self.name} names a text that it was given")
        return cited


def make_digests(trino: Trino, day: date, log: Callable[[str], None]) -> dict[str, int]:
    """Write the digests of a day as a new version beside earlier ones; return the number of claims of each department."""
    settings = LlmSettings()
    model = LanguageModel(settings) if settings.base_url else None
    counts: dict[str, int] = {}
    rows: list[str] = []
    made_at = datetime.now(tz=UTC)
    for department, contacts in _by_department(trino, day).items():
        if len(contacts) < FEWEST:
            continue
        claims, made_by = extracted(department, contacts), "extractive"
        if model:
            try:
                claims, made_by = model(department, contacts), model.name
            except (httpx.HTTPError, AnswerError) as error:
                log(f"{department}: extracted, for the language model did not write it: {error}")
        counts[department] = len(claims)
        unhappy = sum(c.feeling == "unhappy" for c in contacts)
        for rank, claim in enumerate(claims, 1):
            ids = ", ".join(_literal(i) for i in claim.event_ids)
            rows.append(
                f"(DATE '{day}', {_literal(department)}, {rank}, {_literal(claim.text)}, ARRAY[{ids}], {len(contacts)}, {unhappy}, {_literal(made_by)}, "
                f"TIMESTAMP '{made_at:%Y-%m-%d %H:%M:%S.%f} UTC')"
            )
    if rows:
        # One INSERT for the whole day: a reader sees the earlier version or this one.
        trino.query(f"INSERT INTO {DIGESTS} VALUES {', '.join(rows)}")
    return counts


def _by_department(trino: Trino, day: date) -> dict[str, list[Contact]]:
    (query,) = statements(CONTACTS, day=day.isoformat(), whole_shop=WHOLE_SHOP)
    by_department: dict[str, list[Contact]] = {}
    for department, event_id, text, topics, sentiment, embedding in trino.rows(query):
        by_department.setdefault(department, []).append(
            Contact(event_id, text, tuple(topics), sentiment, np.frombuffer(embedding, np.int8))
        )
    return by_department


def _literal(text: str) -> str:
    return f"'{quoted(text)}'"
