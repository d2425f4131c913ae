"""The table environment of the jobs that are Flink SQL."""

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment


def table_environment(env: StreamExecutionEnvironment) -> StreamTableEnvironment:
    """Create the table environment with the configuration that every SQL job needs."""
    t_env = StreamTableEnvironment.create(env)
    config = t_env.get_config()
    config.set("table.local-time-zone", "UTC")
    # Without it, chained operators and branches copy every row. It is safe: SQL operators never change a row that they have emitted.
    config.set("pipeline.object-reuse", "true")
    # If it is on, lookup joins fail to plan: "Processing-time temporal join is not supported yet".
    config.set("table.optimizer.reuse-optimize-block-with-digest-enabled", "false")
    config.set("table.exec.sink.upsert-materialize", "NONE")
    return t_env
