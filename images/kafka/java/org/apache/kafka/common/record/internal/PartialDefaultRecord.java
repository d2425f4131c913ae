package org.apache.kafka.common.record.internal;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;

/**
 * A record of which the broker knows the sizes alone: it makes one of each record of a compressed batch before it takes the batch.
 *
 * <p>In the place of Kafka's class of this name, for one thing more: a record that is too long once it is unpacked is refused. Kafka bounds
 * what a batch takes compressed; a client has to unpack each record into its heap, and one of some hundred megabytes would end every reader.
 */
public class PartialDefaultRecord extends DefaultRecord {
    /** Four times what Kafka takes of a message that is not compressed, and twice the longest text that a contract allows. */
    static final int MOST_BYTES = 8 << 20;

    private final int keySize;
    private final int valueSize;

    PartialDefaultRecord(int sizeInBytes, byte attributes, long offset, long timestamp, int sequence, int keySize, int valueSize) {
        super(sizeInBytes, attributes, offset, timestamp, sequence, null, null, null);
        // A size of more than 2 GiB has come round to a negative number.
        if (sizeInBytes < 0 || sizeInBytes > MOST_BYTES) {
            throw new RecordTooLargeException("a record of a compressed batch has " + sizeInBytes + " bytes, more than " + MOST_BYTES);
        }
        this.keySize = keySize;
        this.valueSize = valueSize;
    }

    @Override
    public boolean hasKey() { return keySize >= 0; }

    @Override
    public boolean hasValue() { return valueSize >= 0; }

    @Override
    public int keySize() { return keySize; }

    @Override
    public int valueSize() { return valueSize; }

    @Override
    public ByteBuffer key() { throw skipped(); }

    @Override
    public ByteBuffer value() { throw skipped(); }

    @Override
    public Header[] headers() { throw skipped(); }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && keySize == ((PartialDefaultRecord) other).keySize && valueSize == ((PartialDefaultRecord) other).valueSize;
    }

    @Override
    public int hashCode() { return 31 * (31 * super.hashCode() + keySize) + valueSize; }

    @Override
    public String toString() { return "record at offset " + offset() + ", key of " + keySize + " and value of " + valueSize + " bytes"; }

    private static UnsupportedOperationException skipped() { return new UnsupportedOperationException("only the sizes of this record were read"); }
}
