package tillstream.format;

import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
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
 * <p>Reading never fails the job on a bad message, as Flink's own formats do: the row's last two columns are the reason and the
 * raw bytes, and SQL routes such rows to the dead letters. Writing never registers a schema: the contract must have been deployed.
 */
public final class TolerantAvroFormatFactory implements DeserializationFormatFactory, SerializationFormatFactory {

    private static final ConfigOption<String> URL = ConfigOptions.key("url").stringType().noDefaultValue()
            .withDescription("Base URL of the registry's Confluent-compatible API.");
    private static final ConfigOption<String> SCHEMA = ConfigOptions.key("schema").stringType().noDefaultValue()
            .withDescription("The contract: the reader's schema when reading, the registered schema when writing.");
    private static final ConfigOption<String> SUBJECT = ConfigOptions.key("subject").stringType().noDefaultValue()
            .withDescription("The subject the contract is registered under.");

    @Override public String factoryIdentifier() { return "tolerant-avro"; }

    @Override public Set<ConfigOption<?>> requiredOptions() { return Set.of(URL, SCHEMA, SUBJECT); }

    @Override public Set<ConfigOption<?>> optionalOptions() { return Set.of(); }

    @Override
    public DecodingFormat<DeserializationSchema<RowData>> createDecodingFormat(DynamicTableFactory.Context context, ReadableConfig options) {
        final String url = options.get(URL);
        final String schema = options.get(SCHEMA);
        return new DecodingFormat<DeserializationSchema<RowData>>() {
            @Override
            public DeserializationSchema<RowData> createRuntimeDecoder(DynamicTableSource.Context source, DataType physical) {
                return new TolerantAvroDecoder(url, schema, (RowType) physical.getLogicalType(), source.createTypeInformation(physical));
            }

            @Override public ChangelogMode getChangelogMode() { return ChangelogMode.insertOnly(); }
        };
    }

    @Override
    public EncodingFormat<SerializationSchema<RowData>> createEncodingFormat(DynamicTableFactory.Context context, ReadableConfig options) {
        final String url = options.get(URL);
        final String schema = options.get(SCHEMA);
        final String subject = options.get(SUBJECT);
        return new EncodingFormat<SerializationSchema<RowData>>() {
            @Override
            public SerializationSchema<RowData> createRuntimeEncoder(DynamicTableSink.Context sink, DataType physical) {
                return new ContractAvroEncoder(url, subject, schema, (RowType) physical.getLogicalType());
            }

            @Override public ChangelogMode getChangelogMode() { return ChangelogMode.insertOnly(); }
        };
    }
}
