"""What the jobs need to know of the platform around them."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class JobSettings(BaseSettings):
    """Addresses from the environment, secrets from /run/secrets."""

    model_config = SettingsConfigDict(
        secrets_dir="/run/secrets" if Path("/run/secrets").is_dir() else None, extra="ignore", populate_by_name=True
    )

    bootstrap: str = Field(default="kafka:9092", alias="KAFKA_BOOTSTRAP")
    registry_url: str = Field(default="http://registry:8080/apis/ccompat/v7", alias="REGISTRY_URL")
    postgres: str = Field(default="postgres:5432", alias="POSTGRES_ADDRESS")
    s3_endpoint: str = Field(default="http://minio:9000", alias="S3_ENDPOINT_URL")
    redis_host: str = Field(default="redis", alias="REDIS_HOST")
    #: Where a job begins that has no state; flink_jobs.client sets it for one job.
    startup: str = Field(default="earliest-offset", alias="KAFKA_STARTUP")
    #: When the job last began without state, in milliseconds since 1970; 0 where that is now.
    began_ms: int = Field(default=0, alias="JOB_BEGAN_MS")
    flink_url: str = Field(default="http://flink-jobmanager:8081", alias="FLINK_URL")
    #: Where the state of jobs lies: in the TaskManager's heap, or in RocksDB on its disk (docs/decisions/0023).
    state: Literal["heap", "rocksdb"] = Field(default="heap", alias="FLINK_STATE")
    #: How many tasks of the sales job work side by side; each other job has one.
    sales_parallelism: int = Field(default=2, alias="SALES_PARALLELISM", ge=1, le=32)
    s3_user: str = "lake"
    s3_password: SecretStr = Field(alias="minio_lake_password")
    originals_user: str = "originals"
    originals_password: SecretStr = Field(alias="minio_originals_password")
    lake_password: SecretStr = Field(alias="postgres_lake_password")
    reference_password: SecretStr = Field(alias="postgres_reference_password")
    redis_password: SecretStr = Field(alias="redis_writer_password")
