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
 * Names for what has state in a job's plan, so that a job whose plan has changed finds the state that it has left.
 *
 * <p>Flink's own name for an operator of SQL is a digest of where it stands in the whole plan: one operator more anywhere, and the state of others
 * is lost. Here it is the view or the table that it leads to, and what it does: "hot_sales_by_minute: GlobalGroupAggregate". A source is named by
 * its table.
 */
public final class StateNames {
    /** What has state, as the planner and the connectors name it. */
    private static final Set<String> STATEFUL = Set.of("Deduplicate", "GroupAggregate", "GlobalGroupAggregate", "Rank", "IcebergFilesCommitter");

    private final Map<String, String> before;
    private final Map<String, String> kept;
    private final Set<Integer> behindBarriers = new HashSet<>();
    private final Set<String> given = new HashSet<>();

    /**
     * For a job of which there were versions that named nothing.
     *
     * @param before by a name of now, what Flink named it then
     * @param kept by a name of now, another text to name it by: one of which Flink makes what it named it then
     */
    public StateNames(Map<String, String> before, Map<String, String> kept) {
        this.before = before;
        this.kept = kept;
    }

    /** Names what leads up to a planner barrier by the view that reads its rows. */
    public void barrier(DataStream<?> stream, String view) {
        name(stream.getTransformation(), view);
        for (Transformation<?> one : stream.getTransformation().getTransitivePredecessors()) { behindBarriers.add(one.getId()); }
    }

    /** Names what leads from the barriers to each table that is written, by the table. */
    public void sinks(StreamExecutionEnvironment env) {
        Set<Integer> read = new HashSet<>();
        for (Transformation<?> one : env.getTransformations()) { one.getInputs().forEach(input -> read.add(input.getId())); }
        for (Transformation<?> one : env.getTransformations()) {
            if (!read.contains(one.getId())) { name(one, kind(one).replace("IcebergSink ", "")); }
        }
    }

    private void name(Transformation<?> last, String place) {
        for (Transformation<?> one : last.getTransitivePredecessors()) {
            if (one instanceof SourceTransformation && one.getUid() == null) { one.setUid(claimed(kind(one))); }
            if (behindBarriers.contains(one.getId())) { continue; }
            if (one instanceof SinkTransformation<?, ?> sink) {
                one.setUid(claimed(place + ": sink"));
                giveNamesBefore(sink, place);
            } else if (STATEFUL.contains(kind(one))) {
                String name = claimed(place + ": " + kind(one));
                one.setUid(kept.getOrDefault(name, name));
                if (before.containsKey(name) && !kept.containsKey(name)) { one.setUidHash(before.get(name)); }
            }
        }
    }

    private static String kind(Transformation<?> one) { return one.getName().replaceFirst("\\[\\d+]$", ""); }

    /** Two that would share a name would share their state: they belong before different barriers. */
    private String claimed(String name) {
        if (!given.add(name)) { throw new TableException("two parts of the plan have the state " + name); }
        return name;
    }

    /** A sink becomes a writer and a committer only later; what they were is told by a field that the planner has no way to set. */
    private void giveNamesBefore(SinkTransformation<?, ?> sink, String place) {
        String writer = before.get(place + ": writer");
        if (writer == null) { return; }
        try {
            Field hashes = SinkTransformation.class.getDeclaredField("customSinkOperatorUidHashes");
            hashes.setAccessible(true);
            hashes.set(sink, CustomSinkOperatorUidHashes.builder().setWriterUidHash(writer).setCommitterUidHash(before.get(place + ": committer")).build());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Flink does not keep a sink's earlier names where 2.1 does", e);
        }
    }
}
