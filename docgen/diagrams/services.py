"""Services of docker-compose.yml that the diagrams show, and those that they leave out."""

#: The services behind each technology or card that the diagrams name.
SERVICES = {
    "Tills": ("tills",),
    "Web shop": ("web",),
    "Customers": ("voice",),
    "Back office": ("back-office",),
    "Announcer": ("announcer",),
    "Kafka": ("kafka",),
    "registry": ("registry",),
    "Flink": ("flink-jobmanager", "flink-taskmanager"),
    "Dagster": ("batch-code", "batch-daemon", "batch-web"),
    "dbt": ("batch-code",),
    "Great Expectations": ("batch-code",),
    "Data Docs": ("data-docs",),
    "MinIO": ("minio",),
    "Postgres": ("postgres",),
    "Redis": ("redis",),
    "Trino": ("trino",),
    "Superset": ("superset", "superset-worker", "front"),
    "Search": ("search",),
}
#: Technologies that are no service: a format, tables, a command.
NO_SERVICE = {"Avro", "Iceberg", "make verify"}
#: Services that only keep others running. One-shot services and command lines are left out too.
NOT_DRAWN = {"zookeeper", "watchdog"}
