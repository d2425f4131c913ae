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

/** Adds {@link EachOnce} and {@link EnrichLines} to a SQL job: turns a stream of baskets into views of lines and of the live figures' inputs. */
public final class Enrichment {
    private Enrichment() { }

    /**
     * Registers the views {@code lines}, hot_baskets, hot_departments and hot_products.
     *
     * @param tables has the tables products, stores and customers, and gets the views
     * @param baskets rows of the type {@code basket}, each a basket with its lines, copies included
     * @param catalog the properties of the lake's catalog, under Iceberg's names
     * @param together whether all tasks run in one TaskManager
     * @param table the type of the table that the lines are written to
     * @param lines the name of the view of lines; it has the table's columns in the table's order
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
