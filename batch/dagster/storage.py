"""Dagster's storage in Postgres with pooled connections."""

from collections.abc import Mapping
from typing import Any, cast

from dagster._core.storage.config import PostgresStorageConfig
from dagster._serdes import ConfigurableClassData
from dagster_postgres.storage import DagsterPostgresStorage
from dagster_postgres.utils import create_pg_connection, create_pg_engine, pg_url_from_config
from sqlalchemy import text
from sqlalchemy.pool import NullPool

#: Each connection is tested before use (pool_pre_ping), so that a restart of Postgres fails no run. Up to 20 more connections are opened
#: for parallel use.
POOL: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_size": 1, "max_overflow": 20, "pool_pre_ping": True, "pool_recycle": 3600}


class PooledPostgresStorage(DagsterPostgresStorage):
    """Dagster's `storage: postgres` with a connection pool.

    Outside its web server Dagster opens a connection for each query, nine a second on a busy platform.
    """

    def __init__(self, postgres_url: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Create the storage with the settings of dagster.yaml. Called by Dagster."""
        # Two processes that start on an empty database both create the tables. Dagster retries if a table exists by then, but not if its
        # type exists.
        with create_pg_connection(create_pg_engine(postgres_url, poolclass=NullPool)) as connection:
            connection.execute(text("SELECT pg_advisory_lock(hashtext('dagster tables'))"))
            super().__init__(postgres_url, inst_data=inst_data)
        for storage in (self._run_storage, self._event_log_storage, self._schedule_storage):
            storage._engine = create_pg_engine(postgres_url, **POOL)  # noqa: SLF001 - it has no setting
        # The tables were created above. Dagster would list the tables at each evaluation of a sensor, which took a quarter of the daemon's
        # time.
        self._schedule_storage._has_instigators_table = lambda conn: True  # type: ignore[method-assign] # noqa: ARG005, SLF001 - it has no setting

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> "PooledPostgresStorage":
        """Create the storage from dagster.yaml."""
        return cls(pg_url_from_config(cast("PostgresStorageConfig", config_value)), inst_data)
