package tillstream.sales;

import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.utils.TypeConversions;
import tillstream.reference.ReferenceData;

/** Puts {@link EachOnce} and {@link EnrichLines} into a job of SQL: from a stream of baskets to views of lines and of what the live figures add up. */
public final class Enrichment {
    private Enrichment() { }

    /**
     * Registers the views {@code lines}, hot_baskets, hot_departments and hot_products.
     *
     * @param tables where products, stores and customers are known, and the views will be
     * @param baskets rows of {@code basket}, each a basket with its lines; copies among them
     * @param catalog the properties of the lake's catalog, as Iceberg names them
     * @param together whether all tasks will be in one TaskManager
     * @param table the type of the table that the lines are for
     * @param lines the name of the view of lines, whose columns are the table's in its order
     */
    public static void register(StreamTableEnvironment tables, DataStream<RowData> baskets, RowType basket, Map<String, String> catalog, boolean together,
            RowType table, String lines) {
        EnrichLines enrich = new EnrichLines(basket, table, ReferenceData.Source.of(tables, "products"), ReferenceData.Source.of(tables, "stores"),
                ReferenceData.Source.of(tables, "customers"));
        int id = basket.getFieldIndex("event_id");
        DataStream<RowData> shared = together ? baskets : baskets.keyBy(row -> row.getString(id).toString(), Types.STRING);
        SingleOutputStreamOperator<RowData> once = shared.transform("each once", baskets.getType(), new EachOnce(basket, catalog, "sales.lines", together))
                .uid("baskets: each once");
        SingleOutputStreamOperator<RowData> enriched = once.transform("enrich lines", InternalTypeInfo.of(enrich.type()), enrich);
        tables.createTemporaryView(lines, enriched, schema(enrich.type()));
        for (LiveFigures.Rows rows : enrich.figures().rows()) {
            tables.createTemporaryView(rows.name(), enriched.getSideOutput(rows.tag()), schema(rows.type()));
        }
    }

    private static Schema schema(RowType type) {
        return Schema.newBuilder().fromRowDataType(TypeConversions.fromLogicalToDataType(type)).build();
    }
}
