package tillstream.reference;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentInternal;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogBaseTable;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Postgres table, held whole and once per TaskManager for all tasks of all jobs. At an interval Postgres is asked whether the table has changed, and
 * only then is it read again. While Postgres does not answer, the last rows are used.
 */
public final class ReferenceData {
    private static final Logger LOG = LoggerFactory.getLogger(ReferenceData.class);
    private static final Duration PAUSE_AFTER_AN_ERROR = Duration.ofSeconds(2);
    private static final int ROWS_A_FETCH = 10_000;
    private static final Map<Source, ReferenceData> HELD = new HashMap<>();

    /** The table and how to reach it. The first column is the key; all columns are texts. */
    public record Source(String url, String user, String password, String table, List<String> columns, Duration interval) implements Serializable {
        /** Returns the source of a table that is declared with the connector {@code reference}. */
        public static Source of(StreamTableEnvironment tables, String name) {
            ObjectIdentifier id = ObjectIdentifier.of(tables.getCurrentCatalog(), tables.getCurrentDatabase(), name);
            ResolvedCatalogBaseTable<?> table = ((TableEnvironmentInternal) tables).getCatalogManager().getTable(id).orElseThrow().getResolvedTable();
            return ReferenceTableFactory.source(Configuration.fromMap(table.getOptions()), table.getResolvedSchema().getColumnNames());
        }

        /** The type of the table's rows. */
        public RowType type() {
            return new RowType(columns.stream().map(name -> new RowType.RowField(name, new VarCharType(VarCharType.MAX_LENGTH))).toList());
        }

        private String columnList() {
            return columns.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        }

        /** A query whose result changes whenever a row does. */
        private String fingerprint() {
            return "SELECT count(*) || ' ' || coalesce(sum(hashtextextended(ROW(" + columnList() + ")::text, 0)), 0) FROM \"" + table + '"';
        }

        private String rows() {
            return "SELECT " + columnList() + " FROM \"" + table + '"';
        }
    }

    private final Source source;
    private final CountDownLatch read = new CountDownLatch(1);
    private final Thread reader;
    private int users;
    private volatile Rows rows = new Rows(Map.of());

    private ReferenceData(Source source) {
        this.source = source;
        this.reader = new Thread(this::readAgainAndAgain, "reference " + source.table());
        reader.setDaemon(true);
    }

    /** Returns the table for one more user. The first user starts its reading, the last {@link #release} ends it. */
    static ReferenceData acquire(Source source) {
        synchronized (HELD) {
            ReferenceData data = HELD.computeIfAbsent(source, ReferenceData::new);
            if (data.users++ == 0) {
                data.reader.start();
            }
            return data;
        }
    }

    void release() {
        synchronized (HELD) {
            if (--users == 0) {
                HELD.remove(source);
                reader.interrupt();
            }
        }
    }

    /** Waits until the table was read once, however long Postgres takes to answer. */
    void awaitFirstReading() throws InterruptedException {
        read.await();
    }

    /** Returns the row with this key, or null. */
    KnownRow get(StringData key) {
        return rows.get(key);
    }

    private void readAgainAndAgain() {
        String seen = "";
        while (!Thread.currentThread().isInterrupted()) {
            Duration pause = source.interval();
            try (Connection connection = DriverManager.getConnection(source.url(), source.user(), source.password())) {
                String fingerprint = fingerprint(connection);
                if (!fingerprint.equals(seen)) {
                    rows = readRows(connection);
                    seen = fingerprint;
                    LOG.info("reference table {}: read {} rows", source.table(), rows.size());
                    read.countDown();
                }
            } catch (SQLException | RuntimeException e) {
                // Catch everything: without this thread a job would wait for ever, or use outdated rows.
                LOG.warn("reference table {} cannot be read, trying again in {} s: {}", source.table(), PAUSE_AFTER_AN_ERROR.toSeconds(), e.toString());
                pause = PAUSE_AFTER_AN_ERROR;
            }
            try {
                Thread.sleep(pause.toMillis());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private String fingerprint(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(source.fingerprint())) {
            result.next();
            return result.getString(1);
        }
    }

    /** Reads all rows. Apart from the keys most texts repeat, so each is kept once. They are kept as bytes, since threads share the rows. */
    private Rows readRows(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Map<StringData, KnownRow> byKey = new HashMap<>();
        Map<String, StringData> texts = new HashMap<>();
        // An own object: the rows keep a reference to it, and would otherwise keep the map alive.
        Object reading = new Object();
        int columns = source.columns().size();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(ROWS_A_FETCH);
            try (ResultSet result = statement.executeQuery(source.rows())) {
                while (result.next()) {
                    StringData key = bytes(result.getString(1));
                    StringData[] row = new StringData[columns];
                    row[0] = key;
                    for (int i = 1; i < columns; i++) {
                        String text = result.getString(i + 1);
                        row[i] = text == null ? null : texts.computeIfAbsent(text, ReferenceData::bytes);
                    }
                    byKey.put(key, new KnownRow(row, reading, byKey.size()));
                }
            }
        }
        return new Rows(byKey);
    }

    private static StringData bytes(String text) {
        return BinaryStringData.fromBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
