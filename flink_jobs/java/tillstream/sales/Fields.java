package tillstream.sales;

import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;

/** Finds the fields that are worked with, while a job is built: a contract that lacks one is found before anything runs. */
final class Fields {
    private Fields() { }

    /** Where rows of the type have the field. */
    static int place(RowType type, String name, LogicalTypeRoot kind) {
        int at = type.getFieldIndex(name);
        if (at < 0 || !type.getTypeAt(at).is(kind)) { throw new ValidationException("no " + kind + " " + name + " in " + type); }
        return at;
    }
}
