"""The behaviour job: Flink SQL from the web shop's clicks to the hot topics. Run by flink_jobs.submit.

It reads the topic beside the sales job, which lands the same clicks in the lake: a few hundred a second at most.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment

from flink_jobs.ddl import hot_table, source_table
from flink_jobs.settings import JobSettings
from tillstream.sql_files import statements

HERE = Path(__file__).parent
#: A click sent again within a day is the same; a minute's figure is kept two days and a bit.
STATE_TTL = "49 h"
#: Clicks fold within this time into one change a key.
MINI_BATCH = "200 ms"


def main() -> None:
    """Builds and submits; argv[1] is the job's name, which carries the digest of its code."""
    settings = JobSettings()
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    t_env = StreamTableEnvironment.create(env)
    config = t_env.get_config()
    config.set("table.local-time-zone", "UTC")
    config.set("pipeline.object-reuse", "true")
    config.set("table.exec.sink.upsert-materialize", "NONE")
    config.set("table.exec.state.ttl", STATE_TTL)
    config.set("table.exec.mini-batch.enabled", "true")
    config.set("table.exec.mini-batch.size", "20000")
    config.set("table.exec.mini-batch.allow-latency", MINI_BATCH)
    t_env.execute_sql(
        source_table("web.events.v1", settings.bootstrap, settings.registry_url, "behaviour", HERE.parent / "source_table.sql")
    )
    t_env.execute_sql(hot_table("hot.web_funnel_by_minute.v1", settings.bootstrap, settings.registry_url, HERE.parent / "hot_table.sql"))
    for statement in statements(HERE / "clicks.sql"):
        t_env.execute_sql(statement)
    inserts = t_env.create_statement_set()
    for statement in statements(HERE / "insert_hot.sql"):
        inserts.add_insert_sql(statement)
    inserts.attach_as_datastream()
    env.execute_async(sys.argv[1])


if __name__ == "__main__":
    main()
