"""One settings class per system, read once at the start: from the environment, and secrets from /run/secrets."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS_DIR = Path("/run/secrets")
_SECRETS = str(SECRETS_DIR) if SECRETS_DIR.is_dir() else None

#: The user of the lake in the object store.
LAKE_USER = "lake"
# The addresses that several classes have.
_KAFKA = Field(default="kafka:9092", alias="KAFKA_BOOTSTRAP")
_REGISTRY = Field(default="http://registry:8080/apis/ccompat/v7", alias="REGISTRY_URL")
_S3 = Field(default="minio:9000", alias="S3_ENDPOINT")
_POSTGRES = Field(default="postgres", alias="POSTGRES_HOST")
_REDIS = Field(default="redis", alias="REDIS_HOST")
_FLINK = Field(default="http://flink-jobmanager:8081", alias="FLINK_URL")


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(secrets_dir=_SECRETS, extra="ignore", populate_by_name=True)


class LogSettings(_Settings):
    """The level and the format of the logs (tillstream/core/logging.py)."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", alias="LOG_LEVEL")
    format: Literal["text", "json"] = Field(default="text", alias="LOG_FORMAT")


class KafkaSettings(_Settings):
    """Kafka's address, and the client options made from it."""

    bootstrap: str = _KAFKA

    def producer(self) -> dict[str, object]:
        """Return the options of an idempotent producer. It retries for five minutes while the broker is unavailable."""
        return {
            "bootstrap.servers": self.bootstrap,
            "enable.idempotence": True,
            "acks": "all",
            "compression.type": "lz4",
            "linger.ms": 20,
            "batch.size": 262144,
            "message.max.bytes": 2_000_000,
            "queue.buffering.max.messages": 50_000,
            "queue.buffering.max.kbytes": 131_072,
            "delivery.timeout.ms": 300_000,
        }

    def consumer(self) -> dict[str, object]:
        """Return the options of a consumer that assigns partitions itself and commits nothing."""
        return {
            "bootstrap.servers": self.bootstrap,
            "group.id": "tillstream-reader",
            "enable.auto.commit": False,
            # Aborted messages are never read. This is the client's default; it is set here because the counts depend on it.
            "isolation.level": "read_committed",
            "auto.offset.reset": "error",
            "enable.partition.eof": True,
            "fetch.max.bytes": 16_000_000,
            "queued.max.messages.kbytes": 32_768,
        }


class RegistrySettings(_Settings):
    """The schema registry's Confluent-compatible API."""

    url: str = _REGISTRY


class S3RootSettings(_Settings):
    """The object store as its root user, who creates the buckets and the users and sets each user's password."""

    endpoint: str = _S3
    user: str = Field(alias="minio_root_user")
    password: SecretStr = Field(alias="minio_root_password")
    lake_password: SecretStr = Field(alias="minio_lake_password")
    originals_password: SecretStr = Field(alias="minio_originals_password")
    page_password: SecretStr = Field(alias="minio_page_password")
    announcer_password: SecretStr = Field(alias="minio_announcer_password")


class S3Settings(_Settings):
    """The object store as the user of the lake, of Flink's checkpoints and of the landing bucket."""

    endpoint: str = _S3
    user: str = LAKE_USER
    password: SecretStr = Field(alias="minio_lake_password")


class PageSettings(_Settings):
    """The object store as the feedback page's user, who may only write photos."""

    endpoint: str = _S3
    user: str = "page"
    password: SecretStr = Field(alias="minio_page_password")


class AnnouncerSettings(_Settings):
    """The object store as the announcer's user, who may list and tag photos, but neither read nor write them."""

    endpoint: str = _S3
    user: str = "announcer"
    password: SecretStr = Field(alias="minio_announcer_password")


class LakeSettings(_Settings):
    """The lake's catalog in Postgres and its files in the object store, for pyiceberg."""

    postgres: str = _POSTGRES
    password: SecretStr = Field(alias="postgres_lake_password")
    s3_endpoint: str = _S3
    s3_user: str = LAKE_USER
    s3_password: SecretStr = Field(alias="minio_lake_password")


class ReferenceSettings(_Settings):
    """The reference database in Postgres, which the Flink jobs look up."""

    host: str = _POSTGRES
    password: SecretStr = Field(alias="postgres_reference_password")


class RedisSettings(_Settings):
    """The hot store in Redis, as its read-only user."""

    host: str = _REDIS
    password: SecretStr = Field(alias="redis_reader_password")


class TrinoSettings(_Settings):
    """Trino, the query engine."""

    host: str = Field(default="trino", alias="TRINO_HOST")
    port: int = Field(default=8080, alias="TRINO_PORT_INSIDE")


class FlinkSettings(_Settings):
    """The JobManager's REST API."""

    url: str = _FLINK


class SupersetSettings(_Settings):
    """Superset's REST API, as its admin."""

    url: str = Field(default="http://superset:8088", alias="SUPERSET_URL")
    password: SecretStr = Field(alias="superset_admin_password")


class LedgerSettings(_Settings):
    """The folder of the producers' ledgers."""

    directory: Path = Field(default=Path("/ledger"), alias="LEDGER_DIR")


class PseudonymSettings(_Settings):
    """The key that turns a household's id into a pseudonym."""

    key: SecretStr = Field(alias="pseudonym_key")


