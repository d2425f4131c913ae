package tillstream.inventory;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/**
 * The SQL function {@code stock}: keeps the stock of each pair of store and product, and emits what each movement has changed.
 *
 * <p>Stock is the last count, plus later deliveries, minus later sales; a return is a sale with negative units. The movements come in any order, and a
 * count comes hours after it was taken. So sales are kept with their times, and a count absorbs the sales before it. A count may come up to {@link #KEPT}
 * after it was taken; an older one is ignored. A count or delivery that comes again changes nothing.
 *
 * <p>A pair belongs to the sums of one department. If its product gets another department, or the master gets to know the product, the pair's next movement
 * moves the pair between the departments' sums: that is one more row, which changes nothing else.
 *
 * <p>Input columns: kind (COUNT, DELIVERY, SALE), movement_id, business_day (days since 1970), units, at, department, lead_time_days; the last two are null
 * until the master knows the product. SQL could keep only sums per pair and day, but counts are not taken at the end of a day.
 */
public final class Stock extends ProcessTableFunction<Stock.Change> {
    private static final long serialVersionUID = 1L;
    private static final long KEPT = 8 * SalesWindow.DAY;
    /** How long sales of a pair without a count are kept: as long as baskets are read. A pair that is never counted takes at most 11 KB. */
    private static final long KEPT_UNCOUNTED = 40 * SalesWindow.DAY;
    private static final String NO_DEPARTMENT = "UNKNOWN";
    /** The most days before the last count that the rate of sale includes. */
    private static final double REMEMBERED_DAYS = 7;
    /** The highest rate that an alert's units_a_day can hold. No shop has a higher one; it must not stop the job. */
    private static final double HIGHEST_RATE = 999_999_999;
    private static final int OK = 0;
    private static final int LOW = 1;
    private static final int OUT = 2;
    private static final String[] LEVELS = {"OK", "LOW", "OUT"};

    /**
     * The state of a pair. Times are in microseconds since 1970; countedAt is 0 until the first count. Flink restores exactly these fields: none may be
     * added, removed or changed, or no old state fits any more. New data goes into {@link Deliveries}, as a new version.
     */
    public static class Books {
        public long countedAt;
        public int counted;
        public byte[] sales;
        public long soldEarlier;
        public long soldEarlierUntil;
        public byte[] deliveries;
        public double unitsBefore;
        public double daysBefore;
        public long version;
        public long stockUnits;
        public int level;
        public int alerts;
    }

    /** The state of a pair after a movement, and by how much the movement has changed the sums of the store and of the department. */
    public static class Change {
        public long changes;
        public long stock_units;
        public @DataTypeHint("TIMESTAMP_LTZ(6)") Instant counted_at;
        public @DataTypeHint("DECIMAL(12, 3)") BigDecimal units_a_day;
        public @DataTypeHint("DECIMAL(12, 2)") BigDecimal days_of_cover;
        public String level;
        public String previous_level;
        /** The number of the pair's alert; null if the level has not changed. */
        public Integer alert_no;
        public long products_change;
        public long units_change;
        public long low_change;
        public long out_change;
        /** The department whose sums the following fields change. */
        public String of_department;
        public long department_products_change;
        public long department_units_change;
        public long department_low_change;
        public long department_out_change;

        /** A copy without changes to the store's sums. */
        private Change alone() {
            Change row = new Change();
            row.changes = changes;
            row.stock_units = stock_units;
            row.counted_at = counted_at;
            row.units_a_day = units_a_day;
            row.days_of_cover = days_of_cover;
            row.level = level;
            row.previous_level = previous_level;
            return row;
        }
    }

    public void eval(
            @StateHint(name = "books") Books books,
            @ArgumentHint(name = "movement", value = {ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.PASS_COLUMNS_THROUGH}) Row movement) {
        long at = ChronoUnit.MICROS.between(Instant.EPOCH, movement.<Instant>getFieldAs("at"));
        int units = movement.<Number>getFieldAs("units").intValue();
        boolean first = books.countedAt == 0;
        long unitsBefore = books.stockUnits;
        int levelBefore = books.level;
        Deliveries deliveries = new Deliveries(books.deliveries);
        boolean changed = switch (movement.<String>getFieldAs("kind")) {
            case "SALE" -> sell(books, at, units);
            case "COUNT" -> count(books, deliveries, at, units);
            default -> deliver(books, deliveries, movement, at, units);
        };
        if (!changed || books.countedAt == 0) { return; }
        Number leadTime = movement.getFieldAs("lead_time_days");
        boolean onlyLess = movement.getFieldAs("kind").equals("SALE") && units > 0;
        Change change = tell(books, deliveries, first, leadTime == null ? -1 : leadTime.doubleValue(), onlyLess);
        String department = movement.getFieldAs("department");
        // A pair of version 0 is in the sums of the department that its movements name.
        String before = first || deliveries.knowDepartment() ? deliveries.department() : department;
        // A product that has left the master stays in its department.
        String now = department == null ? before : department;
        if (first || !deliveries.knowDepartment() || !Objects.equals(before, now)) {
            deliveries.moveTo(now);
            books.deliveries = deliveries.packed();
        }
        boolean moved = !first && !Objects.equals(before, now);
        if (moved) { collect(takenOut(change, before, unitsBefore, levelBefore)); }
        // Version 0 did not count pairs without a department.
        boolean enters = first || moved || (!deliveries.knowDepartment() && now == null);
        change.of_department = now == null ? NO_DEPARTMENT : now;
        change.department_products_change = flag(enters);
        change.department_units_change = enters ? change.stock_units : change.units_change;
        change.department_low_change = enters ? flag(books.level == LOW) : change.low_change;
        change.department_out_change = enters ? flag(books.level == OUT) : change.out_change;
        collect(change);
    }

