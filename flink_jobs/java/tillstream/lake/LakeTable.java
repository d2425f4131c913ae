package tillstream.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.CombinedScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.flink.source.DataIterator;
import org.apache.iceberg.flink.source.FileScanTaskReader;
import org.apache.iceberg.flink.source.RowDataFileScanTaskReader;
import org.apache.iceberg.io.CloseableIterable;

/** Reads events from a table of the lake. Times are in microseconds since 1970, unless a name says milliseconds. */
public final class LakeTable {
    /** Opened once per process: a job that restarts again and again would leave connections behind each time. */
    private static final Map<Map<String, String>, Catalog> CATALOGS = new ConcurrentHashMap<>();
    private static final String EVENT_ID = "event_id", EVENT_TIME = "event_time", INGESTED_AT = "ingested_at";
    private static final String CHECKPOINT = "flink.max-committed-checkpoint-id";

    private final Supplier<Table> open;
    private Table table;

    /** Gets an event's id, its time, and the time its message came in. Called more than once for an event that the table has more than once. */
    public interface Visitor {
        void event(EventId id, long time, long ingestedAt);
    }

    private LakeTable(Supplier<Table> open) { this.open = open; }

    /** The table with the name schema.table in the catalog with these properties. Opened when it is first used. */
    public static LakeTable of(Map<String, String> catalog, String name) {
        Map<String, String> properties = Map.copyOf(catalog);
        return new LakeTable(() -> CATALOGS.computeIfAbsent(properties, LakeTable::opened).loadTable(TableIdentifier.parse(name)));
    }

    private static Catalog opened(Map<String, String> properties) {
        return CatalogUtil.loadCatalog(properties.get(CatalogProperties.CATALOG_IMPL), "lake", properties, new Configuration(false));
    }

    /** Whether the table has no rows. */
    public synchronized boolean isEmpty() { return refreshed().currentSnapshot() == null; }

    /** The last Flink checkpoint that was committed to the table; -1 if there is none. */
    public synchronized long committed() {
        Snapshot last = refreshed().currentSnapshot();
        while (last != null && !last.summary().containsKey(CHECKPOINT)) { last = last.parentId() == null ? null : table.snapshot(last.parentId()); }
        return last == null ? -1 : Long.parseLong(last.summary().get(CHECKPOINT));
    }

    /** Whether the first rows came after this time (ms since 1970). False if the first snapshots have expired, since it is then unknown. */
    public synchronized boolean beganAfter(long millis) {
        Snapshot first = null;
        for (Snapshot snapshot : refreshed().snapshots()) {
            if (first == null || snapshot.sequenceNumber() < first.sequenceNumber()) { first = snapshot; }
        }
        return first == null || (first.parentId() == null && first.timestampMillis() > millis);
    }

    /** Calls the visitor for each event from one time up to another (exclusive), in no order. */
    public synchronized void events(long from, long to, Visitor visitor) {
        Schema columns = refreshed().schema().select(EVENT_ID, EVENT_TIME, INGESTED_AT);
        int id = place(columns, EVENT_ID), time = place(columns, EVENT_TIME), ingestedAt = place(columns, INGESTED_AT);
        FileScanTaskReader<RowData> reader = new RowDataFileScanTaskReader(table.schema(), columns, null, true, List.of());
        EventId event = new EventId();
        try (CloseableIterable<CombinedScanTask> tasks = table.newScan().project(columns)
                .filter(Expressions.and(Expressions.greaterThanOrEqual(EVENT_TIME, from), Expressions.lessThan(EVENT_TIME, to))).planTasks()) {
            for (CombinedScanTask task : tasks) {
                try (DataIterator<RowData> rows = new DataIterator<>(reader, task, table.io(), table.encryption())) {
                    StringData last = null;
                    while (rows.hasNext()) {
                        RowData row = rows.next();
                        StringData text = row.getString(id);
                        // A basket's lines are adjacent: report the event once.
                        if (text.equals(last)) { continue; }
                        last = text;
                        // The scan returns all rows of a file that has some of these events.
                        long at = micros(row, time);
                        if (at >= from && at < to) { visitor.event(event.of(text), at, micros(row, ingestedAt)); }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the events of " + table.name() + " cannot be read", e);
        }
    }

    private Table refreshed() {
        if (table == null) { table = open.get(); } else { table.refresh(); }
        return table;
    }

    private static int place(Schema columns, String name) { return columns.columns().indexOf(columns.findField(name)); }

    private static long micros(RowData row, int place) { return micros(row.getTimestamp(place, 6)); }

    /** A time in microseconds since 1970, as the lake has it. */
    public static long micros(TimestampData time) { return time.getMillisecond() * 1000 + time.getNanoOfMillisecond() / 1000; }
}
