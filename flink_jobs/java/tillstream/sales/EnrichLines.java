package tillstream.sales;

import static tillstream.sales.Fields.place;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import tillstream.reference.KnownRow;
import tillstream.reference.Lookup;
import tillstream.reference.ReferenceData;

/**
 * Splits a basket into its lines, adds product, store, customer and flags to each line, and gives the live figures what they add up. It is equivalent
 * to this SQL; docs/decisions/0021-one-operator-a-basket.md says why it is not written in SQL.
 *
 * <pre>
 * SELECT l.*, b.*, s.*, c.*, COALESCE(p.department, 'UNKNOWN') AS department, p.category, p.product_type, p.brand,
 *   CONCAT_WS(',', CASE WHEN l.quantity = 0 THEN 'ZERO_QUANTITY' END, CASE WHEN l.net_amount = 0 THEN 'ZERO_VALUE' END,
 *     CASE WHEN fuel THEN 'THOUSANDTHS' END, CASE WHEN p.product_id IS NULL THEN 'UNKNOWN_PRODUCT' END) AS flags,
 *   CASE WHEN fuel THEN SIGN(l.quantity) ELSE l.quantity END AS units, l.line_position
 * FROM baskets AS b CROSS JOIN UNNEST(b.lines) WITH ORDINALITY AS l LEFT JOIN products AS p ON l.product_id = p.product_id
 *   LEFT JOIN stores AS s ON b.store_id = s.store_id LEFT JOIN customers AS c ON b.customer_id = c.customer_id
 * -- where fuel is: p.product_type LIKE 'GASOLINE%' OR p.category = 'FUEL'
 * </pre>
 *
 * <p>line_position is our own number: a source may number its lines from 2, or give all the same number. Unusual lines of the source are real sales:
 * they are kept and flagged. Fuel quantities are in thousandths of a gallon (13,511 lines of 52 to 89,638; no other line is above 144).
 *
 * <p>One row object is reused for all lines: the next operator must be done with it, or copy it, before the next line.
 */
final class EnrichLines extends AbstractStreamOperator<RowData> implements OneInputStreamOperator<RowData, RowData> {
    private static final long serialVersionUID = 1L;
    private static final StringData NO_DEPARTMENT = StringData.fromString("UNKNOWN");
    private static final BinaryStringData GASOLINE = BinaryStringData.fromString("GASOLINE");
    private static final StringData FUEL = StringData.fromString("FUEL");
    private static final String[] FLAGS = {"ZERO_QUANTITY", "ZERO_VALUE", "THOUSANDTHS", "UNKNOWN_PRODUCT"};
    /** The flags' text for each set of flags: bits 1, 2, 4 and 8 stand for the flags in their order. */
    private static final StringData[] SETS_OF_FLAGS = setsOfFlags();
    private static final LogicalType TEXT = new VarCharType(false, VarCharType.MAX_LENGTH);
    private static final RowType WORKED_OUT = RowType.of(
            new LogicalType[] {TEXT, TEXT, new BigIntType(false), new IntType(false)}, new String[] {"department", "flags", "units", "line_position"});

    /** What is known of the product with this number. */
    private static final byte NOT_LOOKED = 0, FUEL_ITSELF = 1, ANYTHING_ELSE = 2;
    /** The parts of a line's row, in LineColumns' order. */
    private static final int LINE = 0, PRODUCT = 1, BASKET = 2, STORE = 3, CUSTOMER = 4;

    private final Lookup products, stores, customers;
    private final LineColumns columns;
    private final LiveFigures figures;
    private final int lines;
    private final int width, quantity, amount, digits;
    private final int department, category, productType, region;
    private final int productId, toDepartment, toFlags, toUnits, toPosition;

    private transient Object reading;
    private transient byte[] fuels;
    private transient GenericRowData row;
    private transient StreamRecord<RowData> record;

