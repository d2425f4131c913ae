package tillstream.inventory;

import java.nio.ByteBuffer;

/**
 * The units that left a shelf, each with its time, packed into bytes: 12 a sale. Kept in the order of time. What is two days old is kept by
 * the hour, which a count between two hours cannot tell apart from the sales themselves.
 */
final class Ledger {
    static final long SECOND = 1_000_000L;
    static final long HOUR = 3_600 * SECOND;
    static final long DAY = 24 * HOUR;
    static final long EXACT = 2 * DAY;
    private static final int ENTRY = 12;

    private long[] at;
    private int[] units;
    private int size;

    Ledger(byte[] packed) {
        ByteBuffer buffer = ByteBuffer.wrap(packed == null ? new byte[0] : packed);
        int entries = buffer.remaining() / ENTRY;
        at = new long[entries + 1];
        units = new int[entries + 1];
        for (; size < entries; size++) {
            at[size] = buffer.getLong();
            units[size] = buffer.getInt();
        }
    }

    /** Adds a sale, in its place by time. */
    void add(long micros, int sold) {
        int place = size;
        for (; place > 0 && at[place - 1] > micros; place--) {
            at[place] = at[place - 1];
            units[place] = units[place - 1];
        }
        at[place] = micros;
        units[place] = sold;
        size++;
    }

    /** Takes out what is not after a time, and gives its units. */
    int takeUntil(long micros) {
        int taken = 0;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (at[i] <= micros) {
                taken += units[i];
            } else {
                at[kept] = at[i];
                units[kept++] = units[i];
            }
        }
        size = kept;
        return taken;
    }

    /** Folds what is two days older than the newest into one entry an hour, which has the time of its last sale. */
    void fold() {
        if (size == 0) { return; }
        long exactFrom = at[size - 1] - EXACT;
        int kept = 0;
        for (int i = 1; i < size; i++) {
            if (at[i] < exactFrom && at[i] / HOUR == at[kept] / HOUR) {
                at[kept] = at[i];
                units[kept] += units[i];
            } else {
                at[++kept] = at[i];
                units[kept] = units[i];
            }
        }
        size = kept + 1;
    }

    int sum() {
        int total = 0;
        for (int i = 0; i < size; i++) { total += units[i]; }
        return total;
    }

    /** The time of the newest sale; 0 where there is none. */
    long newest() { return size == 0 ? 0 : at[size - 1]; }

    byte[] packed() {
        ByteBuffer buffer = ByteBuffer.allocate(size * ENTRY);
        for (int i = 0; i < size; i++) { buffer.putLong(at[i]).putInt(units[i]); }
        return buffer.array();
    }
}
