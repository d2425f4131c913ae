"""The behaviour job: Flink SQL from the web shop's clicks and all baskets to the hot topics. Submitted by flink_jobs.common.submit.

It reads the topics beside the sales job, which lands the same events in the lake. It also sets aside what is no movement of stock.
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
from tillstream.core.settings import JobSettings
from tillstream.core.sql_templates import statements

HERE = Path(__file__).parent
SOURCES = ("web.events.v1", "pos.transactions.v1", "web.orders.v1")
MOVEMENTS = "inventory.movements.v1"
HOT_TOPICS = (
    "hot.web_funnel_by_minute.v1", "hot.web_sessions_by_minute.v1", "hot.web_searches_by_day.v1", "hot.customer_profile.v1",
    "hot.dead_letters_by_minute.v1",
)  # fmt: skip
#: Which terms have a name of their own and which are OTHER depends on which came first: a job that begins again may not count under every name of
#: before, and what it counts would stand there twice.
FORGETS = ("hot.web_searches_by_day.v1",)
#: A click sent again within a day is the same; a minute's figure is kept two days and a bit.
CLICKS_TTL = "49 h"
#: A minute's dead letters are counted as long as they are shown, and a bit.
DEAD_LETTERS_TTL = "49 h"
#: A basket sent again within a day is the same, by its id; the lake tells what comes later.
DEDUPLICATION_TTL = "24 h"
#: Of what came in before this long ago a job that begins without state takes the lake's word. By then the sales job has landed it, and the topics
#: keep what came later four times as long.
LANDED_BY = timedelta(days=7)
#: Clicks fold within this time into one change a key.
CLICKS_MINI_BATCH = "200 ms"
#: A customer buys once in hours; the longer time is for a backlog, where all of a customer's baskets fold.
PROFILE_MINI_BATCH = "2 s"

#: Each checkpoint writes all of the state: 44 MB after a month of trade. Nobody waits for what is committed with it: dead letters, of which there are
#: none as a rule.
CONFIGURATION = {
    "execution.checkpointing.interval": "60 s",
    # Its figures change every 0.2 s at most: a task that is woken more often to send what it has finds nothing.
    "execution.buffer-timeout.interval": "200 ms",
    # The lake's source that keeps in the state how far it has read, with one reader as everything here.
    "table.exec.iceberg.use-flip27-source": "true",
    "table.exec.iceberg.infer-source-parallelism": "false",
}


def build(env: StreamExecutionEnvironment) -> None:
    """Declares the tables, the views and what goes where."""
    settings = JobSettings()
    env.set_parallelism(1)
    t_env = table_environment(env)
    config = t_env.get_config()
    t_env.execute_sql(lake_catalog(settings))
    for topic in SOURCES:
        t_env.execute_sql(source_table(topic, settings, "behaviour"))
    # However this job begins, it goes on behind what it has set aside: read again, a message would be in the dead letters twice.
    t_env.execute_sql(source_table(MOVEMENTS, settings, "behaviour", startup="group-offsets"))
    for topic in HOT_TOPICS:
        t_env.execute_sql(hot_table(topic, settings))
    t_env.execute_sql(append_table("dead_letters.v1", settings))
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
    # Planned before mini-batches are: a function of state does not pass on the signal that ends one, so that what came after it would wait
    # for the next checkpoint, a minute.
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
    # What versions begin with: a job that starts afresh begins above all that one before it has given.
    since = str(time.time_ns() // 1_000_000)
    insert(t_env, "insert_clicks.sql", CLICKS_TTL, CLICKS_MINI_BATCH, since=since)
    # A profile is never forgotten.
    insert(t_env, "insert_profiles.sql", "0 s", PROFILE_MINI_BATCH, since=since)
    insert(t_env, "insert_dead_letters.sql", DEAD_LETTERS_TTL, CLICKS_MINI_BATCH)


def insert(t_env: StreamTableEnvironment, file: str, state_ttl: str, mini_batch: str, **bound: str) -> None:
    """Adds a file's INSERTs to the job, with how long their keys are kept and how long their changes fold."""
    t_env.get_config().set("table.exec.state.ttl", state_ttl)
    t_env.get_config().set("table.exec.mini-batch.allow-latency", mini_batch)
    inserts = t_env.create_statement_set()
    for statement in statements(HERE / file, **bound):
        inserts.add_insert_sql(statement)
    inserts.attach_as_datastream()
