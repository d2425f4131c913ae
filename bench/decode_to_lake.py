"""The floor that the sales job is measured against: the same messages decoded, unnested and appended to a table like the lake's, and nothing else."""

import sys
from pathlib import Path

sys.path.insert(0, "/opt/flink")

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment

from flink_jobs.ddl import quoted, source_table
from flink_jobs.settings import JobSettings
from tillstream.sql_files import statements

JOBS = Path("/opt/flink/flink_jobs")


def main() -> None:
    """Submits; argv[1] is the job's name."""
    settings = JobSettings()
    t_env = StreamTableEnvironment.create(StreamExecutionEnvironment.get_execution_environment())
    config = t_env.get_config()
    config.set("table.local-time-zone", "UTC")
    config.set("pipeline.object-reuse", "true")
    config.set("pipeline.name", sys.argv[1])
    (catalog,) = statements(
        JOBS / "sales" / "lake_catalog.sql",
        postgres=settings.postgres,
        s3_endpoint=settings.s3_endpoint,
        password=quoted(settings.lake_password.get_secret_value()),
    )
    t_env.execute_sql(catalog)
    t_env.execute_sql(
        source_table("pos.transactions.v1", settings.bootstrap, settings.registry_url, "decode_to_lake", JOBS / "source_table.sql")
    )
    (insert,) = statements(Path(__file__).parent / "decode_to_lake.sql")
    t_env.execute_sql(insert)


if __name__ == "__main__":
    main()
