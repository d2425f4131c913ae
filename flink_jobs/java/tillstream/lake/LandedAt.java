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
 * The SQL function {@code landed_at(table, event_id, event_time)}: when the lake's message of this event came in; null if the lake does not have it.
 *
 * <p>It recognises a copy that comes later than the jobs remember ids. It is called only for events that are themselves older than that, so live events
 * never wait for the lake. The result does not depend on when it is called: the message in the lake is told from its copies by its time in Kafka, so a
 * job that reads that message again accepts it again.
 *
 * <p>The jobs of a TaskManager share the days that were read. If the lake cannot be read, the job restarts from its checkpoint, as if the lake could not
 * be written. For the planner the function is deterministic. Otherwise the condition would stay above a UNION as one more operator, and the state of
 * running jobs would not fit that plan.
 */
public final class LandedAt extends ScalarFunction {
    private static final long serialVersionUID = 1L;
    private static final Map<String, Days> SHARED = new ConcurrentHashMap<>();

    private final HashMap<String, String> catalog;
    private transient Map<String, Days> known;
    private transient EventId event;

    /** @param catalog the properties of the lake's catalog, under Iceberg's names */
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
