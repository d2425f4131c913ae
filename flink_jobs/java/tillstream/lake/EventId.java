package tillstream.lake;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.flink.table.data.StringData;

/** An event's id as 128 bits: a UUID's own bits, or the MD5 of any other text. */
public final class EventId {
    private static final int LENGTH = 36;

    private final MessageDigest digest;
    private long high;
    private long low;

    public EventId() {
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads an id. {@link #high} and {@link #low} are its bits until the next id is read. */
    public EventId of(StringData text) {
        byte[] bytes = text.toBytes();
        if (!isUuid(bytes)) {
            ByteBuffer hash = ByteBuffer.wrap(digest.digest(bytes));
            high = hash.getLong();
            low = hash.getLong();
        }
        return this;
    }

    /** Takes an id's bits. */
    public EventId of(long highBits, long lowBits) {
        high = highBits;
        low = lowBits;
        return this;
    }

    public long high() { return high; }

    public long low() { return low; }

    /** Accepts only small letters: an id in capitals is another text, and so another id. */
    private boolean isUuid(byte[] bytes) {
        if (bytes.length != LENGTH) { return false; }
        long first = 0;
        long bits = 0;
        for (int i = 0; i < LENGTH; i++) {
            int letter = bytes[i];
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (letter != '-') { return false; }
                if (i == 18) {
                    first = bits;
                    bits = 0;
                }
                continue;
            }
            int digit = letter >= '0' && letter <= '9' ? letter - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
            if (digit < 0) { return false; }
            bits = bits << 4 | digit;
        }
        high = first;
        low = bits;
        return true;
    }
}
