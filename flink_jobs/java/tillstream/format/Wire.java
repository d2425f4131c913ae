package tillstream.format;

import org.apache.flink.avro.shaded.org.apache.avro.Schema;

/**
 * Reads Avro's binary form from a message's bytes, and trusts none of its lengths and counts.
 *
 * <p>A length is checked against the remaining bytes before anything is allocated. Values that take no bytes (nulls, empty records) use up a budget that
 * depends on the message's size. So the message's size bounds work and memory, whatever its counts and schema say. Every fault is a {@link BadMessage}
 * that quotes nothing of the message.
 */
final class Wire {
    /** The budget of an empty message, in steps: more than any contract has fields. */
    private static final long LEAST_BUDGET = 65_536;
    /** The additional budget per byte. A field takes at least one byte, and a record around it is one more step. */
    private static final long BUDGET_PER_BYTE = 4;
    /** The deepest nesting of a skipped value. A contract has three levels; the stack has room for thousands. */
    private static final int DEEPEST = 100;

    private byte[] bytes;
    private int at;
    private int end;
    private long budget;

    /** Starts reading a message at this position. */
    void open(byte[] message, int from) {
        bytes = message;
        at = from;
        end = message.length;
        budget = LEAST_BUDGET + BUDGET_PER_BYTE * (end - from);
    }

    /** Releases the message. */
    void close() { bytes = null; }

    boolean isEnd() { return at == end; }

    byte[] bytes() { return bytes; }

    /** Moves past this many bytes, which {@link #length} has checked, and returns where they begin. */
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

    /** Reads the length of a text or of bytes, and checks that so many bytes remain. */
    int length() {
        long length = readLong();
        if (length < 0 || length > end - at) { throw BadMessage.undecodable("claims a length of " + length + " where " + (end - at) + " bytes are left"); }
        return (int) length;
    }

    /** Reads the index of a union's branch, below the number of branches. */
    int branch(int branches) {
        long branch = readLong();
        if (branch < 0 || branch >= branches) { throw BadMessage.undecodable("claims branch " + branch + " of a union of " + branches); }
        return (int) branch;
    }

    /** Reads the number of items in the next block of an array or map, and charges them to the budget; 0 at the end. */
    long block() {
        long count = readLong();
        if (count < 0) {
            count = -count;
            // A negative count is followed by the block's size in bytes.
            length();
        }
        spend(count);
        return count;
    }

    /** Skips a value that the contract does not have. */
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
        // Negating Long.MIN_VALUE overflows to itself, so a count may be negative here.
        if (steps < 0 || steps > budget) { throw BadMessage.undecodable("claims more items than the message can have"); }
        budget -= steps;
    }
}
