package tillstream.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.BinaryDecoder;
import org.apache.flink.avro.shaded.org.apache.avro.io.DecoderFactory;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.RowType;

/**
 * Decodes a message by its writer's schema into the contract's, checks the contract's limits, and gives a row.
 *
 * <p>The last two columns of the row are the reason and the raw bytes: both null for a good message, both set (and all else null) for a
 * bad one. A reason starts with its kind, one of UNFRAMED, UNKNOWN_SCHEMA, WRONG_SCHEMA, UNDECODABLE, IMPOSSIBLE_VALUE.
 */
final class TolerantAvroDecoder implements DeserializationSchema<RowData> {
    private static final long serialVersionUID = 1L;
    private static final int HEADER = 5;
    private static final int LONGEST_REASON = 500;

    private final String url;
    private final String contract;
    private final RowType rowType;
    private final TypeInformation<RowData> produced;

    private transient SchemaRegistry registry;
    private transient Schema reader;
    private transient AvroToRow.Converter converter;
    private transient Map<Integer, GenericDatumReader<GenericRecord>> readers;
    private transient BinaryDecoder decoder;
    private transient GenericRecord reused;

    TolerantAvroDecoder(String url, String contract, RowType rowType, TypeInformation<RowData> produced) {
        this.url = url;
        this.contract = contract;
        this.rowType = rowType;
        this.produced = produced;
    }

    @Override
    public void open(InitializationContext context) {
        registry = new SchemaRegistry(url);
        reader = new Schema.Parser().parse(contract);
        converter = AvroToRow.record(reader, rowType);
        readers = new HashMap<>();
    }

    /** One message to one row; a tombstone is skipped. Throws only when the registry cannot be asked: the job retries. */
    @Override
    public RowData deserialize(byte[] message) throws IOException {
        if (message == null) { return null; }
        if (message.length <= HEADER || message[0] != 0) {
            return bad(message, "UNFRAMED: " + (message.length <= HEADER ? message.length + " bytes are too few" : "the first byte is not the registry's 0"));
        }
        int id = ByteBuffer.wrap(message, 1, 4).getInt();
        GenericDatumReader<GenericRecord> datum = readers.get(id);
        if (datum == null) {
            Schema writer = registry.byId(id);
            if (writer == null) { return bad(message, "UNKNOWN_SCHEMA: the registry has no schema with id " + id); }
            if (!writer.getFullName().equals(reader.getFullName())) {
                return bad(message, "WRONG_SCHEMA: id " + id + " is " + writer.getFullName() + ", not " + reader.getFullName());
            }
            datum = new GenericDatumReader<>(writer, reader);
            readers.put(id, datum);
        }
        try {
            decoder = DecoderFactory.get().binaryDecoder(message, HEADER, message.length - HEADER, decoder);
            reused = datum.read(reused, decoder);
            if (!decoder.isEnd()) { return bad(message, "UNDECODABLE: bytes are left over after the record"); }
            return (RowData) converter.convert(reused);
        } catch (ContractViolation e) {
            return bad(message, "IMPOSSIBLE_VALUE: " + e.getMessage());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // OutOfMemoryError: a claimed length of 1.9 GB, refused by the JVM before anything is allocated.
            reused = null;
            decoder = null;
            return bad(message, "UNDECODABLE: " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private RowData bad(byte[] message, String reason) {
        int columns = rowType.getFieldCount();
        GenericRowData row = new GenericRowData(columns);
        row.setField(columns - 2, StringData.fromString(reason.substring(0, Math.min(reason.length(), LONGEST_REASON))));
        row.setField(columns - 1, message);
        return row;
    }

    @Override public boolean isEndOfStream(RowData row) { return false; }

    @Override public TypeInformation<RowData> getProducedType() { return produced; }
}
