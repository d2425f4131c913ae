package tillstream.lake;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * The SQL function {@code landed_at(table, event_id, event_time)}: when a message of that event came in that the lake has; null where it has none.
 *
 * <p>It tells the copy of an event from the event where the copy comes later than the jobs remember ids. It is asked only of events that are
 * themselves older than that, so that live trade never waits for the lake. An answer does not depend on when it is asked: the message that
 * landed is told from its copies by its time in Kafka, so that a job that reads it again takes it again.
 *
 * <p>The days that were read are shared by the jobs of a TaskManager. Where the lake cannot be read the job begins again from its checkpoint,
 * as where it cannot be written. To the planner it is deterministic: a condition that is not stays above a UNION as one operator more, and the
 * state of the jobs that run fits no plan of another shape.
 */
public final class LandedAt extends ScalarFunction {
    private static final long serialVersionUID = 1L;
    private static final Map<String, Days> SHARED = new ConcurrentHashMap<>();

    private final HashMap<String, String> catalog;
    private transient Map<String, Days> known;
    private transient EventId event;

    /** @param catalog the properties of the lake's catalog, as Iceberg names them */
    public LandedAt(Map<String, String> catalog) { this.catalog = new HashMap<>(catalog); }

    @Override
    public void open(FunctionContext context) {
        known = new HashMap<>();
        event = new EventId();
    }

    public @DataTypeHint("TIMESTAMP_LTZ(6)") Instant eval(String table, String eventId, @DataTypeHint("TIMESTAMP_LTZ(6)") Instant eventTime) {
        if (eventId == null || eventTime == null) { return null; }
        Days days = known.computeIfAbsent(table, name -> SHARED.computeIfAbsent(name, shared -> new Days(LakeTable.of(catalog, shared))));
        long micros = days.landedAt(event.of(StringData.fromString(eventId)), ChronoUnit.MICROS.between(Instant.EPOCH, eventTime), System.currentTimeMillis());
        return micros == Long.MAX_VALUE ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
