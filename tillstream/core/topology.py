"""The data flow: which topics, tables and keys each job reads and writes."""

from typing import Any

from tillstream.core.contracts import contracts

#: The tables that Flink jobs fill, and the topics that each is filled from. A message is one row, or has one row per line.
STREAMED = {"lake.sales.lines": ("pos.transactions.v1", "web.orders.v1"), "lake.web.events": ("web.events.v1",)}


def added_fields(table: str) -> list[dict[str, Any]]:
    """Return the fields added since the first release to the contracts of a streamed table's topics, and to their lines."""
    return [field for topic in STREAMED[table] for field in [*contracts()[topic].added, *contracts()[topic].added_to_lines]]
