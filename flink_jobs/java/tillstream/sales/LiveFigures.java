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
 * Aggregates the inputs of the live figures: one row per basket, one per basket and department, and one per product and {@link #FOLD}. It emits no
 * row for a minute or day that is no longer shown, so a year of history does not pass through the live figures.
 *
 * <p>Amounts are whole cents: a SQL sum of decimals has 38 digits and allocates an object per addition. Returns are not added to products: a ranking
 * of sums that only grow keeps just its fifty products.
 */
final class LiveFigures implements Serializable {
    private static final long serialVersionUID = 1L;
    /** How long a product's lines are folded. A day has so many products that a shorter time would fold little; the dashboard refreshes every 10 s. */
    private static final Duration FOLD = Duration.ofSeconds(3);
    /** More lines than this within FOLD mean a backlog: the folded products are then emitted before a barrier, or after MOST_FOLDS times FOLD. */
    private static final int MANY_LINES = 20_000;
    private static final int MOST_FOLDS = 4;
    /** A day's figure is shown for at most two days. */
    private static final long SHOWN = Duration.ofDays(2).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final StringData SALE = StringData.fromString("SALE");
    private static final LogicalType COUNTED = new BigIntType(false);
    /** Never null in fact, but nullable in the line's contract: the state of these sums has the nullable type. */
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

    /** One kind of rows: its name, its type and its side output. */
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
     * The sums of a day's products. A known product is found by its row number: a look-up by id would take as long as all other work on a line's
     * figures. After the product table is read again, a product may have two sums; both are emitted.
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

        /** Copies the id, whose memory is reused soon. */
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

    /** For baskets and lines of these types, with these types of department and region. */
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

    /** Begins a basket of a store in this region. */
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

    /** Adds a line of the basket. A basket counts in the department of its first line, whatever that line's number. */
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

    /** Ends the basket: emits its rows. */
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

    /** Emits the folded products. */
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
