"""Build the voice job: remove personal data from texts, calls and photos, analyse them, and write the results to the lake and the hot topics.

Submitted by flink_jobs.common.submit.
"""

from pathlib import Path

from pyflink.datastream import StreamExecutionEnvironment

from flink_jobs.common.ddl import append_table, hot_table, lake_catalog, notification_table, source_table
from flink_jobs.common.environment import table_environment
from flink_jobs.common.planner_barrier import plan_once
from flink_jobs.voice.functions import understand
from flink_jobs.voice.photos.functions import look_at
from tillstream.core.rules import COPY_HOURS, LIVE_HOURS_KEPT
from tillstream.core.settings import JobSettings
from tillstream.core.sql_templates import statements
from tillstream.core.topology import CALLS, FEEDBACK, JOBS, PHOTOS

HERE = Path(__file__).parent
JOB = JOBS["voice"]
#: Kafka keeps a text for hours. An event id that comes again within this time is a copy; a text that is nearly the same is a near-duplicate.
DEDUPLICATION_TTL = f"{COPY_HOURS} h"
ROLLUP_TTL = f"{LIVE_HOURS_KEPT} h"
#: Contacts about a subject are compared with earlier ones. A subject that nobody mentions for this long starts as a new one.
HISTORY_TTL = "720 h"
PHOTOS_AT_ONCE = "4"

CONFIGURATION = {
    # Live figures do not wait for a checkpoint, and each checkpoint leaves files in four tables of the lake.
    "execution.checkpointing.interval": "30 s",
    # Analysing a text takes half a second: flushing network buffers sooner saves nothing.
    "execution.buffer-timeout.interval": "200 ms",
    # A separate Python process can have a lower priority, and can be killed, without the TaskManager.
    "python.execution-mode": "process",
    # The models do not take from the managed memory, which RocksDB needs.
    "python.fn-execution.memory.managed": "false",
    # A text waits at most this long (ms) for others. Of a backlog, a whole bundle is analysed at once: Apertium then starts once for all.
    "python.fn-execution.bundle.time": "600",
    "python.fn-execution.bundle.size": "256",
    "python.fn-execution.arrow.batch.size": "256",
}


def build(env: StreamExecutionEnvironment, settings: JobSettings) -> None:
    """Declare the tables, the views and the INSERTs of the job."""
    env.set_parallelism(1)
    t_env = table_environment(env)
    config = t_env.get_config()
    t_env.execute_sql(lake_catalog(settings))
    for topic in (FEEDBACK, CALLS):
        # If the state does not fit the changed job, it continues at its committed offsets: read again, texts would be in the lake twice.
        t_env.execute_sql(source_table(topic, settings, JOB.name, startup="group-offsets"))
    for topic in JOB.hot_topics:
        t_env.execute_sql(hot_table(topic, settings))
    for topic in JOB.other_topics:
        t_env.execute_sql(append_table(topic, settings))
    t_env.execute_sql(notification_table(PHOTOS, settings, JOB.name, startup="group-offsets"))
    t_env.create_temporary_function("understand", understand)
    t_env.create_temporary_function("look_at", look_at)

    config.set("table.exec.state.ttl", DEDUPLICATION_TTL)
    contacts, once, read, *views = statements(HERE / "contacts.sql")
    t_env.execute_sql(contacts)
    plan_once(t_env, "SELECT * FROM contacts", "decoded_contacts", proc_time=True)
    plan_once(t_env, once, "contacts_once")
    # Without the barrier the function would be called once for each column that is read from its result.
    plan_once(t_env, read, "contacts_read", proc_time=True)
    for view in views:
        t_env.execute_sql(view)
    announced, once, seen, *views = statements(HERE / "photos.sql")
    t_env.execute_sql(announced)
    plan_once(t_env, once, "photos_once")
    # A checkpoint waits for the current bundle, and a photo takes a second.
    config.set("python.fn-execution.bundle.size", PHOTOS_AT_ONCE).set("python.fn-execution.arrow.batch.size", PHOTOS_AT_ONCE)
    plan_once(t_env, seen, "photos_seen")
    for view in views:
        t_env.execute_sql(view)
    (near_duplicates,) = statements(HERE / "near_duplicates.sql")
    plan_once(t_env, near_duplicates, "texts")
    config.set("table.exec.state.ttl", HISTORY_TTL)
    *views, alerts = statements(HERE / "alerts.sql")
    for view in views:
        t_env.execute_sql(view)
    plan_once(t_env, alerts, "alerts")
    config.set("table.exec.state.ttl", ROLLUP_TTL)
    inserts = t_env.create_statement_set()
    for statement in statements(HERE / "insert.sql"):
        inserts.add_insert_sql(statement)
    inserts.attach_as_datastream()
