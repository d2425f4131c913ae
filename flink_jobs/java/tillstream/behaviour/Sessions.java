package tillstream.behaviour;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/**
 * The SQL function {@code sessions_of}: groups the clicks of one visitor into sessions, in whatever order they come, and emits what each click has
 * changed. A pause of more than 30 minutes ends a session.
 *
 * <p>A change belongs to a session's minute and device and has the difference of each figure. A minute's figure is the sum of its changes. Their number
 * only grows, so it is the figure's version; it is the same if clicks are read again after a recovery.
 *
 * <p>State holds a session's first and last click and its number of clicks per kind, not the clicks. A click within 30 minutes of either end belongs to
 * the session, and may join it to the next one. So a visitor's state is a few numbers, even for a robot with a million clicks.
 *
 * <p>Input columns: event_time, event_type, device.
 */
public final class Sessions extends ProcessTableFunction<Sessions.Change> {
    private static final long serialVersionUID = 2L;
    private static final long GAP_MICROS = Duration.ofMinutes(30).toSeconds() * 1_000_000;
    /** Clicks older than two days do not come here, so a session that ended three days before the visitor's newest cannot change any more. */
    private static final long KEPT_MICROS = Duration.ofDays(3).toSeconds() * 1_000_000;
    private static final List<String> KINDS = List.of("SEARCH", "VIEW", "ADD", "REMOVE", "CHECKOUT", "PAY");
    private static final int VIEW = 1, ADD = 2, REMOVE = 3, CHECKOUT = 4, PAY = 5;
    /** A session's numbers: its first and last click, in microseconds since 1970, and the number of clicks per kind. */
    private static final int FIRST = 0, LAST = 1, COUNTS = 2, SIZE = COUNTS + 6;

    /**
     * The state of a visitor: the numbers of each session, one session after the other in no order, and the highest of the devices' names. This is
     * version 0. Flink cannot restore a class that has gained a field. A later version must put its data into the numbers, after a first number that is
     * negative and says the version.
     */
    public static class Visitor {
        @DataTypeHint("ARRAY<BIGINT NOT NULL>")
        public long[] sessions = new long[0];
        public String device;
    }

    /** By how much a click has changed the figures of a minute and device. */
    public static class Change {
        public @DataTypeHint("TIMESTAMP_LTZ(6)") Instant last_at;
        public String device;
        public long sessions;
        public long viewed;
        public long added;
        public long checked_out;
        public long paid;
        public long baskets;
        public long unpaid;
    }

    public void eval(
            @StateHint(name = "visitor") Visitor visitor,
            @ArgumentHint(name = "click", value = {ArgumentTrait.SET_SEMANTIC_TABLE}) Row click) {
        Instant at = click.getFieldAs("event_time");
        int kind = KINDS.indexOf(click.<String>getFieldAs("event_type"));
        String device = click.getFieldAs("device");
        if (at == null || kind < 0 || device == null) { return; }
        List<long[]> sessions = unpacked(visitor.sessions);
        if (visitor.device != null && device.compareTo(visitor.device) > 0) {
            for (long[] session : sessions) {
                tell(session, visitor.device, -1);
                tell(session, device, 1);
            }
        }
        if (visitor.device == null || device.compareTo(visitor.device) > 0) { visitor.device = device; }
        long[] joined = add(sessions, ChronoUnit.MICROS.between(Instant.EPOCH, at), kind, visitor.device);
        sessions.removeIf(session -> session[LAST] < joined[LAST] - KEPT_MICROS);
        visitor.sessions = packed(sessions);
    }

    /** Adds the click and returns its session, which replaces the sessions that the click touches. */
    private long[] add(List<long[]> sessions, long micros, int kind, String device) {
        long[] joined = new long[SIZE];
        joined[FIRST] = joined[LAST] = micros;
        joined[COUNTS + kind] = 1;
        List<long[]> touched = sessions.stream().filter(s -> s[FIRST] - GAP_MICROS <= micros && micros <= s[LAST] + GAP_MICROS).toList();
        for (long[] session : touched) {
            joined[FIRST] = Math.min(joined[FIRST], session[FIRST]);
            joined[LAST] = Math.max(joined[LAST], session[LAST]);
            for (int i = COUNTS; i < SIZE; i++) { joined[i] += session[i]; }
        }
        sessions.removeAll(touched);
        sessions.add(joined);
        if (touched.size() == 1 && sameFigures(touched.get(0), joined)) { return joined; }
        for (long[] session : touched) { tell(session, device, -1); }
        tell(joined, device, 1);
        return joined;
    }

    private static boolean sameFigures(long[] before, long[] after) {
        return Math.floorDiv(before[LAST], 60_000_000L) == Math.floorDiv(after[LAST], 60_000_000L)
                && cameTo(before) == cameTo(after) && hasBasket(before) == hasBasket(after);
    }

    /** How far a session came: 0 nowhere, 1 viewed a product, 2 has something in the basket, 3 went to the checkout, 4 paid. */
    private static int cameTo(long[] session) {
        if (session[COUNTS + PAY] > 0) { return 4; }
        return session[COUNTS + CHECKOUT] > 0 ? 3 : hasBasket(session) ? 2 : session[COUNTS + VIEW] > 0 ? 1 : 0;
    }

    private static boolean hasBasket(long[] session) { return session[COUNTS + ADD] > session[COUNTS + REMOVE]; }

    private void tell(long[] session, String device, int sign) {
        Change change = new Change();
        change.last_at = Instant.EPOCH.plus(session[LAST], ChronoUnit.MICROS);
        change.device = device;
        int cameTo = cameTo(session);
        change.sessions = sign;
        change.viewed = cameTo >= 1 ? sign : 0;
        change.added = cameTo >= 2 ? sign : 0;
        change.checked_out = cameTo >= 3 ? sign : 0;
        change.paid = cameTo >= 4 ? sign : 0;
        change.baskets = hasBasket(session) ? sign : 0;
        change.unpaid = hasBasket(session) && cameTo < 4 ? sign : 0;
        collect(change);
    }

    private static List<long[]> unpacked(long[] packed) {
        // No time is negative: the platform accepts no click from before 1970.
        if (packed.length > 0 && packed[0] < 0) {
            throw new IllegalStateException("the state of a visitor is of version " + -packed[0] + ", and this code reads only version 0: "
                    + "newer code wrote it; start the job with that code");
        }
        List<long[]> sessions = new ArrayList<>();
        for (int at = 0; at < packed.length; at += SIZE) { sessions.add(Arrays.copyOfRange(packed, at, at + SIZE)); }
        return sessions;
    }

    private static long[] packed(List<long[]> sessions) {
        long[] packed = new long[sessions.size() * SIZE];
        for (int i = 0; i < sessions.size(); i++) { System.arraycopy(sessions.get(i), 0, packed, i * SIZE, SIZE); }
        return packed;
    }
}
