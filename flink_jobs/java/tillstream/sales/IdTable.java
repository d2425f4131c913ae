package tillstream.sales;

import java.util.Arrays;

/**
 * A hash table of 128-bit ids and the minute in which each came. An id takes 20 bytes, and a third to two thirds of the slots are used. An id is
 * forgotten after the given number of minutes.
 */
public final class IdTable {
    private final int minutes;
    private long[] ids = new long[2048];
    /** 0 in a free slot. */
    private int[] came = new int[1024];
    private int used;

    public IdTable(int minutes) { this.minutes = minutes; }

    /** Adds an id. Returns whether it was not there yet. */
    public boolean add(long high, long low, int minute) {
        int place = place(high, low);
        if (came[place] != 0) {
            boolean forgotten = came[place] < minute - minutes;
            if (forgotten) { came[place] = minute; }
            return forgotten;
        }
        put(place, high, low, minute);
        if (3 * ++used > 2 * came.length) { tidy(minute - minutes); }
        return true;
    }

    private void put(int place, long high, long low, int minute) {
        ids[2 * place] = high;
        ids[2 * place + 1] = low;
        came[place] = minute;
    }

    private int place(long high, long low) {
        int mask = came.length - 1;
        int place = (int) ((high * 0x9E3779B97F4A7C15L ^ low * 0xC2B2AE3D27D4EB4FL) >>> 32) & mask;
        while (came[place] != 0 && (ids[2 * place] != high || ids[2 * place + 1] != low)) { place = place + 1 & mask; }
        return place;
    }

    /** Drops the ids that came before this minute. If they still take more than a third of the slots, doubles the slots. */
    private void tidy(int first) {
        long[] oldIds = ids;
        int[] oldCame = came;
        used = (int) Arrays.stream(oldCame).filter(minute -> minute >= first && minute != 0).count();
        int places = oldCame.length;
        while (3L * used > places) { places *= 2; }
        ids = new long[2 * places];
        came = new int[places];
        for (int i = 0; i < oldCame.length; i++) {
            if (oldCame[i] != 0 && oldCame[i] >= first) { put(place(oldIds[2 * i], oldIds[2 * i + 1]), oldIds[2 * i], oldIds[2 * i + 1], oldCame[i]); }
        }
    }
}
