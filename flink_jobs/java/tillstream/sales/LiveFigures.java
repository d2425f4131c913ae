package tillstream.sales;

import static tillstream.sales.Fields.place;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.OutputTag;
import tillstream.reference.KnownRow;

/**
 * Adds up what the live figures count before they count it: a row a basket, a row a basket and department, and a row a product for each
 * {@link #FOLD}. Rows of figures whose minute or day is shown no more are not made: a year's history does not pass through them.
 *
 * <p>Amounts are in cents, as whole numbers: a sum of decimals is one of 38 digits, object by object. Of products only what is sold is added up,
 * not what is taken back: a ranking of sums that only grow keeps its fifty and no more.
 */
final class LiveFigures implements Serializable {
    private static final long serialVersionUID = 1L;
    /** There is a key for each of the day's products, so that less time hardly folds; the ranking's page is drawn anew every 10 s. */
    private static final Duration FOLD = Duration.ofSeconds(3);
    /** Where more lines than these come in that time there is a backlog: then what is folded goes out before the barrier, or after so many times. */
    private static final int MANY_LINES = 20_000;
    private static final int MOST_FOLDS = 4;
    /** A figure of a day lives two days at most. */
    private static final long SHOWN = Duration.ofDays(2).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final StringData SALE = StringData.fromString("SALE");
    private static final LogicalType COUNTED = new BigIntType(false);
    /** Never null either, but by the contract of a line it may be: what is kept of these sums has that type. */
    private static final LogicalType SUMMED = new BigIntType(true);

    private final Rows baskets, departments, products;
    private final int eventTime, channel, store, kind;

    private transient Output<StreamRecord<RowData>> output;
    private transient ProcessingTimeService time;
    private transient Map<Long, Folded> folded;
    private transient List<Sum> ofDepartments;
    private transient int departmentsUsed;
    private transient Sum ofBasket;
    private transient RowData basket;
    private transient StringData region;
    private transient long day;
    private transient boolean shown;
    private transient boolean awaited;
    private transient int linesFolded;
    private transient int folds;

    /** One kind of rows: its name, its type, and how they are told from the others. */
    record Rows(String name, RowType type, OutputTag<RowData> tag) implements Serializable {
        private static Rows of(String name, Object... namesAndTypes) {
            List<RowType.RowField> fields = new ArrayList<>();
            for (int i = 0; i < namesAndTypes.length; i += 2) { fields.add(new RowType.RowField((String) namesAndTypes[i], (LogicalType) namesAndTypes[i + 1])); }
            RowType type = new RowType(false, fields);
            return new Rows(name, type, new OutputTag<>(name, InternalTypeInfo.of(type)));
        }
    }

    private static final class Sum {
        private StringData of;
        private long baskets, lines, units, cents;

        private Sum begin(StringData name) {
            of = name;
            baskets = lines = units = cents = 0;
            return this;
        }

        private void add(long moreUnits, long moreCents) {
            lines++;
            units += moreUnits;
            cents += moreCents;
        }
    }

    /**
     * A day's products. One that is known is found by its row's number: with its id it takes as long as all else that is done with a line's
     * figures. After the table was read anew a product may be there twice; both are counted.
     */
    private static final class Folded {
        private final List<Sum> sums = new ArrayList<>();
        private final Map<StringData, Sum> unknown = new HashMap<>();
        private Sum[] known = new Sum[1024];
        private Object reading;

        private Sum of(KnownRow product) {
            int number = product.number();
            if (product.reading() != reading) {
                reading = product.reading();
                Arrays.fill(known, null);
            }
            if (number >= known.length) { known = Arrays.copyOf(known, 2 * number); }
            Sum sum = known[number];
            return sum != null ? sum : (known[number] = another(product.key()));
        }

        /** The id's memory is another's soon. */
        private Sum of(StringData unknownProduct) {
            Sum sum = unknown.get(unknownProduct);
            if (sum == null) {
                StringData own = BinaryStringData.fromBytes(unknownProduct.toBytes());
                sum = another(own);
                unknown.put(own, sum);
            }
            return sum;
        }

        private Sum another(StringData product) {
            Sum sum = new Sum().begin(product);
            sums.add(sum);
            return sum;
        }
    }

