"""Simulate transcribed calls to customer service about recent trade events. Agents ask for names and numbers, and customers give them."""

import hashlib
import random
import uuid
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from faker import Faker

from producers.customers.feedback import Noted, TradeSource
from producers.customers.malformed_contacts import MalformedContacts
from producers.customers.writing import LOCALES, Purchase, Writer
from producers.trade import Event
from tillstream.core.avro_encoding import micros

SCRIPT = Path(__file__).parent / "script.yaml"
#: Probabilities, in order: the caller has a complaint; a known store, customer or product is in the record; the agent asks for the name,
#: the phone number, the order number; the caller is put on hold; the call is transferred; a speaker interrupts; the matter is settled.
#: skill() shifts the last one for each agent.
COMPLAINS, KNOWN, ASKS_NAME, ASKS_PHONE, ASKS_ORDER, HOLDS, TRANSFERS, INTERRUPTS, SETTLED = 0.8, 0.7, 0.8, 0.5, 0.4, 0.4, 0.2, 0.12, 0.6
AGENTS = 24
#: Words spoken a second; pauses between turns, and holds, in seconds.
SPEED, PAUSE, HOLD = 2.6, (0.2, 1.5), (10.0, 180.0)
QUEUES = {
    "DELIVERY": "ORDERS",
    "RETURNS": "ORDERS",
    "STAFF": "STORES",
    "CHECKOUT": "STORES",
    "STORE": "STORES",
    "LOYALTY": "LOYALTY",
    "APP": "APP",
}


@cache
def script() -> dict[str, Any]:
    """Return the script of a call: phrases by language and step."""
    phrases: dict[str, Any] = yaml.safe_load(SCRIPT.read_text(encoding="utf-8"))
    return phrases


def skill(agent: int) -> float:
    """Return how much more often than the average an agent solves a problem: a difference in probability from -0.25 to 0.25."""
    return int(hashlib.sha256(f"agent:{agent}".encode()).hexdigest()[:4], 16) / 0xFFFF * 0.5 - 0.25


class Transcript:
    """The turns of a call, one after the other."""

    def __init__(self, draw: random.Random) -> None:
        self._random = draw
        self.turns: list[dict[str, Any]] = []
        self.hold_ms = 0
        self._ready_ms = 0

    def say(self, speaker: str, text: str) -> None:
        """Add a turn. Now and then it begins before the other speaker has ended."""
        draw = self._random
        pause = -0.8 if self.turns and draw.random() < INTERRUPTS else draw.uniform(*PAUSE)
        start = max(self.turns[-1]["start_ms"] + 1 if self.turns else 0, self._ready_ms + round(pause * 1000))
        self._ready_ms = start + round((len(text.split()) / SPEED * draw.uniform(0.8, 1.3) + 0.3) * 1000)
        self.turns.append({"speaker": speaker, "start_ms": start, "end_ms": self._ready_ms, "text": text})

    def hold(self) -> None:
        """Add a hold, during which nobody speaks."""
        duration_ms = round(self._random.uniform(*HOLD) * 1000)
        self.hold_ms += duration_ms
        self._ready_ms += duration_ms


class CallCentre:
    """The call centre: it turns trade events into calls, and calls into events."""

    def __init__(self, trade: TradeSource, writer: Writer, run_id: str, draw: random.Random, malformed: MalformedContacts) -> None:
        self._trade, self._writer, self._run_id, self._random, self._malformed = trade, writer, run_id, draw, malformed
        names = Faker([LOCALES["en"], LOCALES["es"]])
        names.seed_instance("agents")
        self._agents = [names.first_name() for _ in range(AGENTS)]

    def call(self, now: datetime) -> tuple[Event, Noted] | None:
        """Return a call and what the ledger records about it; None if nothing has happened in the trade yet."""
        draw = self._random
        if (trade_event := self._trade.draw(draw)) is None:
            return None
        about = trade_event.about
        topic, feeling = trade_event.topic_and_feeling(draw, COMPLAINS)
        language = "es" if draw.random() < 0.25 else "en"
        agents = draw.sample(range(AGENTS), 2 if draw.random() < TRANSFERS else 1)
        settled = feeling == "positive" or draw.random() < SETTLED + skill(agents[-1])
        topics, problem, products = self._writer.about(about, topic, feeling, language)
        spoken, given = self._spoken(about, language, feeling, problem, agents, settled)
        record = {
            "event_id": str(uuid.UUID(int=draw.getrandbits(128))),
            "run_id": self._run_id,
            "queue": QUEUES.get(topic, "PRODUCTS"),
            "agent_id": f"A{agents[-1]:03d}",
            "hold_ms": spoken.hold_ms,
            "transfers": len(agents) - 1,
            "turns": spoken.turns,
            "customer_id": about.customer_id if draw.random() < KNOWN else None,
            "store_id": about.store_id if draw.random() < KNOWN else None,
            "order_id": about.transaction_id if any(kind == "ORDER" for kind, _ in given) else None,
            "product_id": about.product_id if draw.random() < KNOWN else None,
            "event_time": micros(now),
        }
        noted = [
            ("LANGUAGE", language),
            ("RESOLVED", str(settled)),
            *(("TOPIC", t) for t in topics),
            *(("PRODUCT", name) for name in products),
            *([("CAUSE", trade_event.cause)] if trade_event.cause else []),
        ]
        return Event(record, 0, 0, now), [*noted, *given]

    def unreadable(self, event: Event) -> list[tuple[str, Event]]:
        """Return copies of a call that cannot be analysed, at the set rate and with ids of their own: the kind of fault and the event."""

        def spoilt(record: dict[str, Any], kind: str) -> dict[str, Any]:
            turns = [turn | {"text": self._malformed.text(kind, turn["text"])} for turn in record["turns"]]
            # Kafka takes a megabyte at most, so only one turn of the caller is kept.
            return record | {"turns": turns[1:2] if kind == "huge" else turns}

        return self._malformed.copies(event, spoilt)

    def _spoken(
        self, about: Purchase, language: str, feeling: str, problem: str, agents: list[int], settled: bool
    ) -> tuple[Transcript, Noted]:
        """Return the transcript, and the personal data that is given in it."""
        draw, lines = self._random, script()[language]
        person = self._writer.person(language, about)
        words = {
            "agent": self._agents[agents[0]],
            "name": person["PERSON"],
            "phone": person["PHONE"],
            "order": person.get("ORDER", ""),
            "problem": problem,
        }
        spoken, given = Transcript(draw), [("AGENT", self._agents[agent]) for agent in agents]

        def say(speaker: str, *path: str) -> None:
            choices = lines
            for part in path:
                choices = choices[part]
            spoken.say(speaker, draw.choice(choices).format(**words))

        say("AGENT", "greeting")
        say("CUSTOMER", "problem")
        for agent in agents[1:]:
            say("AGENT", "transfer")
            words["agent"] = self._agents[agent]
            say("AGENT", "greeting")
            say("CUSTOMER", "again")
        questions = [
            ("PERSON", "name", ASKS_NAME),
            ("PHONE", "phone", ASKS_PHONE),
            *([("ORDER", "order", ASKS_ORDER)] if "ORDER" in person else []),
        ]
        for kind, name, chance in questions:
            if draw.random() < chance:
                say("AGENT", f"ask_{name}")
                say("CUSTOMER", name)
                given.append((kind, person[kind]))
        if draw.random() < HOLDS:
            say("AGENT", "hold")
            spoken.hold()
        say("AGENT", feeling, "resolved" if settled else "unresolved")
        say("CUSTOMER", feeling, "glad" if settled else "angry")
        say("AGENT", "goodbye")
        return spoken, given
