"""How well customers' words are understood and made safe: what the ledger notes of each text and call, against what the lake has of it."""

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from producers.customers.writing import name_of
from tillstream.core.clients.trino import Trino

#: Kinds whose values have a form; names have none.
STRUCTURED = ("EMAIL", "PHONE", "CARD", "IBAN", "ADDRESS", "ORDER")
#: Customers' and, in calls, the agents'.
NAMES = ("PERSON", "AGENT")
#: Texts and calls alike.
_QUERY = """
SELECT event_id, language, text, text_en, sentiment, topics, coalesce(products_named, ARRAY[]), intent, duplicate_of, CAST(NULL AS boolean) FROM lake.voice.feedback
UNION ALL
SELECT event_id, language, text, text_en, sentiment, topics, coalesce(products_named, ARRAY[]), intent, CAST(NULL AS varchar), resolved FROM lake.voice.calls
"""


@dataclass
class Quality:
    """Counts of what was right and of all, by what was asked; and examples of what was not.

    Attributes:
        hidden: for each kind of personal data, how many planted values are not to be read in the lake, and how many were planted.
        leaked: kind and text of some that are.
        right: for LANGUAGE, FEELING (its sign), SARCASM (that it feels bad), TOPIC, PRODUCT, INTENT, DUPLICATE and RESOLVED, how many are as they were meant, and how many were meant.
        wrong: what was meant, what was found and the text, of some that are not.
    """

    hidden: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    leaked: list[tuple[str, str]] = field(default_factory=list)
    right: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def recall(self, kinds: tuple[str, ...]) -> float:
        """The share of the planted values of these kinds that are hidden; 1 where none was planted."""
        hidden, planted = (sum(self.hidden[kind][i] for kind in kinds if kind in self.hidden) for i in (0, 1))
        return hidden / planted if planted else 1.0


def notes(ledger: Path) -> dict[str, list[tuple[str, str]]]:
    """Kind and value of all that the ledger notes, by event."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with closing(sqlite3.connect(f"file:{ledger / 'voice.sqlite'}?mode=ro", uri=True)) as db:
        for event_id, kind, value in db.execute("SELECT event_id, kind, value FROM notes"):
            found[event_id].append((kind, value))
    return found


def quality(ledger: Path, trino: Trino) -> Quality:
    """Looks each text and call of the lake up in the ledger."""
    noted, result = notes(ledger), Quality()
    for event_id, language, text, text_en, sentiment, topics, products, intent, duplicate_of, resolved in trino.rows(_QUERY):
        named = [name_of(product, None) for product in products]
        repeated = noted.get(duplicate_of or "", [])
        for kind, value in noted.get(event_id, ()):
            if kind in STRUCTURED or kind in NAMES:
                gone = value.lower() not in f"{text}\n{text_en}".lower()
                _count(result.hidden[kind], gone)
                if not gone:
                    result.leaked.append((kind, text))
                continue
            if kind == "CAUSE":
                continue
            found = {
                "LANGUAGE": language,
                "FEELING": "positive" if sentiment > 0 else "negative",
                "SARCASM": str(sentiment <= 0),
                "TOPIC": ",".join(topics),
                "PRODUCT": ",".join(named),
                "INTENT": intent,
                # A repetition may itself be repeated: what it repeats is then the same.
                "DUPLICATE": next((v for k, v in repeated if k == "DUPLICATE"), duplicate_of),
                "RESOLVED": str(resolved),
            }[kind]
            holds = value in {"TOPIC": topics, "PRODUCT": named, "DUPLICATE": (found, duplicate_of)}.get(kind, (found,))
            _count(result.right[kind], holds)
            if not holds:
                result.wrong.append((value, str(found), text))
    return result


def _count(pair: list[int], holds: bool) -> None:
    pair[0] += holds
    pair[1] += 1


def report(result: Quality, examples: int = 12) -> list[str]:
    """Lines for people."""
    lines = [
        f"{kind}: {hidden:,} of {planted:,} hidden ({hidden / planted:.1%})" for kind, (hidden, planted) in sorted(result.hidden.items())
    ]
    lines.append(f"personal data with a form: {result.recall(STRUCTURED):.1%} hidden; names: {result.recall(NAMES):.1%}")
    lines += [f"{kind}: {right:,} of {meant:,} as meant ({right / meant:.1%})" for kind, (right, meant) in sorted(result.right.items())]
    lines += [f"  to be read: {kind}: {text}" for kind, text in result.leaked[:examples]]
    confused = Counter((meant, found) for meant, found, _ in result.wrong)
    lines += [f"  {count:,} times {meant} found as {found}" for (meant, found), count in confused.most_common(examples)]
    lines += [f"  meant {meant}, found {found}: {text}" for meant, found, text in result.wrong[:examples]]
    return lines
