package tillstream.format;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;

/**
 * What a contract says a field can hold, read from the field's own properties: minimum and maximum (numbers; amounts for decimals),
 * allowed (a list), minLength (characters), minItems (of an array), maxAheadSeconds (a timestamp, against this machine's clock).
 */
final class Limits {
    private static final Limits NONE = new Limits();

    BigDecimal minimum;
    BigDecimal maximum;
    Collection<?> allowed;
    int minLength;
    int minItems;
    long maxAheadMicros = Long.MAX_VALUE;

    private Limits() { }

    static Limits of(Schema.Field field) {
        Limits limits = new Limits();
        limits.minimum = number(field, "minimum");
        limits.maximum = number(field, "maximum");
        limits.allowed = field.getObjectProp("allowed") instanceof Collection<?> values ? new ArrayList<>(values) : null;
        limits.minLength = field.getObjectProp("minLength") instanceof Number n ? n.intValue() : 0;
        limits.minItems = field.getObjectProp("minItems") instanceof Number n ? n.intValue() : 0;
        if (field.getObjectProp("maxAheadSeconds") instanceof Number n) { limits.maxAheadMicros = n.longValue() * 1_000_000L; }
        return limits;
    }

    static Limits none() { return NONE; }

    private static BigDecimal number(Schema.Field field, String property) {
        Object value = field.getObjectProp(property);
        return value == null ? null : new BigDecimal(value.toString());
    }

    /** This limit for numbers of so many decimal places, as an unscaled long; the type's own end where none is set. */
    long lowest(int scale) { return minimum == null ? Long.MIN_VALUE : minimum.movePointRight(scale).longValueExact(); }

    long highest(int scale) { return maximum == null ? Long.MAX_VALUE : maximum.movePointRight(scale).longValueExact(); }

    void checkText(String value) {
        if (value.length() < minLength) { throw new ContractViolation(" is shorter than " + minLength + " characters"); }
        if (allowed != null && !allowed.contains(value)) { throw new ContractViolation(" is '" + shortened(value) + "', not one of " + List.copyOf(allowed)); }
    }

    boolean hasTextLimits() { return minLength > 0 || allowed != null; }

    private static String shortened(String value) { return value.length() > 40 ? value.substring(0, 40) + "…" : value; }
}
