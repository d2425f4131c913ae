package org.apache.kafka.common.record.internal;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;

/**
 * A record of a compressed batch of which the broker reads only the sizes. The broker creates one for each record before it accepts the batch.
 *
 * <p>This class replaces Kafka's class of the same name and adds one check: it refuses a record that is too large after decompression. Kafka
 * bounds only the compressed size of a batch. A client decompresses each record into its heap, and a record of some hundred megabytes would
 * crash every consumer.
 */
public class PartialDefaultRecord extends DefaultRecord {
    /** Four times the limit of an uncompressed message, and twice the longest text that a contract allows, in bytes. */
    static final int MOST_BYTES = 8 << 20;

    private final int keySize;
    private final int valueSize;

    PartialDefaultRecord(int sizeInBytes, byte attributes, long offset, long timestamp, int sequence, int keySize, int valueSize) {
        super(sizeInBytes, attributes, offset, timestamp, sequence, null, null, null);
        // A size of more than 2 GiB overflows to a negative number.
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
