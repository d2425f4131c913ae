"""Build the inventory job: Flink SQL and one stateful function make live stock and alerts from sales, counts and deliveries.

It reads the basket topics itself. The sales job's output would come ten seconds late: it is exactly-once only with a checkpoint.
"""

import time
from pathlib import Path

from pyflink.datastream import StreamExecutionEnvironment

from flink_jobs.common.ddl import append_table, hot_table, lake_catalog, line_fields, lookup_tables, source_table
from flink_jobs.common.environment import table_environment
from flink_jobs.common.landed import register_landed_at
from flink_jobs.common.planner_barrier import plan_once
from tillstream.core.rules import COPY_HOURS
from tillstream.core.settings import JobSettings
from tillstream.core.sql_templates import statements
from tillstream.core.topology import JOBS

HERE = Path(__file__).parent
JOB = JOBS["inventory"]
#: An event id that comes again within this time is a copy. Later copies are found in the lake.
DEDUPLICATION_TTL = f"{COPY_HOURS} h"
#: The changes of this time are folded into one change per store and per department.
MINI_BATCH = "200 ms"
#: A million pairs of store and product do not fit into the heap: their state is in RocksDB, whatever the other jobs use, and a checkpoint sends
#: only the changes.
CONFIGURATION = {
    "state.backend.type": "rocksdb",
    "state.backend.rocksdb.memory.fixed-per-slot": "96mb",
    # The stock does not wait for a checkpoint. A checkpoint writes a dozen files and makes RocksDB compact its own.
    "execution.checkpointing.interval": "30 s",
    "execution.buffer-timeout.interval": "100 ms",
}


def build(env: StreamExecutionEnvironment, settings: JobSettings) -> None:
    """Declare the tables, the views and the INSERTs of the job."""
    env.set_parallelism(1)
    t_env = table_environment(env)
    config = t_env.get_config()
    t_env.execute_sql(lake_catalog(settings))
    for topic in JOB.reads:
        t_env.execute_sql(source_table(topic, settings, JOB.name))
    for topic in JOB.hot_topics:
        t_env.execute_sql(hot_table(topic, settings))
    for topic in JOB.other_topics:
        t_env.execute_sql(append_table(topic, settings))
    for statement in lookup_tables(settings):
        t_env.execute_sql(statement)
    register_landed_at(t_env, settings)
    t_env.execute_sql("CREATE TEMPORARY SYSTEM FUNCTION stock AS 'tillstream.inventory.Stock' LANGUAGE JAVA")

    # Added to every version: a job that starts without state begins above all versions of the job before it.
    since = str(time.time_ns() // 1_000_000)
    config.set("table.exec.state.ttl", DEDUPLICATION_TTL)
    for statement in statements(HERE / "movements.sql", line_fields=line_fields()):
        t_env.execute_sql(statement)
    plan_once(t_env, "SELECT * FROM movements", "planned_movements")
    # The state of a pair is kept for ever.
    config.set("table.exec.state.ttl", "0 s")
    (changes,) = statements(HERE / "changes.sql", since=since)
    plan_once(t_env, changes, "stock_changes")
    for statement in statements(HERE / "alerts.sql", since=since):
        t_env.execute_sql(statement)
    config.set("table.exec.mini-batch.enabled", "true")
    config.set("table.exec.mini-batch.size", "20000")
    config.set("table.exec.mini-batch.allow-latency", MINI_BATCH)
    inserts = t_env.create_statement_set()
    for statement in statements(HERE / "insert.sql", since=since):
        inserts.add_insert_sql(statement)
    inserts.attach_as_datastream()
