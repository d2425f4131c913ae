package tillstream.reference;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/**
 * The SQL connector {@code reference}: a Postgres table that is looked up by its first column, held whole in the TaskManager's memory and read again when
 * it has changed.
 *
 * <p>Flink's JDBC connector asks for one key at a time and caches it for a while: with 92,000 products, a job that has just started asks tens of thousands
 * of times. Flink's full cache holds a table whole, but once per task, and reads it again at every interval.
 */
public final class ReferenceTableFactory implements DynamicTableSourceFactory {

    private static final ConfigOption<String> URL = ConfigOptions.key("url").stringType().noDefaultValue()
            .withDescription("The JDBC URL of the database.");
    private static final ConfigOption<String> TABLE = ConfigOptions.key("table-name").stringType().noDefaultValue()
            .withDescription("The table; its columns are found by name.");
    private static final ConfigOption<String> USER = ConfigOptions.key("username").stringType().noDefaultValue()
            .withDescription("A role that may read the table.");
    private static final ConfigOption<String> PASSWORD = ConfigOptions.key("password").stringType().noDefaultValue()
            .withDescription("Its password.");
    private static final ConfigOption<Duration> RELOAD = ConfigOptions.key("reload-interval").durationType().noDefaultValue()
            .withDescription("How often the table is checked for changes. A change shows after at most this time plus the time to read the table.");

    @Override public String factoryIdentifier() { return "reference"; }

    @Override public Set<ConfigOption<?>> requiredOptions() { return Set.of(URL, TABLE, USER, PASSWORD, RELOAD); }

    @Override public Set<ConfigOption<?>> optionalOptions() { return Set.of(); }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validate();
        DataType rowType = context.getPhysicalRowDataType();
        if (!rowType.getLogicalType().getChildren().stream().allMatch(type -> type.is(LogicalTypeRoot.VARCHAR))) {
            throw new ValidationException("a reference table can have only STRING columns");
        }
        return new ReferenceTable(helper.getOptions(), rowType);
    }

    /** Returns the source for a table's options and columns. */
    static ReferenceData.Source source(ReadableConfig options, List<String> columns) {
        return new ReferenceData.Source(
                options.get(URL), options.get(USER), options.get(PASSWORD), options.get(TABLE), List.copyOf(columns), options.get(RELOAD));
    }

    private record ReferenceTable(ReadableConfig options, DataType rowType) implements LookupTableSource {
        @Override
        public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
            if (!Arrays.deepEquals(context.getKeys(), new int[][] {{0}})) {
                throw new ValidationException("a reference table can be looked up only by its first column");
            }
            return LookupFunctionProvider.of(new ReferenceLookup(source(options, DataType.getFieldNames(rowType))));
        }

        @Override public DynamicTableSource copy() { return this; }

        @Override public String asSummaryString() { return "reference table " + options.get(TABLE); }
    }
}
