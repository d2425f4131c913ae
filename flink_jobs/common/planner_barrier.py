"""Plan a query once, and let all later queries read its rows: a planner barrier.

Without it, Flink plans a view once for each INSERT that reads it: each INSERT then decodes, de-duplicates and looks up for itself.
Rows cross the barrier as Flink's internal RowData, so the barrier costs no conversion.
"""

from typing import Any

from pyflink.java_gateway import get_gateway
from pyflink.table import StreamTableEnvironment


def plan_once(t_env: StreamTableEnvironment, query: str, view: str, *, proc_time: bool = False) -> None:
    """Plan an insert-only query under the current configuration and register its rows as a view.

    Args:
        t_env: the table environment.
        query: the query; its rows must never be updated or deleted.
        view: the name of the view.
        proc_time: whether the view gets a `proc_time` column.
    """
    jvm = get_gateway().jvm
    stream, j_table = planned(t_env, query)
    schema = jvm.org.apache.flink.table.api.Schema.newBuilder().fromResolvedSchema(physical(jvm, j_table))
    if proc_time:
        schema = schema.columnByExpression("proc_time", "PROCTIME()")
    t_env._j_tenv.createTemporaryView(view, stream, schema.build())  # noqa: SLF001


def planned(t_env: StreamTableEnvironment, query: str) -> tuple[Any, Any]:
    """Plan an insert-only query now. Return the Java stream of its rows and the Java table, which has their schema."""
    j_tenv = t_env._j_tenv  # noqa: SLF001 - PyFlink's own to_data_stream converts every row to a Row and back
    j_table = j_tenv.sqlQuery(query)
    row_data = get_gateway().jvm.java.lang.Class.forName("org.apache.flink.table.data.RowData")
    return j_tenv.toDataStream(j_table, row_type(j_table).bridgedTo(row_data)), j_table


def row_type(j_table: Any) -> Any:
    """Return the data type of a Java table's rows."""
    return j_table.getResolvedSchema().toSinkRowDataType()


def physical(jvm: Any, j_table: Any) -> Any:
    """Return the table's schema with physical columns only: time attributes become timestamps."""
    columns = jvm.java.util.ArrayList()
    column_class = jvm.org.apache.flink.table.catalog.Column
    for column in j_table.getResolvedSchema().getColumns():
        columns.add(column_class.physical(column.getName(), column.getDataType()))
    return jvm.org.apache.flink.table.catalog.ResolvedSchema.of(columns)
