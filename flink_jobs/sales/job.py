"""The sales job: Flink SQL from the topics to the lake and the hot topics. Submitted by flink_jobs.submit."""

from pathlib import Path

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment

from flink_jobs.barrier import plan_once
from flink_jobs.ddl import (
    BASKETS,
    append_table,
    hot_table,
    lake_catalog,
    line_fields,
    listed,
    lookup_tables,
    passed_through,
    source_table,
    table_name,
)
from flink_jobs.environment import table_environment
from flink_jobs.landed import register_landed_at
from flink_jobs.settings import JobSettings
from tillstream.contracts import contracts
from tillstream.errors import ContractError
from tillstream.sql_files import statements

HERE = Path(__file__).parent
SOURCES = ("pos.transactions.v1", "web.orders.v1", "web.events.v1")
HOT_TOPICS = (
    "hot.sales_by_minute.v1", "hot.sales_by_store.v1", "hot.sales_by_department.v1", "hot.returns_by_minute.v1", "hot.dead_letters_by_minute.v1",
    "hot.top_products.v1",
)  # fmt: skip

#: An event sent again within this time is the same event, by its id; the lake tells what comes later (docs/decisions/0018).
DEDUPLICATION_TTL = "24 h"
#: A key of a rollup is forgotten two days after its last change; what is still shown is never older.
ROLLUP_TTL = "49 h"
#: Rollups fold what comes within this time into one change a key. Longer folds more and shows later: the event-to-Redis p50 is half of it more.
MINI_BATCH = "200 ms"
#: The ranking has a key for each of the day's products, so that what comes within 200 ms hardly folds; its page is drawn anew every 10 s.
RANKING_MINI_BATCH = "3 s"


def build(env: StreamExecutionEnvironment) -> None:
    """Declares the tables, the views and what goes where."""
    settings, t_env = JobSettings(), table_environment(env)
    config = t_env.get_config()
    t_env.execute_sql(lake_catalog(settings))
    for topic in SOURCES:
        t_env.execute_sql(source_table(topic, settings, "sales"))
    for topic in HOT_TOPICS:
        t_env.execute_sql(hot_table(topic, settings))
    t_env.execute_sql(append_table("dead_letters.v1", settings))
    for statement in lookup_tables(settings):
        t_env.execute_sql(statement)
    register_landed_at(t_env, settings)

    config.set("table.exec.state.ttl", DEDUPLICATION_TTL)
    for topic in SOURCES:
        plan_once(t_env, f"SELECT * FROM {table_name(topic)}", f"decoded_{table_name(topic)}", proc_time=True)
    in_pos, in_web = (passed_through(contracts()[topic].added) for topic in BASKETS)
    added = in_pos | in_web
    clicks = listed(passed_through(contracts()["web.events.v1"].added))
    names = {
        "added_to_pos": ", ".join(["", *(f"`{name}`" if name in in_pos else f"CAST(NULL AS {kind})" for name, kind in added.items())]),
        "added_to_web": ", ".join(["", *(f"`{name}`" if name in in_web else f"CAST(NULL AS {kind})" for name, kind in added.items())]),
        "added_to_clicks": clicks,
    }
    for statement in statements(HERE / "decoded.sql", **names):
        t_env.execute_sql(statement)
    names = {
        "line_fields": line_fields(),
        "added": listed(added),
        "added_d": listed(added, "d."),
        "added_b": listed(added, "b.") + listed(passed_through(contracts()[BASKETS[0]].added_to_lines), "l."),
    }
    (enrich,) = statements(HERE / "enrich_sales.sql", **names)
    # A column of the table that no contract has any more is filled here: filled by the sink, it would be an operator more, which the state does not fit.
    names["added_b"] += without_field(t_env, enrich, "lake.sales.`lines`")
    (enrich,) = statements(HERE / "enrich_sales.sql", **names)
    line_columns = in_tables_order(t_env, enrich, "lake.sales.`lines`")
    plan_once(t_env, f"SELECT {line_columns} FROM ({enrich})", "sales_lines")
    (count,) = statements(HERE / "hot_lines.sql")
    plan_once(t_env, count, "hot_lines")

    config.set("table.exec.state.ttl", ROLLUP_TTL)
    config.set("table.exec.mini-batch.enabled", "true")
    config.set("table.exec.mini-batch.size", "200000")
    lake = statements(HERE / "insert_lake.sql", line_columns=line_columns, added_to_clicks=clicks)
    insert(t_env, MINI_BATCH, [*lake, *statements(HERE / "insert_hot.sql")])
    insert(t_env, RANKING_MINI_BATCH, statements(HERE / "insert_ranking.sql"))


def without_field(t_env: StreamTableEnvironment, query: str, table: str) -> str:
    """More columns for a query: null for each of the table's that it does not give."""
    given = set(t_env.sql_query(query).get_schema().get_field_names())
    columns = t_env.from_path(table)._j_table.getResolvedSchema().getColumns()  # noqa: SLF001 - PyFlink's own schema has no SQL types
    return "".join(
        f", CAST(NULL AS {column.getDataType().getLogicalType().asSerializableString()}) AS `{column.getName()}`"
        for column in columns
        if column.getName() not in given
    )


def in_tables_order(t_env: StreamTableEnvironment, query: str, table: str) -> str:
    """The query's columns in the table's order, which depends on when it was given which: in another order the sink would need an operator more.

    Raises:
        ContractError: the table lacks one; the one-shot `tables` gives it to it.
    """
    names = t_env.from_path(table).get_schema().get_field_names()
    if lacking := set(t_env.sql_query(query).get_schema().get_field_names()) - set(names):
        raise ContractError(f"{table} lacks {', '.join(sorted(lacking))}: run the service tables first")
    return ", ".join(f"`{name}`" for name in names)


def insert(t_env: StreamTableEnvironment, mini_batch: str, rollups: list[str]) -> None:
    """Adds INSERTs to the job, their rollups folding what comes within the time of a mini-batch."""
    t_env.get_config().set("table.exec.mini-batch.allow-latency", mini_batch)
    inserts = t_env.create_statement_set()
    for statement in rollups:
        inserts.add_insert_sql(statement)
    inserts.attach_as_datastream()
