"""Write a batch in Spark: its figures to Redis, then its lines and dead letters to the lake."""

import time
from collections.abc import Iterator
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from bench.peers.figures import Record, Sum, of_dead_letters, of_department, of_minute, of_store
from bench.peers.hot import HotWriter
from bench.peers.reference import Reference
from bench.peers.settings import PeerSettings
from tillstream.core.sql_templates import statements

SQL = Path(__file__).parent / "sql"
LINES, DEAD_LETTERS = "lake.bench.lines_spark", "lake.bench.dead_letters_spark"
#: Property of a lake commit that holds the number of its batch, so that a batch that is repeated after a crash is not landed again.
NOTE = "peers-batch"
#: Columns of a batch that the table of lines does not have.
BESIDE = ("topic", "partition", "offset", "kind", "raw")


class Landing:
    """The landing of batches. Spark repeats a batch after a crash, so each target stores which batches it has."""

    def __init__(self, settings: PeerSettings, reference: Reference) -> None:
        self._hot = HotWriter(settings, reference)
        (self._lines,), (self._rollups,) = statements(SQL / "lines.sql"), statements(SQL / "rollups.sql")
        self._landed: dict[str, int] = {}
        self.totals: dict[str, float] = {}

    def begin(self, spark: SparkSession) -> None:
        """Read from the lake which batches it has. Called before a query starts."""
        for table in (LINES, DEAD_LETTERS):
            noted = spark.sql(f"SELECT MAX(CAST(summary['{NOTE}'] AS BIGINT)) FROM {table}.snapshots").collect()[0][0]
            self._landed[table] = -1 if noted is None else int(noted)
        self.totals = {"batches": 0, "rollups": 0.0, "redis": 0.0, "lake": 0.0}

    def land(self, frame: DataFrame, batch: int) -> None:
        """Land a batch. Called by Spark for each batch in order. If it raises, the query ends, and the batch is repeated at the next start."""
        spark, started = frame.sparkSession, time.monotonic()
        frame.createOrReplaceTempView("baskets")
        kept = spark.sql(self._lines).persist()
        try:
            kept.createOrReplaceTempView("kept")
            rows = spark.sql(self._rollups).toArrow().to_pylist()
            summed = time.monotonic()
            self._figures(rows, batch)
            written = time.monotonic()
            self._append(kept.where("kind IS NULL").drop(*BESIDE), LINES, batch)
            if any(row["figure"] == "dead" for row in rows):
                self._append(spark.sql(DEAD), DEAD_LETTERS, batch)
        finally:
            kept.unpersist()
        self._add_times(summed - started, written - summed, time.monotonic() - written)

    def _add_times(self, rollups: float, redis: float, lake: float) -> None:
        for name, more in {"batches": 1, "rollups": rollups, "redis": redis, "lake": lake}.items():
            self.totals[name] += more

    def _append(self, frame: DataFrame, table: str, batch: int) -> None:
        if batch <= self._landed[table]:
            return
        options = {f"snapshot-property.{NOTE}": str(batch), "fanout-enabled": "true", "check-nullability": "false"}
        frame.writeTo(table).options(**options).append()

    def _figures(self, rows: list[dict[str, object]], batch: int) -> None:
        """Write the figures, the ranking last, because it is read less often."""
        self._hot.add(_records(rows), batch)
        products: dict[int, dict[str, Sum]] = {}
        for row in rows:
            if row["figure"] == "product":
                products.setdefault(int(str(row["at"])), {})[str(row["a"])] = _sum(row)
        self._hot.rank(products, batch)


#: Selects the dead letters of the batch in memory.
DEAD = """
SELECT topic, partition, offset, ingested_at AS produced_at, kind, kind AS reason, raw FROM kept WHERE kind IS NOT NULL
"""


def _sum(row: dict[str, object]) -> Sum:
    part = Sum()
    part.add(*(int(str(row[name])) for name in ("baskets", "lines", "units", "cents")))
    return part


def _records(rows: list[dict[str, object]]) -> Iterator[Record]:
    """Yield the records of a batch's rows. Returns and voids also count in their minute, whose rows are grouped by transaction type."""
    for row in rows:
        at, a, b, part = int(str(row["at"])), str(row["a"]), str(row["b"]), _sum(row)
        match row["figure"]:
            case "minute":
                yield from of_minute(at, a, b, part)
            case "store":
                yield of_store(at, a, b, None if row["c"] is None else str(row["c"]), part)
            case "department":
                yield of_department(at, a, b, part)
            case "dead":
                yield of_dead_letters(at, a, b, part.lines)
