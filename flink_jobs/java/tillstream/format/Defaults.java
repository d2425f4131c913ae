package tillstream.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Function;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericData;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumWriter;
import org.apache.flink.avro.shaded.org.apache.avro.io.BinaryEncoder;
import org.apache.flink.avro.shaded.org.apache.avro.io.EncoderFactory;

/** The value of a contract's field that a writer does not have. */
final class Defaults {
    private Defaults() { }

    /** Returns the field's default, read as if the contract had written it. Throws BadMessage if there is none. */
    static Object of(Schema.Field field, Function<Schema, Reading.Reader> reading) {
        if (!field.hasDefaultValue()) { throw new BadMessage(BadMessage.WRONG_SCHEMA, "is not in the writer's schema and has no default"); }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<Object>(field.schema()).write(GenericData.get().getDefaultValue(field), encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new IllegalStateException("the default of " + field.name() + " cannot be written", e);
        }
        Wire wire = new Wire();
        wire.open(out.toByteArray(), 0);
        return reading.apply(field.schema()).read(wire);
    }
}
