"""The path of a text or a call."""

from docgen.diagrams import facts
from docgen.diagrams.cards import Card
from docgen.diagrams.paths.path import Node, Path, hot, keys, lookups, made, other, rows, set_aside
from tillstream.core import buckets
from tillstream.core.topology import CALLS, DERIVED, FEEDBACK

WORDS = (FEEDBACK, CALLS)


def path() -> Path:
    """Return the path."""
    flows = made("voice", WORDS)
    figures = hot(flows)
    steps = (
        "decode, and pass each once",
        "find the language",
        "replace personal data by placeholders",
        "translate Spanish to English",
        "find topics, intent and sentiment",
        "find products and stores",
    )
    aside = (*set_aside("voice"), buckets.ORIGINALS)
    nodes = {
        "customers": Node(Card("Customers", text="write and call", icon="speech"), 0, 1),
        "log": Node(Card("Event log", "Kafka", f"kept {facts.kept(FEEDBACK)}", names=WORDS, icon="log", tone="stream"), 1, 1),
        "reference": Node(Card("Reference data", "Postgres", names=lookups(flows), icon="database", tone="batch"), 2, 0),
        "job": Node(Card("Voice job", "Flink", "original words do not leave it", steps=steps, icon="hidden", tone="stream"), 2, 1),
        "aside": Node(Card("Set aside", text="reason here, bytes in a bucket for few", names=aside, icon="aside", tone="quality"), 2, 2),
        "alerts": Node(Card("Alerts", text="more unhappy than usual", names=other(flows), icon="bell", tone="stream"), 3, 1),
        "lake": Node(Card("Safe texts and calls", "Iceberg on MinIO", names=rows(flows), icon="ice", tone="cold"), 3, 2),
        "later": Node(
            Card(
                "What follows later",
                text="digests, marts, search by meaning, reading again",
                names=tuple(DERIVED),
                icon="news",
                tone="answer",
            ),
            4,
            2,
        ),
        "topics": Node(Card("Live topics", "Kafka", names=figures, icon="log", tone="stream"), 3, 0),
        "redis": Node(Card("Live figures", "Redis", "put there by the job hot_store", names=keys(figures), icon="bolt", tone="hot"), 4, 0),
        "dashboard": Node(Card("Voice of the customer — live", "Trino, Superset", icon="screen", tone="answer"), 4, 1),
    }
    edges = (
        ("customers", "log"),
        ("log", "job"),
        ("reference", "job"),
        ("job", "aside"),
        ("job", "topics"),
        ("job", "alerts"),
        ("job", "lake"),
        ("topics", "redis"),
        ("redis", "dashboard"),
        ("alerts", "dashboard"),
        ("lake", "dashboard"),
        ("lake", "later"),
    )
    columns = (("Source", "source"), ("Ingestion", "stream"), ("Processing", "stream"), ("Results", "cold"), ("Answers", "answer"))
    return Path("text", "The path of a text or a call", columns, nodes, edges)
