import io.trino.jdbc.TrinoStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Does with the platform what a BI tool does, through Trino's JDBC driver: lists catalogs, schemas, tables and columns, runs statements with
 * parameters, reads decimals and times, and cancels a long query. Ends with 1 at the first step that fails. docs/bi-tools.md says how to run it.
 */
public final class TrinoJdbc {
    private static final int ROWS = 5;
    /** A count of a million million rows: without a cancellation it would take hours. */
    private static final String ENDLESS =
            "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) CROSS JOIN UNNEST(sequence(1, 10000)) c(z)";

    private TrinoJdbc() {}

    /** Run every step against the URL; the user is the second argument, and the password is in the environment as TRINO_PASSWORD, if there is one. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: java -cp .build/trino-jdbc-476.jar docs/bi/TrinoJdbc.java jdbc:trino://127.0.0.1:8080/lake/live USER");
            System.exit(2);
        }
        Properties properties = new Properties();
        properties.setProperty("user", arguments[1]);
        properties.setProperty("source", "docs/bi/TrinoJdbc.java");
        String password = System.getenv("TRINO_PASSWORD");
        if (password != null) {
            properties.setProperty("password", password);
        }
        try (Connection connection = DriverManager.getConnection(arguments[0], properties)) {
            describe(connection.getMetaData());
            query(connection);
            cancel(connection);
        } catch (SQLException failure) {
            System.err.println("FAILED: " + failure.getMessage());
            System.exit(1);
        }
    }

    /** Print what a BI tool reads when it is connected: versions, catalogs, schemas, tables and columns. */
    private static void describe(DatabaseMetaData metadata) throws SQLException {
        System.out.printf("driver %s %s, server %s %s%n", metadata.getDriverName(), metadata.getDriverVersion(),
                metadata.getDatabaseProductName(), metadata.getDatabaseProductVersion());
        try (ResultSet catalogs = metadata.getCatalogs()) {
            print("catalogs", catalogs, Integer.MAX_VALUE, "TABLE_CAT");
        }
        for (String catalog : new String[] {"lake", "hot"}) {
            try (ResultSet schemas = metadata.getSchemas(catalog, null)) {
                print("schemas of " + catalog, schemas, Integer.MAX_VALUE, "TABLE_SCHEM");
            }
        }
        try (ResultSet views = metadata.getTables("lake", "live", null, new String[] {"VIEW"})) {
            print("views of lake.live", views, Integer.MAX_VALUE, "TABLE_NAME", "TABLE_TYPE", "REMARKS");
        }
        try (ResultSet tables = metadata.getTables("hot", null, null, new String[] {"TABLE"})) {
            print("tables of hot", tables, Integer.MAX_VALUE, "TABLE_SCHEM", "TABLE_NAME");
        }
        // The names are patterns, in which an underscore stands for any character: a name is found only exactly when it is escaped.
        String name = "sales_by_minute".replace("_", metadata.getSearchStringEscape() + "_");
        try (ResultSet columns = metadata.getColumns("lake", "live", name, null)) {
            print("columns of lake.live.sales_by_minute", columns, Integer.MAX_VALUE,
                    "COLUMN_NAME", "TYPE_NAME", "DATA_TYPE", "COLUMN_SIZE", "DECIMAL_DIGITS", "IS_NULLABLE");
        }
    }