    /** Of baskets and lines of these types, departments and regions of those. */
    LiveFigures(RowType basket, RowType line, LogicalType department, LogicalType region) {
        eventTime = place(basket, "event_time", LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
        channel = basket.getFieldIndex("channel");
        store = place(basket, "store_id", LogicalTypeRoot.VARCHAR);
        kind = place(basket, "transaction_type", LogicalTypeRoot.VARCHAR);
        LogicalType moment = basket.getTypeAt(eventTime);
        LogicalType product = line.getTypeAt(place(line, "product_id", LogicalTypeRoot.VARCHAR));
        baskets = Rows.of("hot_baskets", "minute", moment, "day", moment, "channel", basket.getTypeAt(channel), "store_id", basket.getTypeAt(store),
                "region", region, "transaction_type", basket.getTypeAt(kind),
                "baskets", COUNTED, "lines", COUNTED, "units", SUMMED, "cents", SUMMED);
        departments = Rows.of("hot_departments", "day", moment, "department", department, "channel", basket.getTypeAt(channel),
                "baskets", COUNTED, "lines", COUNTED, "units", SUMMED, "cents", SUMMED);
        products = Rows.of("hot_products", "day", moment, "product_id", product, "lines", COUNTED, "units", SUMMED, "cents", SUMMED);
    }

    List<Rows> rows() { return List.of(baskets, departments, products); }

    void open(Output<StreamRecord<RowData>> to, ProcessingTimeService clock) {
        output = to;
        time = clock;
        folded = new HashMap<>();
        ofDepartments = new ArrayList<>();
        ofBasket = new Sum();
    }

    /** Begins with a basket, of a store in that region. */
    void begin(RowData next, StringData in) {
        basket = next;
        region = in;
        long at = next.getTimestamp(eventTime, 6).getMillisecond();
        shown = at > time.getCurrentProcessingTime() - SHOWN;
        day = Math.floorDiv(at, DAY) * DAY;
        departmentsUsed = 0;
        ofBasket.begin(null);
        ofBasket.baskets = next.getString(kind).equals(SALE) ? 1 : 0;
    }

    /** Adds a line of it. A basket counts in the department of the line that stands first in it, whatever its number. */
    void add(StringData department, StringData product, KnownRow known, long units, long cents) {
        if (!shown) { return; }
        Sum sum = ofDepartment(department);
        if (ofBasket.lines == 0) { sum.baskets = ofBasket.baskets; }
        sum.add(units, cents);
        ofBasket.add(units, cents);
        if (cents >= 0) { fold(product, known, units, cents); }
    }

    private Sum ofDepartment(StringData department) {
        for (int i = 0; i < departmentsUsed; i++) {
            Sum sum = ofDepartments.get(i);
            if (sum.of.equals(department)) { return sum; }
        }
        if (departmentsUsed == ofDepartments.size()) { ofDepartments.add(new Sum()); }
        return ofDepartments.get(departmentsUsed++).begin(department);
    }

    private void fold(StringData product, KnownRow known, long units, long cents) {
        Folded ofDay = folded.computeIfAbsent(day, any -> new Folded());
        (known == null ? ofDay.of(product) : ofDay.of(known)).add(units, cents);
        linesFolded++;
        if (!awaited) { await(); }
    }

    private void await() {
        awaited = true;
        time.registerTimer(time.getCurrentProcessingTime() + FOLD.toMillis(), at -> {
            awaited = false;
            boolean many = linesFolded > MANY_LINES;
            linesFolded = 0;
            if (many && ++folds < MOST_FOLDS) { await(); } else { flush(); }
        });
    }

    /** Ends with the basket: its rows go out. */
    void end() {
        if (!shown) { return; }
        TimestampData today = TimestampData.fromEpochMillis(day);
        StringData of = basket.getString(channel);
        long minute = Math.floorDiv(basket.getTimestamp(eventTime, 6).getMillisecond(), MINUTE) * MINUTE;
        give(baskets, TimestampData.fromEpochMillis(minute), today, of, basket.isNullAt(store) ? null : basket.getString(store), region, basket.getString(kind),
                ofBasket.baskets, ofBasket.lines, ofBasket.units, ofBasket.cents);
        for (int i = 0; i < departmentsUsed; i++) {
            Sum sum = ofDepartments.get(i);
            give(departments, today, sum.of, of, sum.baskets, sum.lines, sum.units, sum.cents);
        }
    }

    /** What is folded of products goes out. */
    void flush() {
        folded.forEach((of, sums) -> {
            TimestampData at = TimestampData.fromEpochMillis(of);
            for (Sum sum : sums.sums) { give(products, at, sum.of, sum.lines, sum.units, sum.cents); }
        });
        folded.clear();
        folds = 0;
    }

    private void give(Rows rows, Object... values) { output.collect(rows.tag, new StreamRecord<>(GenericRowData.of(values))); }
}
