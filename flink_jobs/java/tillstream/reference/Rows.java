package tillstream.reference;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;

/**
 * Immutable rows by key. Keys that are whole numbers, as most ids of retailers are, are compared as numbers: that takes one cache miss of the processor,
 * and following a text to its bytes takes five. All other keys are in a map of texts.
 */
public final class Rows {
    /** The number of decimal digits that always fit into a long. */
    private static final int MOST_DIGITS = 18;
    private static final long NO_NUMBER = -1;

    private final long[] numbers;
    private final KnownRow[] ofNumbers;
    private final Map<StringData, KnownRow> others = new HashMap<>();
    private final int size;

    /** The rows of a map, whose keys are BinaryStringData. */
    public Rows(Map<StringData, KnownRow> rows) {
        size = rows.size();
        int places = Math.max(2, Integer.highestOneBit(Math.max(1, size)) << 2);
        numbers = new long[places];
        ofNumbers = new KnownRow[places];
        rows.forEach((key, row) -> {
            long number = number(key);
            if (number == NO_NUMBER) {
                others.put(key, row);
            } else {
                int place = place(number);
                numbers[place] = number;
                ofNumbers[place] = row;
            }
        });
    }

    /** The number of rows. */
    public int size() { return size; }

    /** Returns the row with this key, or null. */
    public KnownRow get(StringData key) {
        long number = number(key);
        return number == NO_NUMBER ? others.get(key) : ofNumbers[place(number)];
    }

    /** Returns the slot of the number, or the free slot for it. At least half of the slots are free. */
    private int place(long number) {
        int place = (int) (number * 0x9E3779B97F4A7C15L >>> 32) & numbers.length - 1;
        while (ofNumbers[place] != null && numbers[place] != number) { place = place + 1 & numbers.length - 1; }
        return place;
    }

    /** Returns the number that the text stands for, or NO_NUMBER if it could be written otherwise: 7 and 07 are two keys. */
    private static long number(StringData key) {
        BinaryStringData text = (BinaryStringData) key;
        int digits = text.getSizeInBytes();
        if (digits == 0 || digits > MOST_DIGITS || digits > 1 && text.byteAt(0) == '0') { return NO_NUMBER; }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.byteAt(i) - '0';
            if (digit < 0 || digit > 9) { return NO_NUMBER; }
            number = number * 10 + digit;
        }
        return number;
    }
}
