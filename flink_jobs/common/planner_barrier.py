"""A planner barrier: a query is planned once, and what comes after reads its rows as they are.

Without it a view that several INSERTs read is planned once per INSERT, each with its own decoding, de-duplication state and look-ups.
The rows cross as Flink's internal RowData, so that the barrier costs no conversion.
"""

from typing import Any

from pyflink.java_gateway import get_gateway
from pyflink.table import StreamTableEnvironment


def plan_once(t_env: StreamTableEnvironment, query: str, view: str, *, proc_time: bool = False) -> None:
    """Plans an insert-only query now, under the configuration of now, and registers its rows as a view, with a `proc_time` column if asked to."""
    jvm = get_gateway().jvm
    stream, j_table = planned(t_env, query)
    schema = jvm.org.apache.flink.table.api.Schema.newBuilder().fromResolvedSchema(physical(jvm, j_table))
    if proc_time:
        schema = schema.columnByExpression("proc_time", "PROCTIME()")
    t_env._j_tenv.createTemporaryView(view, stream, schema.build())  # noqa: SLF001


def planned(t_env: StreamTableEnvironment, query: str) -> tuple[Any, Any]:
    """Plans an insert-only query now: Java's stream of its rows, and its table, whose schema tells what they have."""
    j_tenv = t_env._j_tenv  # noqa: SLF001 - PyFlink's own to_data_stream converts every row to a Row and back
    j_table = j_tenv.sqlQuery(query)
    row_data = get_gateway().jvm.java.lang.Class.forName("org.apache.flink.table.data.RowData")
    return j_tenv.toDataStream(j_table, row_type(j_table).bridgedTo(row_data)), j_table


def row_type(j_table: Any) -> Any:
    """The data type of a Java table's rows."""
    return j_table.getResolvedSchema().toSinkRowDataType()


def physical(jvm: Any, j_table: Any) -> Any:
    """The table's columns as plain ones: its time attributes have become timestamps."""
    columns = jvm.java.util.ArrayList()
    column_class = jvm.org.apache.flink.table.catalog.Column
    for column in j_table.getResolvedSchema().getColumns():
        columns.add(column_class.physical(column.getName(), column.getDataType()))
    return jvm.org.apache.flink.table.catalog.ResolvedSchema.of(columns)
