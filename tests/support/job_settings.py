"""Return settings of the jobs for unit tests, without real secrets."""

from tillstream.core.settings import JobSettings

SECRETS = (
    "minio_lake_password",
    "minio_originals_password",
    "postgres_lake_password",
    "postgres_reference_password",
    "redis_writer_password",
)


def settings(state: str) -> JobSettings:
    return JobSettings(FLINK_STATE=state, **dict.fromkeys(SECRETS, "none"))  # type: ignore[arg-type]
