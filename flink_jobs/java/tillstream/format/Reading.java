package tillstream.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.RowType;

/**
 * Builds the reader that turns a writer's bytes into Flink values of the contract. It is built once for a pair of schemas, so their differences are
 * found here and cost nothing per message. Fields are matched by name, or by an alias of the contract's field.
 */
final class Reading {
    /** Reads the next value. Throws only {@link BadMessage}. */
    interface Reader { Object read(Wire in); }

    private final boolean quoted;

    private Reading(boolean quoted) { this.quoted = quoted; }

    /** Returns the reader of the writer's records into rows. Throws BadMessage (WRONG_SCHEMA) if no message of this writer can be read. */
    static Reader of(Schema writer, Schema contract, RowType rowType) {
        return new Reading(!isPersonal(contract)).record(writer, contract, rowType);
    }

    /** Returns whether a field of the contract, or of a record in it, is personal data. */
    static boolean isPersonal(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> schema.getFields().stream().anyMatch(field -> "personal".equals(field.getProp("privacy")) || isPersonal(field.schema()));
            case ARRAY -> isPersonal(schema.getElementType());
            case UNION -> schema.getTypes().stream().anyMatch(Reading::isPersonal);
            default -> false;
        };
    }

    /** Reads a record into a row. Columns that the contract lacks (reason and raw bytes) stay null; a field that the writer lacks gets its default. */
    private Reader record(Schema writer, Schema contract, RowType rowType) {
        if (writer.getType() != Schema.Type.RECORD) { throw Meaning.differ(writer, contract); }
        int columns = rowType.getFieldCount();
        List<Schema.Field> written = writer.getFields();
        Step[] steps = new Step[written.size()];
        Object[] defaults = new Object[columns];
        for (int column = 0; column < columns; column++) {
            String name = rowType.getFieldNames().get(column);
            Schema.Field field = contract.getField(name);
            if (field == null) { continue; }
            Schema.Field source = source(writer, field);
            try {
                Limits limits = Limits.of(field, quoted);
                if (source == null) {
                    defaults[column] = Defaults.of(field, schema -> value(schema, field.schema(), rowType.getTypeAt(rowType.getFieldIndex(name)), limits));
                } else {
                    steps[source.pos()] = new Step(name, column, value(source.schema(), field.schema(), rowType.getTypeAt(column), limits), null);
                }
            } catch (BadMessage e) {
                throw e.within(name);
            }
        }
        for (Schema.Field field : written) {
            if (steps[field.pos()] == null) { steps[field.pos()] = new Step("(" + Texts.cut(field.name(), 60) + ")", -1, null, field.schema()); }
        }
        boolean anyDefault = Arrays.stream(defaults).anyMatch(value -> value != null);
        return in -> {
            GenericRowData row = new GenericRowData(columns);
            for (Step step : steps) {
                try {
                    if (step.column < 0) {
                        in.skip(step.skipped);
                    } else {
                        row.setField(step.column, step.reader.read(in));
                    }
                } catch (BadMessage e) {
                    throw e.within(step.name);
                }
            }
            if (anyDefault) {
                for (int column = 0; column < columns; column++) {
                    if (defaults[column] != null) { row.setField(column, defaults[column]); }
                }
            }
            return row;
        };
    }

    /** One field of the writer's record: its column, or the schema of a value to skip. */
    private record Step(String name, int column, Reader reader, Schema skipped) { }

    private static Schema.Field source(Schema writer, Schema.Field field) {
        Schema.Field source = writer.getField(field.name());
        for (String alias : field.aliases()) {
            if (source == null) { source = writer.getField(alias); }
        }
        return source;
    }

    private Reader value(Schema writer, Schema contract, LogicalType type, Limits limits) {
        boolean nullable = contract.getType() == Schema.Type.UNION;
        Schema expected = nullable ? present(contract) : contract;
        Reader reader = switch (writer.getType()) {
            case UNION -> union(writer, expected, nullable, type, limits);
            case NULL -> {
                if (!nullable) { throw Meaning.differ(writer, expected); }
                yield in -> null;
            }
            default -> present(writer, expected, type, limits);
        };
        return nullable && type.is(LogicalTypeFamily.CHARACTER_STRING) ? noneWhereEmpty(reader) : reader;
    }

    /** Reads an empty text as null. Many tills write an empty text for no customer; kept as it is, all unknown customers would be one. */
    private static Reader noneWhereEmpty(Reader reader) {
        return in -> {
            Object text = reader.read(in);
            return BinaryStringData.EMPTY_UTF8.equals(text) ? null : text;
        };
    }

    /** Reads each branch on its own: a message is bad only if it uses a branch that the contract does not allow. */
    private Reader union(Schema writer, Schema expected, boolean nullable, LogicalType type, Limits limits) {
        Reader[] branches = new Reader[writer.getTypes().size()];
        BadMessage unfit = null;
        boolean any = false;
        for (int i = 0; i < branches.length; i++) {
            Schema branch = writer.getTypes().get(i);
            try {
                branches[i] = branch.getType() == Schema.Type.NULL ? nothing(nullable) : present(branch, expected, type, limits);
                any |= nullable || branch.getType() != Schema.Type.NULL;
            } catch (BadMessage e) {
                unfit = e;
                branches[i] = in -> { throw e; };
            }
        }
        if (!any && unfit != null) { throw unfit; }
        return in -> branches[in.branch(branches.length)].read(in);
    }

    private static Reader nothing(boolean nullable) {
        return nullable ? in -> null : in -> { throw BadMessage.impossible("is null"); };
    }

    private Reader present(Schema writer, Schema contract, LogicalType type, Limits limits) {
        if (contract.getType() != Schema.Type.RECORD) { Meaning.agree(writer, contract); }
        return switch (type.getTypeRoot()) {
            case CHAR, VARCHAR -> text(form(writer, contract, Schema.Type.STRING, Schema.Type.BYTES), limits);
            case VARBINARY, BINARY -> bytes(form(writer, contract, Schema.Type.BYTES, Schema.Type.STRING), limits);
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> Numbers.timestamp(form(writer, contract, Schema.Type.LONG), limits);
            case BIGINT -> Numbers.whole(form(writer, contract, Schema.Type.LONG, Schema.Type.INT), limits);
            case INTEGER -> Numbers.small(form(writer, contract, Schema.Type.INT), limits);
            case DECIMAL -> Numbers.decimal(Meaning.moved(form(writer, contract, Schema.Type.BYTES), contract), (DecimalType) type, limits);
            case BOOLEAN -> {
                form(writer, contract, Schema.Type.BOOLEAN);
                yield Wire::readBoolean;
            }
            case DOUBLE -> Numbers.real(form(writer, contract, Schema.Type.DOUBLE, Schema.Type.FLOAT, Schema.Type.LONG, Schema.Type.INT));
            case ARRAY -> array(form(writer, contract, Schema.Type.ARRAY), contract, (ArrayType) type, limits);
            case ROW -> record(writer, contract, (RowType) type);
            default -> throw new IllegalArgumentException("the decoder does not support Avro " + contract.getType() + " as " + type);
        };
    }

    /** Returns the writer's schema if its type can be read as the contract's. Throws BadMessage if not. */
    private static Schema form(Schema writer, Schema contract, Schema.Type... forms) {
        if (!Arrays.asList(forms).contains(writer.getType())) { throw Meaning.differ(writer, contract); }
        return writer;
    }

    private static Schema present(Schema union) {
        List<Schema> some = union.getTypes().stream().filter(branch -> branch.getType() != Schema.Type.NULL).toList();
        if (some.size() != 1 || union.getTypes().size() != 2) { throw new IllegalArgumentException("a contract's union must have null and one other type, not " + union); }
        return some.get(0);
    }

    private static Reader text(Schema writer, Limits limits) {
        return in -> {
            int length = in.length();
            int from = in.take(length);
            int characters = Texts.characters(in.bytes(), from, length);
            if (characters < 0) { throw BadMessage.impossible(characters == Texts.NUL ? "has the character NUL" : "is not UTF-8"); }
            limits.checkLength(characters);
            // A view of the message's bytes: an operator that keeps the row for longer copies it.
            BinaryStringData text = BinaryStringData.fromBytes(in.bytes(), from, length);
            if (limits.looksAtTexts()) { limits.checkText(text.toString()); }
            return text;
        };
    }

    private static Reader bytes(Schema writer, Limits limits) {
        return in -> {
            int length = in.length();
            int from = in.take(length);
            limits.checkLength(length);
            return Arrays.copyOfRange(in.bytes(), from, from + length);
        };
    }

    private Reader array(Schema writer, Schema contract, ArrayType type, Limits limits) {
        Reader element = value(writer.getElementType(), contract.getElementType(), type.getElementType(), limits.ofItems());
        return in -> {
            List<Object> items = new ArrayList<>();
            for (long count = in.block(); count != 0; count = in.block()) {
                if (count > limits.maxItems - items.size()) { throw BadMessage.impossible("has " + (items.size() + count) + " items, more than " + limits.maxItems); }
                for (long i = 0; i < count; i++) {
                    try {
                        items.add(element.read(in));
                    } catch (BadMessage e) {
                        throw e.within("[" + items.size() + "]");
                    }
                }
            }
            if (items.size() < limits.minItems) { throw BadMessage.impossible("has " + items.size() + " items, fewer than " + limits.minItems); }
            return new GenericArrayData(items.toArray());
        };
    }
}
