"""Build the behaviour job: Flink SQL from the web shop's clicks and all baskets to the hot topics. flink_jobs.common.submit submits it.

It reads the same topics as the sales job, which stores the events in the lake. It also sets aside bad messages of the stock movements.
"""

import time
from datetime import timedelta
from pathlib import Path

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment

from flink_jobs.common.ddl import append_table, hot_table, lake_catalog, line_fields, lookup_tables, source_table
from flink_jobs.common.environment import table_environment
from flink_jobs.common.landed import register_landed_at
from flink_jobs.common.planner_barrier import plan_once
from tillstream.core.rules import COPY_HOURS, LIVE_HOURS_KEPT
from tillstream.core.settings import JobSettings
from tillstream.core.sql_templates import statements
from tillstream.core.topology import JOBS, MOVEMENTS, WEB_SEARCHES_BY_DAY

HERE = Path(__file__).parent
JOB = JOBS["behaviour"]
#: Topics that are emptied when the job starts without state. Which search terms get a name and which become OTHER depends on which came first:
#: a job that starts again may count a search under another name, and the figure of the old name would stay.
FORGETS = (WEB_SEARCHES_BY_DAY,)
#: A click that comes again within this time is a copy. A minute's figure is kept for two days and an hour.
CLICKS_TTL = f"{LIVE_HOURS_KEPT} h"
#: A minute's dead letters are counted a little longer than they are shown.
DEAD_LETTERS_TTL = f"{LIVE_HOURS_KEPT} h"
#: A basket id that comes again within a day is a copy. Later copies are found in the lake.
DEDUPLICATION_TTL = f"{COPY_HOURS} h"
#: A job that starts without state reads from the lake what came in longer ago than this, and from the topics what came later. By then the sales
#: job has written it to the lake; the topics keep messages four times as long.
LANDED_BY = timedelta(days=7)
#: The clicks of this time are folded into one change per key.
CLICKS_MINI_BATCH = "200 ms"
#: Live, a customer buys once in hours. The longer time helps with a backlog, where all baskets of a customer are folded.
PROFILE_MINI_BATCH = "2 s"

#: Each checkpoint writes all of the state: 44 MB after a month of trade. Only dead letters wait for a checkpoint, and there are usually none.
CONFIGURATION = {
    "execution.checkpointing.interval": "60 s",
    # The figures change every 0.2 s at most: flushing network buffers more often would send nothing.
    "execution.buffer-timeout.interval": "200 ms",
    # The lake source that keeps its progress in state, with one reader.
    "table.exec.iceberg.use-flip27-source": "true",
    "table.exec.iceberg.infer-source-parallelism": "false",
}


def build(env: StreamExecutionEnvironment, settings: JobSettings) -> None:
    """Declare the tables, the views and the INSERTs of the job."""
    env.set_parallelism(1)
    t_env = table_environment(env)
    config = t_env.get_config()
    t_env.execute_sql(lake_catalog(settings))
    for topic in JOB.compared:
        t_env.execute_sql(source_table(topic, settings, JOB.name))
    # However the job starts, it continues after the last movement that it set aside: read again, a message would be in the dead letters twice.
    t_env.execute_sql(source_table(MOVEMENTS, settings, JOB.name, startup="group-offsets"))
    for topic in JOB.hot_topics:
        t_env.execute_sql(hot_table(topic, settings))
    for topic in JOB.other_topics:
        t_env.execute_sql(append_table(topic, settings))
    for statement in lookup_tables(settings):
        t_env.execute_sql(statement)
    register_landed_at(t_env, settings)
    for function, java in (("favourites", "Favourites"), ("sessions_of", "Sessions"), ("bounded_terms", "Terms")):
        t_env.execute_sql(f"CREATE TEMPORARY SYSTEM FUNCTION {function} AS 'tillstream.behaviour.{java}' LANGUAGE JAVA")

    config.set("table.exec.state.ttl", CLICKS_TTL)
    (clicks,) = statements(HERE / "clicks.sql")
    plan_once(t_env, clicks, "clicks")
    (searches,) = statements(HERE / "searches.sql")
    t_env.execute_sql(searches)
    # Planned before mini-batches are enabled: a process table function does not pass on the marker that ends a mini-batch, so the operators
    # behind it would wait for the next checkpoint, a minute.
    for view in ("session_changes", "named_searches"):
        (query,) = statements(HERE / f"{view}.sql")
        plan_once(t_env, query, view)
    config.set("table.exec.state.ttl", DEDUPLICATION_TTL)
    began = settings.began_ms or time.time_ns() // 1_000_000
    cut = str(began - int(LANDED_BY.total_seconds() * 1000))
    (purchases,) = statements(HERE / "purchases.sql", line_fields=line_fields(), cut=cut)
    plan_once(t_env, purchases, "purchases")
    (earlier,) = statements(HERE / "earlier_purchases.sql", cut=cut)
    plan_once(t_env, earlier, "earlier_purchases")
    (aside,) = statements(HERE / "movements_set_aside.sql")
    plan_once(t_env, aside, "movements_set_aside")
    config.set("table.exec.mini-batch.enabled", "true")
    config.set("table.exec.mini-batch.size", "20000")
    # Added to every version: a job that starts without state begins above all versions of the job before it.
    since = str(time.time_ns() // 1_000_000)
    insert(t_env, "insert_clicks.sql", CLICKS_TTL, CLICKS_MINI_BATCH, since=since)
    # Profiles are kept for ever.
    insert(t_env, "insert_profiles.sql", "0 s", PROFILE_MINI_BATCH, since=since)
    insert(t_env, "insert_dead_letters.sql", DEAD_LETTERS_TTL, CLICKS_MINI_BATCH)


def insert(t_env: StreamTableEnvironment, file: str, state_ttl: str, mini_batch: str, **bound: str) -> None:
    """Add a file's INSERTs to the job.

    Args:
        t_env: the table environment.
        file: the file's name.
        state_ttl: how long a key is kept after its last change.
        mini_batch: the time over which changes of a key are folded.
        bound: values of the file's placeholders.
    """
    t_env.get_config().set("table.exec.state.ttl", state_ttl)
    t_env.get_config().set("table.exec.mini-batch.allow-latency", mini_batch)
    inserts = t_env.create_statement_set()
    for statement in statements(HERE / file, **bound):
        inserts.add_insert_sql(statement)
    inserts.attach_as_datastream()