    /** A change that takes the pair, as it was, out of a department's sums. */
    private static Change takenOut(Change change, String department, long units, int level) {
        Change row = change.alone();
        row.of_department = department == null ? NO_DEPARTMENT : department;
        row.department_products_change = -1;
        row.department_units_change = -units;
        row.department_low_change = -flag(level == LOW);
        row.department_out_change = -flag(level == OUT);
        return row;
    }

    private static long flag(boolean is) { return is ? 1 : 0; }

    private static boolean sell(Books books, long at, int units) {
        if (at <= books.countedAt) { return false; }
        SalesWindow sales = new SalesWindow(books.sales);
        sales.add(at, units);
        sales.fold();
        if (books.countedAt != 0 && at <= books.soldEarlierUntil) {
            books.soldEarlier += sales.takeUntil(books.soldEarlierUntil);
        } else if (books.countedAt != 0) {
            long until = sales.newest() - KEPT;
            if (until > books.soldEarlierUntil) {
                books.soldEarlier += sales.takeUntil(until);
                books.soldEarlierUntil = until;
            }
        } else {
            sales.takeUntil(sales.newest() - KEPT_UNCOUNTED);
        }
        books.sales = sales.packed();
        return true;
    }

    private static boolean count(Books books, Deliveries deliveries, long at, int units) {
        if (at <= books.countedAt || (books.soldEarlier != 0 && at < books.soldEarlierUntil)) { return false; }
        SalesWindow sales = new SalesWindow(books.sales);
        double between = books.soldEarlier + sales.takeUntil(at);
        if (books.countedAt != 0) {
            double days = books.daysBefore + (at - books.countedAt) / (double) SalesWindow.DAY;
            double kept = Math.min(1, REMEMBERED_DAYS / days);
            books.unitsBefore = (books.unitsBefore + between) * kept;
            books.daysBefore = days * kept;
        }
        deliveries.dropUntil(at);
        books.countedAt = at;
        books.counted = units;
        books.soldEarlier = 0;
        books.soldEarlierUntil = at;
        books.sales = sales.packed();
        books.deliveries = deliveries.packed();
        return true;
    }

    private static boolean deliver(Books books, Deliveries deliveries, Row movement, long at, int units) {
        long id = UUID.nameUUIDFromBytes(movement.<String>getFieldAs("movement_id").getBytes(StandardCharsets.UTF_8)).getMostSignificantBits();
        deliveries.put(id, movement.<Number>getFieldAs("business_day").longValue(), at, units);
        deliveries.dropUntil(books.countedAt);
        books.deliveries = deliveries.packed();
        return true;
    }

    private static Change tell(Books books, Deliveries deliveries, boolean first, double leadTimeDays, boolean onlyLess) {
        SalesWindow sales = new SalesWindow(books.sales);
        double sold = books.soldEarlier + sales.sum();
        long stock = books.counted + deliveries.sum() - books.soldEarlier - sales.sum();
        // Less than a day counts as one day: a day's first hours say little about the whole day.
        double days = Math.max(1, (Math.max(sales.newest(), books.soldEarlierUntil) - books.countedAt) / (double) SalesWindow.DAY) + books.daysBefore;
        double rate = Math.min(Math.max(0, (books.unitsBefore + sold) / days), HIGHEST_RATE);
        int level = stock <= 0 ? OUT : rate > 0 && leadTimeDays >= 0 && stock / rate <= leadTimeDays ? LOW : OK;
        int before = books.level;
        // The rate changes with every sale. A sale alone never ends an alert; a delivery, a return or a count does.
        if (onlyLess && !first) { level = Math.max(level, before); }

        Change change = new Change();
        change.changes = ++books.version;
        change.stock_units = stock;
        change.counted_at = Instant.EPOCH.plus(books.countedAt, ChronoUnit.MICROS);
        change.units_a_day = BigDecimal.valueOf(rate).setScale(3, RoundingMode.HALF_UP);
        change.days_of_cover = rate > 0 ? BigDecimal.valueOf(Math.min(Math.max(stock, 0) / rate, 99_999)).setScale(2, RoundingMode.HALF_UP) : null;
        change.level = LEVELS[level];
        change.previous_level = LEVELS[before];
        change.alert_no = level == before ? null : ++books.alerts;
        change.products_change = first ? 1 : 0;
        change.units_change = stock - (first ? 0 : books.stockUnits);
        change.low_change = (level == LOW ? 1 : 0) - (before == LOW ? 1 : 0);
        change.out_change = (level == OUT ? 1 : 0) - (before == OUT ? 1 : 0);
        books.stockUnits = stock;
        books.level = level;
        return change;
    }
}
