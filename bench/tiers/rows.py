"""The exported rows: their columns, and the files that every store is loaded from."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

#: Columns of the lines, with a subset of the names of lake.sales.lines. Moments are UTC.
LINES = pa.schema(
    [
        ("event_id", pa.string()),
        ("line_position", pa.int32()),
        ("transaction_type", pa.string()),
        ("channel", pa.string()),
        ("store_id", pa.string()),
        ("region", pa.string()),
        ("department", pa.string()),
        ("category", pa.string()),
        ("product_id", pa.string()),
        ("customer_id", pa.string()),
        ("units", pa.int64()),
        ("net_amount", pa.decimal128(12, 2)),
        ("event_time", pa.timestamp("us")),
    ]
)
STOCK = pa.schema([("product_id", pa.string()), ("store_id", pa.string()), ("units", pa.int64())])
Line = dict[str, Any]


@dataclass(frozen=True)
class Exported:
    """What was exported from the lake.

    Attributes:
        until: the end of the rows, a whole minute in UTC.
        first_day: the day of the oldest row, as 2026-11-28.
        lines: number of lines.
        stock: number of pairs of product and store.
        lines_snapshot: snapshot of lake.sales.lines that was read.
        stock_snapshot: snapshot of lake.inventory.stock_counts that was read.
        share: share of the baskets that was exported, in parts of SHARES.
        days: lines of each day, by day.
    """

    until: datetime
    first_day: str
    lines: int
    stock: int
    lines_snapshot: int
    stock_snapshot: int
    share: int
    days: dict[str, int]


class Exchange:
    """The folder of the exported files, which the client's commands share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines, self.stock = folder / "lines.parquet", folder / "stock.parquet"
        self.lines_csv, self.stock_csv = folder / "lines.csv", folder / "stock.csv"
        self.parameters = folder / "parameters.json"
        self._exported = folder / "exported.json"

    def answers(self, store: str) -> Path:
        """Return the file of a store's answers."""
        return self.folder / f"answers-{store}.json"

    def describe(self, exported: Exported) -> None:
        """Store the description of the export."""
        self._exported.write_text(json.dumps(asdict(exported) | {"until": exported.until.isoformat()}), encoding="utf-8")

    def exported(self) -> Exported:
        """Return the description of the export."""
        document = json.loads(self._exported.read_text(encoding="utf-8"))
        return Exported(**document | {"until": datetime.fromisoformat(document["until"])})

    def write_csv(self) -> None:
        """Write the files again as CSV, for the stores that load CSV. A null is an empty field without quotes, a text has quotes."""
        for source, target in ((self.lines, self.lines_csv), (self.stock, self.stock_csv)):
            file = pq.ParquetFile(source)
            with pc.CSVWriter(target, file.schema_arrow, write_options=pc.WriteOptions(include_header=False)) as writer:
                for batch in file.iter_batches():
                    writer.write_batch(batch)

    def baskets(self) -> Iterator[list[Line]]:
        """Yield the lines of each basket, the oldest basket first. The lines of a basket follow each other in the file."""
        rows = (row for batch in pq.ParquetFile(self.lines).iter_batches(10_000) for row in batch.to_pylist())
        for _, lines in groupby(rows, itemgetter("event_id")):
            yield list(lines)

    def pairs(self) -> Iterator[tuple[str, str, int]]:
        """Yield product, store and units of each pair."""
        for batch in pq.ParquetFile(self.stock).iter_batches(10_000):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def cents(amount: Decimal) -> int:
    """Return an amount of money in cents."""
    return int(amount.scaleb(2))


def aware(moment: datetime) -> datetime:
    """Return a moment of the exported file with its time zone, which is UTC."""
    return moment.replace(tzinfo=UTC)
