package tillstream.behaviour;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.types.Row;

/**
 * The SQL function {@code sessions_of}: the clicks of one visitor as sessions, whatever the order they came in. A pause of more than 30 minutes ends
 * a session. Of each: its last click, how far it came (0 nowhere, 1 looked at a product, 2 left something in the basket, 3 went to the checkout,
 * 4 paid), whether something is in the basket, and whether it was paid.
 */
@FunctionHint(output = @DataTypeHint("ARRAY<ROW<last_at TIMESTAMP_LTZ(6), came_to INT, has_basket BOOLEAN, paid BOOLEAN>>"))
public final class Sessions extends AggregateFunction<Row[], Sessions.Clicks> {
    private static final long serialVersionUID = 1L;
    private static final long GAP_MICROS = Duration.ofMinutes(30).toSeconds() * 1_000_000;
    private static final List<String> KINDS = List.of("SEARCH", "VIEW", "ADD", "REMOVE", "CHECKOUT", "PAY");
    private static final int VIEW = 1, ADD = 2, REMOVE = 3, CHECKOUT = 4, PAY = 5, BITS = 3;

    /**
     * Each click is its time in microseconds and its kind, in one number. That is version 0. Flink does not restore a class that has gained a
     * field, so what is ever to be kept beside goes into the numbers, behind a first one that is less than nothing and says the version.
     */
    public static class Clicks {
        @DataTypeHint("ARRAY<BIGINT NOT NULL>")
        public long[] clicks = new long[0];
    }

    @Override public Clicks createAccumulator() { return new Clicks(); }

    public void accumulate(Clicks held, @DataTypeHint("TIMESTAMP_LTZ(6)") Instant at, String kind) {
        int known = KINDS.indexOf(kind);
        if (at == null || known < 0) { return; }
        long micros = at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
        add(held, new long[] {micros << BITS | known});
    }

    /** A number less than nothing is no click: the platform takes in none of before 1970. */
    private static void refuseNewer(long[] clicks) {
        if (clicks.length > 0 && clicks[0] < 0) {
            throw new IllegalStateException("the state of a visitor's clicks is of version " + -clicks[0] + ", and this code reads version 0 alone: "
                    + "it was kept by newer code, which alone can go on from it");
        }
    }

    public void merge(Clicks held, Iterable<Clicks> others) {
        for (Clicks other : others) { add(held, other.clicks); }
    }

    private static void add(Clicks held, long[] more) {
        int before = held.clicks.length;
        held.clicks = Arrays.copyOf(held.clicks, before + more.length);
        System.arraycopy(more, 0, held.clicks, before, more.length);
    }

    @Override
    public Row[] getValue(Clicks held) {
        refuseNewer(held.clicks);
        long[] clicks = held.clicks.clone();
        Arrays.sort(clicks);
        List<Row> sessions = new ArrayList<>();
        for (int from = 0, to = 1; from < clicks.length; to++) {
            if (to == clicks.length || (clicks[to] >> BITS) - (clicks[to - 1] >> BITS) > GAP_MICROS) {
                sessions.add(session(clicks, from, to));
                from = to;
            }
        }
        return sessions.toArray(new Row[0]);
    }

    private static Row session(long[] clicks, int from, int to) {
        int[] count = new int[KINDS.size()];
        for (int i = from; i < to; i++) { count[(int) (clicks[i] & (1 << BITS) - 1)]++; }
        boolean basket = count[ADD] > count[REMOVE];
        int cameTo = count[PAY] > 0 ? 4 : count[CHECKOUT] > 0 ? 3 : basket ? 2 : count[VIEW] > 0 ? 1 : 0;
        long last = clicks[to - 1] >> BITS;
        Instant lastAt = Instant.ofEpochSecond(Math.floorDiv(last, 1_000_000L), Math.floorMod(last, 1_000_000L) * 1_000);
        return Row.of(lastAt, cameTo, basket, count[PAY] > 0);
    }
}
