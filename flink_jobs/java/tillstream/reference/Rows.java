package tillstream.reference;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;

/**
 * Rows by their keys, read and never changed. Keys that are whole numbers, as retailers' ids mostly are, are compared as such: to follow a
 * text to its bytes takes five misses of the processor's cache, a number one. All others are in a map of texts.
 */
public final class Rows {
    /** The digits that a long has for certain. */
    private static final int MOST_DIGITS = 18;
    private static final long NO_NUMBER = -1;

    private final long[] numbers;
    private final KnownRow[] ofNumbers;
    private final Map<StringData, KnownRow> others = new HashMap<>();
    private final int size;

    /** Those of a map, whose keys are BinaryStringData. */
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

    /** How many there are. */
    public int size() { return size; }

    /** The row of that key, or null. */
    public KnownRow get(StringData key) {
        long number = number(key);
        return number == NO_NUMBER ? others.get(key) : ofNumbers[place(number)];
    }

    /** Where the number is, or the free place where it would be. Half of the places and more are free. */
    private int place(long number) {
        int place = (int) (number * 0x9E3779B97F4A7C15L >>> 32) & numbers.length - 1;
        while (ofNumbers[place] != null && numbers[place] != number) { place = place + 1 & numbers.length - 1; }
        return place;
    }

    /** The number that the text is the one way to write, or NO_NUMBER: 7 and 07 are two keys. */
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