    /** Reads baskets of the type {@code basket} and emits lines for a table of the type {@code table}. */
    EnrichLines(RowType basket, RowType table, ReferenceData.Source products, ReferenceData.Source stores, ReferenceData.Source customers) {
        lines = place(basket, "lines", LogicalTypeRoot.ARRAY);
        RowType line = (RowType) ((ArrayType) basket.getTypeAt(lines)).getElementType();
        width = line.getFieldCount();
        quantity = place(line, "quantity", LogicalTypeRoot.BIGINT);
        amount = place(line, "net_amount", LogicalTypeRoot.DECIMAL);
        digits = ((DecimalType) line.getTypeAt(amount)).getPrecision();
        this.products = new Lookup(products, line);
        this.stores = new Lookup(stores, basket);
        this.customers = new Lookup(customers, basket);
        department = place(products.type(), "department", LogicalTypeRoot.VARCHAR);
        category = place(products.type(), "category", LogicalTypeRoot.VARCHAR);
        productType = place(products.type(), "product_type", LogicalTypeRoot.VARCHAR);
        region = place(stores.type(), "region", LogicalTypeRoot.VARCHAR);
        columns = new LineColumns(table, WORKED_OUT, line, products.type(), basket, stores.type(), customers.type());
        productId = place(columns.type(), "product_id", LogicalTypeRoot.VARCHAR);
        toDepartment = place(columns.type(), "department", LogicalTypeRoot.VARCHAR);
        toFlags = place(columns.type(), "flags", LogicalTypeRoot.VARCHAR);
        toUnits = place(columns.type(), "units", LogicalTypeRoot.BIGINT);
        toPosition = place(columns.type(), "line_position", LogicalTypeRoot.INTEGER);
        figures = new LiveFigures(basket, line, TEXT, stores.type().getTypeAt(region));
    }

    private static StringData[] setsOfFlags() {
        StringData[] sets = new StringData[1 << FLAGS.length];
        for (int set = 0; set < sets.length; set++) {
            List<String> named = new ArrayList<>();
            for (int i = 0; i < FLAGS.length; i++) {
                if ((set >> i & 1) == 1) { named.add(FLAGS[i]); }
            }
            sets[set] = BinaryStringData.fromBytes(String.join(",", named).getBytes(StandardCharsets.UTF_8));
        }
        return sets;
    }

    /** The type of a line's row: the table's columns in the table's order. */
    RowType type() { return columns.type(); }

    LiveFigures figures() { return figures; }

    @Override
    public void open() throws Exception {
        super.open();
        row = new GenericRowData(columns.type().getFieldCount());
        record = new StreamRecord<>(row);
        fuels = new byte[0];
        figures.open(output, processingTimeService);
        products.open();
        stores.open();
        customers.open();
    }

    @Override
    public void processElement(StreamRecord<RowData> element) {
        RowData basket = element.getValue();
        RowData store = stores.of(basket);
        columns.fillForMany(BASKET, basket, row);
        columns.fill(STORE, store, row);
        columns.fill(CUSTOMER, customers.of(basket), row);
        figures.begin(basket, store == null || store.isNullAt(region) ? null : store.getString(region));
        ArrayData all = basket.getArray(lines);
        for (int i = 0; i < all.size(); i++) {
            RowData line = all.getRow(i, width);
            KnownRow known = products.of(line);
            boolean fuel = known != null && isFuel(known);
            long sold = line.getLong(quantity);
            long units = fuel ? Long.signum(sold) : sold;
            long cents = line.getDecimal(amount, digits, 2).toUnscaledLong();
            StringData in = known == null || known.isNullAt(department) ? NO_DEPARTMENT : known.getString(department);

            columns.fill(LINE, line, row);
            columns.fill(PRODUCT, known, row);
            row.setField(toDepartment, in);
            row.setField(toFlags, SETS_OF_FLAGS[(sold == 0 ? 1 : 0) | (cents == 0 ? 2 : 0) | (fuel ? 4 : 0) | (known == null ? 8 : 0)]);
            row.setField(toUnits, units);
            row.setField(toPosition, i + 1);
            output.collect(record);
            figures.add(in, row.getString(productId), known, units, cents);
        }
        figures.end();
    }

    /** Whether the product is fuel; worked out once per product. */
    private boolean isFuel(KnownRow known) {
        int number = known.number();
        if (known.reading() != reading || number >= fuels.length) {
            fuels = known.reading() == reading ? Arrays.copyOf(fuels, 2 * number) : new byte[number + 1024];
            reading = known.reading();
        }
        if (fuels[number] == NOT_LOOKED) { fuels[number] = saysFuel(known) ? FUEL_ITSELF : ANYTHING_ELSE; }
        return fuels[number] == FUEL_ITSELF;
    }

    private boolean saysFuel(RowData known) {
        return !known.isNullAt(productType) && ((BinaryStringData) known.getString(productType)).startsWith(GASOLINE)
                || !known.isNullAt(category) && known.getString(category).equals(FUEL);
    }

    /** Emits the folded figures before the barrier, so that the checkpoint has them in the operators that add them up. */
    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) { figures.flush(); }

    @Override
    public void finish() throws Exception {
        figures.flush();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        products.close();
        stores.close();
        customers.close();
        super.close();
    }
}
