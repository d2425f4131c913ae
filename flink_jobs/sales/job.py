"""Build the sales job: Flink SQL from the topics to the lake and the hot topics. flink_jobs.common.submit submits it."""

import logging
from pathlib import Path
from typing import Any

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway
from pyflink.table import StreamTableEnvironment

from flink_jobs.common.ddl import (
    append_table,
    baskets_table,
    hot_table,
    lake_catalog,
    line_field_names,
    listed,
    lookup_tables,
    passed_through,
    source_table,
    table_name,
)
from flink_jobs.common.environment import table_environment
from flink_jobs.common.landed import catalog_properties, register_landed_at
from flink_jobs.common.planner_barrier import plan_once, planned, row_type
from flink_jobs.sales.state_before import BEFORE, KEPT
from tillstream.core.clients.flink import Cluster
from tillstream.core.contracts import contracts
from tillstream.core.errors import ContractError
from tillstream.core.rules import COPY_HOURS, LIVE_HOURS_KEPT
from tillstream.core.settings import JobSettings
from tillstream.core.sql_templates import statements
from tillstream.core.topology import BASKETS, CLICKS, JOBS, TILLS, WEB_ORDERS, table_of

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
JOB = JOBS["sales"]
#: The name of a state that every checkpoint of this version has. A checkpoint without it is of a version with other sources; the new sources
#: then begin at the old sources' offsets.
MARK = "recent event ids"

#: An event id that comes again within this time is a copy. Later copies are found in the lake (docs/decisions/0018).
DEDUPLICATION_TTL = f"{COPY_HOURS} h"
#: A rollup forgets a key two days after its last change. No figure that is still shown is older.
ROLLUP_TTL = f"{LIVE_HOURS_KEPT} h"
#: Rollups fold the rows of this time into one change per key. A longer time folds more but shows figures later: it adds half of itself to the
#: event-to-Redis p50.
MINI_BATCH = "100 ms"
#: The table of the lines. Quoted, because `lines` is a keyword.
LINES = ".".join(f"`{part}`" for part in table_of(TILLS).split("."))


def build(env: StreamExecutionEnvironment, settings: JobSettings) -> None:
    """Declare the tables, the views and the INSERTs of the job."""
    env.set_parallelism(settings.sales_parallelism)
    t_env = table_environment(env)
    config = t_env.get_config()
    t_env.execute_sql(lake_catalog(settings))
    t_env.execute_sql(baskets_table("baskets_and_copies", settings, JOB.name))
    t_env.execute_sql(source_table(CLICKS, settings, JOB.name))
    for topic in JOB.hot_topics:
        t_env.execute_sql(hot_table(topic, settings))
    for topic in JOB.other_topics:
        t_env.execute_sql(append_table(topic, settings))
    for statement in lookup_tables(settings):
        t_env.execute_sql(statement)
    register_landed_at(t_env, settings)

    config.set("table.exec.state.ttl", DEDUPLICATION_TTL)
    plan_once(t_env, "SELECT * FROM baskets_and_copies", "decoded_baskets")
    plan_once(t_env, f"SELECT * FROM {table_name(CLICKS)}", "decoded_web_events", proc_time=True)
    added = {name for topic in BASKETS for name in passed_through(contracts()[topic].added)}
    clicks = listed(passed_through(contracts()[CLICKS].added))
    for statement in statements(HERE / "decoded.sql", added=listed(sorted(added)), added_to_clicks=clicks, web_orders=WEB_ORDERS):
        t_env.execute_sql(statement)
    names_of_state = state_names()
    enrich_lines(t_env, settings, names_of_state)

    config.set("table.exec.state.ttl", ROLLUP_TTL)
    config.set("table.exec.mini-batch.enabled", "true")
    config.set("table.exec.mini-batch.size", "200000")
    config.set("table.exec.mini-batch.allow-latency", MINI_BATCH)
    inserts = t_env.create_statement_set()
    lake = statements(HERE / "insert_lake.sql", added_to_clicks=clicks)
    for statement in [*lake, *statements(HERE / "insert_hot.sql")]:
        inserts.add_insert_sql(statement)
    inserts.attach_as_datastream()
    names_of_state.sinks(env._j_stream_execution_environment)  # noqa: SLF001


def state_names() -> Any:
    """Return the Java object that names the job's stateful operators."""
    jvm = get_gateway().jvm
    before, kept = jvm.java.util.HashMap(BEFORE), jvm.java.util.HashMap(KEPT)
    return jvm.tillstream.state.StateNames(before, kept)


def enrich_lines(t_env: StreamTableEnvironment, settings: JobSettings, names_of_state: Any) -> None:
    """Register the view sales_lines, with the lines of the view baskets and the columns of the lake's table, and the views of the live figures.

    Raises:
        ContractError: the lake's table lacks a column of the contracts. The one-shot service init-tables adds it.
    """
    stream, of_baskets = planned(t_env, "SELECT * FROM baskets")
    names_of_state.barrier(stream, "baskets")
    table = t_env.from_path(LINES)
    given = {name for name in of_baskets.getResolvedSchema().getColumnNames() if name != "lines"}
    given |= set(line_field_names())
    if lacking := given - set(table.get_schema().get_field_names()):
        raise ContractError(f"{LINES} has no column {', '.join(sorted(lacking))}: run the service init-tables first")
    types = [row_type(of).getLogicalType() for of in (of_baskets, table._j_table)]  # noqa: SLF001
    jvm, (basket, line) = get_gateway().jvm, types
    together = Cluster(settings.flink_url).taskmanagers() <= 1
    if not together:
        log.info("several TaskManagers: each basket is sent to the TaskManager that de-duplicates its id")
    lake = jvm.java.util.HashMap(catalog_properties(settings))
    jvm.tillstream.sales.Enrichment.register(t_env._j_tenv, stream, basket, lake, together, line, "sales_lines")  # noqa: SLF001
