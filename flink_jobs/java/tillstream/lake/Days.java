package tillstream.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * When each event of a day came in, as a table of the lake has it: by whole days of event time, read when first asked for, the last ones kept.
 * Of an event 16 bytes are kept: 64 bits of its id's hash, and the time. That two of a million ids share them has a chance of one in 37 million.
 */
public final class Days {
    /** What came in since a day was read is not in it: by then it is remembered by the jobs, for four times as long. */
    static final long FRESH_MILLIS = Duration.ofHours(6).toMillis();
    /** A table whose first rows are younger than this holds nothing that the jobs do not remember: a new platform's history costs no scan. */
    static final long YOUNG_MILLIS = Duration.ofHours(12).toMillis();
    private static final long ASK_AGAIN_MILLIS = Duration.ofMinutes(10).toMillis();
    /** 16 MB a table: a day of live trade has 173,000 baskets and 346,000 clicks, one of the source's history 430. */
    private static final int MOST_EVENTS = 1_000_000;
    /** Opened once in a process: a job that begins again and again would leave its connections behind each time. */
    private static final Map<Map<String, String>, Catalog> CATALOGS = new ConcurrentHashMap<>();
    private static final String CHECKPOINT = "flink.max-committed-checkpoint-id";
    private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1_000;

    /** The events of a day, by their hashes in order. */
    record Day(long[] ids, long[] times, long readAt) {
        long at(long id) {
            int place = Arrays.binarySearch(ids, id);
            return place < 0 ? Long.MAX_VALUE : times[place];
        }
    }

    private final Supplier<Table> open;
    private final LinkedHashMap<Long, Day> kept = new LinkedHashMap<>(16, 0.75f, true);
    private Table table;
    private long askedAt;
    private boolean young;
    private int events;

    private Days(Supplier<Table> open) { this.open = open; }

    /** Of a table, named schema.table, of the catalog with these properties. Nothing is asked before it is needed. */
    public static Days of(Map<String, String> catalog, String name) {
        Map<String, String> properties = Map.copyOf(catalog);
        return new Days(() -> CATALOGS.computeIfAbsent(properties, Days::opened).loadTable(TableIdentifier.parse(name)));
    }

    private static Catalog opened(Map<String, String> properties) {
        return CatalogUtil.loadCatalog(properties.get(CatalogProperties.CATALOG_IMPL), "lake", properties, new Configuration(false));
    }

    /** Whether the table has no rows. */
    public synchronized boolean isEmpty() { return refreshed().currentSnapshot() == null; }

    /** The last checkpoint of a job of Flink that was committed; -1 where there is none. */
    public synchronized long committed() {
        Snapshot last = refreshed().currentSnapshot();
        while (last != null && !last.summary().containsKey(CHECKPOINT)) { last = last.parentId() == null ? null : table.snapshot(last.parentId()); }
        return last == null ? -1 : Long.parseLong(last.summary().get(CHECKPOINT));
    }

    private Table refreshed() {
        if (table == null) { table = open.get(); } else { table.refresh(); }
        return table;
    }

    /** Whether the lake has the event, however young its first rows are. */
    public synchronized boolean hasLanded(String id, long eventMicros, long nowMillis) { return timeOf(id, eventMicros, nowMillis) != Long.MAX_VALUE; }

    /** When the event came in first, in microseconds since 1970; Long.MAX_VALUE where the lake does not have it, or its first rows are young. */
    public synchronized long landedAt(String id, long eventMicros, long nowMillis) {
        return isYoung(nowMillis) ? Long.MAX_VALUE : timeOf(id, eventMicros, nowMillis);
    }

    private long timeOf(String id, long eventMicros, long nowMillis) {
        if (table == null) { refreshed(); }
        long number = Math.floorDiv(eventMicros, DAY_MICROS);
        Day day = kept.get(number);
        if (day == null || nowMillis - day.readAt > FRESH_MILLIS) {
            forget(number);
            day = read(number, nowMillis);
            keep(number, day);
        }
        return day.at(hash(id));
    }

    private boolean isYoung(long nowMillis) {
        if (table == null || nowMillis - askedAt > ASK_AGAIN_MILLIS) {
            refreshed();
            askedAt = nowMillis;
            young = isYoung(table, nowMillis);
        }
        return young;
    }

    /** Whether the first rows are young. Of a table whose first snapshots have expired this cannot be told: it is not. */
    static boolean isYoung(Table table, long nowMillis) {
        Snapshot first = null;
        for (Snapshot snapshot : table.snapshots()) {
            if (first == null || snapshot.sequenceNumber() < first.sequenceNumber()) { first = snapshot; }
        }
        return first == null || (first.parentId() == null && first.timestampMillis() > nowMillis - YOUNG_MILLIS);
    }

    private void forget(long number) {
        Day gone = kept.remove(number);
        if (gone != null) { events -= gone.ids.length; }
    }

    private void keep(long number, Day day) {
        kept.put(number, day);
        events += day.ids.length;
        while (events > MOST_EVENTS && kept.size() > 1) {
            Map.Entry<Long, Day> oldest = kept.entrySet().iterator().next();
            forget(oldest.getKey());
        }
    }

    private Day read(long number, long nowMillis) {
        table.refresh();
        long from = number * DAY_MICROS;
        long[][] found = new long[1024][];
        int size = 0;
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table).select("event_id", "ingested_at", "event_time")
                .where(Expressions.and(Expressions.greaterThanOrEqual("event_time", from), Expressions.lessThan("event_time", from + DAY_MICROS))).build()) {
            String last = "";
            for (Record row : rows) {
                String id = (String) row.getField("event_id");
                // The lines of a basket follow each other.
                if (id.equals(last)) { continue; }
                last = id;
                if (size == found.length) { found = Arrays.copyOf(found, 2 * size); }
                found[size++] = new long[] {hash(id), ChronoUnit.MICROS.between(OffsetDateTime.parse("1970-01-01T00:00Z"), (OffsetDateTime) row.getField("ingested_at"))};
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the lake's day " + number + " of " + table.name() + " cannot be read", e);
        }
        return sorted(found, size, nowMillis);
    }

    private static Day sorted(long[][] found, int size, long nowMillis) {
        Arrays.sort(found, 0, size, (a, b) -> a[0] == b[0] ? Long.compare(a[1], b[1]) : Long.compare(a[0], b[0]));
        long[] ids = new long[size];
        long[] times = new long[size];
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (kept > 0 && ids[kept - 1] == found[i][0]) { continue; }
            ids[kept] = found[i][0];
            times[kept++] = found[i][1];
        }
        return new Day(Arrays.copyOf(ids, kept), Arrays.copyOf(times, kept), nowMillis);
    }

    static long hash(String id) { return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).getLeastSignificantBits(); }
}
