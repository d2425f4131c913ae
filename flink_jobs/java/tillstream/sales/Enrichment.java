package tillstream.sales;

import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.utils.TypeConversions;
import tillstream.reference.ReferenceData;

/** Puts {@link EnrichLines} into a job of SQL: from a stream of baskets to views of lines and of what the live figures add up. */
public final class Enrichment {
    private Enrichment() { }

    /**
     * Registers the views {@code lines}, hot_baskets, hot_departments and hot_products.
     *
     * @param tables where products, stores and customers are known, and the views will be
     * @param baskets rows of {@code basket}, each a basket with its lines
     * @param table the type of the table that the lines are for
     * @param lines the name of the view of lines, whose columns are the table's in its order
     */
    public static void register(StreamTableEnvironment tables, DataStream<RowData> baskets, RowType basket, RowType table, String lines) {
        EnrichLines enrich = new EnrichLines(basket, table, ReferenceData.Source.of(tables, "products"), ReferenceData.Source.of(tables, "stores"),
                ReferenceData.Source.of(tables, "customers"));
        SingleOutputStreamOperator<RowData> enriched = baskets.transform("enrich lines", InternalTypeInfo.of(enrich.type()), enrich);
        tables.createTemporaryView(lines, enriched, schema(enrich.type()));
        for (LiveFigures.Rows rows : enrich.figures().rows()) {
            tables.createTemporaryView(rows.name(), enriched.getSideOutput(rows.tag()), schema(rows.type()));
        }
    }

    private static Schema schema(RowType type) {
        return Schema.newBuilder().fromRowDataType(TypeConversions.fromLogicalToDataType(type)).build();
    }
}
