"""The path of a visit: clicks, baskets and stock."""

from docgen.diagrams import facts
from docgen.diagrams.cards import Card
from docgen.diagrams.paths.path import Node, Path, hot, keys, made, other, rows
from tillstream.core.rules import SESSION_MINUTES
from tillstream.core.topology import BASKETS, CLICKS, MOVEMENT_DUMPS, MOVEMENTS


def path() -> Path:
    """Return the path."""
    clicks, profiles, stock = made("behaviour", [CLICKS]), made("behaviour", BASKETS), made("inventory", [MOVEMENTS])
    figures = keys([*hot(clicks), *hot(profiles), *hot(stock)])
    counts = facts.listed(facts.what(dump) for dump in MOVEMENT_DUMPS)
    funnel = ("funnel by minute and device", f"sessions, ended by a pause of {SESSION_MINUTES} min", "searches by day")
    shown = tuple((title, "") for title in facts.dashboards() if title.split()[0] in {"Shop", "Customers", "Inventory"})
    nodes = {
        "shop": Node(Card("Web shop", text="clicks, orders, deliveries", icon="shop"), 0, 0),
        "clicks": Node(Card("Clicks", "Kafka", f"kept {facts.kept(CLICKS)}", names=(CLICKS,), icon="log", tone="stream"), 1, 0),
        "visits": Node(Card("Behaviour job", "Flink", steps=funnel, icon="person", tone="stream"), 2, 1),
        "visits_hot": Node(Card("Visits", "Kafka", names=hot(clicks), icon="log", tone="stream"), 3, 1),
        "tills": Node(Card("Tills and web shop", text="every basket", icon="till"), 0, 2),
        "baskets": Node(Card("Baskets", "Kafka", f"kept {facts.kept(BASKETS[0])}", names=BASKETS, icon="log", tone="stream"), 1, 2),
        "profiles": Node(Card("Behaviour job", "Flink", "first and last basket, spend, departments", icon="person", tone="stream"), 2, 2),
        "profiles_hot": Node(Card("Profiles", "Kafka", names=hot(profiles), icon="log", tone="stream"), 3, 2),
        "loads": Node(Card("Loads of files", "Dagster", counts, icon="files", tone="batch"), 0, 3),
        "movements": Node(
            Card("Stock moves", "Kafka", f"kept {facts.kept(MOVEMENTS)}", names=(MOVEMENTS,), icon="log", tone="stream"), 1, 3
        ),
        "stock": Node(
            Card("Inventory job", "Flink", "last count, plus deliveries and returns, minus sales", icon="table", tone="stream"), 2, 3
        ),
        "stock_hot": Node(Card("Stock and alerts", "Kafka", names=(*hot(stock), *other(stock)), icon="bell", tone="stream"), 3, 3),
        "sales": Node(Card("Sales job", "Flink", "each event once", icon="till", tone="stream"), 2, 0),
        "lake": Node(Card("Every event", "Iceberg on MinIO", names=rows(made("sales", [CLICKS])), icon="ice", tone="cold"), 3, 0),
        "redis": Node(
            Card("Live figures", "Redis", "put there by the job hot_store", names=figures, icon="bolt", tone="hot"), 4, 1, rows=3
        ),
        "dashboards": Node(Card("Dashboards", "Trino, Superset", rows=shown, icon="screen", tone="answer"), 4, 0),
    }
    edges = (
        ("shop", "clicks"),
        ("clicks", "sales"),
        ("clicks", "visits"),
        ("sales", "lake"),
        ("lake", "dashboards"),
        ("visits", "visits_hot"),
        ("tills", "baskets"),
        ("baskets", "profiles"),
        ("baskets", "stock"),
        ("profiles", "profiles_hot"),
        ("loads", "movements"),
        ("movements", "stock"),
        ("stock", "stock_hot"),
        ("visits_hot", "redis"),
        ("profiles_hot", "redis"),
        ("stock_hot", "redis"),
        ("redis", "dashboards"),
    )
    columns = (("Sources", "source"), ("Ingestion", "stream"), ("Processing", "stream"), ("Results", "cold"), ("Answers", "answer"))
    return Path("visit", "The path of a visit", columns, nodes, edges)
