"""Provide the SQL function `landed_at`: when the message of an event in the lake came in. Decision 18 says why the jobs need it."""

import re

from pyflink.java_gateway import get_gateway
from pyflink.table import StreamTableEnvironment

from flink_jobs.common.ddl import lake_catalog
from tillstream.core.settings import JobSettings


def catalog_properties(settings: JobSettings) -> dict[str, str]:
    """Return the properties of the lake's catalog under Iceberg's names, read from the DDL that Flink gets."""
    properties = re.findall(r"'([\w.\-]+)' = '((?:[^']|'')*)'", lake_catalog(settings))
    return {name: value.replace("''", "'") for name, value in properties}


def register_landed_at(t_env: StreamTableEnvironment, settings: JobSettings) -> None:
    """Register the function for a job's SQL."""
    jvm = get_gateway().jvm
    properties = jvm.java.util.HashMap()
    for name, value in catalog_properties(settings).items():
        properties.put(name, value)
    # PyFlink can register a Java function only by its class name, and this one has a constructor argument.
    t_env._j_tenv.createTemporarySystemFunction("landed_at", jvm.tillstream.lake.LandedAt(properties))  # noqa: SLF001