class FaultSettings(_Settings):
    """The share of live events that get each fault, from 0 to 1; 0 turns it off."""

    duplicate: float = Field(default=0.0, alias="FAULT_DUPLICATE", ge=0, le=1)
    late: float = Field(default=0.0, alias="FAULT_LATE", ge=0, le=1)
    out_of_order: float = Field(default=0.0, alias="FAULT_OUT_OF_ORDER", ge=0, le=1)
    future: float = Field(default=0.0, alias="FAULT_FUTURE", ge=0, le=1)
    wrong_schema: float = Field(default=0.0, alias="FAULT_WRONG_SCHEMA", ge=0, le=1)
    truncated: float = Field(default=0.0, alias="FAULT_TRUNCATED", ge=0, le=1)
    junk: float = Field(default=0.0, alias="FAULT_JUNK", ge=0, le=1)
    impossible: float = Field(default=0.0, alias="FAULT_IMPOSSIBLE", ge=0, le=1)


class TradeSettings(_Settings):
    """How much the simulated company sells, and when."""

    history_days: int = Field(default=365, alias="HISTORY_DAYS", ge=0, le=366)
    backfill_today: bool = Field(default=True, alias="BACKFILL_TODAY")
    store_timezone: str = Field(default="UTC", alias="STORE_TIMEZONE")
    live_rate: float = Field(default=20.0, alias="LIVE_RATE", gt=0)
    live_floor: float = Field(default=4.0, alias="LIVE_FLOOR", ge=0)
    web_visits_per_minute: float = Field(default=30.0, alias="WEB_VISITS_PER_MINUTE", gt=0)
    delivery_minutes: float = Field(default=45.0, alias="DELIVERY_MINUTES", gt=0, le=120)
    seed: int = Field(default=20170101, alias="SEED")
    return_rate: float = Field(default=0.02, alias="RETURN_RATE", ge=0, le=1)
    void_rate: float = Field(default=0.005, alias="VOID_RATE", ge=0, le=1)


class DumpSettings(_Settings):
    """How the simulated back office sends its dumps."""

    days: int = Field(default=2, alias="DUMP_DAYS", ge=1, le=60)
    stock_stores: int = Field(default=0, alias="STOCK_STORES", ge=0)
    untidy: float = Field(default=0.0, alias="DUMP_UNTIDY", ge=0, le=1)
    bad_rows: float = Field(default=0.0, alias="DUMP_BAD_ROWS", ge=0, le=1)
    bad_files: float = Field(default=0.0, alias="DUMP_BAD_FILES", ge=0, le=1)
    resend_seconds: int = Field(default=300, alias="DUMP_RESEND_SECONDS", ge=1)


class VoiceSettings(_Settings):
    """How many texts, calls and photos the simulated customers send."""

    texts_per_minute: float = Field(default=12.0, alias="FEEDBACK_PER_MINUTE", ge=0)
    calls_per_minute: float = Field(default=2.0, alias="CALLS_PER_MINUTE", ge=0)
    photos_per_minute: float = Field(default=1.0, alias="PHOTOS_PER_MINUTE", ge=0)
    unreadable: float = Field(default=0.0, alias="FAULT_UNREADABLE", ge=0, le=1)
    seed: int = Field(default=20170101, alias="SEED")


class LlmSettings(_Settings):
    """A server with OpenAI's protocol that writes the digests; without one the digests are counts and quotations."""

    base_url: str = Field(default="", alias="LLM_BASE_URL")
    model: str = Field(default="", alias="LLM_MODEL")
    api_key: SecretStr = Field(default=SecretStr(""), alias="llm_api_key")
    timeout_seconds: float = 120.0


class UpkeepSettings(_Settings):
    """When the lake's daily upkeep starts, in the stores' time zone, and how often streamed tables are compacted; 0: only by the daily upkeep."""

    at: str = Field(default="03:40", alias="UPKEEP_AT", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    timezone: str = Field(default="UTC", alias="STORE_TIMEZONE")
    compact_minutes: int = Field(default=10, alias="COMPACT_MINUTES", ge=0, le=59)


class ReadinessSettings(_Settings):
    """The compose profiles of the platform, which tell whether the simulated company runs."""

    profiles: str = Field(default="", alias="COMPOSE_PROFILES")

    @property
    def company_runs(self) -> bool:
        """Whether the services of the profile `company` run."""
        return not {"company", "*"}.isdisjoint(self.profiles.split(","))


class WatchdogSettings(_Settings):
    """The compose project whose containers the watchdog restarts."""

    project: str = Field(default="tillstream", alias="COMPOSE_PROJECT")


class FlinkClientSettings(_Settings):
    """The folder of Flink's own client, in the Flink image."""

    home: Path = Field(alias="FLINK_HOME")


class JobSettings(_Settings):
    """The addresses, passwords and options of the Flink jobs."""

    bootstrap: str = _KAFKA
    registry_url: str = _REGISTRY
    postgres: str = _POSTGRES
    s3_endpoint: str = _S3
    redis_host: str = _REDIS
    #: Where a job without state starts to read its topics; flink_jobs.common.client sets it for one job.
    startup: str = Field(default="earliest-offset", alias="KAFKA_STARTUP")
    #: When the job last started without state, in milliseconds since 1970; 0 means now.
    began_ms: int = Field(default=0, alias="JOB_BEGAN_MS")
    flink_url: str = _FLINK
    #: Where the jobs keep their state: in the TaskManager's heap, or in RocksDB on its disk (docs/decisions/0023).
    state: Literal["heap", "rocksdb"] = Field(default="heap", alias="FLINK_STATE")
    #: How many parallel tasks the sales job has; every other job has one.
    sales_parallelism: int = Field(default=2, alias="SALES_PARALLELISM", ge=1, le=32)
    s3_user: str = LAKE_USER
    s3_password: SecretStr = Field(alias="minio_lake_password")
    originals_user: str = "originals"
    originals_password: SecretStr = Field(alias="minio_originals_password")
    lake_password: SecretStr = Field(alias="postgres_lake_password")
    reference_password: SecretStr = Field(alias="postgres_reference_password")
    redis_password: SecretStr = Field(alias="redis_writer_password")
