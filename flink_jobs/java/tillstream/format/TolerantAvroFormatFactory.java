package tillstream.format;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.SerializationFormatFactory;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * The SQL format {@code tolerant-avro}: Avro in the registry's wire format, read by a contract.
 *
 * <p>Unlike Flink's own formats, a bad message does not fail the job: the row's last two columns are the reason and the raw bytes, and SQL routes such
 * rows to the dead letters. Writing never registers a schema: the contract must be deployed before.
 */
public final class TolerantAvroFormatFactory implements DeserializationFormatFactory, SerializationFormatFactory {

    private static final ConfigOption<String> URL = ConfigOptions.key("url").stringType().noDefaultValue()
            .withDescription("Base URL of the registry's Confluent-compatible API.");
    private static final ConfigOption<String> SCHEMA = ConfigOptions.key("schema").stringType().noDefaultValue()
            .withDescription("The contract: the reader's schema when reading, the registered schema when writing.");
    private static final ConfigOption<String> SUBJECT = ConfigOptions.key("subject").stringType().noDefaultValue()
            .withDescription("The subject the contract is registered under.");

    private static final ConfigOption<Map<String, String>> SCHEMAS = ConfigOptions.key("schemas").mapType().noDefaultValue()
            .withDescription("For a source of several topics, in place of one contract: the contract of each topic, as schemas.<topic>.");

    @Override public String factoryIdentifier() { return "tolerant-avro"; }

    @Override public Set<ConfigOption<?>> requiredOptions() { return Set.of(URL); }

    @Override public Set<ConfigOption<?>> optionalOptions() { return Set.of(SCHEMA, SUBJECT, SCHEMAS); }

    private static String required(ReadableConfig options, ConfigOption<String> option) {
        return options.getOptional(option).orElseThrow(() -> new ValidationException("the format tolerant-avro needs the option " + option.key()));
    }

    @Override
    public DecodingFormat<DeserializationSchema<RowData>> createDecodingFormat(DynamicTableFactory.Context context, ReadableConfig options) {
        final String url = options.get(URL);
        final Map<String, String> schemas = options.getOptional(SCHEMAS).orElse(Map.of());
        final String schema = schemas.isEmpty() ? required(options, SCHEMA) : null;
        return new DecodingFormat<DeserializationSchema<RowData>>() {
            @Override
            public DeserializationSchema<RowData> createRuntimeDecoder(DynamicTableSource.Context source, DataType physical) {
                RowType row = (RowType) physical.getLogicalType();
                TypeInformation<RowData> produced = source.createTypeInformation(physical);
                if (schema != null) { return new TolerantAvroDecoder(url, schema, row, produced); }
                Map<String, TolerantAvroDecoder> decoders = new HashMap<>();
                schemas.forEach((topic, text) -> decoders.put(topic, new TolerantAvroDecoder(url, text, row, produced)));
                return new ByTopic(decoders, produced);
            }

            @Override public ChangelogMode getChangelogMode() { return ChangelogMode.insertOnly(); }
        };
    }

    @Override
    public EncodingFormat<SerializationSchema<RowData>> createEncodingFormat(DynamicTableFactory.Context context, ReadableConfig options) {
        final String url = options.get(URL);
        final String schema = required(options, SCHEMA);
        final String subject = required(options, SUBJECT);
        return new EncodingFormat<SerializationSchema<RowData>>() {
            @Override
            public SerializationSchema<RowData> createRuntimeEncoder(DynamicTableSink.Context sink, DataType physical) {
                return new ContractAvroEncoder(url, subject, schema, (RowType) physical.getLogicalType());
            }

            @Override public ChangelogMode getChangelogMode() { return ChangelogMode.insertOnly(); }
        };
    }
}
