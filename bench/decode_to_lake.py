"""Give the floor of the sales job: decode and unnest the same messages, append them to a table like the lake's, and do nothing else."""

import sys
from pathlib import Path

sys.path.insert(0, "/opt/flink")

from pyflink.datastream import StreamExecutionEnvironment

from flink_jobs.common.ddl import baskets_table, lake_catalog, line_fields
from flink_jobs.common.environment import table_environment
from tillstream.core.settings import JobSettings
from tillstream.core.sql_templates import statements
from tillstream.core.topology import WEB_ORDERS


def main() -> None:
    """Submit the job; argv[1] is its name."""
    settings = JobSettings()
    t_env = table_environment(StreamExecutionEnvironment.get_execution_environment())
    t_env.get_config().set("pipeline.name", sys.argv[1])
    t_env.execute_sql(lake_catalog(settings))
    t_env.execute_sql(baskets_table("baskets", settings, "decode_to_lake"))
    (insert,) = statements(Path(__file__).parent / "decode_to_lake.sql", line_fields=line_fields(), web_orders=WEB_ORDERS)
    t_env.execute_sql(insert)


if __name__ == "__main__":
    main()
