package tillstream.sales;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tillstream.lake.Days;
import tillstream.lake.EventId;
import tillstream.lake.LakeTable;

/**
 * The ids of the events that the sales job has read, in this run and in earlier ones. All tasks of the run in this process share it, so it does not
 * matter which of them reads the copy of an event.
 *
 * <p>The ids of one day are in memory. When a run begins, they are read from the lake, which has all events that earlier runs passed on. They are in
 * sixteen tables, each with its own lock, so tasks seldom wait for each other. For an older event the lake is asked.
 */
public final class Remembered {
    private static final Logger LOG = LoggerFactory.getLogger(Remembered.class);
    private static final Duration KEPT = Duration.ofHours(24);
    /** An event older than this may have come before the ids in memory began: the clocks of tills may be ahead by part of an hour. */
    private static final long OLD_MICROS = TimeUnit.HOURS.toMicros(23);
    private static final int TABLES = 16;
    private static final Map<String, Remembered> SHARED = new HashMap<>();

    private final IdTable[] tables = new IdTable[TABLES];
    private final Days lake;
    private final long began = micros();
    private final boolean first;
    private final Set<Integer> tasks = new HashSet<>();

    private Remembered(LakeTable table) {
        Arrays.setAll(tables, i -> new IdTable((int) KEPT.toMinutes()));
        lake = new Days(table);
        first = table.isEmpty();
        if (!first) { readDay(table); }
    }

    private void readDay(LakeTable table) {
        int[] events = {0};
        table.events(began - OLD_MICROS, Long.MAX_VALUE, (id, time, ingestedAt) -> {
            if (add(id, (int) TimeUnit.MICROSECONDS.toMinutes(ingestedAt))) { events[0]++; }
        });
        LOG.info("{} events of the last day read from the lake in {} ms", events[0], (micros() - began) / 1000);
    }

    /** Returns the shared ids of a run, for one more of its tasks. If the task is there already, the ids are left over from an earlier run and are replaced. */
    public static Remembered acquire(String run, int task, LakeTable table) {
        synchronized (SHARED) {
            Remembered read = SHARED.get(run);
            if (read == null || read.tasks.contains(task)) {
                read = new Remembered(table);
                SHARED.put(run, read);
            }
            read.tasks.add(task);
            return read;
        }
    }

    /** Releases a task; with the last one the ids are dropped. */
    public void release(String run, int task) {
        synchronized (SHARED) {
            tasks.remove(task);
            if (tasks.isEmpty()) { SHARED.remove(run, this); }
        }
    }

    /** The number of tasks that share the ids. */
    int tasks() {
        synchronized (SHARED) { return tasks.size(); }
    }

    /** Adds an id. Returns whether it was not there yet. */
    public boolean add(EventId id) { return add(id, (int) TimeUnit.MICROSECONDS.toMinutes(micros())); }

    private boolean add(EventId id, int minute) {
        IdTable table = tables[(int) (id.high() ^ id.low()) & TABLES - 1];
        synchronized (table) { return table.add(id.high(), id.low(), minute); }
    }

    /**
     * Returns whether an event that is not in memory had come before the ids in memory began. If the lake was empty when the run began, all events
     * of the first day are in memory.
     */
    public boolean cameBefore(EventId id, long eventMicros) {
        long now = micros();
        if (eventMicros >= now - OLD_MICROS || first && now < began + OLD_MICROS) { return false; }
        return lake.hasLanded(id, eventMicros, now / 1000);
    }

    private static long micros() { return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()); }
}
