"""Make texts that cannot be analysed: empty, a megabyte long, with broken characters, or in an unknown language."""

import random
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from faker import Faker

from producers.trade import Event

#: Kinds of fault, as in the ledger.
KINDS = ("empty", "huge", "mojibake", "foreign")


class MalformedContacts:
    """A source of contacts that cannot be analysed, at a set rate."""

    def __init__(self, rate: float, draw: random.Random) -> None:
        self._rate, self._random = rate, draw
        self._foreign = Faker("de_DE")

    def copies(self, event: Event, spoilt: Callable[[dict[str, Any], str], dict[str, Any]]) -> list[tuple[str, Event]]:
        """Return copies of an event with ids of their own, each with one kind of fault: the kind and the event.

        Args:
            event: a good event.
            spoilt: returns the record with a kind of fault.
        """
        kinds = [kind for kind in KINDS if self._random.random() < self._rate]
        idents = [str(uuid.UUID(int=self._random.getrandbits(128))) for _ in kinds]
        return [(kind, replace(event, record=spoilt({**event.record, "event_id": i}, kind))) for kind, i in zip(kinds, idents, strict=True)]

    def text(self, kind: str, text: str) -> str:
        """Return a text with one kind of fault."""
        match kind:
            case "empty":
                return self._random.choice(("", "   ", "\n\n"))
            case "huge":
                return (text + " ") * (1_000_000 // (len(text.encode()) + 1))
            case "mojibake":
                return "¿Dónde está mi compañía de señores? ".encode("latin-1").decode("utf-8", errors="replace") + text
            case _:
                return " ".join(self._foreign.sentences(4))
