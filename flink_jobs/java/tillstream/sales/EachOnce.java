package tillstream.sales;

import static tillstream.sales.Fields.place;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import tillstream.lake.EventId;
import tillstream.lake.LakeTable;

/**
 * Passes on the first message of each event id and drops copies. docs/decisions/0024-the-lake-is-the-memory.md says why this does not use keyed state.
 *
 * <p>{@link Remembered} has the ids of the last day, of this run and of earlier ones: all events that are passed on here are written to the lake with
 * the checkpoint. What the lake may not have yet when the job restarts is in state: the ids of the last few checkpoints.
 */
final class EachOnce extends AbstractStreamOperator<RowData> implements OneInputStreamOperator<RowData, RowData> {
    private static final long serialVersionUID = 1L;
    /** A checkpoint with a state of this name is of a job that has this operator. */
    private static final String STATE = "recent event ids";
    /** How many completed checkpoints later ids are dropped from the state. A checkpoint's rows are in the lake before the next one is complete. */
    private static final int CHECKPOINTS = 4;
    private static final long MOST_WAIT_MILLIS = 60_000;

    private final int id;
    private final int eventTime;
    private final HashMap<String, String> catalog;
    private final String table;
    private final boolean together;

    private transient EventId event;
    private transient Remembered read;
    private transient String run;
    private transient int task;
    private transient ListState<byte[]> recent;
    private transient Deque<Ids> written;
    private transient Deque<Long> completed;
    private transient Ids since;
    private transient boolean complete;

    /** The ids between two checkpoints. The number of the next checkpoint is not known yet. */
    private static final class Ids {
        private long checkpoint = Long.MAX_VALUE;
        private long[] bits = new long[512];
        private int size;

        private void add(EventId event) {
            if (size == bits.length) { bits = Arrays.copyOf(bits, 2 * size); }
            bits[size++] = event.high();
            bits[size++] = event.low();
        }

        private byte[] bytes() {
            ByteBuffer bytes = ByteBuffer.allocate(size * Long.BYTES);
            bytes.asLongBuffer().put(bits, 0, size);
            return bytes.array();
        }
    }

    /**
     * For events of this type, which are written to this table of the lake.
     *
     * @param catalog the properties of the lake's catalog, under Iceberg's names
     * @param together whether any task may read the copy of an event, so that all tasks must be in one process; else each id has its own task
     */
    EachOnce(RowType events, Map<String, String> catalog, String table, boolean together) {
        id = place(events, "event_id", LogicalTypeRoot.VARCHAR);
        eventTime = place(events, "event_time", LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
        this.catalog = new HashMap<>(catalog);
        this.table = table;
        this.together = together;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        TaskInfo of = getRuntimeContext().getTaskInfo();
        run = getRuntimeContext().getJobInfo().getJobId() + " " + of.getAttemptNumber();
        task = of.getIndexOfThisSubtask();
        event = new EventId();
        written = new ArrayDeque<>();
        completed = new ArrayDeque<>();
        since = new Ids();
        recent = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>(STATE, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        LakeTable lake = LakeTable.of(catalog, table);
        OptionalLong restored = context.getRestoredCheckpointId();
        if (restored.isPresent() && !recent.get().iterator().hasNext()) { awaitCommit(lake, restored.getAsLong()); }
        read = Remembered.acquire(run, task, lake);
        for (byte[] bytes : recent.get()) {
            ByteBuffer bits = ByteBuffer.wrap(bytes);
            while (bits.hasRemaining()) { read.add(event.of(bits.getLong(), bits.getLong())); }
        }
    }

    /** Waits for the commit to the lake of a checkpoint without this state: the lake's committer restores from it at the same time. */
    private void awaitCommit(LakeTable lake, long checkpoint) throws InterruptedException {
        long end = System.currentTimeMillis() + MOST_WAIT_MILLIS;
        // If the checkpoint had no rows for the lake, no commit comes, and nothing says so: wait until the time is up.
        while (lake.committed() < checkpoint && System.currentTimeMillis() < end) { Thread.sleep(500); }
    }

    @Override
    public void processElement(StreamRecord<RowData> element) throws InterruptedException {
        if (!complete) { awaitTheOthers(); }
        if (!read.add(event.of(element.getValue().getString(id)))) { return; }
        if (read.cameBefore(event, LakeTable.micros(element.getValue().getTimestamp(eventTime, 6)))) { return; }
        since.add(event);
        output.collect(element);
    }

    private void awaitTheOthers() throws InterruptedException {
        int tasks = together ? getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks() : 1;
        long end = System.currentTimeMillis() + MOST_WAIT_MILLIS;
        while (read.tasks() < tasks) {
            if (System.currentTimeMillis() > end) {
                throw new IllegalStateException("only " + read.tasks() + " of " + tasks + " tasks that read baskets are in this TaskManager, but they must share"
                        + " their event ids: run `make jobs`, which adapts the job to the number of TaskManagers");
            }
            Thread.sleep(20);
        }
        complete = true;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        since.checkpoint = context.getCheckpointId();
        written.add(since);
        since = new Ids();
        List<byte[]> all = new ArrayList<>();
        for (Ids ids : written) { all.add(ids.bytes()); }
        recent.update(all);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        completed.add(checkpoint);
        if (completed.size() > CHECKPOINTS) {
            long landed = completed.remove();
            written.removeIf(ids -> ids.checkpoint <= landed);
        }
    }

    @Override
    public void close() throws Exception {
        if (read != null) {
            read.release(run, task);
            read = null;
        }
        super.close();
    }
}
