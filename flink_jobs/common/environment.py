"""The table environment of the jobs that are Flink SQL."""

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment


def table_environment(env: StreamExecutionEnvironment) -> StreamTableEnvironment:
    """Made and configured as every job of Flink SQL here needs it."""
    t_env = StreamTableEnvironment.create(env)
    config = t_env.get_config()
    config.set("table.local-time-zone", "UTC")
    # Chained operators and branches copy every row without it; SQL operators never change a row they have given on.
    config.set("pipeline.object-reuse", "true")
    # With it on, lookup joins fail to plan: "Processing-time temporal join is not supported yet".
    config.set("table.optimizer.reuse-optimize-block-with-digest-enabled", "false")
    config.set("table.exec.sink.upsert-materialize", "NONE")
    return t_env
