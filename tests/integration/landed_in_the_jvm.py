"""Call the jobs' Java code `LandedAt` and `Remembered` on an Iceberg table in a folder, and print the answers as JSON. Runs in the Flink image."""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from pyflink.java_gateway import get_gateway

JVM = get_gateway().jvm
ICEBERG = JVM.org.apache.iceberg
WAREHOUSE = sys.argv[1]


def moment(text: str) -> Any:
    return JVM.java.time.OffsetDateTime.parse(text)


def java_list(*items: Any) -> Any:
    found = JVM.java.util.ArrayList()
    for item in items:
        found.add(item)
    return found


def table() -> Any:
    types = ICEBERG.types.Types
    fields = [
        types.NestedField.required(1, "event_id", types.StringType.get()),
        types.NestedField.required(2, "event_time", types.TimestampType.withZone()),
        types.NestedField.required(3, "ingested_at", types.TimestampType.withZone()),
    ]
    catalog = ICEBERG.hadoop.HadoopCatalog(JVM.org.apache.hadoop.conf.Configuration(False), WAREHOUSE)
    return catalog.createTable(ICEBERG.catalog.TableIdentifier.parse("sales.lines"), ICEBERG.Schema(java_list(*fields)))


def append(into: Any, *rows: tuple[str, str, str]) -> None:
    """Commit a file of rows. A row is: id of the event, time of the event, time of ingestion."""
    schema = into.schema()
    out = ICEBERG.encryption.EncryptedFiles.plainAsEncryptedOutput(into.io().newOutputFile(f"{WAREHOUSE}/{time.time_ns()}.parquet"))
    writer = ICEBERG.data.GenericAppenderFactory(schema).newDataWriter(out, ICEBERG.FileFormat.PARQUET, None)
    for ident, at, came in rows:
        record = ICEBERG.data.GenericRecord.create(schema)
        record.setField("event_id", ident)
        record.setField("event_time", moment(at))
        record.setField("ingested_at", moment(came))
        writer.write(record)
    writer.close()
    into.newAppend().appendFile(writer.toDataFile()).commit()


def properties() -> Any:
    """Return the properties of the catalog in the folder."""
    found = JVM.java.util.HashMap()
    found.put("catalog-impl", "org.apache.iceberg.hadoop.HadoopCatalog")
    found.put("warehouse", WAREHOUSE)
    return found


def function() -> Any:
    found = JVM.tillstream.lake.LandedAt(properties())
    found.open(None)
    return found


class Run:
    """Stand-in for a run of the sales job: it remembers event ids as the job does."""

    def __init__(self, name: str) -> None:
        self._remembered = JVM.tillstream.sales.Remembered.acquire(name, 0, JVM.tillstream.lake.LakeTable.of(properties(), "sales.lines"))

    def passes(self, ident: str, at: str) -> bool:
        """Return whether the job passes on a message with this id and time of the event."""
        event = JVM.tillstream.lake.EventId().of(JVM.org.apache.flink.table.data.StringData.fromString(ident))
        return bool(self._remembered.add(event)) and not self._remembered.cameBefore(
            event, int(datetime.fromisoformat(at).timestamp()) * 1_000_000
        )


def ago(**long: int) -> str:
    """Return the time this long ago, in ISO format."""
    return (datetime.now(tz=UTC) - timedelta(**long)).isoformat()


def asked(of: Any, name: str, ident: str, at: str) -> str | None:
    answer = of.eval(name, ident, moment(at).toInstant())
    return None if answer is None else answer.toString()


lines = table()
first_run = Run("of an empty lake")
EVENT = ("a", "2026-11-20T23:59:59.999999Z", "2026-11-21T00:00:01.5Z")
append(lines, EVENT, ("b", "2026-11-21T00:00:00Z", "2026-11-21T00:00:02Z"), EVENT)
# This function caches the table under its name. The cache is cleared below.
young = asked(function(), "sales.lines", *EVENT[:2])
append(lines, ("a", EVENT[1], "2026-11-27T10:00:00Z"), ("c", "2026-11-20T12:00:00Z", "2026-11-20T12:00:01Z"))
lines.expireSnapshots().expireSnapshotId(lines.snapshots().iterator().next().snapshotId()).commit()
shared = JVM.java.lang.Class.forName("tillstream.lake.LandedAt").getDeclaredField("SHARED")
shared.setAccessible(True)
shared.get(None).clear()
old = function()
append(lines, ("late", ago(hours=30), ago(hours=2)), ("now", ago(hours=1), ago(minutes=59)), ("days ago", ago(days=3), ago(days=3)))
run = Run("the next")
passed = {
    "of an hour ago": run.passes("now", ago(hours=1)),
    "the same with another time": Run("a third").passes("now", ago(hours=22)),
    "late": run.passes("late", ago(hours=30)),
    "of days ago": run.passes("days ago", ago(days=3)),
    "new": run.passes("new", ago(hours=1)),
    "new, again": run.passes("new", ago(hours=1)),
    "new and late": run.passes("new and late", ago(days=3)),
    "of days ago, to a run that began when nothing had landed": first_run.passes("days ago", ago(days=3)),
}
answers = {
    "passed": passed,
    "young": young,
    "first": asked(old, "sales.lines", *EVENT[:2]),
    "same id on another day": asked(old, "sales.lines", "a", "2026-11-21T10:00:00Z"),
    "next day": asked(old, "sales.lines", "b", "2026-11-21T00:00:00Z"),
    "unknown": asked(old, "sales.lines", "z", EVENT[1]),
    "no id": None if old.eval("sales.lines", None, moment(EVENT[1]).toInstant()) is None else "something",
}
print(json.dumps(answers))
