"""A planner barrier: a query is planned once, and what comes after reads its rows as they are.

Without it a view that several INSERTs read is planned once per INSERT, each with its own decoding, de-duplication state and look-ups.
The rows cross as Flink's internal RowData, so that the barrier costs no conversion.
"""

from pyflink.java_gateway import get_gateway
from pyflink.table import StreamTableEnvironment


def plan_once(t_env: StreamTableEnvironment, query: str, view: str, *, proc_time: bool = False) -> None:
    """Plans an insert-only query now, under the configuration of now, and registers its rows as a view, with a `proc_time` column if asked to."""
    jvm = get_gateway().jvm
    j_tenv = t_env._j_tenv  # noqa: SLF001 - PyFlink's own to_data_stream converts every row to a Row and back
    j_table = j_tenv.sqlQuery(query)
    row_data = jvm.java.lang.Class.forName("org.apache.flink.table.data.RowData")
    data_type = j_table.getResolvedSchema().toSinkRowDataType()
    stream = j_tenv.toDataStream(j_table, data_type.bridgedTo(row_data))
    schema = jvm.org.apache.flink.table.api.Schema.newBuilder().fromResolvedSchema(physical(jvm, j_table))
    if proc_time:
        schema = schema.columnByExpression("proc_time", "PROCTIME()")
    j_tenv.createTemporaryView(view, stream, schema.build())


def physical(jvm: object, j_table: object) -> object:
    """The table's columns as plain ones: its time attributes have become timestamps."""
    columns = jvm.java.util.ArrayList()  # type: ignore[attr-defined]
    column_class = jvm.org.apache.flink.table.catalog.Column  # type: ignore[attr-defined]
    for column in j_table.getResolvedSchema().getColumns():  # type: ignore[attr-defined]
        columns.add(column_class.physical(column.getName(), column.getDataType()))
    return jvm.org.apache.flink.table.catalog.ResolvedSchema.of(columns)  # type: ignore[attr-defined]
