"""Measure how well customers' words are understood and made safe: compare the lake's values of each text and call with those in the ledger."""

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from producers.customers.writing import name_of
from tillstream.core.clients.trino import Trino
from tillstream.core.topology import CALLS, FEEDBACK, table_of

#: Kinds of personal data with a fixed form. Names have none.
STRUCTURED = ("EMAIL", "PHONE", "CARD", "IBAN", "ADDRESS", "ORDER")
#: Names of customers and, in calls, of agents.
NAMES = ("PERSON", "AGENT")
#: Texts and calls in the same columns.
_QUERY = f"""
SELECT event_id, language, text, text_en, sentiment, topics, coalesce(products_named, ARRAY[]), intent, duplicate_of, CAST(NULL AS boolean) FROM {table_of(FEEDBACK)}
UNION ALL
SELECT event_id, language, text, text_en, sentiment, topics, coalesce(products_named, ARRAY[]), intent, CAST(NULL AS varchar), resolved FROM {table_of(CALLS)}
"""


@dataclass
class Quality:
    """The counts of right values and of all values, and examples of wrong ones.

    Attributes:
        hidden: for each kind of personal data, how many planted values are hidden in the lake, and how many were planted.
        leaked: kind and text of values that are not hidden.
        right: for LANGUAGE, FEELING (its sign), SARCASM (a negative sentiment), TOPIC, PRODUCT, INTENT, DUPLICATE and RESOLVED, how many are as
            meant, and how many there are.
        wrong: the meant value, the value in the lake and the text, for values that are not as meant.
    """

    hidden: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    leaked: list[tuple[str, str]] = field(default_factory=list)
    right: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def recall(self, kinds: tuple[str, ...]) -> float:
        """Return the share of planted values of these kinds that are hidden; 1 if none was planted."""
        hidden, planted = (sum(self.hidden[kind][i] for kind in kinds if kind in self.hidden) for i in (0, 1))
        return hidden / planted if planted else 1.0


def notes(ledger: Path) -> dict[str, list[tuple[str, str]]]:
    """Return all notes of the ledger, as (kind, value), by event."""
    by_event: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with closing(sqlite3.connect(f"file:{ledger / 'voice.sqlite'}?mode=ro", uri=True)) as db:
        for event_id, kind, value in db.execute("SELECT event_id, kind, value FROM notes"):
            by_event[event_id].append((kind, value))
    return by_event


def quality(ledger: Path, trino: Trino) -> Quality:
    """Compare each text and call in the lake with the ledger."""
    noted, result = notes(ledger), Quality()
    for event_id, language, text, text_en, sentiment, topics, products, intent, duplicate_of, resolved in trino.rows(_QUERY):
        named = [name_of(product, None) for product in products]
        repeated = noted.get(duplicate_of or "", [])
        for kind, value in noted.get(event_id, ()):
            if kind in STRUCTURED or kind in NAMES:
                is_hidden = value.lower() not in f"{text}\n{text_en}".lower()
                _count(result.hidden[kind], is_hidden)
                if not is_hidden:
                    result.leaked.append((kind, text))
                continue
            if kind == "CAUSE":
                continue
            actual = {
                "LANGUAGE": language,
                "FEELING": "positive" if sentiment > 0 else "negative",
                "SARCASM": str(sentiment <= 0),
                "TOPIC": ",".join(topics),
                "PRODUCT": ",".join(named),
                "INTENT": intent,
                # A repeated text may be repeated again. Then both repeat the same original.
                "DUPLICATE": next((v for k, v in repeated if k == "DUPLICATE"), duplicate_of),
                "RESOLVED": str(resolved),
            }[kind]
            is_right = value in {"TOPIC": topics, "PRODUCT": named, "DUPLICATE": (actual, duplicate_of)}.get(kind, (actual,))
            _count(result.right[kind], is_right)
            if not is_right:
                result.wrong.append((value, str(actual), text))
    return result


def _count(pair: list[int], is_right: bool) -> None:
    pair[0] += is_right
    pair[1] += 1


def report(result: Quality, examples: int = 12) -> list[str]:
    """Return the counts and some examples as lines of text."""
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
