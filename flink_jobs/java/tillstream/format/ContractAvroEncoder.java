package tillstream.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericData;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumWriter;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.BinaryEncoder;
import org.apache.flink.avro.shaded.org.apache.avro.io.EncoderFactory;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.RowType;

/** Writes rows of values and lists of texts by their contract, with the schema id of its deployment. Used for hot.*, alerts and dead letters. */
final class ContractAvroEncoder implements SerializationSchema<RowData> {
    private static final long serialVersionUID = 1L;

    private final String url;
    private final String subject;
    private final String contract;
    private final RowType rowType;

    private transient Schema schema;
    private transient Field[] fields;
    private transient GenericDatumWriter<GenericRecord> writer;
    private transient ByteArrayOutputStream out;
    private transient BinaryEncoder encoder;
    private transient byte[] header;

    private interface Field { Object read(RowData row); }

    ContractAvroEncoder(String url, String subject, String contract, RowType rowType) {
        this.url = url;
        this.subject = subject;
        this.contract = contract;
        this.rowType = rowType;
    }

    /** Throws IOException if the contract is not registered in its subject: deploy the schemas first. */
    @Override
    public void open(InitializationContext context) throws IOException {
        schema = new Schema.Parser().parse(contract);
        int id = new SchemaRegistry(url).idOf(subject, contract);
        header = ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
        writer = new GenericDatumWriter<>(schema);
        out = new ByteArrayOutputStream();
        fields = new Field[schema.getFields().size()];
        for (Schema.Field field : schema.getFields()) {
            int column = rowType.getFieldIndex(field.name());
            if (column < 0) { throw new IOException("the table has no column for " + subject + "'s field " + field.name()); }
            fields[field.pos()] = reader(rowType.getTypeAt(column), column);
        }
    }

    private static Field reader(LogicalType type, int column) {
        Field inner = switch (type.getTypeRoot()) {
            case CHAR, VARCHAR -> row -> row.getString(column).toString();
            case BIGINT -> row -> row.getLong(column);
            case INTEGER -> row -> row.getInt(column);
            case VARBINARY, BINARY -> row -> ByteBuffer.wrap(row.getBinary(column));
            case DECIMAL -> {
                DecimalType decimal = (DecimalType) type;
                yield row -> ByteBuffer.wrap(row.getDecimal(column, decimal.getPrecision(), decimal.getScale()).toUnscaledBytes());
            }
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> row -> micros(row.getTimestamp(column, 6));
            case ARRAY -> {
                if (!((ArrayType) type).getElementType().is(LogicalTypeFamily.CHARACTER_STRING)) { throw new IllegalArgumentException("the encoder does not support " + type); }
                yield row -> texts(row.getArray(column));
            }
            default -> throw new IllegalArgumentException("the encoder does not support " + type);
        };
        return row -> row.isNullAt(column) ? null : inner.read(row);
    }

    private static List<String> texts(ArrayData array) {
        List<String> texts = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) { texts.add(array.getString(i).toString()); }
        return texts;
    }

    private static long micros(TimestampData time) { return time.getMillisecond() * 1000L + time.getNanoOfMillisecond() / 1000; }

    @Override
    public byte[] serialize(RowData row) {
        try {
            GenericRecord record = new GenericData.Record(schema);
            for (int i = 0; i < fields.length; i++) { record.put(i, fields[i].read(row)); }
            out.reset();
            out.write(header);
            encoder = EncoderFactory.get().binaryEncoder(out, encoder);
            writer.write(record, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a record of " + subject, e);
        }
    }
}
