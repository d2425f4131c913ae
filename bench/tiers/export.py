"""Export the rows from the lake once: every store is loaded from these files."""

import sys
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq

from bench.tiers import lake
from bench.tiers.rows import LINES, STOCK, Exchange, Exported
from tillstream.core.clients.trino import Trino

#: Lines of the last minutes may still be on their way to the lake, which is up to 13 s behind.
SETTLED = timedelta(minutes=1)
UTC_TIME = "CAST(event_time AT TIME ZONE 'UTC' AS timestamp(6))"


def export(trino: Trino, exchange: Exchange, most: int, at: datetime | None = None) -> Exported:
    """Write the lines and the stock to the exchange folder.

    Args:
        trino: the running platform's Trino.
        exchange: the folder.
        most: at most about so many lines. Where the lake has more, a share of the baskets is taken.
        at: the moment that counts as now; the current one if it is not given.

    Raises:
        NoHistoryError: the lake has no lines of today, or no stock was counted.
    """
    until = ((at or datetime.now(tz=UTC)) - SETTLED).replace(second=0, microsecond=0)
    lines_snapshot, stock_snapshot = lake.snapshot(trino, "lake.sales.lines"), lake.snapshot(trino, "lake.inventory.stock_counts")
    counts = lake.days(trino, lines_snapshot, until)
    total = sum(counts.values())
    if until.date() not in counts:
        raise lake.NoHistoryError("lake.sales.lines has no line of today: wait until `make up` has ended and trade flows")
    share = min(lake.SHARES, max(1, lake.SHARES * most // total))
    progress(f"the lake has {total:,} lines of {len(counts)} days; {share / lake.SHARES:.1%} of the baskets are exported")
    lines = 0
    spans = lake.ranges(counts, until)
    with pq.ParquetWriter(exchange.lines, LINES, compression="zstd") as writer:
        for number, span in enumerate(spans, 1):
            query = lake.lines_query(lines_snapshot, share, span, UTC_TIME)
            lines += _write(writer, LINES, trino.rows(f"{query} ORDER BY event_time, event_id, line_position"))
            progress(f"exported {lines:,} lines, {number} of {len(spans)} ranges")
    with pq.ParquetWriter(exchange.stock, STOCK, compression="zstd") as writer:
        stock = sum(
            _write(writer, STOCK, trino.rows(lake.stock_query(stock_snapshot, f"{slice_of('product_id', 8)} = {number}")))
            for number in range(8)
        )
    exchange.write_csv()
    by_day = {f"{day}": count for day, count in counts.items()}
    exported = Exported(until, min(by_day), lines, stock, lines_snapshot, stock_snapshot, share, by_day)
    exchange.describe(exported)
    return exported


def slice_of(column: str, number: int) -> str:
    """Return an expression that assigns the values of a column to slices, from 0 to below a power of two."""
    return f"bitwise_and(from_big_endian_64(xxhash64(to_utf8({column}))), {number - 1})"


def _write(writer: pq.ParquetWriter, schema: pa.Schema, rows: list[list[object]]) -> int:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    writer.write_table(pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema))
    return len(rows)


def progress(text: str) -> None:
    """Print a line of progress. The standard output has only results."""
    print(text, file=sys.stderr, flush=True)
