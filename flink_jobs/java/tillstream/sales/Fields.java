package tillstream.sales;

import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;

/** Finds fields by name while a job is built, so that a missing field stops the job before it runs. */
final class Fields {
    private Fields() { }

    /** Returns the field's index in rows of the type. Throws ValidationException if there is no such field of this kind. */
    static int place(RowType type, String name, LogicalTypeRoot kind) {
        int at = type.getFieldIndex(name);
        if (at < 0 || !type.getTypeAt(at).is(kind)) { throw new ValidationException("no " + kind + " " + name + " in " + type); }
        return at;
    }
}
