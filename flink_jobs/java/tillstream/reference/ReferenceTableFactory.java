package tillstream.reference;

import java.time.Duration;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.jdbc.core.database.JdbcFactoryLoader;
import org.apache.flink.connector.jdbc.core.database.dialect.JdbcDialect;
import org.apache.flink.connector.jdbc.core.table.source.JdbcRowDataInputFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.InputFormatProvider;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.lookup.FullCachingLookupProvider;
import org.apache.flink.table.connector.source.lookup.cache.trigger.PeriodicCacheReloadTrigger;
import org.apache.flink.table.connector.source.lookup.cache.trigger.PeriodicCacheReloadTrigger.ScheduleMode;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * The SQL connector {@code reference}: a table of Postgres to look up in, held whole in the TaskManager's memory and read again at an
 * interval.
 *
 * <p>Flink's own JDBC connector asks for one key at a time and forgets it after a while: with 92,000 products a job that has just started
 * asks tens of thousands of times. Flink can hold a table whole, but the JDBC connector does not offer it.
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
            .withDescription("The time between two readings: a change shows after it at most, and what a reading takes.");

    @Override public String factoryIdentifier() { return "reference"; }

    @Override public Set<ConfigOption<?>> requiredOptions() { return Set.of(URL, TABLE, USER, PASSWORD, RELOAD); }

    @Override public Set<ConfigOption<?>> optionalOptions() { return Set.of(); }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validate();
        JdbcDialect dialect = JdbcFactoryLoader.loadDialect(helper.getOptions().get(URL), context.getClassLoader(), null);
        return new ReferenceTable(helper.getOptions(), dialect, context.getPhysicalRowDataType());
    }

    private record ReferenceTable(ReadableConfig options, JdbcDialect dialect, DataType rowType) implements LookupTableSource {
        @Override
        public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
            String[] columns = DataType.getFieldNames(rowType).toArray(new String[0]);
            JdbcRowDataInputFormat table = JdbcRowDataInputFormat.builder()
                    .setDrivername(dialect.defaultDriverName().orElseThrow())
                    .setDBUrl(options.get(URL))
                    .setUsername(options.get(USER))
                    .setPassword(options.get(PASSWORD))
                    .setQuery(dialect.getSelectFromStatement(options.get(TABLE), columns, new String[0]))
                    .setRowConverter(dialect.getRowConverter((RowType) rowType.getLogicalType()))
                    .setRowDataTypeInfo(context.createTypeInformation(rowType))
                    .build();
            return FullCachingLookupProvider.of(
                    InputFormatProvider.of(new PatientInputFormat(options.get(TABLE), table)),
                    new PeriodicCacheReloadTrigger(options.get(RELOAD), ScheduleMode.FIXED_DELAY));
        }

        @Override public DynamicTableSource copy() { return this; }

        @Override public String asSummaryString() { return "reference table " + options.get(TABLE); }
    }
}
