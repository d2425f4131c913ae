package tillstream.sales;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import tillstream.lake.Days;

/**
 * What a run of a job has read: the ids of the last day, and the lake as it was when the run began. Shared by its tasks in this process, so that
 * it makes no difference which of them reads the copy of an event.
 *
 * <p>The ids are in sixteen tables, each with a lock of its own, so that tasks seldom wait for each other.
 */
final class Remembered {
    private static final int TABLES = 16;
    private static final Map<String, Remembered> SHARED = new HashMap<>();

    private final IdTable[] tables = new IdTable[TABLES];
    private final Days lake;
    private final boolean first;
    private final Set<Integer> tasks = new HashSet<>();

    private Remembered(int minutes, Days lake) {
        Arrays.setAll(tables, i -> new IdTable(minutes));
        this.lake = lake;
        first = lake.isEmpty();
    }

    /** What that run of a job has read, for one of its tasks more. No task comes twice in a run: what an earlier run may have left is not taken up. */
    static Remembered acquire(String run, int task, int minutes, Supplier<Days> lake) {
        synchronized (SHARED) {
            Remembered read = SHARED.get(run);
            if (read == null || read.tasks.contains(task)) {
                read = new Remembered(minutes, lake.get());
                SHARED.put(run, read);
            }
            read.tasks.add(task);
            return read;
        }
    }

    /** A task has ended; with the last one all is forgotten. */
    void release(String run, int task) {
        synchronized (SHARED) {
            tasks.remove(task);
            if (tasks.isEmpty()) { SHARED.remove(run, this); }
        }
    }

    /** How many tasks share it. */
    int tasks() {
        synchronized (SHARED) { return tasks.size(); }
    }

    Days lake() { return lake; }

    /** Whether nothing had landed when the run began. */
    boolean isFirst() { return first; }

    /** Remembers an id; whether it was not remembered yet. */
    boolean add(long high, long low, int minute) {
        IdTable table = tables[(int) (high ^ low) & TABLES - 1];
        synchronized (table) { return table.add(high, low, minute); }
    }
}
