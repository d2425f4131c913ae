package tillstream.lake;

import java.util.Arrays;

/**
 * A hash table of a day's events and when each first came in, in microseconds since 1970. An event takes 16 bytes, 64 bits of its id and the time, and
 * a third to two thirds of the slots are used. The chance that any two of a million ids share their 64 bits is one in 37 million.
 */
final class Day {
    private static final long FREE = Long.MAX_VALUE;

    private final long readAt;
    private long[] ids = new long[1024];
    private long[] times = free(1024);
    private int size;

    /** An empty day that was read at this time (ms since 1970). */
    Day(long readAt) { this.readAt = readAt; }

    private static long[] free(int places) {
        long[] times = new long[places];
        Arrays.fill(times, FREE);
        return times;
    }

    long readAt() { return readAt; }

    int size() { return size; }

    /** Adds a message of an event and the time it came in. */
    void add(EventId event, long micros) {
        long id = folded(event);
        int place = place(id);
        if (times[place] != FREE) {
            times[place] = Math.min(times[place], micros);
            return;
        }
        ids[place] = id;
        times[place] = micros;
        if (3L * ++size > 2L * ids.length) { grow(); }
    }

    /** Returns when the event first came in; Long.MAX_VALUE if it is not there. */
    long at(EventId event) { return times[place(folded(event))]; }

    private static long folded(EventId event) { return event.high() * 0x9E3779B97F4A7C15L ^ Long.rotateLeft(event.low() * 0xC2B2AE3D27D4EB4FL, 32); }

    private int place(long id) {
        int mask = ids.length - 1;
        int place = (int) (id >>> 32) & mask;
        while (times[place] != FREE && ids[place] != id) { place = place + 1 & mask; }
        return place;
    }

    private void grow() {
        long[] oldIds = ids, oldTimes = times;
        ids = new long[2 * oldIds.length];
        times = free(ids.length);
        for (int i = 0; i < oldIds.length; i++) {
            if (oldTimes[i] == FREE) { continue; }
            int place = place(oldIds[i]);
            ids[place] = oldIds[i];
            times[place] = oldTimes[i];
        }
    }
}
