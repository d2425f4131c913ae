"""The cards of the diagram of the whole. Both layouts use them."""

from collections import Counter

from docgen import planned as plans
from docgen.diagrams import facts
from docgen.diagrams.cards import Card
from docgen.diagrams.facts import counted, listed, what
from docgen.diagrams.words import AREAS, SOURCES, SYSTEMS, of_area, of_job
from tillstream.core.contracts import contracts, dump_contracts
from tillstream.core.rules import QUARANTINE_KEPT_DAYS
from tillstream.core.topology import HOT_TOPICS, JOBS, PHOTOS, REFERENCE, Job

TITLE = "Tillstream"
SUBTITLE = "from the till to the answer, by stream and by batch"
DESCRIPTION = (
    "Sources, ingestion by stream and by batch, real-time and batch processing, hot and cold storage and how they meet, dashboards, quality, "
    "governance, security and privacy."
)


def sources() -> list[Card]:
    """Return the senders of events; the sender of photos is last."""
    cards = []
    for area, topics in sorted(facts.source_topics().items(), key=lambda item: PHOTOS in item[1]):
        words = of_area(SOURCES, area)
        cards.append(Card(words.title, text=listed(map(what, topics)), icon=words.icon))
    return cards


def systems() -> list[Card]:
    """Return the systems that send dumps."""
    cards = []
    for area, dumps in sorted(facts.dumps().items(), key=lambda item: -len(item[1])):
        words = of_area(SYSTEMS, area)
        cards.append(Card(words.title, text=listed(map(what, dumps)), icon=words.icon))
    return cards


def contract() -> Card:
    """Return the contracts of the topics."""
    return Card("Contracts", "Avro, registry", f"{len(contracts())} topics: form, limits, owner", icon="contract", tone="stream")


def events(*, rows: bool = False) -> Card:
    """Return the event log, with or without the number of topics of each area."""
    areas = Counter(of_area(AREAS, facts.area(topic)).title for topic in facts.event_topics())
    numbers = tuple((name, str(number)) for name, number in areas.items()) if rows else ()
    return Card("Event log", "Kafka", f"{counted(len(facts.event_topics()), 'topic')}, as it happens", numbers, icon="log", tone="stream")


def movements() -> Card:
    """Return the counts and deliveries of stock, which come from daily files."""
    return Card("Stock moves", text="from the daily files", icon="files", tone="batch")


def photos() -> Card:
    """Return the bucket of photos."""
    return Card("Photos", "MinIO", "each photo is announced", icon="camera", tone="stream")


def job(one: Job) -> Card:
    """Return a Flink job."""
    words = of_job(one.name)
    return Card(words.title, text=words.text, icon=words.icon, tone="stream")


def live_topics() -> Card:
    """Return the compacted topics between the jobs and Redis."""
    return Card("Live topics", "Kafka", f"{counted(len(HOT_TOPICS), 'hot topic')}, newest value of each key", icon="log", tone="stream")


def reference() -> Card:
    """Return the reference data."""
    return Card("Reference data", "Postgres", listed(REFERENCE), icon="database", tone="batch")


def landing() -> Card:
    """Return the landing bucket."""
    return Card("Landing", "MinIO", f"{counted(len(dump_contracts()), 'daily dump')}, each with its manifest", icon="bucket", tone="batch")


def load() -> list[Card]:
    """Return the steps of a load."""
    return [
        Card("Standardise", text="types and forms", icon="gear", tone="batch"),
        Card("Check", text="bad rows to quarantine", icon="check", tone="batch"),
        Card("Merge", text="by key, once", icon="join", tone="batch"),
    ]


def later() -> list[Card]:
    """Return what batch makes from the lake."""
    return [
        Card("Marts", "dbt", counted(len(facts.marts()), "table"), icon="chart", tone="batch"),
        Card("Digests", text="each morning", icon="news", tone="batch"),
        Card("Upkeep", text="compact, expire", icon="broom", tone="batch"),
    ]


def hot() -> Card:
    """Return the hot store."""
    areas = tuple((of_area(AREAS, name).title, str(number)) for name, number in facts.hot_areas().items())
    return Card("Live figures", "Redis", f"{counted(len(HOT_TOPICS), 'figure')}, seconds old", areas, icon="bolt", tone="hot")


def cold() -> Card:
    """Return the cold store."""
    rows = (("Tables, for years", str(len(facts.lake_tables()))), ("Marts", str(len(facts.marts()))))
    return Card("Every row", "Iceberg on MinIO", rows=rows, icon="ice", tone="cold")


def query() -> Card:
    """Return the query engine, in which hot and cold meet."""
    return Card("One query", "Trino", "asks hot and cold; the newer figure counts", icon="join", tone="answer")


def answers() -> list[Card]:
    """Return the dashboards and reports."""
    return [
        Card("Dashboards", "Superset", rows=tuple((title, "") for title in facts.dashboards()), icon="screen", tone="answer"),
        Card("Daily digest", text="what customers say, by department", icon="news", tone="answer"),
        Card("Search", text="customers' words, by meaning", icon="search", tone="answer"),
        Card("Data Docs", text="each check of each dump", icon="book", tone="answer"),
    ]


def quality() -> list[Card]:
    """Return the parts that keep quality and governance."""
    return [
        Card("Dead letters", text="a bad message stops nothing and is kept", icon="aside", tone="quality"),
        Card("Checks", "Great Expectations", f"of {counted(len(dump_contracts()), 'daily dump')}", icon="check", tone="quality"),
        Card("Quarantine", text=f"bad rows with their rule, {QUARANTINE_KEPT_DAYS} days", icon="files", tone="quality"),
        Card("Ledger", "make verify", "nothing lost, nothing counted twice", icon="ledger", tone="quality"),
        Card("Lineage", text=f"what {counted(len(JOBS), 'job')} read and write, from one file", icon="graph", tone="quality"),
        Card("Owners", text="of each field, with privacy and retention", icon="contract", tone="quality"),
    ]


def security(*, built: bool = True, planned: bool = True) -> list[Card]:
    """Return the parts that protect data and people: first the built ones, then the planned ones."""
    cards = [
        Card("Words", text="stored without personal data", icon="hidden", tone="security"),
        Card("Photos", text="faces and names blurred", icon="camera", tone="security"),
        Card("Originals", text="kept three days, for few", icon="lock", tone="security"),
        Card("Private networks", text=f"{facts.networks()} internal; ports stay on 127.0.0.1", icon="network", tone="security"),
        Card("Own users", text="per service, with few rights", icon="key", tone="security"),
    ]
    dashed = [
        Card(title, "planned", text, tone="security", planned=True)
        for title, text in filter(None, (one.card for one in plans.load(facts.ROOT).values()))
    ]
    return cards * built + dashed * planned
