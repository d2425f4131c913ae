package tillstream.sales;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.RowType;

/**
 * Fills the columns of the table of lines by name. A column has the computed value of its name, or else the field of that name from the first of
 * these that has it: line, product, basket, store, customer. So a field that is added to a contract and to the table passes through without a
 * change here. A column that no part has is null.
 */
final class LineColumns implements Serializable {
    private static final long serialVersionUID = 1L;

    /** One column: its index in the row, and the getter of its value in its part. */
    private record Copy(int column, RowData.FieldGetter getter, boolean text) implements Serializable { }

    private final RowType type;
    private final List<List<Copy>> copies = new ArrayList<>();

    /** For a table of the type {@code table}, from computed columns and from parts of these types. */
    LineColumns(RowType table, RowType workedOut, RowType... parts) {
        for (RowType part : parts) { copies.add(new ArrayList<>()); }
        List<RowType.RowField> fields = new ArrayList<>();
        for (int column = 0; column < table.getFieldCount(); column++) {
            String name = table.getFieldNames().get(column);
            LogicalType found = typeOf(workedOut, name);
            for (int part = 0; found == null && part < parts.length; part++) {
                found = typeOf(parts[part], name);
                if (found != null) { copies.get(part).add(copy(parts[part], name, column)); }
            }
            fields.add(new RowType.RowField(name, found == null ? table.getTypeAt(column) : found));
        }
        type = new RowType(false, fields);
    }

    private static LogicalType typeOf(RowType part, String name) {
        int at = part.getFieldIndex(name);
        return at < 0 ? null : part.getTypeAt(at);
    }

    private static Copy copy(RowType part, String name, int column) {
        int at = part.getFieldIndex(name);
        return new Copy(column, RowData.createFieldGetter(part.getTypeAt(at), at), part.getTypeAt(at).is(LogicalTypeFamily.CHARACTER_STRING));
    }

    /** The table's columns in the table's order, each with the type of the part that it comes from. */
    RowType type() { return type; }

    /** Fills in the columns of a part; nulls if the part is null. */
    void fill(int part, RowData from, GenericRowData row) {
        for (Copy copy : copies.get(part)) { row.setField(copy.column, from == null ? null : copy.getter.getFieldOrNull(from)); }
    }

    /** As {@link #fill}, for values that many lines share: each text is copied once here, since a writer would otherwise copy it for every line. */
    void fillForMany(int part, RowData from, GenericRowData row) {
        for (Copy copy : copies.get(part)) {
            Object value = copy.getter.getFieldOrNull(from);
            row.setField(copy.column, copy.text && value != null ? BinaryStringData.fromBytes(((StringData) value).toBytes()) : value);
        }
    }
}
