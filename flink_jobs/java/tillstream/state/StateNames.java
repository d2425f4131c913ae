package tillstream.state;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.CustomSinkOperatorUidHashes;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SinkTransformation;
import org.apache.flink.streaming.api.transformations.SourceTransformation;
import org.apache.flink.table.api.TableException;

/**
 * Gives the stateful operators of a job's plan stable names, so that a job finds its state after its plan has changed.
 *
 * <p>Flink names a SQL operator by a digest of its place in the whole plan: one more operator anywhere, and other operators lose their state. Here the name
 * is the view or table that the operator leads to, and what it does, as in "hot_sales_by_minute: GlobalGroupAggregate". A source is named by its table.
 */
public final class StateNames {
    /** The kinds of operators with state, as the planner and the connectors name them. */
    private static final Set<String> STATEFUL = Set.of("Deduplicate", "GroupAggregate", "GlobalGroupAggregate", "Rank", "IcebergFilesCommitter");

    private final Map<String, String> before;
    private final Map<String, String> kept;
    private final Set<Integer> behindBarriers = new HashSet<>();
    private final Set<String> given = new HashSet<>();

    /**
     * For a job that had versions without such names.
     *
     * @param before Flink's generated id in those versions, by the present name
     * @param kept another name to use, by the present name: one from which Flink derives the old id
     */
    public StateNames(Map<String, String> before, Map<String, String> kept) {
        this.before = before;
        this.kept = kept;
    }

    /** Names the operators in front of a planner barrier by the view that reads its rows. */
    public void barrier(DataStream<?> stream, String view) {
        name(stream.getTransformation(), view);
        for (Transformation<?> transformation : stream.getTransformation().getTransitivePredecessors()) { behindBarriers.add(transformation.getId()); }
    }

    /** Names the operators between the barriers and each table that is written, by the table. */
    public void sinks(StreamExecutionEnvironment env) {
        Set<Integer> read = new HashSet<>();
        for (Transformation<?> transformation : env.getTransformations()) { transformation.getInputs().forEach(input -> read.add(input.getId())); }
        for (Transformation<?> transformation : env.getTransformations()) {
            if (!read.contains(transformation.getId())) { name(transformation, kind(transformation).replace("IcebergSink ", "")); }
        }
    }

    private void name(Transformation<?> last, String place) {
        for (Transformation<?> transformation : last.getTransitivePredecessors()) {
            if (transformation instanceof SourceTransformation && transformation.getUid() == null) { transformation.setUid(claimed(kind(transformation))); }
            if (behindBarriers.contains(transformation.getId())) { continue; }
            if (transformation instanceof SinkTransformation<?, ?> sink) {
                transformation.setUid(claimed(place + ": sink"));
                giveNamesBefore(sink, place);
            } else if (STATEFUL.contains(kind(transformation))) {
                String name = claimed(place + ": " + kind(transformation));
                transformation.setUid(kept.getOrDefault(name, name));
                if (before.containsKey(name) && !kept.containsKey(name)) { transformation.setUidHash(before.get(name)); }
            }
        }
    }

    private static String kind(Transformation<?> transformation) { return transformation.getName().replaceFirst("\\[\\d+]$", ""); }

    /** Returns the name, or throws if it is taken: two operators with one name would share their state. Put a barrier between them. */
    private String claimed(String name) {
        if (!given.add(name)) { throw new TableException("two operators of the plan would have the state " + name + ": put a planner barrier between them"); }
        return name;
    }

    /** Sets the old ids of a sink's writer and committer, which exist only later. The planner cannot set this field, so it is set by reflection. */
    private void giveNamesBefore(SinkTransformation<?, ?> sink, String place) {
        String writer = before.get(place + ": writer");
        if (writer == null) { return; }
        try {
            Field hashes = SinkTransformation.class.getDeclaredField("customSinkOperatorUidHashes");
            hashes.setAccessible(true);
            hashes.set(sink, CustomSinkOperatorUidHashes.builder().setWriterUidHash(writer).setCommitterUidHash(before.get(place + ": committer")).build());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Flink has no field for a sink's earlier ids as 2.1 has: adapt StateNames", e);
        }
    }
}
