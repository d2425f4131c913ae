"""Build the hot-store job: PyFlink in thread mode writes the hot.* topics to Redis. flink_jobs.common.submit submits it.

Records are gathered in Flink's state for a few milliseconds and written in one pipeline. Because they are in state, no record is lost: one that
was read before a checkpoint and not yet written is written after the recovery. A write is idempotent and never replaces a newer value.
"""

from pathlib import Path

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment

from flink_jobs.hot_store.writer import RedisWriter
from tillstream.core.settings import JobSettings
from tillstream.core.sql_templates import statements
from tillstream.core.topology import JOBS

HERE = Path(__file__).parent


def build(env: StreamExecutionEnvironment, settings: JobSettings) -> None:
    """Declare the source and the operator that writes its records."""
    env.set_parallelism(1)
    t_env = StreamTableEnvironment.create(env)
    t_env.get_config().set("python.execution-mode", "thread")
    t_env.get_config().set("table.local-time-zone", "UTC")
    (source,) = statements(HERE / "hot_records.sql", topics=";".join(JOBS["hot_store"].reads), bootstrap=settings.bootstrap)
    t_env.execute_sql(source)
    records = t_env.to_data_stream(t_env.sql_query("SELECT topic, record_key, record_value FROM hot_records"))
    records.key_by(lambda _: 0, key_type=Types.INT()).process(RedisWriter(), output_type=Types.INT()).name("write to Redis").filter(
        lambda _: False
    ).print()
