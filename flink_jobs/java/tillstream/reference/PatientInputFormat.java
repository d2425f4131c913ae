package tillstream.reference;

import java.io.IOException;
import org.apache.flink.api.common.io.RichInputFormat;
import org.apache.flink.api.common.io.statistics.BaseStatistics;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.InputSplit;
import org.apache.flink.core.io.InputSplitAssigner;
import org.apache.flink.table.data.RowData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a table, and waits for a database that is away: what was read before is served meanwhile. Flink itself would fail the job, and
 * never read again.
 */
final class PatientInputFormat extends RichInputFormat<RowData, InputSplit> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(PatientInputFormat.class);
    private static final long PAUSE_MILLIS = 2_000;

    private final String name;
    private final RichInputFormat<RowData, InputSplit> table;

    PatientInputFormat(String name, RichInputFormat<RowData, InputSplit> table) {
        this.name = name;
        this.table = table;
    }

    /** Connects and asks, again and again until the database answers or the job ends. */
    @Override
    public void open(InputSplit split) throws IOException {
        while (true) {
            try {
                table.openInputFormat();
                table.open(split);
                return;
            } catch (IllegalArgumentException e) {
                // So the JDBC format reports a database that cannot be reached.
                LOG.warn("{} cannot be read now: {}", name, e.getMessage());
                table.close();
                table.closeInputFormat();
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the job ended while " + name + " was awaited", e);
            }
        }
    }

    @Override public boolean reachedEnd() throws IOException { return table.reachedEnd(); }

    @Override public RowData nextRecord(RowData reuse) throws IOException { return table.nextRecord(reuse); }

    @Override public void close() throws IOException { table.close(); }

    @Override public void closeInputFormat() throws IOException { table.closeInputFormat(); }

    @Override public void configure(Configuration parameters) { table.configure(parameters); }

    @Override public BaseStatistics getStatistics(BaseStatistics cached) throws IOException { return table.getStatistics(cached); }

    @Override public InputSplit[] createInputSplits(int atLeast) throws IOException { return table.createInputSplits(atLeast); }

    @Override public InputSplitAssigner getInputSplitAssigner(InputSplit[] splits) { return table.getInputSplitAssigner(splits); }
}
