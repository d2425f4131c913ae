package tillstream.format;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;

/**
 * A field's limits, read from its properties in the contract:
 *
 * <ul>
 *   <li>minimum and maximum: of numbers, and of the amounts of decimals
 *   <li>allowed: a list of texts
 *   <li>minLength and maxLength: characters of a text, or of each text of an array
 *   <li>format: date is a day as YYYY-MM-DD
 *   <li>minItems and maxItems: of an array
 *   <li>maxAheadSeconds and maxBehindSeconds: of a timestamp, against this machine's clock
 * </ul>
 */
final class Limits {
    private static final int LONGEST_QUOTE = 40;
    private static final long MICROS_OF_A_DAY = 86_400_000_000L;

    BigDecimal minimum;
    BigDecimal maximum;
    Collection<?> allowed;
    boolean date;
    int minLength;
    int maxLength = Integer.MAX_VALUE;
    int minItems;
    int maxItems = Integer.MAX_VALUE;
    long maxAheadMicros = Long.MAX_VALUE;
    long maxBehindMicros = Long.MAX_VALUE;
    /** Whether a reason quotes the value. Never in a contract with personal data: a value may be in the wrong field. */
    private final boolean quoted;

    private Limits(boolean quoted) { this.quoted = quoted; }

    static Limits of(Schema.Field field, boolean quoted) {
        Limits limits = new Limits(quoted);
        limits.minimum = number(field, "minimum");
        limits.maximum = number(field, "maximum");
        limits.allowed = field.getObjectProp("allowed") instanceof Collection<?> values ? new ArrayList<>(values) : null;
        limits.date = "date".equals(field.getObjectProp("format"));
        limits.minLength = whole(field, "minLength", 0);
        limits.maxLength = whole(field, "maxLength", Integer.MAX_VALUE);
        limits.minItems = whole(field, "minItems", 0);
        limits.maxItems = whole(field, "maxItems", Integer.MAX_VALUE);
        if (field.getObjectProp("maxAheadSeconds") instanceof Number n) { limits.maxAheadMicros = n.longValue() * 1_000_000L; }
        if (field.getObjectProp("maxBehindSeconds") instanceof Number n) { limits.maxBehindMicros = n.longValue() * 1_000_000L; }
        return limits;
    }

    /** Returns the limits of an array's items: only the length of a text applies to them. */
    Limits ofItems() {
        Limits limits = new Limits(quoted);
        limits.maxLength = maxLength;
        return limits;
    }

    private static int whole(Schema.Field field, String property, int otherwise) { return field.getObjectProp(property) instanceof Number n ? n.intValue() : otherwise; }

    private static BigDecimal number(Schema.Field field, String property) {
        Object value = field.getObjectProp(property);
        return value == null ? null : new BigDecimal(value.toString());
    }

    /** The minimum for numbers with this many decimal places, as an unscaled long; the least long if there is none. */
    long lowest(int scale) { return minimum == null ? Long.MIN_VALUE : minimum.movePointRight(scale).longValueExact(); }

    long highest(int scale) { return maximum == null ? Long.MAX_VALUE : maximum.movePointRight(scale).longValueExact(); }

    /** Checks the number of characters of a text. */
    void checkLength(int characters) {
        if (characters < minLength) { throw BadMessage.impossible("is shorter than " + minLength + " characters"); }
        if (characters > maxLength) { throw BadMessage.impossible("has " + characters + " characters, more than " + maxLength); }
    }

    /** Whether the content of a text is checked. */
    boolean looksAtTexts() { return date || allowed != null; }

    void checkText(String value) {
        if (date && !isDate(value)) { throw BadMessage.impossible(quote("is '", Texts.cut(value, LONGEST_QUOTE), "', ") + "not a day as YYYY-MM-DD"); }
        if (allowed != null && !allowed.contains(value)) { throw BadMessage.impossible(quote("is '", Texts.cut(value, LONGEST_QUOTE), "', ") + "not one of " + List.copyOf(allowed)); }
    }

    /** SQL casts the text to a date, which would fail the job if the day does not exist. */
    private static boolean isDate(String value) {
        try {
            return value.length() == 10 && LocalDate.parse(value).getYear() > 0;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    BadMessage outOfRange(BigDecimal value) { return outOfRange(value.toPlainString()); }

    BadMessage outOfRange(String value) {
        String bounds = minimum == null ? maximum == null ? "outside what its type holds" : "above " + maximum
                : maximum == null ? "below " + minimum : "outside " + minimum + " to " + maximum;
        return BadMessage.impossible(quote("is ", value, ", ") + bounds);
    }

    BadMessage inexact(BigDecimal value, int scale) {
        return BadMessage.impossible(quote("is ", value.toPlainString(), ", ") + "not a number of " + scale + " decimals");
    }

    BadMessage inTheFuture(Instant when) { return BadMessage.impossible("is in the future" + quote(": ", when.toString(), "")); }

    BadMessage longAgo(Instant when) { return BadMessage.impossible("is more than " + maxBehindMicros / MICROS_OF_A_DAY + " days ago" + quote(": ", when.toString(), "")); }

    private String quote(String before, String value, String after) { return quoted ? before + value + after : after.isEmpty() ? "" : "is "; }
}
