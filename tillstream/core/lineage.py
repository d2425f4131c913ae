"""Write docs/lineage.md from the topology: python3 -m tillstream.core.lineage > docs/lineage.md."""

import sys
from collections.abc import Iterable

from tillstream.core.contracts import contracts, dump_contracts
from tillstream.core.topology import DERIVED, JOBS, MOVEMENT_DUMPS, MOVEMENTS, QUALITY_TABLES, REFERENCE_DUMPS, tables_into, tables_of

_HEAD = """# What flows where

This page is written by `python3 -m tillstream.core.lineage` from `tillstream/core/topology.py` and the contracts; a test compares it.
Dagster shows the same as a graph.
The marts and what they read are in dbt's pages.
"""


def page() -> str:
    """Return the page."""
    parts = [
        _HEAD,
        "## Flink jobs",
        _table(
            ("Job", "Reads", "Looks up", "Looks for copies in", "Writes to the lake", "Writes to Kafka"),
            (
                (
                    job.name,
                    _listed((*flow.reads, *tables_of(flow.asks))),
                    _listed(flow.lookups),
                    _listed(tables_of(flow.recalls)),
                    _listed(flow.tables),
                    _listed(flow.writes),
                )
                for job in JOBS.values()
                for flow in job.flows
                if not flow.to_redis
            ),
        ),
        "The job `hot_store` puts the records of all `hot.*` topics into Redis:",
        _table(
            ("Topic", "Redis keys"),
            ((_listed([topic]), f"`{contracts()[topic].redis_prefix}:…`") for topic in JOBS["hot_store"].reads),
        ),
        "## Dumps",
        _table(
            ("Dump", "Table", "Reference tables", "Publishes"),
            (
                (
                    _listed([name]),
                    _listed([dump.table]),
                    _listed(table for table, dumps in REFERENCE_DUMPS.items() if name in dumps),
                    _listed([MOVEMENTS] if name in MOVEMENT_DUMPS else []),
                )
                for name, dump in dump_contracts().items()
            ),
        ),
        f"Each load writes what became of its files, rules and rows to {_listed(QUALITY_TABLES)}.",
        "## Tables that batch makes of texts and calls",
        _table(("Table", "Made from"), ((_listed([table]), _listed(tables_into(table))) for table in DERIVED)),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    sys.stdout.write(page())
