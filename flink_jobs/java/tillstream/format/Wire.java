package tillstream.format;

import org.apache.flink.avro.shaded.org.apache.avro.Schema;

/**
 * Reads Avro's binary form from a message's bytes, and believes none of its claims.
 *
 * <p>A length is checked against the bytes that are left before anything is allocated. What takes no bytes (nulls, empty records) is paid
 * from a budget that grows with the message, so no count and no schema can keep the decoder busy: work and memory are bounded by the
 * message's size. Every fault is a {@link BadMessage} whose words quote nothing.
 */
final class Wire {
    /** Work that a message of no bytes is allowed: more than any contract has fields. */
    private static final long LEAST_BUDGET = 65_536;
    /** Work for each byte. A field takes one byte or more; a record around it is a step of its own. */
    private static final long BUDGET_PER_BYTE = 4;
    /** Of what is skipped. A contract has three levels; the stack holds thousands of frames of this size. */
    private static final int DEEPEST = 100;

    private byte[] bytes;
    private int at;
    private int end;
    private long budget;

    /** Begins with a message's bytes from this position on. */
    void open(byte[] message, int from) {
        bytes = message;
        at = from;
        end = message.length;
        budget = LEAST_BUDGET + BUDGET_PER_BYTE * (end - from);
    }

    /** Lets go of the message. */
    void close() { bytes = null; }

    boolean isEnd() { return at == end; }

    byte[] bytes() { return bytes; }

    /** Passes so many bytes, of which {@link #length} has said that they are there, and gives where they begin. */
    int take(int length) {
        int from = at;
        at += length;
        return from;
    }

    boolean readBoolean() {
        need(1);
        byte value = bytes[at++];
        if (value != 0 && value != 1) { throw BadMessage.undecodable("is a boolean that is neither 0 nor 1"); }
        return value == 1;
    }

    long readLong() {
        if (at < end && bytes[at] >= 0) {
            int small = bytes[at++];
            return (small >>> 1) ^ -(small & 1);
        }
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            need(1);
            byte next = bytes[at++];
            if (shift == 63 && next > 1) { break; }
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) { return (value >>> 1) ^ -(value & 1); }
        }
        throw BadMessage.undecodable("is a number of more than 64 bits");
    }

    int readInt() {
        long value = readLong();
        if (value != (int) value) { throw BadMessage.undecodable("is an int of more than 32 bits"); }
        return (int) value;
    }

    float readFloat() { return Float.intBitsToFloat((int) fixed(4)); }

    double readDouble() { return Double.longBitsToDouble(fixed(8)); }

    /** The length of a text or of bytes that follow, all of which are there. */
    int length() {
        long length = readLong();
        if (length < 0 || length > end - at) { throw BadMessage.undecodable("claims a length of " + length + " where " + (end - at) + " bytes are left"); }
        return (int) length;
    }

    /** Which of so many branches of a union follows. */
    int branch(int branches) {
        long branch = readLong();
        if (branch < 0 || branch >= branches) { throw BadMessage.undecodable("claims branch " + branch + " of a union of " + branches); }
        return (int) branch;
    }

    /** How many items the next block of an array or a map has; 0 at its end. They are paid for. */
    long block() {
        long count = readLong();
        if (count < 0) {
            count = -count;
            // The block's size in bytes goes before its items.
            length();
        }
        spend(count);
        return count;
    }

    /** Passes over a value that the contract does not have. */
    void skip(Schema schema) { skip(schema, 0); }

    private void skip(Schema schema, int depth) {
        if (depth > DEEPEST) { throw BadMessage.undecodable("is nested deeper than " + DEEPEST); }
        spend(1);
        switch (schema.getType()) {
            case NULL -> { }
            case BOOLEAN -> readBoolean();
            case INT -> readInt();
            case LONG -> readLong();
            case ENUM -> {
                long symbol = readLong();
                if (symbol < 0 || symbol >= schema.getEnumSymbols().size()) { throw BadMessage.undecodable("is a symbol that its enum has not"); }
            }
            case FLOAT -> pass(4);
            case DOUBLE -> pass(8);
            case STRING, BYTES -> take(length());
            case FIXED -> pass(schema.getFixedSize());
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) { skip(field.schema(), depth + 1); }
            }
            case UNION -> skip(schema.getTypes().get(branch(schema.getTypes().size())), depth + 1);
            case ARRAY -> skipItems(schema.getElementType(), false, depth);
            case MAP -> skipItems(schema.getValueType(), true, depth);
        }
    }

    private void skipItems(Schema item, boolean keyed, int depth) {
        for (long count = readLong(); count != 0; count = readLong()) {
            if (count < 0) {
                spend(1);
                take(length());
                continue;
            }
            for (long i = 0; i < count; i++) {
                if (keyed) { take(length()); }
                skip(item, depth + 1);
            }
        }
    }

    private void pass(int count) {
        need(count);
        at += count;
    }

    private void need(int count) {
        if (count > end - at) { throw BadMessage.undecodable("ends too early"); }
    }

    private long fixed(int size) {
        need(size);
        long value = 0;
        for (int i = 0; i < size; i++) { value |= (bytes[at + i] & 0xffL) << (8 * i); }
        at += size;
        return value;
    }

    private void spend(long steps) {
        // Long.MIN_VALUE is its own negative.
        if (steps < 0 || steps > budget) { throw BadMessage.undecodable("claims more items than the message can have"); }
        budget -= steps;
    }
}
