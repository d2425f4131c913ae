package tillstream.format;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.IndexedRecord;
import org.apache.flink.avro.shaded.org.apache.avro.util.Utf8;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/** Builds converters from Avro values to Flink's internal ones, each with its field's limits. Columns are found by name. */
final class AvroToRow {
    interface Converter { Object convert(Object value); }

    private AvroToRow() { }

    /** A record to a row. Columns the contract lacks (the reason and the raw bytes) stay null. */
    static Converter record(Schema schema, RowType rowType) {
        int columns = rowType.getFieldCount();
        int[] positions = new int[columns];
        String[] names = rowType.getFieldNames().toArray(new String[0]);
        Converter[] converters = new Converter[columns];
        for (int i = 0; i < columns; i++) {
            Schema.Field field = schema.getField(names[i]);
            positions[i] = field == null ? -1 : field.pos();
            if (field != null) { converters[i] = of(field.schema(), rowType.getTypeAt(i), Limits.of(field)); }
        }
        return value -> {
            IndexedRecord record = (IndexedRecord) value;
            GenericRowData row = new GenericRowData(columns);
            for (int i = 0; i < columns; i++) {
                if (positions[i] < 0) { continue; }
                try {
                    row.setField(i, converters[i].convert(record.get(positions[i])));
                } catch (ContractViolation e) {
                    throw e.within(names[i]);
                }
            }
            return row;
        };
    }

    private static Converter of(Schema schema, LogicalType type, Limits limits) {
        if (schema.getType() == Schema.Type.UNION) {
            List<Schema> branches = schema.getTypes();
            Schema present = branches.get(branches.get(0).getType() == Schema.Type.NULL ? 1 : 0);
            Converter inner = of(present, type, limits);
            return value -> value == null ? null : inner.convert(value);
        }
        return switch (type.getTypeRoot()) {
            case CHAR, VARCHAR -> limits.hasTextLimits() ? value -> checkedText(value, limits) : AvroToRow::text;
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> timestamp(limits);
            case BIGINT -> whole(limits);
            case INTEGER -> {
                Converter inner = whole(limits);
                yield value -> ((Long) inner.convert(value)).intValue();
            }
            case DECIMAL -> decimal((DecimalType) type, limits);
            case ARRAY -> array(schema, (ArrayType) type, limits);
            case ROW -> record(schema, (RowType) type);
            case VARBINARY, BINARY -> value -> bytes((ByteBuffer) value);
            case BOOLEAN, DOUBLE, FLOAT -> value -> value;
            default -> throw new IllegalArgumentException("no way from Avro " + schema.getType() + " to " + type);
        };
    }

    private static Object text(Object value) {
        if (value instanceof Utf8 utf8) {
            byte[] copy = new byte[utf8.getByteLength()];
            System.arraycopy(utf8.getBytes(), 0, copy, 0, copy.length);
            return BinaryStringData.fromBytes(copy);
        }
        return StringData.fromString(value.toString());
    }

    private static Object checkedText(Object value, Limits limits) {
        limits.checkText(value.toString());
        return text(value);
    }

    private static Converter whole(Limits limits) {
        long lowest = limits.lowest(0);
        long highest = limits.highest(0);
        return value -> {
            long number = ((Number) value).longValue();
            if (number < lowest || number > highest) { throw outOfRange(BigDecimal.valueOf(number), limits); }
            return number;
        };
    }

    private static Converter decimal(DecimalType type, Limits limits) {
        int precision = type.getPrecision();
        int scale = type.getScale();
        long lowest = limits.lowest(scale);
        long highest = limits.highest(scale);
        BigInteger end = BigInteger.TEN.pow(precision);
        return value -> {
            BigInteger unscaled = new BigInteger(bytes((ByteBuffer) value));
            if (unscaled.abs().compareTo(end) >= 0) { throw outOfRange(new BigDecimal(unscaled, scale), limits); }
            long number = unscaled.longValueExact();
            if (number < lowest || number > highest) { throw outOfRange(new BigDecimal(unscaled, scale), limits); }
            return DecimalData.fromUnscaledLong(number, precision, scale);
        };
    }

    private static Converter timestamp(Limits limits) {
        long lowest = limits.lowest(0);
        long highest = limits.highest(0);
        return value -> {
            long micros = (Long) value;
            if (micros < lowest || micros > highest) { throw outOfRange(BigDecimal.valueOf(micros), limits); }
            if (limits.maxAheadMicros != Long.MAX_VALUE && micros - limits.maxAheadMicros > System.currentTimeMillis() * 1000L) {
                throw new ContractViolation(" is in the future: " + java.time.Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS));
            }
            return TimestampData.fromEpochMillis(Math.floorDiv(micros, 1000L), (int) Math.floorMod(micros, 1000L) * 1000);
        };
    }

    private static Converter array(Schema schema, ArrayType type, Limits limits) {
        Converter element = of(schema.getElementType(), type.getElementType(), Limits.none());
        return value -> {
            Collection<?> items = (Collection<?>) value;
            if (items.size() < limits.minItems) { throw new ContractViolation(" has " + items.size() + " items, fewer than " + limits.minItems); }
            Object[] converted = new Object[items.size()];
            int i = 0;
            for (Object item : items) {
                try {
                    converted[i] = element.convert(item);
                } catch (ContractViolation e) {
                    throw e.within("[" + i + "]");
                }
                i++;
            }
            return new GenericArrayData(converted);
        };
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }

    private static ContractViolation outOfRange(BigDecimal value, Limits limits) {
        return new ContractViolation(" is " + value.toPlainString() + ", outside " + limits.minimum + " to " + limits.maximum);
    }
}
