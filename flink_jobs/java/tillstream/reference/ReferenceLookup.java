package tillstream.reference;

import java.util.Collection;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.LookupFunction;

/** Looks rows up in a table that the TaskManager holds. */
public final class ReferenceLookup extends LookupFunction {
    private static final long serialVersionUID = 1L;

    private final ReferenceData.Source source;
    private transient ReferenceData data;

    ReferenceLookup(ReferenceData.Source source) {
        this.source = source;
    }

    @Override
    public void open(FunctionContext context) throws Exception {
        data = ReferenceData.acquire(source);
        data.awaitFirstReading();
    }

    @Override
    public Collection<RowData> lookup(RowData key) {
        RowData row = key.isNullAt(0) ? null : data.get(key.getString(0));
        return row == null ? List.of() : List.of(row);
    }

    @Override
    public void close() {
        if (data != null) {
            data.release();
            data = null;
        }
    }
}
