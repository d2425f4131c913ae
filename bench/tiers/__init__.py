"""Measure hot and cold storage: eight questions of a retailer, asked of Redis, Ignite, Postgres, Iceberg and DuckDB."""