    /** Run statements with parameters on both catalogs, and read decimals and times with and without a zone as Java's types. */
    private static void query(Connection connection) throws SQLException {
        Timestamp start = Timestamp.valueOf(LocalDateTime.now(ZoneOffset.UTC).minusHours(1));
        String live = "SELECT \"minute\", channel, lines, net_amount FROM lake.live.sales_by_minute WHERE channel = ? AND \"minute\" >= ? ORDER BY 1 DESC";
        try (PreparedStatement statement = connection.prepareStatement(live)) {
            statement.setString(1, "STORE");
            statement.setTimestamp(2, start);
            try (ResultSet rows = statement.executeQuery()) {
                System.out.println("lake.live.sales_by_minute, channel STORE, the last hour:");
                for (int row = 0; row < ROWS && rows.next(); row++) {
                    System.out.printf("  %s  %s  %d lines  %s (%s, scale %d)%n", rows.getTimestamp(1).toLocalDateTime(), rows.getString(2),
                            rows.getLong(3), rows.getBigDecimal(4), rows.getMetaData().getColumnTypeName(4), rows.getBigDecimal(4).scale());
                }
            }
        }
        String lake = "SELECT event_time, store_id, product_id, net_amount FROM lake.sales.lines"
                + " WHERE event_time >= current_timestamp - INTERVAL '1' HOUR AND net_amount > ? ORDER BY 1 DESC LIMIT " + ROWS;
        try (PreparedStatement statement = connection.prepareStatement(lake)) {
            statement.setBigDecimal(1, new java.math.BigDecimal("1.00"));
            try (ResultSet rows = statement.executeQuery()) {
                System.out.println("lake.sales.lines, more than 1.00, the last hour:");
                while (rows.next()) {
                    System.out.printf("  %s (%s)  store %s  product %s  %s%n", rows.getTimestamp(1).toInstant(),
                            rows.getMetaData().getColumnTypeName(1), rows.getString(2), rows.getString(3), rows.getBigDecimal(4));
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM hot.sales.by_minute WHERE channel = ?")) {
            statement.setString(1, "WEB");
            try (ResultSet rows = statement.executeQuery()) {
                print("hot.sales.by_minute, channel WEB", rows, ROWS, "minute", "channel", "baskets", "lines", "units", "net_amount");
            }
        }
    }

    /** Start a query that would take hours, cancel it after three seconds, and print how soon it ended and what Trino says of it. */
    private static void cancel(Connection connection) throws Exception {
        AtomicReference<String> id = new AtomicReference<>();
        CountDownLatch running = new CountDownLatch(1);
        try (TrinoStatement statement = connection.createStatement().unwrap(TrinoStatement.class)) {
            statement.setProgressMonitor(progress -> {
                id.set(progress.getQueryId());
                running.countDown();
            });
            AtomicReference<Instant> asked = new AtomicReference<>();
            Thread canceller = new Thread(() -> {
                try {
                    running.await(60, TimeUnit.SECONDS);
                    TimeUnit.SECONDS.sleep(3);
                    asked.set(Instant.now());
                    statement.cancel();
                } catch (InterruptedException | SQLException failure) {
                    System.err.println("FAILED: the cancellation: " + failure.getMessage());
                }
            });
            canceller.start();
            try (ResultSet rows = statement.executeQuery(ENDLESS)) {
                rows.next();
                throw new SQLException("the long query ended by itself, before it was cancelled");
            } catch (SQLException stopped) {
                if (asked.get() == null) {
                    throw stopped;
                }
                System.out.printf("cancelled: \"%s\" after %d ms%n", stopped.getMessage(), Duration.between(asked.get(), Instant.now()).toMillis());
            }
            canceller.join();
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT state, error_code FROM system.runtime.queries WHERE query_id = ?")) {
            statement.setString(1, id.get());
            try (ResultSet rows = statement.executeQuery()) {
                print("the cancelled query in Trino", rows, ROWS, "state", "error_code");
            }
        }
    }

    /** Print these columns of the first rows, and how many rows there are in all. */
    private static void print(String title, ResultSet rows, int most, String... columns) throws SQLException {
        ResultSetMetaData metadata = rows.getMetaData();
        System.out.printf("%s (%d columns):%n", title, metadata.getColumnCount());
        int count = 0;
        for (; rows.next(); count++) {
            if (count < most) {
                StringJoiner line = new StringJoiner("  ", "  ", "");
                for (String column : columns) {
                    line.add(String.valueOf(rows.getObject(column)));
                }
                System.out.println(line);
            }
        }
        System.out.printf("  %d rows%n", count);
    }
}
