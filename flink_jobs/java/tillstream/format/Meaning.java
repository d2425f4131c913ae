package tillstream.format;

import org.apache.flink.avro.shaded.org.apache.avro.LogicalTypes;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;

/** Checks that two schemas give the same bytes the same meaning. Avro's own resolution checks only the form of the bytes. */
final class Meaning {
    /** The most places by which a decimal is rescaled; no contract needs more. */
    private static final int FARTHEST = 64;

    private Meaning() { }

    /** Throws BadMessage if the writer's values mean something else than the contract's: another unit, kind of time or kind of number. */
    static void agree(Schema writer, Schema contract) {
        String written = name(writer);
        String expected = name(contract);
        // A UUID is a plain text.
        if (written.equals(expected) || written.equals("uuid") && expected.isEmpty() && writer.getType() == Schema.Type.STRING) { return; }
        throw differ(writer, contract);
    }

    /** Returns by how many places a writer's decimal is moved to get the contract's scale; 0 if the scales are equal. */
    static int moved(Schema writer, Schema contract) {
        agree(writer, contract);
        // A decimal that is not valid in Avro (no precision, or a scale above it) has the name but no logical type.
        if (!(writer.getLogicalType() instanceof LogicalTypes.Decimal written) || !(contract.getLogicalType() instanceof LogicalTypes.Decimal expected)) {
            throw differ(writer, contract);
        }
        int places = expected.getScale() - written.getScale();
        if (Math.abs(places) > FARTHEST) { throw differ(writer, contract); }
        return places;
    }

    static BadMessage differ(Schema writer, Schema contract) {
        return new BadMessage(BadMessage.WRONG_SCHEMA, "is written as " + described(writer) + ", not " + described(contract));
    }

    private static String name(Schema schema) {
        Object name = schema.getObjectProp("logicalType");
        return name == null ? "" : name.toString();
    }

    private static String described(Schema schema) {
        String form = schema.getType().getName();
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return form + " (decimal of precision " + decimal.getPrecision() + " and scale " + decimal.getScale() + ")";
        }
        String name = Texts.cut(name(schema), 60);
        return name.isEmpty() ? form : form + " (" + name + ")";
    }
}
