package tillstream.format;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.RowData;

/**
 * Decodes the messages of several topics into rows of one type, each by its topic's contract. A column that a contract lacks is null.
 *
 * <p>Flink gives a format only the message's bytes, so the connector first says which topic the message comes from.
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

    /** Sets the topic of the next message. */
    public void nextIsOf(String topic) { next = decoders.get(topic); }

    @Override
    public void open(InitializationContext context) {
        for (TolerantAvroDecoder decoder : decoders.values()) { decoder.open(context); }
    }

    @Override public RowData deserialize(byte[] message) throws IOException { return next.deserialize(message); }

    @Override public boolean isEndOfStream(RowData row) { return false; }

    @Override public TypeInformation<RowData> getProducedType() { return produced; }
}
