package tillstream.inventory;

import java.nio.ByteBuffer;

/**
 * The recent sales of a pair of store and product, in the order of time, packed into 12 bytes per sale. Sales older than two days are merged by the
 * hour; a count within such an hour cannot tell the sales before it from those after it.
 */
final class SalesWindow {
    static final long SECOND = 1_000_000L;
    static final long HOUR = 3_600 * SECOND;
    static final long DAY = 24 * HOUR;
    static final long EXACT = 2 * DAY;
    private static final int ENTRY = 12;

    private long[] at;
    private int[] units;
    private int size;

    SalesWindow(byte[] packed) {
        ByteBuffer buffer = ByteBuffer.wrap(packed == null ? new byte[0] : packed);
        int entries = buffer.remaining() / ENTRY;
        at = new long[entries + 1];
        units = new int[entries + 1];
        for (; size < entries; size++) {
            at[size] = buffer.getLong();
            units[size] = buffer.getInt();
        }
    }

    /** Adds a sale at its place by time. The lines of a basket have the same time and become one entry. */
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

    /** Removes the sales up to a time (inclusive) and returns their units. */
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

    /** Merges the sales that are two days older than the newest into one entry per hour, with the time of its last sale. */
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

    /** Whether two entries can be merged: a line may have a million units, and an entry holds an int. */
    private static boolean fits(int some, int more) {
        long together = (long) some + more;
        return together == (int) together;
    }

    /** The time of the newest sale; 0 if there is none. */
    long newest() { return size == 0 ? 0 : at[size - 1]; }

    byte[] packed() {
        ByteBuffer buffer = ByteBuffer.allocate(size * ENTRY);
        for (int i = 0; i < size; i++) { buffer.putLong(at[i]).putInt(units[i]); }
        return buffer.array();
    }
}
