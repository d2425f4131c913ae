package tillstream.lake;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When each event came in, read from a table of the lake by whole days of event time. A day is read when it is first needed; recently used days are kept.
 */
public final class Days {
    /** A day is read again after this. Events that come in meanwhile are known to the jobs themselves, for four times as long. */
    private static final long FRESH_MILLIS = Duration.ofHours(6).toMillis();
    /** A table whose first rows are younger than this has nothing that the jobs do not remember, so loading history into a new platform costs no scan. */
    private static final long YOUNG_MILLIS = Duration.ofHours(12).toMillis();
    private static final long ASK_AGAIN_MILLIS = Duration.ofMinutes(10).toMillis();
    /** An eighth of the heap, at up to 48 bytes per event. A day of the simulation has 173,000 baskets and 346,000 clicks. */
    private static final long MOST_EVENTS = Runtime.getRuntime().maxMemory() / 8 / 48;
    private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1_000;

    private final LakeTable table;
    private final LinkedHashMap<Long, Day> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long askedAt;
    private boolean young;
    private long events;

    public Days(LakeTable table) { this.table = table; }

    /** Returns whether the lake has the event, however young its first rows are. */
    public synchronized boolean hasLanded(EventId id, long eventMicros, long nowMillis) { return timeOf(id, eventMicros, nowMillis) != Long.MAX_VALUE; }

    /** Returns when the event first came in, in microseconds since 1970; Long.MAX_VALUE if the lake does not have it or its first rows are young. */
    public synchronized long landedAt(EventId id, long eventMicros, long nowMillis) {
        return isYoung(nowMillis) ? Long.MAX_VALUE : timeOf(id, eventMicros, nowMillis);
    }

    private long timeOf(EventId id, long eventMicros, long nowMillis) {
        long number = Math.floorDiv(eventMicros, DAY_MICROS);
        Day day = kept.get(number);
        if (day == null || nowMillis - day.readAt() > FRESH_MILLIS) {
            forget(number);
            day = read(number, nowMillis);
            keep(number, day);
        }
        return day.at(id);
    }

    private boolean isYoung(long nowMillis) {
        if (nowMillis - askedAt > ASK_AGAIN_MILLIS) {
            askedAt = nowMillis;
            young = table.beganAfter(nowMillis - YOUNG_MILLIS);
        }
        return young;
    }

    private Day read(long number, long nowMillis) {
        Day day = new Day(nowMillis);
        table.events(number * DAY_MICROS, (number + 1) * DAY_MICROS, (id, time, ingestedAt) -> day.add(id, ingestedAt));
        return day;
    }

    private void forget(long number) {
        Day gone = kept.remove(number);
        if (gone != null) { events -= gone.size(); }
    }

    private void keep(long number, Day day) {
        kept.put(number, day);
        events += day.size();
        while (events > MOST_EVENTS && kept.size() > 1) {
            Map.Entry<Long, Day> oldest = kept.entrySet().iterator().next();
            forget(oldest.getKey());
        }
    }
}
