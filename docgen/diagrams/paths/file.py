"""The path of a file."""

from docgen.diagrams import facts
from docgen.diagrams.cards import Card
from docgen.diagrams.paths.path import Node, Path
from tillstream.core import buckets
from tillstream.core.contracts import dump_contracts
from tillstream.core.topology import JOBS, MOVEMENT_DUMPS, MOVEMENTS, QUALITY_TABLES, REFERENCE_DUMPS, dump_tables


def path() -> Path:
    """Return the path."""
    dumps = tuple(dump_contracts())
    reference = tuple(table for table, sources in REFERENCE_DUMPS.items() if sources)
    readers = [job.name for job in JOBS.values() if any(flow.lookups for flow in job.flows)]
    counting = [job.name for job in JOBS.values() if MOVEMENTS in job.compared]
    steps = ("read row by row", "standardise the values", "find the bad rows", "merge the rest by key", "record the outcome")
    moved = facts.listed(facts.what(dump) for dump in MOVEMENT_DUMPS)
    nodes = {
        "office": Node(Card("Back office", text="sends a file, then its manifest: rows, SHA-256 and business date", icon="files"), 0, 1),
        "landing": Node(Card("Landing", "MinIO", f"bucket {buckets.LANDING}", names=dumps, icon="bucket", tone="batch"), 1, 1),
        "load": Node(Card("Load", "Dagster", steps=steps, icon="gear", tone="batch"), 2, 1),
        "quality": Node(
            Card("Outcome", "Great Expectations", "of each file, rule and bad row", names=QUALITY_TABLES, icon="check", tone="quality"),
            2,
            2,
        ),
        "reference": Node(Card("Reference data", "Postgres", names=reference, icon="database", tone="batch"), 3, 0),
        "jobs": Node(Card("Look-ups", "Flink", f"by the jobs {facts.listed(readers)}", icon="search", tone="stream"), 4, 0),
        "tables": Node(Card("Tables", "Iceberg on MinIO", names=dump_tables(dumps), icon="ice", tone="cold"), 3, 1),
        "marts": Node(
            Card(
                "Marts",
                "dbt on Trino",
                f"{len(facts.marts())} tables, when every dump of a day is loaded or refused",
                icon="chart",
                tone="answer",
            ),
            4,
            1,
        ),
        "movements": Node(Card("Stock moves", "Kafka", f"from {moved}", names=(MOVEMENTS,), icon="log", tone="stream"), 3, 2),
        "stock": Node(Card("Live stock", "Flink", f"by the job {facts.listed(counting)}", icon="table", tone="stream"), 4, 2),
    }
    edges = (
        ("office", "landing"),
        ("landing", "load"),
        ("load", "quality"),
        ("load", "reference"),
        ("load", "tables"),
        ("load", "movements"),
        ("reference", "jobs"),
        ("tables", "marts"),
        ("movements", "stock"),
    )
    columns = (("Source", "source"), ("Ingestion", "batch"), ("Processing", "batch"), ("Storage", "cold"), ("What follows", "answer"))
    return Path("file", "The path of a file", columns, nodes, edges)
