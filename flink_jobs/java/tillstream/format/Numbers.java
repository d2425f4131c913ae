package tillstream.format;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.DecimalType;

/** Reads numbers, amounts and times, each within its field's limits. */
final class Numbers {
    /** An amount of more bytes than this is outside every contract's range; writing its digits into the reason would only cost time. */
    private static final int LONGEST_AMOUNT = 64;
    /** The number of decimal digits that always fit into a long. */
    private static final int DIGITS_OF_A_LONG = 18;

    private Numbers() { }

    static Reading.Reader whole(Schema writer, Limits limits) {
        long lowest = limits.lowest(0);
        long highest = limits.highest(0);
        boolean small = writer.getType() == Schema.Type.INT;
        return in -> {
            long number = small ? in.readInt() : in.readLong();
            if (number < lowest || number > highest) { throw limits.outOfRange(BigDecimal.valueOf(number)); }
            return number;
        };
    }

    static Reading.Reader small(Schema writer, Limits limits) {
        long lowest = limits.lowest(0);
        long highest = limits.highest(0);
        return in -> {
            int number = in.readInt();
            if (number < lowest || number > highest) { throw limits.outOfRange(BigDecimal.valueOf(number)); }
            return number;
        };
    }

    static Reading.Reader real(Schema writer) {
        return switch (writer.getType()) {
            case FLOAT -> in -> (double) in.readFloat();
            case DOUBLE -> Wire::readDouble;
            default -> in -> (double) in.readLong();
        };
    }

    static Reading.Reader timestamp(Schema writer, Limits limits) {
        long lowest = limits.lowest(0);
        long highest = limits.highest(0);
        boolean bounded = limits.maxAheadMicros != Long.MAX_VALUE || limits.maxBehindMicros != Long.MAX_VALUE;
        return in -> {
            long micros = in.readLong();
            if (micros < lowest || micros > highest) { throw limits.outOfRange(BigDecimal.valueOf(micros)); }
            if (bounded) {
                long ahead = micros - System.currentTimeMillis() * 1000L;
                if (ahead > limits.maxAheadMicros) { throw limits.inTheFuture(Instant.EPOCH.plus(micros, ChronoUnit.MICROS)); }
                if (-ahead > limits.maxBehindMicros) { throw limits.longAgo(Instant.EPOCH.plus(micros, ChronoUnit.MICROS)); }
            }
            return TimestampData.fromEpochMillis(Math.floorDiv(micros, 1000L), (int) Math.floorMod(micros, 1000L) * 1000);
        };
    }

    /** Reads an amount and moves its decimal point by {@code moved} places to the contract's scale. An amount that would lose digits is a bad message. */
    static Reading.Reader decimal(int moved, DecimalType type, Limits limits) {
        int precision = type.getPrecision();
        int scale = type.getScale();
        if (precision > DIGITS_OF_A_LONG) { throw new IllegalArgumentException("a contract's amount has at most " + DIGITS_OF_A_LONG + " digits, not " + precision); }
        long end = BigInteger.TEN.pow(precision).longValueExact();
        long lowest = limits.lowest(scale);
        long highest = limits.highest(scale);
        return in -> {
            int length = in.length();
            int from = in.take(length);
            if (length == 0) { throw BadMessage.undecodable("is an amount of no bytes"); }
            long number;
            if (length <= Long.BYTES && moved == 0) {
                number = bigEndian(in.bytes(), from, length);
            } else {
                if (length > LONGEST_AMOUNT) { throw limits.outOfRange("an amount of " + length + " bytes"); }
                BigInteger unscaled = new BigInteger(Arrays.copyOfRange(in.bytes(), from, from + length));
                number = moved(unscaled, moved, scale, limits);
            }
            if (number <= -end || number >= end || number < lowest || number > highest) { throw limits.outOfRange(BigDecimal.valueOf(number, scale)); }
            return DecimalData.fromUnscaledLong(number, precision, scale);
        };
    }

    private static long bigEndian(byte[] bytes, int from, int length) {
        long number = bytes[from];
        for (int i = 1; i < length; i++) { number = number << 8 | bytes[from + i] & 0xff; }
        return number;
    }

    private static long moved(BigInteger unscaled, int places, int scale, Limits limits) {
        BigInteger number = unscaled;
        if (places > 0) {
            number = unscaled.multiply(BigInteger.TEN.pow(places));
        } else if (places < 0) {
            BigInteger[] parts = unscaled.divideAndRemainder(BigInteger.TEN.pow(-places));
            if (parts[1].signum() != 0) { throw limits.inexact(new BigDecimal(unscaled, scale - places), scale); }
            number = parts[0];
        }
        if (number.bitLength() >= Long.SIZE) { throw limits.outOfRange(new BigDecimal(number, scale)); }
        return number.longValue();
    }
}
