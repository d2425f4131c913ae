"""The clients of the other systems: Trino, Redis, Flink, MinIO, Postgres and the schema registry."""
