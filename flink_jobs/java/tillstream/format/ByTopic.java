package tillstream.format;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.RowData;

/**
 * Decodes the messages of several topics into one kind of row, each by its own topic's contract. A column that a contract lacks is null.
 *
 * <p>Flink gives a format the message's bytes alone: the connector says of which topic the next one is.
 */
public final class ByTopic implements DeserializationSchema<RowData> {
    private static final long serialVersionUID = 1L;

    private final HashMap<String, TolerantAvroDecoder> decoders;
    private final TypeInformation<RowData> produced;
    private transient TolerantAvroDecoder next;

    ByTopic(Map<String, TolerantAvroDecoder> decoders, TypeInformation<RowData> produced) {
        this.decoders = new HashMap<>(decoders);
        this.produced = produced;
    }

    /** Of which topic the next message is. */
    public void nextIsOf(String topic) { next = decoders.get(topic); }

    @Override
    public void open(InitializationContext context) {
        for (TolerantAvroDecoder decoder : decoders.values()) { decoder.open(context); }
    }

    @Override public RowData deserialize(byte[] message) throws IOException { return next.deserialize(message); }

    @Override public boolean isEndOfStream(RowData row) { return false; }

    @Override public TypeInformation<RowData> getProducedType() { return produced; }
}
