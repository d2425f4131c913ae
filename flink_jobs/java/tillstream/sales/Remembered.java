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
 * What the sales job has read, this run of it and those before. Shared by the run's tasks in this process, so that it makes no difference which
 * of them reads the copy of an event.
 *
 * <p>The ids of a day are in memory: when a run begins they are read from the lake, where all that an earlier run has passed on is. They lie in
 * sixteen tables, each with a lock of its own, so that tasks seldom wait for each other. Of an older event the lake is asked.
 */
public final class Remembered {
    private static final Logger LOG = LoggerFactory.getLogger(Remembered.class);
    private static final Duration KEPT = Duration.ofHours(24);
    /** An event older than this may have come before what is remembered: the clocks of tills may be ahead by a part of an hour. */
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

    /** What that run of a job remembers, for one of its tasks more. No task comes twice in a run: what an earlier run may have left is not taken up. */
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

    /** A task has ended; with the last one all is forgotten. */
    public void release(String run, int task) {
        synchronized (SHARED) {
            tasks.remove(task);
            if (tasks.isEmpty()) { SHARED.remove(run, this); }
        }
    }

    /** How many tasks share it. */
    int tasks() {
        synchronized (SHARED) { return tasks.size(); }
    }

    /** Remembers an id; whether it was not remembered yet. */
    public boolean add(EventId id) { return add(id, (int) TimeUnit.MICROSECONDS.toMinutes(micros())); }

    private boolean add(EventId id, int minute) {
        IdTable table = tables[(int) (id.high() ^ id.low()) & TABLES - 1];
        synchronized (table) { return table.add(id.high(), id.low(), minute); }
    }

    /** Whether an event that is not remembered had come before what is. Where nothing had landed when the run began, all is remembered for a day. */
    public boolean cameBefore(EventId id, long eventMicros) {
        long now = micros();
        if (eventMicros >= now - OLD_MICROS || first && now < began + OLD_MICROS) { return false; }
        return lake.hasLanded(id, eventMicros, now / 1000);
    }

    private static long micros() { return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()); }
}
