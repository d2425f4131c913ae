package tillstream.reference;

import java.io.Serializable;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;

/** A reference table that an operator looks up rows in, by the field with the name of the table's key. */
public final class Lookup implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ReferenceData.Source source;
    private final int key;
    private transient ReferenceData data;

    /** Looks up rows of {@code source} for rows of the type {@code of}. */
    public Lookup(ReferenceData.Source source, RowType of) {
        this(source, of.getFieldIndex(source.columns().get(0)));
        if (key < 0 || !of.getTypeAt(key).is(LogicalTypeRoot.VARCHAR)) { throw new ValidationException(source.table() + " has no key in " + of); }
    }

    /** Looks up rows of {@code source} for rows that have its key at this index. */
    Lookup(ReferenceData.Source source, int key) {
        this.source = source;
        this.key = key;
    }

    /** Waits until the table has been read. */
    public void open() throws InterruptedException {
        data = ReferenceData.acquire(source);
        data.awaitFirstReading();
    }

    /** Returns the table's row for this row, or null. */
    public KnownRow of(RowData row) { return row.isNullAt(key) ? null : data.get(row.getString(key)); }

    public void close() {
        if (data != null) {
            data.release();
            data = null;
        }
    }
}
