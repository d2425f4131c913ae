package tillstream.reference;

import java.util.Collection;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.LookupFunction;

/** Looks up rows in a reference table, for a lookup join in SQL. */
public final class ReferenceLookup extends LookupFunction {
    private static final long serialVersionUID = 1L;

    private final Lookup table;

    ReferenceLookup(ReferenceData.Source source) {
        table = new Lookup(source, 0);
    }

    @Override
    public void open(FunctionContext context) throws Exception {
        table.open();
    }

    @Override
    public Collection<RowData> lookup(RowData key) {
        KnownRow row = table.of(key);
        return row == null ? List.of() : List.of(row);
    }

    @Override
    public void close() {
        table.close();
    }
}
