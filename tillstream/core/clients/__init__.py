"""Clients of the systems around: Trino, Redis, Flink, MinIO, Postgres, the registry."""
