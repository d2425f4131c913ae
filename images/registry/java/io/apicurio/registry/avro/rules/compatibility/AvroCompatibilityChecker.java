package io.apicurio.registry.avro.rules.compatibility;

import io.apicurio.registry.avro.util.AvroParserAccessor;
import io.apicurio.registry.content.TypedContent;
import io.apicurio.registry.rules.compatibility.AbstractCompatibilityChecker;
import io.apicurio.registry.rules.compatibility.CompatibilityDifference;
import io.apicurio.registry.rules.compatibility.CompatibilityExecutionResult;
import io.apicurio.registry.rules.compatibility.CompatibilityLevel;
import io.apicurio.registry.rules.compatibility.SimpleCompatibilityDifference;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * The registry's compatibility rule for Avro. It replaces the packaged class of the same name.
 *
 * <p>It makes Avro's own comparison, and also refuses a change of what a field's bytes mean. Avro compares only their encoding: for Avro, an
 * amount of scale 4 can be read as one of scale 2.
 *
 * <p>The meaning is compared with the subject's oldest version, the first release of the contract. So a version that somebody registered
 * before this rule existed does not prevent the registration of the contract itself.
 */
public class AvroCompatibilityChecker extends AbstractCompatibilityChecker<SimpleCompatibilityDifference> {
    private static final List<String> MEANING = List.of("logicalType", "precision", "scale", "unit");

    @Override
    public CompatibilityExecutionResult testCompatibility(
            CompatibilityLevel level, List<TypedContent> existing, TypedContent proposed, Map<String, TypedContent> references) {
        CompatibilityExecutionResult form = super.testCompatibility(level, existing, proposed, references);
        if (level == CompatibilityLevel.NONE || existing.isEmpty() || !form.isCompatible()) { return form; }
        Set<CompatibilityDifference> changes = new HashSet<>();
        Schema first = AvroParserAccessor.newParser(references).parse(existing.get(0).getContent().content());
        Schema next = AvroParserAccessor.newParser(references).parse(proposed.getContent().content());
        compare(first, next, "", changes, new HashSet<>());
        return changes.isEmpty() ? form : CompatibilityExecutionResult.incompatibleOrEmpty(changes);
    }

    @Override
    protected Set<SimpleCompatibilityDifference> isBackwardsCompatibleWith(String existing, String proposed, Map<String, TypedContent> references) {
        Schema writer = AvroParserAccessor.newParser(references).parse(existing);
        Schema reader = AvroParserAccessor.newParser(references).parse(proposed);
        SchemaCompatibility.SchemaCompatibilityResult result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
        if (result.getCompatibility() == SchemaCompatibilityType.COMPATIBLE) { return Set.of(); }
        return result.getIncompatibilities().stream()
                .map(found -> new SimpleCompatibilityDifference(found.getMessage(), found.getLocation())).collect(Collectors.toSet());
    }

    private static void compare(Schema first, Schema next, String path, Set<CompatibilityDifference> changes, Set<String> seen) {
        if (first.getType() == Schema.Type.UNION) {
            for (Schema branch : first.getTypes()) { compare(branch, next, path, changes, seen); }
        } else if (next.getType() == Schema.Type.UNION) {
            // Compare with the branch of the same type. If only one branch is not null, compare with that one.
            List<Schema> some = next.getTypes().stream().filter(branch -> branch.getType() != Schema.Type.NULL).toList();
            for (Schema branch : some) {
                if (some.size() == 1 || branch.getType() == first.getType()) { compare(first, branch, path, changes, seen); }
            }
        } else if (first.getType() != Schema.Type.NULL) {
            compareOne(first, next, path, changes, seen);
        }
    }

    private static void compareOne(Schema first, Schema next, String path, Set<CompatibilityDifference> changes, Set<String> seen) {
        for (String property : MEANING) {
            Object was = first.getObjectProp(property);
            Object is = next.getObjectProp(property);
            if (!Objects.equals(String.valueOf(was), String.valueOf(is))) {
                changes.add(new SimpleCompatibilityDifference(property + " was " + was + " and is " + is + ": the same bytes would mean another thing", path));
            }
        }
        if (first.getType() != next.getType()) { return; }
        switch (first.getType()) {
            case RECORD -> {
                // A recursive record is compared once.
                if (!seen.add(first.getFullName())) { return; }
                for (Schema.Field field : first.getFields()) {
                    Schema.Field other = next.getField(field.name());
                    if (other != null) { compare(field.schema(), other.schema(), path + "/" + field.name(), changes, seen); }
                }
            }
            case ARRAY -> compare(first.getElementType(), next.getElementType(), path + "/items", changes, seen);
            case MAP -> compare(first.getValueType(), next.getValueType(), path + "/values", changes, seen);
            default -> { }
        }
    }
}
