package tillstream.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.RowType;

/**
 * Decodes a message from its writer's schema to the contract's, checks the contract's limits, and returns a row.
 *
 * <p>The last two columns of the row are the reason and the raw bytes: both null for a good message, both set (and all else null) for a
 * bad one. A reason starts with its kind: TOMBSTONE, UNFRAMED, UNKNOWN_SCHEMA, WRONG_SCHEMA, UNDECODABLE or IMPOSSIBLE_VALUE.
 */
final class TolerantAvroDecoder implements DeserializationSchema<RowData> {
    private static final long serialVersionUID = 1L;
    private static final int HEADER = 5;
    private static final int LONGEST_REASON = 500;
    /** The most raw bytes of a bad message that are kept. A longer message was sent compressed and would not fit into a dead letter of 2 MiB. */
    static final int LARGEST_RAW = 1 << 20;

    private final String url;
    private final String contract;
    private final RowType rowType;
    private final TypeInformation<RowData> produced;

    private transient SchemaRegistry registry;
    private transient Schema reader;
    private transient Map<Integer, Writer> writers;
    private transient Wire wire;

    /** A writer's schema: how it is read, or why it cannot be. */
    private record Writer(Reading.Reader reading, BadMessage unfit) { }

    TolerantAvroDecoder(String url, String contract, RowType rowType, TypeInformation<RowData> produced) {
        this.url = url;
        this.contract = contract;
        this.rowType = rowType;
        this.produced = produced;
    }

    /** Throws if the contract has a type that the format does not support: our own mistake, found at the start. */
    @Override
    public void open(InitializationContext context) {
        registry = new SchemaRegistry(url);
        reader = new Schema.Parser().parse(contract);
        Reading.of(reader, reader, rowType);
        writers = new HashMap<>();
        wire = new Wire();
    }

    /** Decodes one message to one row. Throws IOException only if the registry does not answer; the job then retries. */
    @Override
    public RowData deserialize(byte[] message) throws IOException {
        if (message == null) { return bad(new byte[0], "TOMBSTONE: the message has no value"); }
        if (message.length <= HEADER || message[0] != 0) {
            return bad(message, "UNFRAMED: " + (message.length <= HEADER ? message.length + " bytes are too few" : "the first byte is not the registry's 0"));
        }
        try {
            int id = ByteBuffer.wrap(message, 1, 4).getInt();
            Writer writer = writers.get(id);
            if (writer == null) {
                writer = writer(id);
                writers.put(id, writer);
            }
            if (writer.unfit != null) { throw writer.unfit; }
            wire.open(message, HEADER);
            RowData row = (RowData) writer.reading.read(wire);
            if (!wire.isEnd()) { throw BadMessage.undecodable("bytes are left over after the record"); }
            return row;
        } catch (BadMessage e) {
            return bad(message, e.reason());
        } catch (RuntimeException | StackOverflowError e) {
            // No such error is known, but if a message raises one, only that message is bad. The reason has only the error's class, since its text may
            // quote the message. An OutOfMemoryError is not caught: no message can cause one by its claims, so it is the machine's, and the job retries.
            return bad(message, BadMessage.UNDECODABLE + ": " + e.getClass().getSimpleName());
        } finally {
            wire.close();
        }
    }

    /** Builds the reader for a writer's schema. A schema that the registry does not have is not cached here: it may be registered soon. */
    private Writer writer(int id) throws IOException {
        Schema schema = registry.byId(id);
        try {
            if (schema.getType() != Schema.Type.RECORD || !schema.getFullName().equals(reader.getFullName())) {
                String name = schema.getType() == Schema.Type.RECORD ? schema.getFullName() : schema.getType().getName();
                throw new BadMessage(BadMessage.WRONG_SCHEMA, "id " + id + " is " + Texts.cut(name, 200) + ", not " + reader.getFullName());
            }
            return new Writer(Reading.of(schema, reader, rowType), null);
        } catch (BadMessage e) {
            return new Writer(null, e);
        }
    }

    private RowData bad(byte[] message, String reason) {
        boolean cut = message.length > LARGEST_RAW;
        String whole = cut ? "; its first " + LARGEST_RAW + " of " + message.length + " bytes are kept" : "";
        int columns = rowType.getFieldCount();
        GenericRowData row = new GenericRowData(columns);
        row.setField(columns - 2, StringData.fromString(Texts.cut(reason, LONGEST_REASON - whole.length()) + whole));
        row.setField(columns - 1, cut ? Arrays.copyOf(message, LARGEST_RAW) : message);
        return row;
    }

    @Override public boolean isEndOfStream(RowData row) { return false; }

    @Override public TypeInformation<RowData> getProducedType() { return produced; }
}
