"""The path of a basket."""

from docgen.diagrams import facts
from docgen.diagrams.cards import Card
from docgen.diagrams.paths.path import Node, Path, hot, keys, lookups, made, rows, set_aside
from tillstream.core.topology import BASKETS


def path() -> Path:
    """Return the path."""
    flows = made("sales", BASKETS)
    figures = hot(flows)
    steps = ("decode by the contract", "pass each basket once, by event_id", "look up and enrich each line", "count the figures")
    seam = "asks Redis for figures of now, and the lake for lines"
    nodes = {
        "till": Node(Card("Till or web shop", text="notes each basket in its ledger, then sends it", icon="till"), 0, 1),
        "log": Node(Card("Event log", "Kafka", f"kept {facts.kept(BASKETS[0])}", names=BASKETS, icon="log", tone="stream"), 1, 1),
        "reference": Node(Card("Reference data", "Postgres", names=lookups(flows), icon="database", tone="batch"), 2, 0),
        "job": Node(Card("Sales job", "Flink", steps=steps, icon="gear", tone="stream"), 2, 1),
        "aside": Node(Card("Set aside", text="with reason and bytes", names=set_aside("sales"), icon="aside", tone="quality"), 2, 2),
        "lake": Node(Card("Every line", "Iceberg on MinIO", names=rows(flows), icon="ice", tone="cold"), 3, 2),
        "topics": Node(Card("Live topics", "Kafka", names=figures, icon="log", tone="stream"), 3, 0),
        "redis": Node(Card("Live figures", "Redis", "put there by the job hot_store", names=keys(figures), icon="bolt", tone="hot"), 3, 1),
        "query": Node(
            Card("One query", "Trino", seam, names=("lake.live.sales_by_minute", "lake.live.lines_today"), icon="join", tone="answer"), 4, 1
        ),
        "dashboard": Node(Card("Sales — live", "Superset", icon="screen", tone="answer"), 4, 0),
    }
    edges = (
        ("till", "log"),
        ("log", "job"),
        ("reference", "job"),
        ("job", "aside"),
        ("job", "topics"),
        ("job", "lake"),
        ("topics", "redis"),
        ("redis", "query"),
        ("lake", "query"),
        ("query", "dashboard"),
    )
    columns = (("Source", "source"), ("Ingestion", "stream"), ("Processing", "stream"), ("Storage", "cold"), ("Answers", "answer"))
    return Path("basket", "The path of a basket", columns, nodes, edges)
