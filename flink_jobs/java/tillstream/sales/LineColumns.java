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
 * The columns of the table of lines, each by its name: what is worked out, or else what the first of these has by that name: the line, its
 * product, its basket, the basket's store, its customer. So a field that is added to a contract and to the table passes through with nobody's
 * help; a column that none has is null.
 */
final class LineColumns implements Serializable {
    private static final long serialVersionUID = 1L;

    /** One column: its place in the row, and how its value is read from its part. */
    private record Copy(int column, RowData.FieldGetter getter, boolean text) implements Serializable { }

    private final RowType type;
    private final List<List<Copy>> copies = new ArrayList<>();

    /** For a table, of parts of these types. */
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

    /** The table's columns in its order, each of the type that it has where it comes from. */
    RowType type() { return type; }

    /** Fills in what a part has, or nulls where it is null itself. */
    void fill(int part, RowData from, GenericRowData row) {
        for (Copy copy : copies.get(part)) { row.setField(copy.column, from == null ? null : copy.getter.getFieldOrNull(from)); }
    }

    /** The same, and each text gets bytes of its own: of what is the same for many lines, else whoever writes a line copies it for each of them. */
    void fillForMany(int part, RowData from, GenericRowData row) {
        for (Copy copy : copies.get(part)) {
            Object value = copy.getter.getFieldOrNull(from);
            row.setField(copy.column, copy.text && value != null ? BinaryStringData.fromBytes(((StringData) value).toBytes()) : value);
        }
    }
}
