"""The SQL function landed_at: when a message of an event came in that the lake has. docs/decisions/0018 says what for."""

import re

from pyflink.java_gateway import get_gateway
from pyflink.table import StreamTableEnvironment

from flink_jobs.common.ddl import lake_catalog
from tillstream.core.settings import JobSettings


def catalog_properties(settings: JobSettings) -> dict[str, str]:
    """The lake's catalog as Iceberg names its properties, from the DDL that Flink has of it."""
    found = re.findall(r"'([\w.\-]+)' = '((?:[^']|'')*)'", lake_catalog(settings))
    return {name: value.replace("''", "'") for name, value in found}


def register_landed_at(t_env: StreamTableEnvironment, settings: JobSettings) -> None:
    """Makes the function known to a job's SQL."""
    jvm = get_gateway().jvm
    properties = jvm.java.util.HashMap()
    for name, value in catalog_properties(settings).items():
        properties.put(name, value)
    # PyFlink itself registers a Java function by its class alone.
    t_env._j_tenv.createTemporarySystemFunction("landed_at", jvm.tillstream.lake.LandedAt(properties))  # noqa: SLF001
