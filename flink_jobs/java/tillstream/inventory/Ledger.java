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

    /** Adds a sale, in its place by time. The lines of a basket have one time, and are one entry. */
    void add(long micros, int sold) {
        int before = size - 1;
        while (before >= 0 && at[before] > micros) { before--; }
        if (before >= 0 && at[before] == micros && fits(units[before], sold)) {
            units[before] += sold;
            return;
        }
        int place = before + 1;
        System.arraycopy(at, place, at, place + 1, size - place);
        System.arraycopy(units, place, units, place + 1, size - place);
        at[place] = micros;
        units[place] = sold;
        size++;
    }

    /** Takes out what is not after a time, and gives its units. */
    long takeUntil(long micros) {
        long taken = 0;
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
            if (at[i] < exactFrom && at[i] / HOUR == at[kept] / HOUR && fits(units[kept], units[i])) {
                at[kept] = at[i];
                units[kept] += units[i];
            } else {
                at[++kept] = at[i];
                units[kept] = units[i];
            }
        }
        size = kept + 1;
    }

    long sum() {
        long total = 0;
        for (int i = 0; i < size; i++) { total += units[i]; }
        return total;
    }

    /** Whether two entries are one: a line may have a million units, and an entry holds no more than an int. */
    private static boolean fits(int some, int more) {
        long together = (long) some + more;
        return together == (int) together;
    }

    /** The time of the newest sale; 0 where there is none. */
    long newest() { return size == 0 ? 0 : at[size - 1]; }

    byte[] packed() {
        ByteBuffer buffer = ByteBuffer.allocate(size * ENTRY);
        for (int i = 0; i < size; i++) { buffer.putLong(at[i]).putInt(units[i]); }
        return buffer.array();
    }
}
