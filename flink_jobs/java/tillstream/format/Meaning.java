package tillstream.format;

import org.apache.flink.avro.shaded.org.apache.avro.LogicalTypes;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;

/** Says whether two schemas mean the same by the same bytes. Avro's own resolution looks at the bytes' form alone. */
final class Meaning {
    /** The farthest that a decimal is rescaled: by more no value of a contract could be meant. */
    private static final int FARTHEST = 64;

    private Meaning() { }

    /** Throws where the writer's values mean another thing than the contract's: another unit, kind of time or kind of number. */
    static void agree(Schema writer, Schema contract) {
        String written = name(writer);
        String expected = name(contract);
        // A UUID is a text by any reading.
        if (written.equals(expected) || written.equals("uuid") && expected.isEmpty() && writer.getType() == Schema.Type.STRING) { return; }
        throw differ(writer, contract);
    }

    /** By how many places a writer's decimal is moved to be the contract's; 0 where both have the same scale. */
    static int moved(Schema writer, Schema contract) {
        agree(writer, contract);
        // A decimal that Avro does not understand (no precision, a scale above it) has a name and no logical type.
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
