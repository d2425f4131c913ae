"""Dagster's storage in Postgres, by connections that stay open."""

from collections.abc import Mapping
from typing import Any, cast

from dagster._core.storage.config import PostgresStorageConfig
from dagster._serdes import ConfigurableClassData
from dagster_postgres.storage import DagsterPostgresStorage
from dagster_postgres.utils import create_pg_connection, create_pg_engine, pg_url_from_config
from sqlalchemy import text
from sqlalchemy.pool import NullPool

#: Tried before each use, so that a Postgres that was killed costs no run; more are made where several ask at once.
POOL: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_size": 1, "max_overflow": 20, "pool_pre_ping": True, "pool_recycle": 3600}


class PooledPostgresStorage(DagsterPostgresStorage):
    """What `storage: postgres` is, but for a pool: but in its web server Dagster opens a connection for each question, nine a second on a platform at work."""

    def __init__(self, postgres_url: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Called by Dagster with what dagster.yaml says."""
        # Two processes that start on an empty database both make the tables; Dagster tries again when a table is there by then, but not when its type is.
        with create_pg_connection(create_pg_engine(postgres_url, poolclass=NullPool)) as connection:
            connection.execute(text("SELECT pg_advisory_lock(hashtext('dagster tables'))"))
            super().__init__(postgres_url, inst_data=inst_data)
        for storage in (self._run_storage, self._event_log_storage, self._schedule_storage):
            storage._engine = create_pg_engine(postgres_url, **POOL)  # noqa: SLF001 - it has no setting
        # Made above. Dagster would list the database's tables at each turn of a sensor, which took a quarter of what the daemon takes.
        self._schedule_storage._has_instigators_table = lambda conn: True  # type: ignore[method-assign] # noqa: ARG005, SLF001 - it has no setting

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> "PooledPostgresStorage":
        """From dagster.yaml."""
        return cls(pg_url_from_config(cast("PostgresStorageConfig", config_value)), inst_data)
